"""
Absence is not safety: an agency that sends nothing never makes a child look safer without the answer saying so.

To withdraw a source is to delete its rows, its proven coverage and its link. Terms are drawn at random here, so that what
is not known pushes either way; the contracts are those of the invented borough and of England.
"""

import functools
import json
import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from benchmarks.small_bundle import bundle_files
from models.bundle import scorer_of
from models.canonical import canonical
from models.contract import Contract
from models.feature import Landmark
from models.head import Score
from models.record import ChildRecord
from models.scope import NotScored
from models.scorer import Scored, Scorer
from models.telling import Teller

QUICK = settings(derandomize=True, database=None, deadline=None)
ROOT = Path(__file__).parents[2]
CONTRACTS = {"borough": ROOT / "tests/contracts/borough.toml", "england": ROOT / "models/contracts/england.toml"}
DRAWINGS = 8
WITHIN = 1e-12

Invent = Callable[[Contract, int, int], dict[str, ChildRecord]]
Given = TypeVar("Given")


@functools.cache
def scorer_of_drawing(name: str, drawing: int) -> Scorer:
    """A Scorer of that contract whose terms say anything at all, of *not known* too."""
    files = _files(name)
    model, chance = json.loads(files["model.json"]), random.Random(drawing)  # noqa: S311 (no secret)
    for spec in model["estimators"]:
        for term in spec["terms"]:
            _draw(term, chance)
    return scorer_of(files | {"model.json": canonical(model)})


@functools.cache
def _files(name: str) -> dict[str, bytes]:
    return bundle_files(CONTRACTS[name].read_text(encoding="utf-8"))


def _draw(term: dict[str, Any], chance: random.Random) -> None:
    """Draw a term's values: about as strong as those of a model that was learned, now and then none at all."""
    spread = chance.choice((0.0, 0.1, 0.4))
    if term["kind"] == "linear":
        term |= {"coefficient": chance.gauss(0, spread / 20), "not_known": chance.gauss(0, spread)}
    elif term["kind"] == "step":
        term["values"] = [chance.gauss(0, spread) for _ in term["values"]]
    else:
        term["values"] = [[chance.gauss(0, spread / 2) for _ in line] for line in term["values"]]


scorers = st.builds(scorer_of_drawing, st.sampled_from(sorted(CONTRACTS)), st.integers(0, DRAWINGS - 1))
seeds = st.integers(0, 2**32)


def invented(invent: Invent, scorer: Scorer, seed: int) -> ChildRecord:
    """Invent a record, some of its sources linked with more or less certainty."""
    (record,) = invent(scorer.contract, seed, 1).values()
    chance = random.Random(seed)  # noqa: S311 (no secret)
    linked = [source.name for source in scorer.contract.feature_sources if chance.random() < 0.3]
    return ChildRecord(
        record.events, record.coverage, {name: chance.choice((0.91, 0.97, 0.999, 1.0)) for name in linked}
    )


def withdrawn(record: ChildRecord, source: str) -> ChildRecord:
    """The record as it is when that source has sent nothing."""
    return ChildRecord(
        _without(record.events, source), _without(record.coverage, source), _without(record.links, source)
    )


def _without(part: Mapping[str, Given], source: str) -> dict[str, Given]:
    return {name: held for name, held in part.items() if name != source}


def withdrawals(scorer: Scorer, record: ChildRecord) -> Iterator[tuple[str, Landmark, Scored, Scored]]:
    """Withdraw each source in turn, at each landmark that asks it: the answers before and after, where both are scores."""
    for landmark in scorer.contract.landmarks:
        before = scorer.score(record, landmark.age)
        for source in {feature.source: None for feature in scorer.contract.features_at(landmark)}:
            after = scorer.score(withdrawn(record, source), landmark.age)
            if isinstance(before, Scored) and isinstance(after, Scored):
                yield source, landmark, before, after


def width(score: Score) -> float:
    """The width of a score's interval, as a probability."""
    return score.interval.high - score.interval.low


@settings(QUICK, max_examples=150)
@given(scorer=scorers, seed=seeds)
def test_withdrawing_a_source(scorer: Scorer, seed: int, invented_records: Invent) -> None:
    """If withdrawal lowers the band the answer names the source, is less reliable, no surer, and its floor is open."""
    record, teller, last = invented(invented_records, scorer, seed), Teller(scorer), len(scorer.policy.bands) - 1
    for source, _, before, after in withdrawals(scorer, record):
        for first, second in zip(before.scores, after.scores, strict=True):
            if second.banding.place > first.banding.place:
                assert source in {each.name for each in after.unknown_sources}
                assert second.reliability.level in {"limited", "poor"}
                assert any(source_label(scorer, source) in ground.about for ground in second.reliability.grounds)
                assert width(second) >= width(first) - WITHIN
                assert not second.banding.floor_established
                told = teller.band(second)
                assert told.floor == "not established"
                assert (told.label == "too little known for this band") is (second.banding.place == last)


