"""Outcomes never observed: weights undo what the features explain, and bounds hold what they cannot."""

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.special import expit

from models.contract import Contract
from models.intervention import Handling, Intervention
from models.terms import Calibration, EstimatorSpec, Input, LinearTerm
from training.cohort import CohortTable
from training.findings import Run
from training.judging import CalibratedOn, HeldOut, Judged, Rows
from training.learning import Task
from training.observation import Observed, observe
from training.plan import Plan
from training.snapshots import Matrix
from training.split import TimeSplit
from training.study import Study

Floats = NDArray[np.float64]
PLAN = Plan(bootstrap=200)
OUTCOME = "not_gld"


def _judged(x: Floats, rows: NDArray[np.int64]) -> Judged:
    given = Input(feature="f", low=-9, high=9, typical=0, n_known=len(x), n_not_known=0)
    term = LinearTerm(feature="f", coefficient=1.0, centre=0.0, low=-9, high=9, not_known=0.0)
    spec = EstimatorSpec(landmark="then", outcome="y", kind="logistic", intercept=0.0, inputs=(given,), terms=(term,))
    calibration = Calibration(landmark="then", outcome="y", intercept=0.0, slope=1.0, n=len(x), events=1)
    held_out = HeldOut(rows, x[None, :], np.zeros((1, len(x)), dtype=np.int64))
    return Judged(spec, calibration, held_out, CalibratedOn(rows, x))


def _study(contract: Contract, cohort: CohortTable, known: NDArray[np.int64], split: TimeSplit | None) -> Study:
    landmark, outcome = contract.landmarks[0], contract.outcomes[0]
    x, years = cohort.matrix.numbers[known], cohort.years
    rows = Rows(x, cohort.outcomes[outcome.name][known], cohort.families[known], cohort.weights[known])
    task = Task(landmark.name, outcome.name, ())
    return Study(landmark, outcome, cohort, known, rows, task, None if years is None else years[known], split)


def _observe(borough: Contract, lift: float, seed: int = 3) -> tuple[Observed, float]:
    """
    Return what is found of children who are seen the less often the higher they score, and the true ratio of all.

    Those who score high have `lift` more log-odds than is foreseen: seen children alone show too little of it.
    """
    chance = np.random.default_rng(seed)
    x = chance.normal(size=8000)
    y = (chance.random(8000) < expit(x + lift * (x > 0))).astype(float)
    seen = chance.random(8000) < expit(1.5 - 2.0 * x)
    children = np.array([f"k{i:05d}" for i in range(8000)])
    matrix = Matrix(borough.landmarks[0], children, ("f",), x[:, None])
    outcomes = {OUTCOME: np.where(seen, y, np.nan)}
    cohort = CohortTable(matrix, outcomes, children, np.full(8000, 2019), {}, np.ones(8000), {})
    known = np.flatnonzero(seen)
    half = len(known) // 2
    split = TimeSplit(np.empty(0, dtype=np.int64), np.arange(half), np.arange(half, len(known)), 1)
    judged = _judged(x[known[split.test]], split.test)
    return observe(borough, _study(borough, cohort, known, split), judged, PLAN), float(y.sum() / expit(x).sum())


def _weighed(borough: Contract, weights: Floats, left_out: int = 0) -> dict[str, float]:
    """Return the figures, values alone, of children so weighted, where those above the middle have more than is foreseen."""
    chance = np.random.default_rng(3)
    x = chance.normal(size=8000)
    y = (chance.random(8000) < expit(x + 2.0 * (x > 0))).astype(float)
    children = np.array([f"k{i:05d}" for i in range(8000)])
    matrix = Matrix(borough.landmarks[0], children, ("f",), x[:, None])
    outcomes = {OUTCOME: np.where(chance.random(8000) < 0.8, y, np.nan)}
    cohort = CohortTable(matrix, outcomes, children, np.full(8000, 2019), {}, weights, {})
    known = np.flatnonzero(~np.isnan(outcomes[OUTCOME]))[left_out:]
    split = TimeSplit(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.arange(len(known)), 1)
    study = _study(borough, cohort, known, split)
    measures = observe(borough, study, _judged(x[known], split.test), PLAN).measures
    return {name: found["value"] if isinstance(found, dict) else found for name, found in measures.items()}


def test_weights_come_nearer_to_the_truth(borough: Contract) -> None:
    """Where features say who is seen, the weighted figure is nearer to that of everyone, and its interval holds it."""
    found, true = _observe(borough, lift=3.0)
    plain, weighted = (found.measures[name] for name in ("observed_over_expected", "weighted_observed_over_expected"))
    assert abs(weighted["value"] - true) < abs(plain["value"] - true) / 2
    assert weighted["low"] <= true <= weighted["high"]


