"""A child's development: what its records tell of, one strong latent factor, and what nobody records."""

from dataclasses import dataclass

import numpy as np

from training.synthetic.chance import Chance
from training.synthetic.families import Children, Flags, Floats
from training.synthetic.household import Households
from training.synthetic.infancy import TERM, VERY_PRETERM, Infancy
from training.synthetic.profile import EARLY, LATER_SPREAD, LEARNING
from training.synthetic.residence import Residence

# Latent development at two, in standard deviations of development at five; siblings share this part of its variance.
LATENT_SPREAD, SHARED_BY_SIBLINGS = 0.45, 0.4
DISABLED_SHARE = 0.022
# Signs and relative sizes follow published studies (Born in Bradford, the Millennium Cohort, Wales); sizes are ours.
EFFECTS = {
    "preterm_32_36_weeks": -0.20,
    "preterm_under_32_weeks": -0.45,
    "maternal_age_per_year": 0.006,
    "smoking_at_delivery": -0.08,
    "not_breastfed": -0.07,
    "birthweight_per_kg": 0.06,
    "older_child_in_household": -0.05,
    "move_before_five": -0.05,
    "low_mood_of_mother": -0.06,
    "hardship_per_sd": -0.10,
    "mothers_education_per_sd": 0.20,
    "severe_disability": -1.7,
    "ever_in_need": -0.12,
}


@dataclass(frozen=True, slots=True)
class Latent:
    """What no agency holds: (n,) the factor at two, (n, areas) early residuals of the areas, and disability."""

    factor: Floats
    early: Floats
    disabled: Flags


def invent_latent(children: Children, chance: Chance) -> Latent:
    """Return the latent part of each child's development."""
    rng = chance.stream("latent")
    count = len(children.key)
    of_family = rng.standard_normal(children.families)[children.family]
    own = rng.standard_normal(count)
    factor = np.sqrt(SHARED_BY_SIBLINGS) * of_family + np.sqrt(1 - SHARED_BY_SIBLINGS) * own
    disabled = rng.random(count) < DISABLED_SHARE * np.where(children.boy, 1.3, 0.7)
    return Latent(factor, rng.standard_normal((count, len(LEARNING))), disabled)


def unsolved_part(
    children: Children,
    households: Households,
    residence: Residence,
    infancy: Infancy,
    latent: Latent,
    ever_in_need: Flags,
) -> Floats:
    """Return development as far as its effects are set here; the rest is solved to published margins."""
    family = children.family
    amounts = {
        "preterm_32_36_weeks": (infancy.gestation < TERM) & (infancy.gestation >= VERY_PRETERM),
        "preterm_under_32_weeks": infancy.gestation < VERY_PRETERM,
        "maternal_age_per_year": np.clip(infancy.maternal_age, 16, 40) - 30.7,
        "smoking_at_delivery": infancy.smoking,
        "not_breastfed": infancy.breastfed == 2,
        "birthweight_per_kg": (infancy.weight - 3330) / 1000,
        "older_child_in_household": np.minimum(children.older, 3),
        "move_before_five": np.minimum(residence.moves, 3),
        "low_mood_of_mother": infancy.low_mood,
        "hardship_per_sd": households.hardship[family],
        "mothers_education_per_sd": households.education[family],
        "severe_disability": latent.disabled,
        "ever_in_need": ever_in_need,
    }
    set_here = sum((EFFECTS[name] * amount for name, amount in amounts.items()), np.zeros(len(family)))
    return np.asarray(LATENT_SPREAD * latent.factor + set_here)


def grown_up(development: Floats, latent: Latent, chance: Chance) -> tuple[Floats, Floats]:
    """Return development at five, and the whole residuals of the areas of learning then."""
    rng = chance.stream("later")
    later = development + LATER_SPREAD * rng.standard_normal(len(development))
    residuals = np.sqrt(EARLY) * latent.early + np.sqrt(1 - EARLY) * rng.standard_normal(latent.early.shape)
    return later, residuals
