"""What a request that brings no record is scored on, and every reason for which it is not."""

import datetime
import json
from pathlib import Path

import pytest

from models.birth_period import DAYS, youngest
from models.contract import Contract
from models.contract_reading import parse_contract
from service.live import Live
from service.loaded.by_reference import Loaded, check_gateways
from service.loaded.store import LoadedStore
from service.problems import Refused
from service.record.references import References
from training.ingest import ingest
from training.records import read_record

TODAY = datetime.date(2018, 6, 1)
REFERENCES = References(b"a key of tests")


@pytest.fixture
def by_reference(store: LoadedStore) -> Loaded:
    """The borough's children, to be scored by reference."""
    return Loaded(store, REFERENCES)


def _refused(by_reference: Loaded, live: Live, subject: str, today: datetime.date = TODAY, **asked: int) -> Refused:
    with pytest.raises(Refused) as refused:
        by_reference.record_of(live.bundle, subject, "early_help", today, **asked)
    return refused.value


def test_the_score_is_that_of_training(
    by_reference: Loaded, live: Live, contract: Contract, borough_extracts: Path, references: list[str]
) -> None:
    """What is loaded scores as training's own record of the child does, to the bit, at every landmark."""
    con, _ = ingest(contract, borough_extracts)
    scorer = live.bundle.scorer
    for subject in references[::25]:
        found = by_reference.record_of(live.bundle, subject, "early_help", TODAY)
        record = read_record(con, contract, subject)
        for landmark in contract.landmarks:
            assert repr(scorer.score(found.record, landmark.age)) == repr(scorer.score(record, landmark.age))
    con.close()


def test_the_age(by_reference: Loaded, live: Live, lines: Path) -> None:
    """A child is as old as it surely is; who knows better may say so, up to the oldest that it can be."""
    told = json.loads(lines.read_text(encoding="utf-8").splitlines()[1])
    child, least = told["child"], youngest(told["period"], TODAY)

    def asked(as_of: int | None) -> int:
        return by_reference.record_of(live.bundle, child, "early_help", TODAY, as_of).age

    assert [asked(None), asked(0), asked(least + DAYS - 1)] == [least, 0, least + DAYS - 1]
    refused = _refused(by_reference, live, child, as_of=least + DAYS)
    assert [(fault.pointer, fault.code) for fault in refused.faults] == [("/as_of", "not-reached")]


def test_nobody_of_that_reference(by_reference: Loaded, live: Live) -> None:
    """A child who is not loaded is not found, and the reference is not repeated."""
    refused = _refused(by_reference, live, "zelphine")
    assert (refused.kind.status, "zelphine" in str(refused)) == (404, False)


def test_too_old(by_reference: Loaded, live: Live, references: list[str]) -> None:
    """Records are used for as long as the setting says after the day of the extracts, and not a day longer."""
    last = TODAY - datetime.timedelta(days=7) + datetime.timedelta(days=45)
    assert by_reference.record_of(live.bundle, references[0], "early_help", last).extracted == by_reference.extracted
    refused = _refused(by_reference, live, references[0], last + datetime.timedelta(days=1))
    assert (refused.kind.name, "more than 45 days ago" in str(refused)) == ("nothing-loaded", True)


def test_nothing_loaded(tmp_path: Path, live: Live) -> None:
    """Where nothing was ever loaded, that is said with what to do."""
    empty = Loaded(LoadedStore(tmp_path), REFERENCES)
    assert (empty.newest, empty.extracted) == (None, None)
    assert "earlyid load" in str(_refused(empty, live, "child"))


def test_a_purpose_that_a_gateway_lacks(contract: Contract, borough_text: str) -> None:
    """No source is used for a purpose that its lawful gateway does not have, be it one of many."""
    check_gateways(contract, "early_help")
    with pytest.raises(Refused) as refused:
        check_gateways(contract, "research")
    assert [fault.pointer for fault in refused.value.faults] == ["/purpose"]
    narrowed = borough_text.replace(
        'purposes = ["early_help"], expires = 2020', 'purposes = ["research"], expires = 2020'
    )
    with pytest.raises(Refused):
        check_gateways(parse_contract(narrowed), "early_help")
