"""The candidates and the yardstick behind one shape: raw log-odds, and the estimator they come from."""

import numpy as np
import pytest
from numpy.typing import NDArray

from models.contract import Contract
from models.estimator import Estimator
from training.glass_box import fit_full_booster, fit_glass_box
from training.learning import CandidateName, Task, learn
from training.plan import Plan
from training.plan_parts import FullBooster, GlassBox

Floats = NDArray[np.float64]
PLAN = Plan(seed=3, glass_box=GlassBox(trees=25, pairs=3), full_booster=FullBooster(trees=10))
SHIPPED: tuple[CandidateName, ...] = ("logistic", "glass box")


@pytest.fixture(scope="module")
def task(borough: Contract) -> Task:
    """The features of the borough's two-year landmark: some raise, some lower, some may do either."""
    return Task("two_year", "not_gld", borough.features_at(borough.landmark("two_year")))


@pytest.fixture(scope="module")
def x(task: Task) -> Floats:
    """Children, a fifth of whose features is not known; one feature is known of all and one of nobody."""
    chance = np.random.default_rng(1)
    x = np.round(chance.normal(size=(800, len(task.features))), 1)
    x[chance.random(x.shape) < 0.2] = np.nan
    x[:, 0] = np.round(chance.normal(size=800), 1)
    x[:, 1] = np.nan
    return x


@pytest.fixture(scope="module")
def y(x: Floats) -> Floats:
    """An outcome that the first and the last feature have a part in."""
    signal = np.nan_to_num(x[:, -1]) - x[:, 0]
    return (np.random.default_rng(2).random(800) < 1 / (1 + np.exp(-signal))).astype(float)


@pytest.mark.parametrize("candidate", SHIPPED)
def test_log_odds_come_of_the_estimator(task: Task, x: Floats, y: Floats, candidate: CandidateName) -> None:
    """What a candidate scores is what its estimator scores, uncalibrated, to the bit; so the Scorer is what is judged."""
    learned = learn(candidate, task, x, y, PLAN)
    assert learned.spec is not None
    assert (learned.spec.kind, learned.spec.landmark, learned.spec.outcome) == (candidate, "two_year", "not_gld")
    assert learned.log_odds(x).tolist() == [Estimator(learned.spec).score(row).log_odds for row in x.tolist()]


def test_the_glass_box_is_its_booster(task: Task, x: Floats, y: Floats) -> None:
    """The glass box scores as the booster it was compiled from, in the directions that the contract declares."""
    directions = [{"raises": 1, "lowers": -1, "none": 0}[feature.direction] for feature in task.features]
    assert {1, -1, 0} == set(directions)
    booster = fit_glass_box(x, y, directions, PLAN.glass_box, PLAN.seed)
    found = learn("glass box", task, x, y, PLAN).log_odds(x)
    assert np.abs(found - booster.predict(x, raw_score=True)).max() <= 1e-12


def test_the_yardstick_never_ships(task: Task, x: Floats, y: Floats) -> None:
    """The full booster has scores and no estimator."""
    learned = learn("full booster", task, x, y, PLAN)
    assert learned.spec is None
    booster = fit_full_booster(x, y, PLAN.full_booster, PLAN.seed)
    assert learned.log_odds(x).tolist() == np.asarray(booster.predict(x, raw_score=True)).tolist()


@pytest.mark.parametrize("candidate", SHIPPED)
def test_inputs_say_what_was_seen(task: Task, x: Floats, y: Floats, candidate: CandidateName) -> None:
    """Each input says the range, middle and number of the values that training saw, and of children without one."""
    spec = learn(candidate, task, x, y, PLAN).spec
    assert spec is not None
    assert [given.feature for given in spec.inputs] == [feature.name for feature in task.features]
    for given, column in zip(spec.inputs, x.T, strict=True):
        known = column[~np.isnan(column)]
        assert (given.n_known, given.n_not_known) == (len(known), 800 - len(known))
        if len(known):
            assert (given.low, given.high, given.typical) == (known.min(), known.max(), np.median(known))
    assert not spec.inputs[0].learned_not_known
    assert (spec.inputs[1].n_known, spec.inputs[1].low, spec.inputs[1].high) == (0, 0.0, 0.0)


@pytest.mark.parametrize("candidate", SHIPPED)
def test_what_was_never_not_known(task: Task, x: Floats, y: Floats, candidate: CandidateName) -> None:
    """A feature known of every child adds nothing of its own where it is not known: nothing was learned of that."""
    learned = learn(candidate, task, x, y, PLAN)
    assert learned.spec is not None
    row = x[0].tolist()
    contributions = Estimator(learned.spec).score([float("nan"), *row[1:]]).contributions
    first = task.features[0].name
    own = [c for term, c in zip(learned.spec.terms, contributions, strict=False) if first in term.features]
    assert own
    assert own == [0.0] * len(own)


@pytest.mark.parametrize("candidate", [*SHIPPED, "full booster"])
def test_weights_that_are_alike(task: Task, x: Floats, y: Floats, candidate: CandidateName) -> None:
    """Children that all count alike teach to the bit what they do without weights; those that do not, something else."""
    plain, alike = (learn(candidate, task, x, y, PLAN, weights).log_odds(x) for weights in (None, np.full(800, 1.7)))
    assert (plain == alike).all()
    assert (learn(candidate, task, x, y, PLAN, np.where(y == 1, 2.0, 0.5)).log_odds(x) > plain).all()
