"""A child's record, read back from a linked folder, knows how sure its links are."""

import csv
from typing import Any

from models.contract import Contract
from training.ingest import ingest
from training.records import read_record


def test_a_record_knows_its_weakest_link(linked: Any, town: Any) -> None:
    """Each source of a record has the probability of its agency's link, and the least of them is the weakest."""
    with (linked.out / "links.csv").open(encoding="utf-8", newline="") as file:
        told = {(row["child"], row["agency"]): float(row["probability"]) for row in csv.DictReader(file)}
    # What a record holds is what features and the scope rest on: the nursery's sessions too.
    document = town.contract.model_dump(by_alias=True, exclude_none=True) | {"scope": {"needs": ["births", "sessions"]}}
    contract = Contract.model_validate(document)
    agencies = {source: agency.name for source, agency in contract.linkage.agency_of.items()}
    con, _ = ingest(contract, linked.out)
    children = [child for (child,) in con.execute("SELECT child FROM children ORDER BY child").fetchall()]
    weak = 0
    for child in children:
        record = read_record(con, contract, child)
        assert record.links == {
            source.name: told[child, agencies[source.name]]
            for source in contract.feature_sources
            if (child, agencies.get(source.name)) in told
        }
        assert record.weakest_link == min(record.links.values(), default=None)
        weak += record.weakest_link is not None and record.weakest_link < 1
    assert weak > 10
    con.close()
