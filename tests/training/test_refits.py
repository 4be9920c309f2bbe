"""Refits: how often a band would change and how far curves move, by time and by folds, for either candidate."""

import dataclasses

import numpy as np
import pytest
from numpy.typing import NDArray

from models.capacities import CAPACITIES, changes_on_refit
from models.contract import Contract
from models.errors import GateRefused
from models.terms import LinearTerm, StepTerm
from training.capacities import places, thresholds
from training.judging import Judged, Rows, judge_by_folds, judge_by_time
from training.learning import CandidateName, Task
from training.plan import Plan
from training.plan_parts import FullBooster, GlassBox
from training.refits import Refitted, _curve, _drawn, refits
from training.split import TimeSplit

COUNT = 900
PLAN = Plan(
    seed=5,
    folds=3,
    inner_folds=3,
    repeats=2,
    refits=4,
    glass_box=GlassBox(trees=15, pairs=2),
    full_booster=FullBooster(trees=15),
)
SHIPPED: tuple[CandidateName, ...] = ("logistic", "glass box")


@pytest.fixture(scope="module")
def task(borough: Contract) -> Task:
    """An outcome to be learned from three features of the borough that may push either way."""
    free = tuple(feature for feature in borough.features if feature.direction == "none")[:3]
    return Task("one_year", "not_gld", free)


def _rows(signal: float) -> Rows:
    """Return children with so strong a signal in two of three features, in families of two."""
    chance = np.random.default_rng(6)
    x = np.round(chance.normal(size=(COUNT, 3)), 1)
    y = (chance.random(COUNT) < 1 / (1 + np.exp(0.5 - signal * (x[:, 0] + 0.8 * x[:, 1])))).astype(float)
    x[chance.random(x.shape) < 0.1] = np.nan
    return Rows(x, y, np.array([f"family {i // 2}" for i in range(COUNT)]), np.ones(COUNT))


@pytest.fixture(scope="module")
def rows() -> Rows:
    """Children in whom there is something to be seen."""
    return _rows(1.0)


@pytest.fixture(scope="module")
def split() -> TimeSplit:
    """The first half learned from, a quarter calibrated on, a quarter tested on."""
    return TimeSplit(np.arange(450), np.arange(450, 674), np.arange(674, COUNT), lag=1)


def _refitted(
    candidate: CandidateName, task: Task, rows: Rows, split: TimeSplit | None, plan: Plan = PLAN
) -> tuple[Judged, Refitted]:
    judged = (
        judge_by_time(candidate, task, rows, split, plan)
        if split is not None
        else judge_by_folds(candidate, task, rows, plan)
    )
    return judged, refits(candidate, task, rows, split, judged, plan)


@pytest.mark.parametrize("candidate", SHIPPED)
@pytest.mark.parametrize("by_time", [True, False])
def test_moves_are_of_the_held_out(
    task: Task, rows: Rows, split: TimeSplit, candidate: CandidateName, *, by_time: bool
) -> None:
    """Every held-out child lies in one slot before and one after: shares sum to 1, and by time down to what is served."""
    judged, found = _refitted(candidate, task, rows, split if by_time else None)
    moves = np.array(found.moves)
    assert moves.shape == (len(CAPACITIES) + 1,) * 2
    assert moves.sum() == pytest.approx(1, abs=1e-6)
    if by_time:
        (log_odds,) = judged.held_out.log_odds
        before = np.bincount(places(log_odds, thresholds(log_odds)[0]), minlength=len(moves)) / len(log_odds)
        assert moves.sum(axis=1) == pytest.approx(before, abs=1e-6)
    # A refit flags as many as it may: its own thresholds are drawn anew.
    flagged = moves.sum(axis=0).cumsum()[:-1]
    assert (flagged <= np.array(CAPACITIES) + 1e-6).all()
    assert flagged[-1] > 0.4


@pytest.mark.parametrize("candidate", SHIPPED)
@pytest.mark.parametrize("by_time", [True, False])
def test_the_same_seed_refits_the_same(
    task: Task, rows: Rows, split: TimeSplit, candidate: CandidateName, *, by_time: bool
) -> None:
    """One plan refits the same twice; another seed draws other families."""
    judged, found = _refitted(candidate, task, rows, split if by_time else None)
    again = refits(candidate, task, rows, split if by_time else None, judged, PLAN)
    other = refits(candidate, task, rows, split if by_time else None, judged, PLAN.model_copy(update={"seed": 6}))
    assert again == found
    assert other.moves != found.moves


