"""Development: one strong latent factor, partly shared by siblings, and effects of what is recorded."""

import numpy as np
import pytest

from training.synthetic.batch import Batch
from training.synthetic.chance import Chance
from training.synthetic.development import (
    DISABLED_SHARE,
    EFFECTS,
    LATENT_SPREAD,
    SHARED_BY_SIBLINGS,
    grown_up,
    unsolved_part,
)
from training.synthetic.profile import EARLY, LATER_SPREAD, LEARNING
from training.synthetic.residence import NEVER


def _siblings(batch: Batch) -> tuple[np.ndarray, np.ndarray]:
    family = batch.children.family
    order = np.argsort(family, kind="stable")
    same = family[order[1:]] == family[order[:-1]]
    return order[:-1][same], order[1:][same]


def test_the_latent_factor(batch: Batch) -> None:
    """The latent factor is standard normal, and so is each area's early residual, of its own."""
    factor, early = batch.latent.factor, batch.latent.early
    assert early.shape == (len(factor), len(LEARNING))
    for values in (factor, *early.T):
        assert abs(values.mean()) < 0.03
        assert abs(values.std() - 1) < 0.03
    assert np.abs(np.corrcoef(np.column_stack([factor, early]).T) - np.eye(len(LEARNING) + 1)).max() < 0.03


def test_siblings_share_a_part(batch: Batch) -> None:
    """The factor of brothers and sisters correlates as much as it is shared, and that of strangers does not."""
    first, second = _siblings(batch)
    factor = batch.latent.factor
    assert len(first) > 5000
    assert abs(np.corrcoef(factor[first], factor[second])[0, 1] - SHARED_BY_SIBLINGS) < 0.04
    assert abs(np.corrcoef(factor[:-1:2], factor[1::2])[0, 1]) < 0.04


def test_siblings_share_a_household(batch: Batch) -> None:
    """Brothers and sisters have one household key and one ethnic group, as far as it is recorded."""
    first, second = _siblings(batch)
    children, ethnic = batch.children, batch.recorded.ethnic
    assert np.array_equal(children.household[children.family[first]], children.household[children.family[second]])
    both = (ethnic[first] >= 0) & (ethnic[second] >= 0)
    assert np.array_equal(ethnic[first][both], ethnic[second][both])


def test_siblings_do_alike(batch: Batch) -> None:
    """A younger child reaches a good level more often where its brother or sister did."""
    first, second = _siblings(batch)
    good = batch.good_level
    assert good[second][good[first]].mean() > good[second][~good[first]].mean() + 0.08


def test_disability(batch: Batch) -> None:
    """As many children as said are severely disabled, more boys than girls, and hardly any reaches a good level."""
    disabled, boy = batch.latent.disabled, batch.children.boy
    assert abs(disabled.mean() - DISABLED_SHARE) < 0.004
    assert disabled[boy].mean() > 1.4 * disabled[~boy].mean()
    assert batch.good_level[disabled].mean() < 0.25


def test_effects_are_added(batch: Batch) -> None:
    """What is set here is the sum of the effects of what happened to a child, and its share of the latent factor."""
    children, infancy, family = batch.children, batch.infancy, batch.children.family
    in_need = batch.care.in_need < NEVER
    part = unsolved_part(children, batch.households, batch.residence, infancy, batch.latent, in_need)
    for i in (0, 777, int(np.flatnonzero(infancy.gestation < 32)[0]), int(np.flatnonzero(batch.latent.disabled)[0])):
        weeks = infancy.gestation[i]
        expected = LATENT_SPREAD * batch.latent.factor[i]
        expected += EFFECTS["preterm_under_32_weeks"] * (weeks < 32)
        expected += EFFECTS["preterm_32_36_weeks"] * (32 <= weeks < 37)
        expected += EFFECTS["maternal_age_per_year"] * (min(max(infancy.maternal_age[i], 16), 40) - 30.7)
        expected += EFFECTS["smoking_at_delivery"] * infancy.smoking[i]
        expected += EFFECTS["not_breastfed"] * (infancy.breastfed[i] == 2)
        expected += EFFECTS["birthweight_per_kg"] * (infancy.weight[i] - 3330) / 1000
        expected += EFFECTS["older_child_in_household"] * min(children.older[i], 3)
        expected += EFFECTS["move_before_five"] * min(batch.residence.moves[i], 3)
        expected += EFFECTS["low_mood_of_mother"] * infancy.low_mood[i]
        expected += EFFECTS["hardship_per_sd"] * batch.households.hardship[family[i]]
        expected += EFFECTS["mothers_education_per_sd"] * batch.households.education[family[i]]
        expected += EFFECTS["severe_disability"] * batch.latent.disabled[i]
        expected += EFFECTS["ever_in_need"] * in_need[i]
        assert part[i] == pytest.approx(expected)


def test_signs_of_effects() -> None:
    """Whatever harms lowers development; only an older mother, a heavier birth and her education raise it."""
    assert {name for name, effect in EFFECTS.items() if effect > 0} == {
        *("maternal_age_per_year", "birthweight_per_kg", "mothers_education_per_sd")
    }


def test_growing_up(batch: Batch) -> None:
    """Until five each child goes its own way, and an area's residual keeps the part that was there at two."""
    later, residuals = grown_up(batch.development, batch.latent, Chance(9, 9))
    gone = later - batch.development
    assert abs(gone.std() - LATER_SPREAD) < 0.01
    assert abs(np.corrcoef(gone, batch.development)[0, 1]) < 0.02
    for i in range(len(LEARNING)):
        assert abs(residuals[:, i].std() - 1) < 0.02
        assert abs(np.corrcoef(residuals[:, i], batch.latent.early[:, i])[0, 1] - EARLY**0.5) < 0.02
