"""What is kept of a record is all that a replay needs, and nothing that became known later."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.edge_requests import edge_requests
from models.canonical import canonical
from models.record import ChildRecord, Event, Span
from service.answers.kept_record import kept, kept_of, read_kept
from service.live import Live
from service.request_record import Asked

AGES = st.integers(-3660, 32767)
VALUES = st.dictionaries(
    st.sampled_from(["a", "b", "é"]), st.integers(-(2**38), 2**38) | st.text(max_size=3) | st.none(), max_size=3
)
EVENTS = st.builds(
    lambda at, later, values: Event(at, min(at + later, 32767), values), AGES, st.integers(0, 900), VALUES
)
SPANS = st.builds(Span, AGES, AGES, AGES)
NAMES = st.sampled_from(["one", "two", "three"])
RECORDS = st.builds(
    ChildRecord,
    st.dictionaries(NAMES, st.lists(EVENTS, max_size=4).map(tuple), max_size=3),
    st.dictionaries(NAMES, st.lists(SPANS, max_size=3).map(tuple), max_size=3),
    st.dictionaries(NAMES, st.floats(0.0, 1.0, exclude_min=True), max_size=3),
)


@given(RECORDS, AGES)
def test_it_comes_back(record: ChildRecord, age: int) -> None:
    """What is kept comes back as it was: every event and span known by then, exactly, and nothing known later."""
    found = read_kept(kept(record, age))
    for part, whole in ((found.events, record.events), (found.coverage, record.coverage)):
        expected = {name: tuple(x for x in held if x.known <= age) for name, held in whole.items()}
        assert part == {name: held for name, held in expected.items() if held}
    assert all(record.links[name] == link for name, link in found.links.items())
    assert found.links.keys() <= found.events.keys() | found.coverage.keys()


@given(RECORDS, AGES)
def test_what_is_kept_is_kept_the_same(record: ChildRecord, age: int) -> None:
    """Keeping again what was kept changes no byte, so that its digest stands for it."""
    once = kept(record, age)
    assert kept(read_kept(once), age) == once


@given(RECORDS, AGES)
def test_one_spelling(record: ChildRecord, age: int) -> None:
    """What is kept is canonical JSON, so that whoever has its content can work its digest out."""
    found = kept(record, age)
    assert found == canonical(json.loads(found))


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_scoring_what_was_kept(shipped: Live, seed: int) -> None:
    """Of what was kept the answer is the very bytes again, whatever the detail, at every landmark's ages."""
    contract = shipped.bundle.contract
    for body in edge_requests(contract, seed, 6):
        asked = shipped.reader.read(shipped.form.decode(body))
        for detail in ("summary", "full"):
            first = Asked("", asked.purpose, asked.age, asked.record, detail)
            again = Asked("", asked.purpose, asked.age, read_kept(kept_of(contract, asked.record, asked.age)), detail)
            assert shipped.renderer.render(again, shipped.score(again)) == shipped.renderer.render(
                first, shipped.score(first)
            )


def test_outside_every_window(live: Live, record: ChildRecord) -> None:
    """Where no landmark is asked nothing was looked at, and nothing is kept."""
    assert json.loads(kept_of(live.bundle.contract, record, 5)) == {
        "format": 1,
        "events": {},
        "coverage": {},
        "links": {},
    }


def test_another_format() -> None:
    """What a later version kept is not read as if it were ours."""
    with pytest.raises(ValueError, match="another format"):
        read_kept(b'{"format":2,"events":{},"coverage":{},"links":{}}')