def test_bounds_lie_on_either_side(borough: Contract) -> None:
    """Unobserved outcomes at half and at twice the odds lie on either side of those foreseen, the further the more."""
    measures = _observe(borough, lift=0.0)[0].measures
    low, high = (measures[f"observed_over_expected_if_unobserved_at_{odds}_the_odds"] for odds in ("half", "twice"))
    assert low < measures["observed_over_expected"]["value"] < high
    assert high - low > 0.1


def test_who_is_followed(borough: Contract) -> None:
    """Everyone judged and everyone like them without a result is followed once, the latter as the share that is judged."""
    found, _ = _observe(borough, lift=0.0)
    assert found.followed["child"].is_unique
    assert found.followed["seen"].sum() == found.measures["with_result"]
    assert (~found.followed["seen"]).sum() == found.measures["without_result"]
    assert found.followed.loc[found.followed["seen"], "part"].eq(1).all()
    assert found.followed.loc[~found.followed["seen"], "part"].to_numpy() == pytest.approx(0.5, abs=0.01)


def test_everyone_observed(borough_run: Run) -> None:
    """In a real run each landmark and outcome has its figures, and weights never exceed ten times the mean by much."""
    for part in borough_run.evaluation["evaluations"]:
        observed = part["outcomes_never_observed"]
        assert observed["with_result"] == part["n"]
        assert observed["without_result"] > 0
        assert 1.0 <= observed["largest_weight"] <= 10.0
        value = observed["observed_over_expected"]
        assert value["low"] <= value["value"] <= value["high"]
    assert isinstance(borough_run.followed, pd.DataFrame)


def test_sampling_weights_count_in_every_figure(borough: Contract) -> None:
    """Where those of whom too few are foreseen stand for many, observed over expected rises; alike, weights change nothing."""
    found, twice = (_weighed(borough, weights) for weights in (np.ones(8000), np.full(8000, 2.0)))
    assert twice == pytest.approx(found)
    heavy = _weighed(borough, np.where(np.random.default_rng(3).normal(size=8000) > 0, 30.0, 1.0))
    names = [name for name in found if name.startswith(("observed_over", "weighted_observed"))]
    assert len(names) == 4
    assert all(heavy[name] > found[name] * 1.02 for name in names)


def test_who_is_not_studied_is_not_unseen(borough: Contract) -> None:
    """A child who has a result and is left out of the study is neither among the seen nor among the unseen."""
    assert (
        _weighed(borough, np.ones(8000), left_out=500)["without_result"]
        == _weighed(borough, np.ones(8000))["without_result"]
    )


def _by_folds(contract: Contract, years: NDArray[np.int64], had: NDArray[np.bool_]) -> Observed:
    """Return what is found of children of whom every other one of 2019 has a result, and all of those are judged by folds."""
    count = len(years)
    chance = np.random.default_rng(3)
    x = chance.normal(size=count) - (years != 2019)
    y = (chance.random(count) < expit(x)).astype(float)
    y[(years != 2019) | (np.arange(count) % 2 == 1)] = np.nan
    children = np.array([f"k{i:05d}" for i in range(count)])
    matrix = Matrix(contract.landmarks[0], children, ("f",), x[:, None])
    helped = {each.name: {OUTCOME: had} for each in contract.interventions}
    cohort = CohortTable(matrix, {OUTCOME: y}, children, years, {}, np.ones(count), helped)
    known = np.flatnonzero(~np.isnan(y) & ~had)
    return observe(contract, _study(contract, cohort, known, None), _judged(x[known], np.arange(len(known))), PLAN)


def test_a_cohort_of_whom_nobody_is_judged_is_not_unseen(borough: Contract) -> None:
    """Where one cohort alone has results, judged by folds, children of the others are not among those without: nothing moves."""
    alone = _by_folds(borough, np.full(2000, 2019), np.zeros(2000, dtype=np.bool_))
    among = _by_folds(borough, np.repeat([2019, 2018, 2021], [2000, 900, 900]), np.zeros(3800, dtype=np.bool_))
    assert among.measures["without_result"] == alone.measures["without_result"] == 1000
    assert set(among.followed["child"]) == set(alone.followed["child"])


@pytest.mark.parametrize("handling", ["stratum", "exclusion", "report"])
def test_who_had_help_set_apart_is_not_unseen(borough: Contract, handling: Handling) -> None:
    """Children without a result are unseen only where they would have been studied with one."""
    talk = Intervention(name="talk", label="Talk", source="hub", handling=handling, reason="Invented.")
    had = np.arange(2000) % 10 == 1
    contract = borough.model_copy(update={"interventions": (talk,)})
    found = _by_folds(contract, np.full(2000, 2019), had)
    assert found.measures["without_result"] == (1000 if handling == "report" else 800)
