"""Funded childcare: who is eligible at two, who takes a place, and what the termly headcounts hold."""

from dataclasses import dataclass

import numpy as np

from training.synthetic.area import Area
from training.synthetic.calendar import AS_AT_DAY, YEAR
from training.synthetic.care import Care
from training.synthetic.chance import Chance
from training.synthetic.families import Children, Flags
from training.synthetic.fitted import Fitted
from training.synthetic.household import Households
from training.synthetic.residence import Residence

# Ours: working parents' hours among those not eligible for a two-year place.
_WORKING_PARENTS = 0.45
# Days after the second birthday at which a place is taken to begin.
PLACE_BEGINS = 60


@dataclass(frozen=True, slots=True)
class Childcare:
    """(n,) flags: eligible at two and why, places taken at two and at three, the pupil premium, working parents."""

    eligible: Flags
    because_disabled: Flags
    because_looked_after: Flags
    two_year_place: Flags
    universal_place: Flags
    pupil_premium: Flags
    working_parents: Flags


def invent_childcare(
    area: Area,
    children: Children,
    households: Households,
    residence: Residence,
    care: Care,
    disabled: Flags,
    free_meals: Flags,
    fitted: Fitted,
    chance: Chance,
) -> Childcare:
    """Return who is eligible for what, and who takes it up."""
    rng = chance.stream("childcare")
    count, family = len(children.key), children.family
    hardship, language = households.hardship[family], households.other_language[family]
    second = (children.born + 2 * YEAR).astype(np.int64)
    at_two, at_three = (residence.resident(children, second + days) for days in (PLACE_BEGINS, 500))
    in_care = care.looked_after < second
    certain = in_care | (disabled & (rng.random(count) < 0.4))
    score = 2.9 * free_meals + 0.5 * hardship + 0.10 * (5.5 - residence.decile_on(children, second))
    rest = _rest(area.share("two_year_eligible"), certain & at_two, at_two)
    eligible = certain | (rng.random(count) < fitted.chance("two_year_eligible", score, rest, at_two & ~certain))
    keen = -0.2 * hardship - 0.35 * language - 0.15 * np.minimum(residence.moves, 3)
    take_up = fitted.chance("two_year_take_up", keen, area.share("two_year_take_up"), eligible & at_two)
    universal = fitted.chance("universal_take_up", keen, min(area.share("universal_take_up"), 0.999), at_three)
    universal_place = rng.random(count) < universal
    premium = fitted.chance(
        "pupil_premium", 3.2 * free_meals + 0.5 * hardship, area.share("eypp"), universal_place & at_three
    )
    return Childcare(
        eligible=eligible,
        because_disabled=certain & ~in_care,
        because_looked_after=in_care,
        two_year_place=eligible & at_two & (rng.random(count) < take_up) & (second + PLACE_BEGINS <= AS_AT_DAY),
        universal_place=universal_place,
        pupil_premium=rng.random(count) < premium,
        working_parents=~eligible & (rng.random(count) < _WORKING_PARENTS),
    )


def _rest(share: float, certain: Flags, among: Flags) -> float:
    """Return the share left to reach among those who are not certain."""
    sure = float(certain.sum() / max(among.sum(), 1))
    return (share - sure) / (1 - sure) if sure < 1 else share
