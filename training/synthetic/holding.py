"""Under which own ids an agency holds children, and which of its rows are kept under which: no id says anything else."""

from dataclasses import dataclass

import numpy as np

from training.synthetic.calendar import Days
from training.synthetic.chance import Chance
from training.synthetic.extracts import Rows, Texts
from training.synthetic.families import Flags, Ints, pseudonyms
from training.synthetic.registers import Agency
from training.synthetic.residence import NEVER

# Ours: children whom a family hub registers a second time, under another number.
_TWICE = 0.02


@dataclass(frozen=True, slots=True)
class Holding:
    """
    Whom an agency holds, in the order of its own ids: child and id (m,), and the day of the last contact.

    `of_row` says, for each extract, under which id (index) each of its rows is kept.
    """

    who: Ints
    ids: Texts
    last: Days
    of_row: dict[str, Ints]


def hold(agency: Agency, extracts: dict[str, Rows], upn: Texts, chance: Chance) -> Holding:
    """Return whom an agency holds by its extracts; schools hold pupils by UPN, all others by numbers of their own."""
    rng = chance.stream(f"own ids {agency.name}")
    child = np.concatenate([rows.who for rows in extracts.values()])
    on = np.concatenate([happened(rows) for rows in extracts.values()])
    second = _second_time(child, on, rng) if agency.registers_twice else np.zeros(len(child), dtype=np.bool_)
    registered, place = np.unique(2 * child + second, return_inverse=True)
    last = np.full(len(registered), -NEVER)
    np.maximum.at(last, place, on)
    ids = upn[registered // 2] if agency.key == "upn" else pseudonyms(rng, len(registered))
    order = np.argsort(ids)
    position = np.argsort(order)[place]
    ends = np.cumsum([len(rows.who) for rows in extracts.values()])
    of_row = dict(zip(extracts, np.split(position, ends[:-1]), strict=True))
    return Holding(registered[order] // 2, ids[order], last[order], of_row)


def happened(rows: Rows) -> Days:
    """Return the day on which each row happened: the first column of every extract."""
    return next(iter(rows.columns.values()))[0].astype(np.int64)


def _second_time(child: Ints, on: Days, rng: np.random.Generator) -> Flags:
    """Whether a row is kept under a second number: of a few children, all but the first."""
    order = np.lexsort((on, child))
    later = np.zeros(len(child), dtype=np.bool_)
    later[order[1:]] = child[order[1:]] == child[order[:-1]]
    several = np.unique(child[later])
    count = min(round(_TWICE * len(np.unique(child))), len(several))
    return later & np.isin(child, rng.permutation(several)[:count])
