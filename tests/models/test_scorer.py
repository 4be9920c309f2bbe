"""The Scorer: from a record and an age to an explained score for each outcome, or an honest refusal."""

import math
from collections.abc import Callable

import pytest

from models.bundle import scorer_of
from models.canonical import canonical
from models.errors import IntegrityError
from models.estimator import logit
from models.record import ChildRecord, Event
from models.scope import NotScored
from models.scorer import Scored, Scorer
from models.terms import Calibrations, Model

SEEN = ChildRecord({"visits": (Event(10, 10, {"total": 7}), Event(20, 20, {"total": 30}))})


@pytest.fixture
def scorer(small_bundle: dict[str, bytes]) -> Scorer:
    """The Scorer of the bundle made by hand."""
    return scorer_of(small_bundle)


def scored(scorer: Scorer, record: ChildRecord, age: int = 365) -> Scored:
    """The answer, which must be a score."""
    answer = scorer.score(record, age)
    assert isinstance(answer, Scored)
    return answer


def test_the_sum(scorer: Scorer) -> None:
    """The average child, the reasons and everything else sum to the log-odds of the probability."""
    (score,) = scored(scorer, SEEN).scores
    told = sum(reason.contribution for reason in score.explanation.reasons)
    total = score.scored.baseline + told + score.explanation.everything_else
    assert total == pytest.approx(logit(score.probability), abs=1e-9)
    assert score.base_rate == 0.25


@pytest.mark.parametrize("age", [0, 364, 10_000])
def test_an_age_without_a_landmark(scorer: Scorer, age: int) -> None:
    """At an age that no landmark's window holds nothing is scored."""
    assert scorer.score(SEEN, age) == NotScored("outside-window")


def test_nothing_known(scorer: Scorer) -> None:
    """A child of whom nothing needed was known is not scored."""
    assert scorer.score(ChildRecord(), 365) == NotScored("too-little-known")


def test_what_limits_an_answer(scorer: Scorer) -> None:
    """What is not known, what was never learned of, and what lies outside the range seen are named."""
    unknown = scored(scorer, ChildRecord({"visits": (Event(10, 10, {}),)}))
    assert [feature.name for feature in unknown.not_known] == ["latest"]
    assert unknown.never_learned == ()
    often = scored(scorer, ChildRecord({"visits": tuple(Event(day, day, {"total": 1}) for day in range(10))}))
    assert [feature.name for feature in often.outside_range] == ["visits"]
    row = scorer.score_row(scorer.contract.landmarks[0], [20.0, math.nan])
    assert [feature.name for feature in row.never_learned] == ["visits"]


def test_the_age_asked_at_changes_nothing(scorer: Scorer) -> None:
    """Wherever in the window a score is asked for, the record is cut at the landmark."""
    until = scorer.contract.landmarks[0].until
    late = ChildRecord({"visits": (*SEEN.events["visits"], Event(370, 370, {"total": 0}))})
    assert scored(scorer, late, until - 1).scores == scored(scorer, SEEN, 365).scores


@pytest.mark.parametrize("part", ["model", "calibration"])
def test_a_part_that_is_missing(small_bundle: dict[str, bytes], part: str, empty: Callable[[str], bytes]) -> None:
    """A model or a calibration that lacks an estimator of the contract makes no Scorer."""
    with pytest.raises(IntegrityError):
        scorer_of(small_bundle | {f"{part}.json": empty(part)})


@pytest.fixture
def empty() -> Callable[[str], bytes]:
    """A model, or a calibration, of nothing."""
    parts = {"model": Model(estimators=()), "calibration": Calibrations(calibrations=())}
    return lambda part: canonical(parts[part].model_dump())