def test_a_strong_signal_is_steadier(task: Task, rows: Rows, split: TimeSplit) -> None:
    """Where there is much to be seen, fewer children change their band than where there is next to nothing."""
    plan = PLAN.model_copy(update={"refits": 10})
    policy = (0.05, 0.10, 0.20)
    strong = changes_on_refit(_refitted("logistic", task, rows, split, plan)[1].moves, policy)
    weak = changes_on_refit(_refitted("logistic", task, _rows(0.15), split, plan)[1].moves, policy)
    assert all(s is not None and w is not None and s < w for s, w in zip(strong, weak, strict=True))


@pytest.mark.parametrize("candidate", SHIPPED)
@pytest.mark.parametrize("by_time", [True, False])
def test_curves(task: Task, rows: Rows, split: TimeSplit, candidate: CandidateName, *, by_time: bool) -> None:
    """There is a curve for each term of one feature, at a value of every cell and *not known*, its bounds about the term."""
    judged, found = _refitted(candidate, task, rows, split if by_time else None, PLAN.model_copy(update={"refits": 12}))
    assert judged.spec is not None
    singles = [term for term in judged.spec.terms if isinstance(term, StepTerm | LinearTerm)]
    assert [curve.feature for curve in found.refit.curves] == [term.feature for term in singles]
    assert found.refit.refits == 12
    slope = judged.calibration.slope
    held = []
    for term, curve in zip(singles, found.refit.curves, strict=True):
        if isinstance(term, LinearTerm):
            assert curve.at == (term.low, term.high)
            own = [term.coefficient * (x - term.centre) for x in curve.at] + [term.not_known]
        else:
            assert curve.at[:-1] == term.edges
            own = list(term.values)
        assert all(low <= high for low, high in zip(curve.low, curve.high, strict=True))
        held += [low - 0.1 <= slope * x <= high + 0.1 for low, x, high in zip(curve.low, own, curve.high, strict=True)]
    assert np.mean(held) > 0.8


def test_few_refits_give_extremes() -> None:
    """Of few refits the bounds are the least and the most of them; of many, what 95 % lie between."""
    chance = np.random.default_rng(1)
    few, many = chance.normal(size=(20, 3)), chance.normal(size=(400, 3))
    curve = _curve("f", (0.0, 1.0), few)
    assert curve.low == tuple(few.min(axis=0).round(6).tolist())
    assert curve.high == tuple(few.max(axis=0).round(6).tolist())
    curve = _curve("f", (0.0, 1.0), many)
    inside = (many >= curve.low) & (many <= curve.high)
    assert inside.mean() == pytest.approx(0.95, abs=0.005)


def test_not_known_stands_last() -> None:
    """Of a curve with fewer values than another the last row is *not known*'s, wherever the values end."""
    drawn = np.array([[1.0, 7.0, 7.0, 2.0]] * 2)
    curve = _curve("f", (0.0,), drawn)
    assert (curve.low, curve.high) == ((1.0, 2.0), (1.0, 2.0))


def test_families_are_drawn_whole() -> None:
    """A draw takes whole families, some more than once and some not at all, and as many families as there are."""
    families = np.array([f"family {i // 3}" for i in range(300)])
    rows: NDArray[np.int64] = np.arange(30, 300)
    drawn = _drawn(rows, families, np.random.default_rng(2))
    times = np.bincount(drawn, minlength=300)
    assert times[:30].sum() == 0
    assert (times.reshape(-1, 3) == times[::3, None]).all()
    assert times[::3].sum() == 90
    assert times.max() > 1


def test_nobody_to_draw_from() -> None:
    """A draw that leaves nobody out leaves nobody to draw from, and that is nobody."""
    assert _drawn(np.arange(0), np.array(["one"]), np.random.default_rng(1)).tolist() == []


def test_held_out_children_teach_nothing(task: Task, rows: Rows, split: TimeSplit) -> None:
    """By time, other outcomes of the children tested on change nothing that a refit learns or whom it moves."""
    y = rows.y.copy()
    y[split.test] = 1 - y[split.test]
    judged, found = _refitted("logistic", task, rows, split)
    assert refits("logistic", task, dataclasses.replace(rows, y=y), split, judged, PLAN) == found


def test_nothing_to_be_seen(task: Task, rows: Rows, split: TimeSplit) -> None:
    """Where hardly any draw of the children says anything of the outcome, a gate says no."""
    judged, _ = _refitted("logistic", task, rows, split)
    y = rows.y.copy()
    y[split.calibrate] = 1 - y[split.calibrate]
    with pytest.raises(GateRefused, match="one_year, not_gld"):
        refits("logistic", task, dataclasses.replace(rows, y=y), split, judged, PLAN)
    y[split.learn] = 0.0
    with pytest.raises(GateRefused, match="one_year, not_gld"):
        refits("logistic", task, dataclasses.replace(rows, y=y), split, judged, PLAN)
