"""Where children live and when: moves within the area, moves in and out, deaths."""

from dataclasses import dataclass

import numpy as np

from training.synthetic.area import Area
from training.synthetic.calendar import YEAR, Days
from training.synthetic.chance import Chance
from training.synthetic.families import Children, Flags, Ints
from training.synthetic.fitted import Fitted
from training.synthetic.household import Households, draw_deciles

SPELLS = 8
NEVER = np.int64(2**40)
# Ours, for want of published figures.
LEAVER_SHARE = 0.12
_SAME_DECILE = 0.55
_DEATHS = 0.0039  # infant mortality per birth, England 2023


@dataclass(frozen=True, slots=True)
class Residence:
    """
    Addresses of families, and each child's stay.

    `starts` (families, SPELLS) are days, `deciles` and `streets` of the same shape; `leaves` (n,) is the day a child
    leaves, NEVER if it does not; `why_left` is `moved`, `died` or empty; `moves` (n,) counts moves before five.
    """

    starts: Days
    deciles: Ints
    streets: Ints
    leaves: Days
    died: Flags
    moves: Ints

    def resident(self, children: Children, on: Days) -> Flags:
        """Whether each child lives in the area on a day of its own."""
        return np.asarray((children.arrived <= on) & (self.leaves > on))

    def decile_on(self, children: Children, on: Days) -> Ints:
        """Return the decile of the address each child's family has on a day of its own."""
        return np.asarray(self.deciles[children.family, self.spell_on(children.family, on)])

    def spell_on(self, family: Ints, on: Days) -> Ints:
        """Return which of its addresses each of these families has on a day of its own, the first before all others."""
        return np.asarray(np.maximum((self.starts[family] <= on[:, None]).sum(axis=1) - 1, 0))


def invent_residence(
    area: Area, children: Children, households: Households, fitted: Fitted, chance: Chance
) -> Residence:
    """Return where the children of a batch live."""
    rng = chance.stream("residence")
    starts = _moves(area, children, households, fitted, rng)
    deciles = _deciles(households, rng)
    leaves = _leaving(children, households, rng)
    died = rng.random(len(children.key)) < _DEATHS
    death = children.born + (rng.random(len(children.key)) ** 4 * 1600).astype(np.int64)
    died &= (death > children.arrived) & (death < leaves)
    leaves = np.where(died, death, leaves)
    within = starts[children.family] - children.born[:, None]
    moves = ((within > 0) & (within < 5 * YEAR)).sum(axis=1)
    return Residence(starts, deciles, rng.integers(0, 2**31, starts.shape), leaves, died, moves)


def _moves(area: Area, children: Children, households: Households, fitted: Fitted, rng: np.random.Generator) -> Days:
    """Return the day each address begins: the first long before the family's first child here."""
    eldest = np.full(children.families, NEVER)
    np.minimum.at(eldest, children.family, children.born)
    pull = np.exp(0.5 * households.hardship)
    rate = fitted.root(
        "moves_a_year", lambda r: float(1 - np.exp(-5 * r * pull).mean()), area.share("moved_home"), 0.0, 1.0
    )
    gaps = rng.exponential(1.0, (children.families, SPELLS - 1)) / (rate * pull)[:, None] * YEAR
    days = eldest[:, None] + np.cumsum(gaps, axis=1)
    starts = np.column_stack([eldest - rng.integers(1, 3000, children.families), days])
    return np.minimum(starts, float(NEVER)).astype(np.int64)


def _deciles(households: Households, rng: np.random.Generator) -> Ints:
    """Return the decile of each address: often as before, otherwise drawn anew, so that shares stay as they are."""
    columns = [households.first_decile]
    for _ in range(SPELLS - 1):
        fresh = draw_deciles(households.deciles_of, households.ethnic, rng)
        columns.append(np.where(rng.random(len(fresh)) < _SAME_DECILE, columns[-1], fresh))
    return np.column_stack(columns)


def _leaving(children: Children, households: Households, rng: np.random.Generator) -> Days:
    """Return the day each child's family leaves, some time after its youngest is born; hardship makes it likelier."""
    youngest = np.zeros(children.families, dtype=np.int64)
    np.maximum.at(youngest, children.family, children.arrived)
    score = np.exp(0.35 * households.hardship + 0.05 * (5.5 - households.first_decile) + 0.5 * children.incomer)
    goes = rng.random(children.families) < LEAVER_SHARE * score / score.mean()
    day = youngest + rng.integers(60, 1900, children.families)
    return np.where(goes, day, NEVER)[children.family]
