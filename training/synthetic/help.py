"""Help of known effect, which reaches some children partly because of need; what it changes is written to the truth."""

from dataclasses import dataclass

import numpy as np

from training.synthetic.calendar import Days
from training.synthetic.chance import Chance
from training.synthetic.families import Flags, Floats
from training.synthetic.residence import NEVER
from training.synthetic.reviews import Review

# Ours: what each kind of help adds to development, in its standard deviations.
PROGRAMME_EFFECT, PLACE_EFFECT = 0.30, 0.06
# Ours: who is offered the programme, by what the review found.
_OFFERED = {"comm": 0.35, "any": 0.10, "none": 0.02}


@dataclass(frozen=True, slots=True)
class Help:
    """Who had the talk programme (n,), the day it began (NEVER where it did not), and what all help added."""

    programme: Flags
    began: Days
    added: Floats


def invent_help(review: Review, reviewed_on: Days, two_year_place: Flags, until: Days, chance: Chance) -> Help:
    """Return the help given: the talk programme after a review, if it begins before `until`, and two-year places."""
    rng = chance.stream("help")
    count = len(reviewed_on)
    offered = np.where(
        review.below["comm"], _OFFERED["comm"], np.where(review.any_below, _OFFERED["any"], _OFFERED["none"])
    )
    offer, began = rng.random(count) < offered, reviewed_on + rng.integers(14, 150, count)
    programme = offer & (reviewed_on < NEVER) & (began < until)
    began = np.where(programme, began, NEVER)
    return Help(programme, began, PROGRAMME_EFFECT * programme + PLACE_EFFECT * two_year_place)
