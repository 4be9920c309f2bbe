"""The children of golden cases: invented from the contract alone, and reaching all that a Scorer can answer."""

import math
import re
from pathlib import Path
from typing import Any

import pytest

from benchmarks.small_bundle import bundle_files
from models.bundle import scorer_of
from models.contract_reading import parse_contract
from models.features import FeatureSet
from models.golden import GoldenCase, answered
from models.scorer import Scorer
from models.snapshot import take_snapshot
from training.invented import golden_cases

ROOT = Path(__file__).parents[2]
SHIPPED = [ROOT / "tests/contracts/borough.toml", *sorted(ROOT.glob("examples/*/contract.toml"))]


@pytest.fixture(scope="module", params=SHIPPED, ids=lambda path: path.parent.name)
def scorer(request: pytest.FixtureRequest) -> Scorer:
    """A Scorer of each contract that this repository holds."""
    return scorer_of(bundle_files(request.param.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def cases(scorer: Scorer) -> list[GoldenCase]:
    """Its golden cases."""
    return golden_cases(scorer, seed=7)


def test_scored_and_not_scored(scorer: Scorer, cases: list[GoldenCase]) -> None:
    """There are refusals for age on both sides of the windows and for too little known, and scores at every landmark."""
    codes = {case.not_scored for case in cases}
    assert {"outside-window", "too-little-known", None} <= codes
    outside = [case.age for case in cases if case.not_scored == "outside-window"]
    assert min(outside) < scorer.contract.landmarks[0].age
    assert max(outside) >= scorer.contract.landmarks[-1].until
    for landmark in scorer.contract.landmarks:
        scored = [case for case in cases if landmark.holds(case.age) and case.scores]
        assert len(scored) >= 5
        assert all(len(case.scores) == len(scorer.contract.outcomes_at(landmark)) for case in scored)


def test_known_and_not_known(scorer: Scorer, cases: list[GoldenCase]) -> None:
    """Every feature is known of one invented child at least, and not known of another, at each of its landmarks."""
    for landmark in scorer.contract.landmarks:
        questions = FeatureSet(scorer.contract, landmark)
        asked = [case for case in cases if landmark.holds(case.age) and case.scores]
        rows = [questions.row(take_snapshot(case.record(), landmark.age)) for case in asked]
        for name, *values in zip(questions.names, *rows, strict=True):
            assert any(math.isnan(value) for value in values), name
            assert any(not math.isnan(value) for value in values), name


def test_every_source_is_reached(scorer: Scorer, cases: list[GoldenCase]) -> None:
    """Every source that a feature is asked of has an event, and something becomes known after its landmark."""
    reached = {source for case in cases for source, events in case.events.items() if events}
    assert reached == {source.name for source in scorer.contract.feature_sources}
    events = [(case.age, event) for case in cases for held in case.events.values() for event in held]
    assert any(event.known > age for age, event in events)
    assert any(case.coverage for case in cases)
    assert any(case.events and not case.coverage for case in cases)


def test_only_what_features_rest_on(scorer: Scorer, cases: list[GoldenCase]) -> None:
    """No invented child has a column that no feature rests on: no date of birth, no family, no audit attribute."""
    for case in cases:
        for source, events in case.events.items():
            assert all(event.values.keys() <= scorer.contract.feature_columns[source] for event in events)


def test_every_value_is_one_the_column_can_hold(scorer: Scorer, cases: list[GoldenCase]) -> None:
    """Every invented value is one that the contract allows."""
    for case in cases:
        for name, events in case.events.items():
            for column, value in ((c, v) for event in events for c, v in event.values.items() if v is not None):
                declared = scorer.contract.source(name).column(column)
                assert declared is not None
                if declared.code_map:
                    assert value in declared.code_map.values()
                else:
                    low, high = declared.bounds
                    assert low <= int(value) <= high


def test_they_are_reproduced(scorer: Scorer, cases: list[GoldenCase]) -> None:
    """The Scorer that answered gives the same answers again, and every case has its own name."""
    assert [answered(case, scorer) for case in cases] == cases
    assert len({case.case for case in cases}) == len(cases)


def test_they_come_of_contract_and_seed_alone(scorer: Scorer, cases: list[GoldenCase]) -> None:
    """One seed invents the same children whatever was learned; another seed invents others."""

    def children(given: list[GoldenCase]) -> list[dict[str, Any]]:
        return [case.model_dump(exclude={"scores", "not_scored"}) for case in given]

    assert children(golden_cases(scorer, seed=7)) == children(cases)
    assert children(golden_cases(scorer, seed=8)) != children(cases)


def test_a_learned_scorer_has_the_same_children(borough_run: Any, borough_contract: Path) -> None:
    """The golden cases of a bundle that was learned from extracts are those of the contract: no real child is among them."""
    untaught = scorer_of(bundle_files(borough_contract.read_text(encoding="utf-8")))
    expected = [
        case.model_dump(include={"case", "age", "events", "coverage"}) for case in golden_cases(untaught, seed=7)
    ]
    found = (borough_run.bundle / "golden.jsonl").read_bytes().splitlines()
    assert [GoldenCase.model_validate_json(line).model_dump(include=set(expected[0])) for line in found] == expected


def test_a_record_gone_stale(borough_text: str) -> None:
    """Where the contract refuses stale records, an invented child is refused for that."""
    text = re.sub(r"stale_after_days = \d+", "stale_after_days = 300", borough_text)
    assert parse_contract(text).scope.stale_after_days == 300
    assert "too-stale" in {case.not_scored for case in golden_cases(scorer_of(bundle_files(text)), seed=7)}