def source_label(scorer: Scorer, name: str) -> str:
    """What the contract calls a source."""
    return scorer.contract.source(name).label


@settings(QUICK, max_examples=150)
@given(scorer=scorers, seed=seeds)
def test_what_it_was_is_what_it_could_be(scorer: Scorer, seed: int, invented_records: Invent) -> None:
    """Whatever withdrawal does to the band, the band that the child was in is among those that the answer holds open."""
    record = invented(invented_records, scorer, seed)
    for source, landmark, before, after in withdrawals(scorer, record):
        assert source in {each.name for each in after.unknown_sources}
        for first, second in zip(before.scores, after.scores, strict=True):
            widest = scorer.head(landmark.name, second.outcome.name).intervals.widest
            assert second.interval.widened
            assert width(second) >= max(width(first), widest) - WITHIN
            assert second.banding.first <= first.banding.place <= second.banding.last


@settings(QUICK, max_examples=100)
@given(scorer=scorers, seed=seeds)
def test_where_a_floor_is_established(scorer: Scorer, seed: int, invented_records: Invent) -> None:
    """A floor is said to be established only where no value of what is not known of a source could lift the band."""
    record, chance = invented(invented_records, scorer, seed), random.Random(seed)  # noqa: S311 (no secret)
    for landmark in scorer.contract.landmarks:
        answer = scorer.score(record, landmark.age)
        if isinstance(answer, Scored) and answer.unknown_sources:
            unknown = {source.name for source in answer.unknown_sources}
            features = scorer.contract.features_at(landmark)
            for _ in range(10):
                held = (0.0, 1.0, 2.0, 10.0, 500.0, 4000.0, math.nan)
                row = [
                    chance.choice(held) if feature.source in unknown else x
                    for feature, x in zip(features, answer.row, strict=True)
                ]
                for score, head in ((s, scorer.head(landmark.name, s.outcome.name)) for s in answer.scores):
                    assert score.banding.first <= head.place(row) <= score.banding.last


@settings(QUICK, max_examples=150)
@given(scorer=scorers, seed=seeds)
def test_a_row_that_changes_no_feature(scorer: Scorer, seed: int, invented_records: Invent) -> None:
    """A row more of a source that is on record, where it changes no feature, changes nothing of the answer."""
    record, other = (invented(invented_records, scorer, each) for each in (seed, seed + 1))
    compared = 0
    for landmark in scorer.contract.landmarks:
        before = scorer.score(record, landmark.age)
        for name, events in other.events.items():
            if any(event.known <= landmark.age for event in record.events.get(name, ())):
                more = ChildRecord(
                    {**record.events, name: (*record.events[name], *events[:1])}, record.coverage, record.links
                )
                after = scorer.score(more, landmark.age)
                if isinstance(before, Scored) and isinstance(after, Scored) and same(before.row, after.row):
                    compared += 1
                    assert unchanged(before) == unchanged(after)
    assume(compared)


def same(row: Sequence[float], other: Sequence[float]) -> bool:
    """Whether two rows hold the same, what is not known included."""
    return all(x == y or (x != x and y != y) for x, y in zip(row, other, strict=True))


def unchanged(answer: Scored) -> tuple[object, ...]:
    """All that an answer says but for when the latest of it happened; a row holds NaN, which equals nothing."""
    parts = (answer.scores, answer.not_known, answer.never_learned, answer.outside_range, answer.unknown_sources)
    return (*parts, answer.link)


@pytest.mark.parametrize("name", sorted(CONTRACTS))
def test_bands_do_fall(name: str, invented_records: Invent) -> None:
    """None of this is empty: withdrawing nearly any source lowers bands, to the last one too, and raises others."""
    fallen, lifted, to_the_last = set(), set(), set()
    for drawing in range(DRAWINGS):
        scorer = scorer_of_drawing(name, drawing)
        for seed in range(15):
            for source, _, before, after in withdrawals(scorer, invented(invented_records, scorer, seed)):
                for first, second in zip(before.scores, after.scores, strict=True):
                    if second.banding.place > first.banding.place:
                        fallen.add(source)
                        to_the_last |= {source} if second.banding.place == 3 else set()
                    elif second.banding.place < first.banding.place:
                        lifted.add(source)
    asked = {feature.source for feature in scorer.contract.features} - set(scorer.contract.scope.needs)
    assert fallen | lifted <= asked
    assert min(len(fallen), len(lifted), len(to_the_last)) > len(asked) / 2


@pytest.mark.parametrize("name", sorted(CONTRACTS))
def test_what_scope_needs(name: str, invented_records: Invent) -> None:
    """A source that the scope needs, withdrawn, leaves no score at all."""
    scorer = scorer_of_drawing(name, 0)
    for record in invented_records(scorer.contract, 3, 30).values():
        for source in scorer.contract.scope.needs:
            answer = scorer.score(withdrawn(record, source), scorer.contract.landmarks[-1].age)
            assert answer == NotScored("too-little-known")
