"""Children on a list, counted by hand."""

import numpy as np
import pytest

from models.capacities import CAPACITIES
from training.judging import HeldOut
from training.metrics import family_weights
from training.mitigation.cells import Children, Listed, Protected, children_of
from training.plan import Plan
from training.study import Study


@pytest.fixture(scope="module")
def children(gap_study: Study, gap_scores: HeldOut, gap_plan: Plan, girls: np.ndarray) -> Children:
    """The children held out, and the girls among them."""
    return children_of(gap_study, gap_scores, [Protected("sex", "Sex", "Girls", girls)], gap_plan)


@pytest.fixture(scope="module")
def listed(children: Children, gap_scores: HeldOut) -> Listed:
    """They at the list of a fifth."""
    return Listed(children, gap_scores, 0.2)


def test_counts(gap_study: Study, gap_scores: HeldOut, girls: np.ndarray, listed: Listed) -> None:
    """Found, missed and listed needlessly, of everyone and of girls."""
    y, scores = gap_study.rows.y[gap_scores.rows] == 1, gap_scores.log_odds[0]
    on = scores >= np.sort(scores)[::-1][int(0.2 * len(y)) - 1]
    assert (listed.flagged == on).all()
    for side, who in enumerate((np.ones(len(y), dtype=bool), girls[gap_scores.rows])):
        assert listed.n[side] == who.sum()
        assert [each[side] for each in listed.cells] == [
            (who & on & y).sum(),
            (who & ~on & y).sum(),
            (who & on & ~y).sum(),
        ]


def test_rates(gap_study: Study, gap_scores: HeldOut, girls: np.ndarray, gap_plan: Plan, listed: Listed) -> None:
    """Recall, PPV and the gap are of these counts; in a draw, of whole families as often as they are drawn."""
    y, girl = gap_study.rows.y[gap_scores.rows], girls[gap_scores.rows]
    drawn = family_weights(gap_study.rows.families[gap_scores.rows], gap_plan.bootstrap, gap_plan.seed)
    for draw, weights in ((None, np.ones(len(y))), (7, drawn[7])):
        recall, ppv, gaps = (
            each[0] if draw is None else each[1][draw] for each in (listed.recall, listed.ppv, listed.gaps)
        )
        weighted = weights * y
        assert recall == pytest.approx(np.average(listed.flagged, weights=weighted))
        assert ppv == pytest.approx(np.average(y, weights=weights * listed.flagged))
        recalls = [np.average(listed.flagged, weights=weighted * who) for who in (girl, ~girl)]
        assert gaps == pytest.approx([recalls[0] - recalls[1]])


def test_comparison(listed: Listed) -> None:
    """The audit's own comparison of the group's recall with everyone else's: the same counts, and the same gap."""
    compared = listed.comparison(0)
    assert (compared.group.hits, compared.group.n) == (listed.found[1], listed.found[1] + listed.missed[1])
    assert compared.rest.hits == listed.found[0] - listed.found[1]
    assert compared.gap is not None
    assert compared.gap.value == pytest.approx(listed.gaps[0][0])


def test_nobody_listed(children: Children, gap_scores: HeldOut) -> None:
    """Where all scores tie the list is empty, and its PPV is no number: ties are never broken."""
    tied = HeldOut(gap_scores.rows, np.zeros_like(gap_scores.log_odds), gap_scores.folds)
    listed = Listed(children, tied, CAPACITIES[0])
    assert listed.found[0] == listed.needless[0] == 0
    assert np.isnan(listed.ppv[0])
