"""A head: what one estimator's log-odds become, and that nothing leaves whose reasons do not add up."""

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest

from models.bands import Banded
from models.bundle import scorer_of
from models.errors import IntegrityError
from models.estimator import Estimator, RowScore, logit
from models.head import SUM_TOLERANCE, Head
from models.reasons import Explainer, Explanation

NAN = math.nan
ROWS = ([30.0, 2.0], [NAN, 2.0], [10.0, NAN], [NAN, NAN])


@pytest.fixture(scope="module")
def head(small_bundle: dict[str, bytes]) -> Head:
    """The one head of the bundle made by hand."""
    return scorer_of(small_bundle).head("at_one", "outcome")


class Doctored:
    """An explainer that says more, or leaves something out, than there is to say."""

    def __init__(self, honest: Explainer, more: float = 0.0, *, leave_out: bool = False) -> None:
        self._honest, self._more, self._leave_out = honest, more, leave_out

    def explain(self, row: Sequence[float], scored: RowScore) -> Explanation:
        """Explain, but for what is doctored."""
        told = self._honest.explain(row, scored)
        raises = told.raises[1:] if self._leave_out else told.raises
        return told._replace(raises=raises, everything_else=told.everything_else + self._more)


class Mistaken(Estimator):
    """An estimator whose probability is not the one that its log-odds are."""

    def score(self, row: Sequence[float]) -> RowScore:
        """Score, a little off."""
        scored = super().score(row)
        return scored._replace(probability=scored.probability + 1e-6)


def test_what_a_score_holds(head: Head) -> None:
    """A score is the estimator's, with the interval, the band and the reasons of that very row."""
    row = [30.0, 2.0]
    score = head.score(row, ())
    assert score.scored == head.estimator.score(row)
    assert score.interval == head.intervals.at(score.scored.log_odds, score.probability, widened=False)
    assert score.banding == head.banded.of(score.scored.log_odds, score.interval, None)
    assert score.banding.place == head.place(row)
    assert score.explanation == head.explainer.explain(row, score.scored)
    assert score.base_rate == 0.25


def with_thresholds(head: Head, *log_odds: float) -> Head:
    """The head with other thresholds."""
    made = head.banded.thresholds
    at = tuple(each.model_copy(update={"log_odds": x}) for each, x in zip(made.at, log_odds, strict=True))
    return replace(head, banded=Banded(head.banded.policy, made.model_copy(update={"at": at})))


def test_what_is_not_known_widens(head: Head) -> None:
    """With columns unknown the interval is the widened one, and the bands are those they could move the score to."""
    row, near = [NAN, 2.0], with_thresholds(head, -0.6, -0.8, -1.2)
    score = near.score(row, {0})
    reach = head.estimator.reach(row, {0})
    assert score.interval == head.intervals.at(score.scored.log_odds, score.probability, widened=True)
    assert score.banding == near.banded.of(score.scored.log_odds, score.interval, reach)
    assert (score.banding.first, score.banding.place, score.banding.last) == (1, 2, 3)
    assert near.score(row, ()).banding == score.banding._replace(first=2, last=2)
    assert score.scored == head.score(row, ()).scored


@pytest.mark.parametrize("row", ROWS)
def test_an_honest_explanation_leaves(head: Head, row: list[float]) -> None:
    """An explanation that adds up to a billionth is answered."""
    total = head.score(row, ()).explanation.everything_else + head.estimator.baseline
    total += sum(reason.contribution for reason in head.score(row, ()).explanation.shown)
    assert abs(total - logit(head.score(row, ()).probability)) <= SUM_TOLERANCE
    nearly = Doctored(head.explainer, SUM_TOLERANCE / 2)
    assert replace(head, explainer=nearly).score(row, ()).scored == head.score(row, ()).scored  # type: ignore[arg-type]


@pytest.mark.parametrize("more", [2 * SUM_TOLERANCE, -2 * SUM_TOLERANCE, 0.1, math.inf, -math.inf, NAN])
@pytest.mark.parametrize("row", ROWS)
def test_an_explanation_that_does_not_add_up(head: Head, row: list[float], more: float) -> None:
    """A push more than there is, even by two billionths, and one that is no number, is not answered."""
    with pytest.raises(IntegrityError, match="do not add up"):
        replace(head, explainer=Doctored(head.explainer, more)).score(row, ())  # type: ignore[arg-type]


def test_a_reason_left_out(head: Head) -> None:
    """A reason that is left out is not answered."""
    assert head.score([30.0, 1.0], ()).explanation.raises
    with pytest.raises(IntegrityError, match="do not add up"):
        replace(head, explainer=Doctored(head.explainer, leave_out=True)).score([30.0, 1.0], ())  # type: ignore[arg-type]


@pytest.mark.parametrize("row", ROWS)
def test_a_probability_that_is_not_its_log_odds(head: Head, row: list[float]) -> None:
    """Reasons that add up to another probability than the one served are not answered."""
    with pytest.raises(IntegrityError, match="do not add up"):
        replace(head, estimator=Mistaken(head.estimator.spec)).score(row, ())
