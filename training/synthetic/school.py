"""Reception: who is there, the census, special educational needs, and what the profile of each child says."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.synthetic.area import Area
from training.synthetic.calendar import assessed_on, reception_starts
from training.synthetic.chance import Chance
from training.synthetic.families import Children, Flags, Floats, Ints
from training.synthetic.fitted import Fitted
from training.synthetic.household import MAIN_OF, MAINS, Households, free_meals_score
from training.synthetic.margins import UNKNOWN
from training.synthetic.residence import Residence

# Ours: not assessed (code A), and more of those who came during the Reception year, or are severely disabled.
_NOT_ASSESSED, _NOT_ASSESSED_NEW, _NOT_ASSESSED_DISABLED = 0.005, 0.06, 0.12
NEEDS = ("SLCN", "ASD", "SEMH", "MLD", "PD", "OTH")


@dataclass(frozen=True, slots=True)
class Enrolment:
    """(n,): on roll at the profile, assessed, free school meals, and what the register holds of group and language."""

    on_roll: Flags
    assessed: Flags
    free_meals: Flags
    ethnic: Ints
    other_language: Ints


def enrol(
    area: Area,
    children: Children,
    households: Households,
    residence: Residence,
    disabled: Flags,
    fitted: Fitted,
    chance: Chance,
) -> Enrolment:
    """Return who is in a school of the area at the profile, and what is recorded of them."""
    rng = chance.stream("enrolment")
    count, family = len(children.key), children.family
    profile_day = assessed_on(children.cohort)
    on_roll = residence.resident(children, profile_day) & ~households.independent[family]
    new = children.arrived > reception_starts(children.cohort)
    left_out = _NOT_ASSESSED + _NOT_ASSESSED_NEW * new + _NOT_ASSESSED_DISABLED * disabled
    assessed = on_roll & (rng.random(count) >= left_out)
    unsure = 0.5 * households.hardship[family] + 0.7 * children.incomer[family]
    no_group = rng.random(count) < fitted.chance(
        "ethnicity_unknown", unsure, area.share("share_ethnicity_unknown"), on_roll
    )
    no_language = rng.random(count) < fitted.chance(
        "language_unknown", unsure, area.share("share_language_unknown"), on_roll
    )
    meals = _free_meals(area, children, households, residence.decile_on(children, profile_day), on_roll, fitted, rng)
    return Enrolment(
        on_roll,
        assessed,
        meals,
        np.where(no_group, UNKNOWN, households.ethnic[family]),
        np.where(no_language, UNKNOWN, households.other_language[family].astype(np.int64)),
    )


def _free_meals(
    area: Area,
    children: Children,
    households: Households,
    decile: Ints,
    on_roll: Flags,
    fitted: Fitted,
    rng: np.random.Generator,
) -> Flags:
    main = MAIN_OF[households.ethnic[children.family]]
    hardship = households.hardship[children.family]
    for i, name in enumerate(MAINS):
        group = on_roll & (main == i)
        if area.own(f"fsm_{name}"):
            if fitted.fitting:
                fitted.constants.pop(f"fsm_{name}", None)
            score = free_meals_score(decile, main, hardship, fitted)
            fitted.chance(f"fsm_{name}", score, area.share(f"fsm_{name}"), group)
    score = free_meals_score(decile, main, hardship, fitted)
    return rng.random(children.families)[children.family] < fitted.chance(
        "fsm", score, area.share("share_fsm"), on_roll
    )


@dataclass(frozen=True, slots=True)
class Needs:
    """(n,): provision N, K or E, and primary need as an index into NEEDS."""

    provision: NDArray[np.str_]
    primary: Ints


def special_needs(
    area: Area,
    later: Floats,
    good_level: Flags,
    disabled: Flags,
    boy: Flags,
    assessed: Flags,
    fitted: Fitted,
    chance: Chance,
) -> Needs:
    """
    Return special educational needs at Reception, which follow development closely.

    Two constants each for plans and for support: how many there are, and how many of those children have a good level.
    """
    rng = chance.stream("needs")
    draws = rng.random((2, len(later)))
    extra = 1.5 * disabled + 0.45 * boy
    plan = draws[0] < _selected("ehc", area, later, extra, good_level, assessed, fitted)
    rest = assessed & ~plan
    support = ~plan & (draws[1] < _selected("sen_support", area, later, extra, good_level, rest, fitted))
    return Needs(np.where(plan, "E", np.where(support, "K", "N")), primary_need(rng.random(len(later)), plan))


# Shares of SLCN, ASD, SEMH, MLD and PD; with those of the published shares of all children, and the rest ours.
_WITH_PLAN, _WITH_SUPPORT = (0.22, 0.33, 0.06, 0.06, 0.07), (0.535, 0.02, 0.10, 0.08, 0.05)


def primary_need(draw: Floats, plan: Flags) -> Ints:
    """Return primary needs (indices into NEEDS) from uniform draws; those with a plan have other ones."""
    with_plan, with_support = (np.searchsorted(np.cumsum(shares), draw) for shares in (_WITH_PLAN, _WITH_SUPPORT))
    return np.where(plan, with_plan, with_support)


def _selected(
    name: str, area: Area, later: Floats, extra: Floats, good_level: Flags, among: Flags, fitted: Fitted
) -> Floats:
    """Return chances, falling with development, that reach the share of a group and its share at a good level."""
    share, level = area.share(f"share_{name}"), area.share(f"gld_{name}")

    def chances(steepness: float) -> Floats:
        return fitted.chance(f"{name}_level", extra - steepness * later, share, among)

    def good_among(steepness: float) -> float:
        chance = chances(steepness)[among]
        return -float((chance * good_level[among]).sum() / chance.sum())

    return chances(fitted.root(f"{name}_steepness", good_among, -level, 0.0, 6.0))
