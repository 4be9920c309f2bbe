"""Lists at every capacity: no longer than asked, ties never broken, and figures that anyone can work out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from models.capacities import CAPACITIES
from models.contract import Contract
from models.small_numbers import FEWEST
from training.capacities import at_capacities, children_a_month, places, thresholds
from training.cohort import CohortTable
from training.metrics import cut, family_weights, ppv, recall
from training.snapshots import Matrix

Floats = NDArray[np.float64]
# Few distinct values, so that most draws have ties at some cut.
SCORES = st.integers(1, 3).flatmap(
    lambda repeats: arrays(np.float64, st.tuples(st.just(repeats), st.integers(1, 90)), elements=st.integers(-9, 9))
)


@settings(derandomize=True, database=None, deadline=None, max_examples=150)
@given(scores=SCORES)
def test_the_cut_of_each_capacity(scores: Floats) -> None:
    """At every capacity the threshold, those flagged and the tie left out are those of the one list made alone."""
    at, left_out = thresholds(scores)
    for k, capacity in enumerate(CAPACITIES):
        alone = cut(scores.ravel(), capacity)
        assert at[k] == alone.threshold
        assert left_out[k] == alone.left_out_tie
        assert ((places(scores, at) <= k).ravel() == alone.flagged).all()
        assert alone.flagged.mean() <= capacity + 1e-9


@pytest.fixture(scope="module")
def judged() -> tuple[Floats, Floats, NDArray[np.str_]]:
    """Scores of 2,000 children in two repeats, half a log-odds apart, their outcomes and families."""
    chance = np.random.default_rng(8)
    log_odds = chance.normal(size=(2, 2000)).round(1)
    y = (chance.random(2000) < 1 / (1 + np.exp(1 - log_odds[0]))).astype(float)
    return log_odds, y, np.array([f"family {i // 2}" for i in range(2000)])


def test_figures_of_one_repeat(judged: tuple[Floats, Floats, NDArray[np.str_]]) -> None:
    """PPV, recall and their intervals are those of the measures of any list, the threshold held fixed in the intervals."""
    (log_odds, _), y, families = judged
    weights, one = family_weights(families, 200, 3), np.ones((1, 2000))
    told = 0
    for at in at_capacities(log_odds[None, :], y, weights):
        list_of = cut(log_odds, at.capacity)
        assert at.log_odds == list_of.threshold
        assert at.flagged == pytest.approx(list_of.flagged.mean(), abs=1e-6)
        assert at.left_out_tie == pytest.approx(list_of.left_out_tie / 2000, abs=1e-6)
        assert at.recall_ceiling == pytest.approx(min(1, at.capacity / y.mean()), abs=1e-6)
        if min(y[list_of.flagged].sum(), (1 - y[list_of.flagged]).sum()) < FEWEST:
            continue
        told += 1
        for figure, measure in ((at.ppv, ppv), (at.recall, recall)):
            drawn = measure(list_of.flagged, y, weights)
            low, high = np.percentile(drawn[~np.isnan(drawn)], [2.5, 97.5])
            assert figure.value == pytest.approx(float(measure(list_of.flagged, y, one)[0]), abs=1e-6)
            assert figure.low == pytest.approx(low, abs=1e-6)
            assert figure.high == pytest.approx(high, abs=1e-6)
    assert told >= len(CAPACITIES) - 2


@pytest.mark.parametrize("repeats", [1, 3])
def test_a_list_of_few_is_not_told_of(repeats: int) -> None:
    """A list on which fewer than ten children have the outcome, or fewer than ten do not, has its threshold and no figures."""
    scores = np.tile(np.linspace(2, -2, 200), (repeats, 1))
    # Of the first twenty fifteen have it, and of the next twenty none; so ten without it come by the twenty-fifth.
    y = np.zeros(200)
    y[:15] = y[150:] = 1
    nothing = (None, None, None)
    found = at_capacities(scores, y, family_weights(np.arange(200).astype(str), 100, 1))
    for at in found:
        children = round(at.capacity * 200)
        hidden = min(y[:children].sum(), children - y[:children].sum()) < FEWEST
        assert at.log_odds == pytest.approx(scores[0, children - 1])
        for figure in (at.ppv, at.recall):
            assert ((figure.value, figure.low, figure.high) == nothing) == hidden
    assert [at.capacity for at in found if at.ppv.value is None] == [c for c in CAPACITIES if c < 0.125]


def test_repeats_are_pooled(judged: tuple[Floats, Floats, NDArray[np.str_]]) -> None:
    """One threshold is drawn for all repeats together, and its figures are of every score that a child was given."""
    log_odds, y, families = judged
    pooled = cut(log_odds.ravel(), 0.2)
    at = at_capacities(log_odds, y, family_weights(families, 100, 3))[CAPACITIES.index(0.20)]
    assert at.log_odds == pooled.threshold
    twice = np.tile(y, 2)
    assert at.ppv.value == pytest.approx(twice[pooled.flagged].mean(), abs=1e-6)
    assert at.recall.value == pytest.approx(twice[pooled.flagged].sum() / twice.sum(), abs=1e-6)
    assert at.flagged == pytest.approx(pooled.flagged.mean(), abs=1e-6)


def test_everybody_scores_alike() -> None:
    """Where all tie there is no list: no threshold, nobody flagged, no share of a list of nobody."""
    y = np.array([0.0, 1.0] * 20)
    for at in at_capacities(np.zeros((1, 40)), y, family_weights(np.arange(40).astype(str), 100, 1)):
        assert (at.log_odds, at.flagged, at.left_out_tie) == (None, 0.0, 1.0)
        assert (at.ppv.value, at.ppv.low, at.ppv.high) == (None, None, None)
        assert at.recall.value == 0.0


def _cohort(contract: Contract, years: NDArray[np.int64] | None) -> CohortTable:
    children = np.arange(len(years) if years is not None else 3).astype(str)
    matrix = Matrix(contract.landmarks[0], children, ("one",), np.zeros((len(children), 1)))
    return CohortTable(matrix, {}, children, years, {}, np.ones(len(children)), {})


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ({2015: 1200}, 100),
        ({2015: 600, 2016: 1200}, 100),
        # The newest has not all come yet, nor has one of whom hardly anybody is there.
        ({2015: 1180, 2016: 1200, 2017: 900}, 100),
        ({2015: 1180, 2016: 1200, 2017: 1100}, 90),
        ({2015: 7}, 5),
    ],
)
def test_children_a_month(borough: Contract, sizes: dict[int, int], expected: int) -> None:
    """Children a month are a twelfth of the newest cohort that is complete, rounded to five."""
    years = np.repeat([-1, *sizes], [50, *sizes.values()])
    assert children_a_month(_cohort(borough, years)) == expected


def test_no_calendar(borough: Contract) -> None:
    """Without a calendar nobody knows how many children reach a landmark in a month."""
    assert children_a_month(_cohort(borough, None)) is None
    assert children_a_month(_cohort(borough, np.full(3, -1))) is None


def test_weighted_lists_are_those_of_repeated_rows() -> None:
    """A child that stands for three takes three places on every list: thresholds, shares and what is found are as repeated."""
    chance = np.random.default_rng(4)
    scores, times = np.round(chance.normal(size=(2, 6000)), 1), chance.integers(1, 5, 6000)
    y = (chance.random(6000) < 0.3).astype(float)
    at, left_out = thresholds(scores, times.astype(float))
    at_repeated, left_out_repeated = thresholds(np.repeat(scores, times, axis=1))
    assert (at == at_repeated).all()
    assert (left_out == left_out_repeated).all()
    weighted = at_capacities(scores, y, np.ones((100, 6000)), times.astype(float))
    repeated = at_capacities(np.repeat(scores, times, axis=1), np.repeat(y, times), np.ones((100, int(times.sum()))))
    assert weighted == repeated
    assert all(at.ppv.value is not None for at in weighted)


def test_children_are_counted_and_not_their_weights() -> None:
    """Nine children with the outcome are few, however many each of them stands for."""
    scores, y = np.linspace(1, 0, 100)[None, :], np.zeros(100)
    y[:9] = y[60:] = 1
    found = at_capacities(scores, y, np.ones((100, 100)), np.where(np.arange(100) < 50, 20.0, 1.0))
    assert {at.ppv.value for at in found} == {None}
