"""The profile: 17 goals, two-peaked, with true probabilities that a Monte Carlo of the goals agrees with."""

import numpy as np
import pytest

from training.synthetic.batch import Batch
from training.synthetic.fitted import Fitted
from training.synthetic.profile import BY_NAME, EARLY, GOALS, LATER_SPREAD, LEARNING, OUTCOMES, Profile

DRAWS = 20_000


@pytest.fixture(scope="module")
def profile(fitted: Fitted) -> Profile:
    """England's profile."""
    return Profile.of(fitted)


def test_seventeen_goals() -> None:
    """There are 17 goals in seven areas, of which the first twelve, in five areas, make a good level."""
    assert len(set(GOALS)) == len(GOALS) == 17
    assert [len(area.goals) for area in LEARNING] == [2, 3, 2, 3, 2, 3, 2]
    assert [area.in_gld for area in LEARNING] == [True] * 5 + [False] * 2
    assert all(len(area.goals) == len(area.offsets) for area in LEARNING)


def _missed(goals: np.ndarray, *areas: str) -> np.ndarray:
    wanted = [goal for area in areas for goal in BY_NAME[area].goals]
    return ~goals[:, [GOALS.index(goal) for goal in wanted]].all(axis=1)


@pytest.mark.parametrize("development", [-1.2, -0.5, 0.0, 0.4, 1.3])
@pytest.mark.parametrize("seed", [1, 2])
def test_true_probabilities(profile: Profile, development: float, seed: int) -> None:
    """A child's true probabilities are the shares of many lives like its own, from two on, that miss the outcome."""
    rng = np.random.default_rng(seed)
    early = rng.standard_normal(len(LEARNING))
    later = development + LATER_SPREAD * rng.standard_normal(DRAWS)
    residuals = EARLY**0.5 * early + (1 - EARLY) ** 0.5 * rng.standard_normal((DRAWS, len(LEARNING)))
    goals = profile.goals(later, residuals, rng)
    found = profile.true_chances(np.array([development]), early[None, :])
    assert tuple(found) == OUTCOMES
    every = [area.name for area in LEARNING if area.in_gld]
    for outcome, areas in (("not_gld", every), ("not_communication", ["communication"]), ("not_psed", ["psed"])):
        chance = float(found[outcome][0])
        spread = (chance * (1 - chance) / DRAWS) ** 0.5
        assert abs(_missed(goals, *areas).mean() - chance) <= 4 * spread + 0.001


@pytest.mark.parametrize("development", [-1.0, 0.0, 0.8])
def test_they_average_to_the_curve(profile: Profile, development: float) -> None:
    """Over all early residuals, true probabilities average to the good-level curve and to the areas' own."""
    early = np.random.default_rng(4).standard_normal((DRAWS, len(LEARNING)))
    at = np.full(DRAWS, development)
    found = profile.true_chances(at, early)
    assert 1 - found["not_gld"].mean() == pytest.approx(profile.good_level_at(at[:1])[0], abs=0.004)
    for area in ("communication", "psed"):
        assert 1 - found[f"not_{area}"].mean() == pytest.approx(profile.area_at(area, at[:1])[0], abs=0.004)


def test_development_only_helps(profile: Profile) -> None:
    """The further developed, the likelier a good level and every area, and the slope is the curve's own."""
    steps = np.linspace(-5, 5, 1001)
    curve = profile.good_level_at(steps)
    assert np.all(np.diff(curve) >= 0)
    assert curve[0] < 0.001
    assert curve[-1] > 0.999
    assert np.allclose(profile.good_level_slope(steps), np.gradient(curve, steps), atol=0.002)
    for area in LEARNING:
        assert np.all(np.diff(profile.area_at(area.name, steps)) >= -1e-12)
        assert np.all(profile.area_at(area.name, steps) >= curve - 1e-9) or not area.in_gld


def test_probabilities_of_all(batch: Batch) -> None:
    """Over all children true probabilities average to what happened, and each lies between none and all."""
    happened = {"not_gld": ~batch.good_level}
    happened |= {f"not_{area}": ~batch.reached(area) for area in ("communication", "psed")}
    for outcome in OUTCOMES:
        chance = batch.chances[outcome]
        assert chance.min() > 0
        assert chance.max() < 1
        spread = (chance * (1 - chance)).sum() ** 0.5
        assert abs(happened[outcome].sum() - chance.sum()) < 3.5 * spread


def test_calibrated_throughout(batch: Batch) -> None:
    """In every tenth of the true probability as many miss a good level as it says."""
    chance, missed = batch.chances["not_gld"], ~batch.good_level
    tenth = np.searchsorted(np.quantile(chance, np.arange(1, 10) / 10), chance)
    for part in range(10):
        here = tenth == part
        spread = (chance[here] * (1 - chance[here])).sum() ** 0.5
        assert abs(missed[here].sum() - chance[here].sum()) < 4 * spread


def test_two_peaks(batch: Batch) -> None:
    """Most reach all 17 goals; those not at a good level average about 8, and one goal or none is commoner than five."""
    goals, good = batch.goals.sum(axis=1), batch.good_level
    counts = np.bincount(goals, minlength=18)
    assert (goals == 17).mean() > 0.63
    assert abs(goals[~good].mean() - 8.1) < 0.6
    low = counts[:3].max()
    assert low > 1.2 * counts[4:13].min()
    assert counts[17] > 10 * counts[4:16].max()


def test_communication_and_psed_are_separable(batch: Batch) -> None:
    """Each of the two fails alone sometimes, in more than two children in a hundred, and often together."""
    communication, psed = ~batch.reached("communication"), ~batch.reached("psed")
    assert (communication & ~psed).mean() > 0.02
    assert (psed & ~communication).mean() > 0.02
    assert (communication & psed).mean() > 0.05


def test_a_good_level_is_twelve_goals(batch: Batch) -> None:
    """A good level is every goal of the first five areas, and an area every goal of its own."""
    assert np.array_equal(batch.good_level, batch.goals[:, :12].all(axis=1))
    assert np.array_equal(batch.reached("communication"), batch.goals[:, :2].all(axis=1))
    assert np.array_equal(batch.reached("psed"), batch.goals[:, 2:5].all(axis=1))
    assert np.array_equal(batch.reached("communication", "psed"), batch.goals[:, :5].all(axis=1))
