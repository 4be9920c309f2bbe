"""
Evidence that few are refused who should be scored, that those are refused who should not, and how far answers can be relied on.

On an England that is invented, so that who is in scope is fixed by the truth before anything is scored: who lived here
from before the landmark until it, with a birth record on file. Every source is there, under one child's key. The children
are today's, of cohorts that the bundle never learned from, each at the landmarks it has reached.
"""

import datetime
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.judged_landmark import JudgedLandmark, Resident
from models.bundle import load_bundle
from models.contract import Contract
from training.cohort import groups_of
from training.ingest import ingest
from training.pipeline import train
from training.records import read_record
from training.synthetic.area import NATION
from training.synthetic.calendar import AS_AT
from training.synthetic.foresight import ENGLAND
from training.synthetic.write import TRUTH, Asked, synthesise

# Those from 2021 on are today's children: nothing was learned of them, and they are the ones to be scored.
COHORTS, JUDGED, SEED = tuple(range(2014, 2024)), (2021, 2022, 2023), 7
BIRTHS, CHILDREN = 4000, 3000
REFUSED_AT_MOST, REFUSED_OF_GROUP_AT_MOST, GOOD_AT_LEAST = 0.01, 0.02, 0.70

Part = dict[str, Any]


def scope(folder: Path) -> Part:
    """Invent an England, learn from it, and judge the answers that its newest children would have."""
    data = folder / "scope"
    synthesise(Asked(NATION, BIRTHS, COHORTS, SEED), data, _progress)
    run = train(
        Path(str(ENGLAND)),
        data,
        folder / "scope-releases",
        plan_path=None,
        key=None,
        today=datetime.datetime.now(tz=datetime.UTC).date(),
        progress=_progress,
    )
    return judged(run.bundle, data)


def _progress(step: str) -> None:
    print(f"· {step}", file=sys.stderr, flush=True)


def judged(bundle: Path, data: Path, children: int = CHILDREN) -> Part:
    """Judge a bundle's answers on at most so many of today's children in unlinked extracts."""
    scorer = load_bundle(bundle).scorer
    con, _ = ingest(scorer.contract, data)
    groups = {a.name: groups_of(con, scorer.contract, a) for a in scorer.contract.audit}
    records = _records(con, scorer.contract, data, children)
    parts = [JudgedLandmark(scorer, at, groups).judged(records) for at in scorer.contract.landmarks]
    totals = _summed(parts)
    kept = totals["refused"] < REFUSED_AT_MOST and totals["good_least_of_a_landmark"] >= GOOD_AT_LEAST
    kept &= totals["refused_most_of_a_group"] < REFUSED_OF_GROUP_AT_MOST
    return {
        "part": "scope",
        "passed": kept and not totals["scripted_wrong"] and not totals["absence_taken_for_safety"],
        **totals,
        "landmarks": parts,
    }


def _records(con: duckdb.DuckDBPyConnection, contract: Contract, data: Path, most: int) -> list[Resident]:
    """Return some children of the cohorts that are judged: their records, and from the truth when they came and left."""
    born = dict(
        con.execute(
            "SELECT child, born FROM birth WHERE cohort IN (SELECT unnest(?)) ORDER BY hash(child), child LIMIT ?",
            [list(JUDGED), most],
        ).fetchall()
    )
    truth = str(data / TRUTH / "children.csv")
    asked = duckdb.connect().execute("SELECT pseudonym, arrived_on, left_on FROM read_csv(?)", [truth])
    stays = asked.fetchall()
    return [
        Resident(
            key,
            read_record(con, contract, key),
            (arrived - born[key]).days,
            None if left is None else (left - born[key]).days,
            (AS_AT - born[key]).days,
        )
        for key, arrived, left in stays
        if key in born
    ]


def _summed(parts: list[Part]) -> Part:
    within = sum(part["in_scope"] for part in parts)
    return {
        "in_scope": within,
        "refused": round(sum(part["refused"] for part in parts) / within, 4),
        "refused_most_of_a_group": max(part["refused_most_of_a_group"][1] for part in parts),
        "good": round(sum(part["good"] for part in parts) / within, 4),
        "good_least_of_a_landmark": min(part["good_share"] for part in parts),
        "scripted": sum(part["scripted"] for part in parts),
        "scripted_wrong": sum(sum(part["scripted_wrong"].values()) for part in parts),
        "bands_lowered_by_withdrawal": sum(part["bands_lowered_by_withdrawal"] for part in parts),
        "absence_taken_for_safety": sum(part["absence_taken_for_safety"] for part in parts),
    }


def main() -> None:
    """Print the line; a bundle and the unlinked extracts to judge it on may be named."""
    if len(sys.argv) > 1:
        bundle, data = map(Path, sys.argv[1:3])
        print(json.dumps(judged(bundle, data)))
        return
    with tempfile.TemporaryDirectory() as name:
        print(json.dumps(scope(Path(name))))


if __name__ == "__main__":
    main()
