"""What else happens before school: special needs that are noticed early, and early help."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.synthetic.area import Area
from training.synthetic.calendar import Days
from training.synthetic.chance import Chance
from training.synthetic.childcare import Childcare
from training.synthetic.families import Children, Flags, Floats, Ints
from training.synthetic.fitted import Fitted
from training.synthetic.residence import NEVER
from training.synthetic.school import primary_need

# Ours, for want of a published figure: children with an early help episode before school.
_EARLY_HELP = 0.07


@dataclass(frozen=True, slots=True)
class EarlyNeeds:
    """(n,): the day special needs were recorded before school (NEVER where not), provision K or E, primary need."""

    recorded: Days
    provision: NDArray[np.str_]
    primary: Ints


@dataclass(frozen=True, slots=True)
class EarlyHelp:
    """(n,): days on which an early help episode began and ended, NEVER where there was none."""

    began: Days
    ended: Days


def invent_early_needs(
    area: Area,
    children: Children,
    childcare: Childcare,
    development: Floats,
    disabled: Flags,
    fitted: Fitted,
    chance: Chance,
) -> EarlyNeeds:
    """Return needs noticed in funded places, at two and at three or four, at the published shares."""
    rng = chance.stream("early needs")
    count = len(development)
    score = -1.4 * development + 2.2 * disabled + 0.4 * children.boy
    draw = rng.random(count)
    at_two = draw < fitted.chance("sen_two", score, area.share("sen_funded_two"), childcare.two_year_place)
    later = draw < fitted.chance("sen_three", score, area.share("sen_funded_three_four"), childcare.universal_place)
    day = np.where(at_two & childcare.two_year_place, rng.integers(770, 1000, count), rng.integers(1100, 1420, count))
    noticed = (at_two & childcare.two_year_place) | (later & childcare.universal_place)
    plan = disabled & (rng.random(count) < 0.35)
    return EarlyNeeds(
        np.where(noticed, children.born + day, NEVER),
        np.where(plan, "E", "K"),
        primary_need(rng.random(count), plan),
    )


def invent_early_help(children: Children, hardship: Floats, fitted: Fitted, chance: Chance) -> EarlyHelp:
    """Return early help episodes, likelier with hardship."""
    rng = chance.stream("early help")
    count = len(children.key)
    has = rng.random(count) < fitted.chance("early_help", 0.8 * hardship, _EARLY_HELP)
    began = np.where(has, children.born + rng.integers(60, 1500, count), NEVER)
    return EarlyHelp(began, np.where(has, began + rng.integers(40, 400, count), NEVER))
