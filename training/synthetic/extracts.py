"""The rows that agencies hold of a batch: what happened while the child lived here, and became known before today."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from training.synthetic.batch import Batch
from training.synthetic.calendar import AS_AT_DAY, Days, cohort_day, reception_starts
from training.synthetic.chance import Chance
from training.synthetic.families import Flags, Ints
from training.synthetic.residence import NEVER

Texts = NDArray[np.str_]
Values = NDArray[np.generic]
# Small areas are invented too: their codes lie outside the range that is in use.
REGISTERED_WITHIN = 14
_LSOA, _FIRST_LSOA = "E01", 900_000


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one extract: whose (indices of children), and the columns, dates as days; masked values are empty."""

    who: Ints
    columns: dict[str, tuple[Values, Flags | None]]


class Recorder:
    """Delays between what happens and what is recorded, and what is left out because nobody could hold it yet."""

    def __init__(self, batch: Batch, chance: Chance) -> None:
        self.batch = batch
        self._chance = chance

    def stream(self, extract: str) -> np.random.Generator:
        """Return the random stream of one extract."""
        return self._chance.stream(f"extract {extract}")

    def lag(self, rng: np.random.Generator, count: int, usual: int) -> Ints:
        """Return days until something is recorded: mostly within `usual`, one in ten up to eight times that."""
        return np.where(rng.random(count) < 0.1, rng.integers(usual, 8 * usual, count), rng.integers(0, usual, count))

    def held(self, on: Days, recorded: Days) -> Flags:
        """Whether something is held today: it happened while the child lived here, was registered, and is recorded."""
        children = self.batch.children
        here = self.batch.residence.resident(children, on) & (children.arrived + REGISTERED_WITHIN <= AS_AT_DAY)
        return np.asarray((on < NEVER) & here & (recorded <= AS_AT_DAY))


def dated(values: Days, known: Flags | None = None) -> tuple[Values, Flags | None]:
    """Return a column of dates; those not known yet, or never, are empty."""
    there = values <= AS_AT_DAY if known is None else known & (values <= AS_AT_DAY)
    return np.where(there, values, 0).astype("datetime64[D]"), there


def table(rows: Rows, keys: Texts, key: str = "pseudonym") -> pa.Table:
    """Return rows as a table whose first column is the child's key, in the order of children and then of rows."""
    order = np.argsort(rows.who, kind="stable")
    arrays = {key: pa.array(keys[rows.who[order]])}
    for name, (values, known) in rows.columns.items():
        mask = None if known is None else ~known[order]
        arrays[name] = pa.array(values[order], mask=mask)
    return pa.table(arrays)


def together(parts: list[Rows]) -> Rows:
    """Return the rows of several parts, which have the same columns, as one."""
    columns = {}
    for name in parts[0].columns:
        values = np.concatenate([part.columns[name][0] for part in parts])
        masks = [part.columns[name][1] for part in parts]
        full = [np.ones(len(p.who), dtype=np.bool_) if m is None else m for p, m in zip(parts, masks, strict=True)]
        columns[name] = (values, None if all(m is None for m in masks) else np.concatenate(full))
    return Rows(np.concatenate([part.who for part in parts]), columns)


def one_each(recorder: Recorder, on: Days, recorded: Days, columns: dict[str, tuple[Values, Flags | None]]) -> Rows:
    """Return a row for every child to whom something happened and of whom it is held."""
    who = np.flatnonzero(recorder.held(on, recorded))
    taken = {name: (v[who], None if k is None else k[who]) for name, (v, k) in columns.items()}
    return Rows(who, taken)


def yes_no(flags: Flags) -> Texts:
    """Return flags as Y and N."""
    return np.where(flags, "Y", "N")


def one_zero(flags: Flags) -> Texts:
    """Return flags as 1 and 0."""
    return np.where(flags, "1", "0")


def street_codes(streets: Ints, deciles: Ints, areas_per_decile: int) -> Texts:
    """Return the codes of the small areas that addresses lie in; all of one area have one decile."""
    number = _FIRST_LSOA + (deciles - 1) * areas_per_decile + streets % areas_per_decile
    return np.char.add(_LSOA, number.astype(np.str_))


def term_days(first: int, last: int) -> Iterator[tuple[int, int]]:
    """Yield the first day and the headcount day of each term between two years."""
    for year in range(first, last + 1):
        for start, headcount in (((1, 1), (1, 20)), ((4, 1), (5, 20)), ((9, 1), (10, 5))):
            days = [int(cohort_day(np.array([year]), 0, *date)[0]) for date in (start, headcount)]
            yield days[0], days[1]


def census_day(batch: Batch) -> Days:
    """Return the day of the January census of each child's Reception year."""
    return cohort_day(batch.children.cohort, 6, 1, 20)


def before_school(batch: Batch) -> Days:
    """Return the day before which each child is in early years provision."""
    return reception_starts(batch.children.cohort)
