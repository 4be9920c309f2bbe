"""Health visiting: the five mandated contacts and others, missed more often where families are deprived or in care."""

from dataclasses import dataclass

import numpy as np

from training.synthetic.area import Area
from training.synthetic.calendar import Days
from training.synthetic.care import Care
from training.synthetic.chance import Chance
from training.synthetic.families import Children, Flags, Floats, Ints
from training.synthetic.fitted import Fitted
from training.synthetic.household import Households
from training.synthetic.residence import NEVER, Residence

# Children born in this academic year were due their review when most was still disrupted (2022/23).
DISRUPTED_COHORT = 2019
FIRST_REVIEW_DAY, LAST_REVIEW_DAY = 730, 913
# Set so that the shares reviewed by deprivation and in care come out as published.
_PER_DECILE, _HARDSHIP, _IN_CARE = 0.035, -0.18, -1.15


@dataclass(frozen=True, slots=True)
class Visits:
    """Days of the mandated contacts (n,), NEVER where missed; `extra` is (n, 6) days of further contacts."""

    antenatal: Days
    new_birth: Days
    six_to_eight_weeks: Days
    one_year: Days
    two_year: Days
    questionnaire: Flags
    extra: Days


def invent_visits(
    area: Area,
    children: Children,
    households: Households,
    residence: Residence,
    care: Care,
    fitted: Fitted,
    chance: Chance,
) -> Visits:
    """Return the contacts made; only children living here at the time are seen."""
    rng = chance.stream("visits")
    born, count = children.born, len(children.key)
    hardship = households.hardship[children.family]
    decile = residence.decile_on(children, born + 700)
    reach = _HARDSHIP * hardship + _PER_DECILE * (decile - 5.5)

    def done(name: str, share: float, days: Ints) -> Days:
        on = born + days
        here = residence.resident(children, on)
        return np.where((rng.random(count) < fitted.chance(name, reach, share, here)) & here, on, NEVER)

    return Visits(
        antenatal=np.where((rng.random(count) < 0.4) & children.born_here, born - rng.integers(15, 80, count), NEVER),
        new_birth=_new_birth(area, children, residence, rng),
        six_to_eight_weeks=done("visit_6_8_weeks", area.share("visit_6_8_weeks"), rng.integers(40, 57, count)),
        one_year=done("review_12_months", area.share("review_12_months"), rng.integers(280, 456, count)),
        two_year=_two_year(area, children, residence, care, reach, fitted, rng),
        questionnaire=rng.random(count) < area.share("asq_used"),
        extra=_extra(children, hardship, rng),
    )


def _new_birth(area: Area, children: Children, residence: Residence, rng: np.random.Generator) -> Days:
    draw, count = rng.random(len(children.key)), len(children.key)
    in_time, soon = area.share("visit_14_days"), area.share("visit_30_days")
    late = np.where(draw < soon, rng.integers(15, 31, count), rng.integers(31, 60, count))
    days = np.where(draw < in_time, rng.integers(9, 15, count), late)
    on = children.born + days
    return np.where(residence.resident(children, on) & (draw < soon + 0.4 * (1 - soon)), on, NEVER)


def _two_year(
    area: Area,
    children: Children,
    residence: Residence,
    care: Care,
    reach: Floats,
    fitted: Fitted,
    rng: np.random.Generator,
) -> Days:
    on = children.born + rng.integers(FIRST_REVIEW_DAY, LAST_REVIEW_DAY, len(reach))
    here = residence.resident(children, on)
    in_care = (care.looked_after <= on) & (care.looked_after_until > on)
    score = reach + _IN_CARE * in_care
    disrupted = children.cohort == DISRUPTED_COHORT
    usual = fitted.chance("review_2_years", score, area.share("review_2_years"), here & ~disrupted)
    fewer = fitted.root(
        "review_2_years_disrupted",
        lambda c: -float(_less(usual, c)[here].mean()),
        -area.share("review_2_years") * area["review_2_years_born_2019_20"] / area["review_2_years"],
        0,
        3,
    )
    done = rng.random(len(reach)) < np.where(disrupted, _less(usual, fewer), usual)
    return np.where(done & here, on, NEVER)


def _less(chance: Floats, odds: float) -> Floats:
    """Return chances whose odds are divided by exp(odds)."""
    return np.asarray(1 / (1 + (1 - chance) / chance * np.exp(odds)))


def _extra(children: Children, hardship: Floats, rng: np.random.Generator) -> Days:
    number = rng.poisson(0.6 * np.exp(0.45 * hardship))
    days = children.born[:, None] + rng.integers(20, 900, (len(hardship), 6))
    return np.where(np.arange(6) < number[:, None], days, NEVER)
