"""What people changed: of the same children, a share by what people did minus the share by the score alone."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fairness.engine.blocks import Resamples, numbered, resamples_of
from fairness.group_shares import Measured
from fairness.in_use.joined import Used
from fairness.in_use.measures import PAIRS
from models.small_numbers import FEWEST

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Offsets = tuple[float, float] | None


class Differences:
    """The draws of whole families from which the intervals are taken, both shares from the same draw."""

    def __init__(self, used: Used, measures: Mapping[str, Measured]) -> None:
        self._measures = measures
        self._drawn = resamples_of(*numbered(pd.Series(used.family)))
        self._apart = used.listed != used.offered

    def offsets(self, place: Integers, places: int) -> list[dict[str, Offsets]]:
        """
        Return for each place how far the ends of each pair's 95 % interval lie from the difference.

        None where fewer than ten of the children were treated otherwise than the list said: draws of families would then be surer
        than they can be, and would tell of so few.
        """
        found: list[dict[str, Offsets]] = [{} for _ in range(places)]
        drawn = self._shares(place, places)
        for name, pair in PAIRS.items():
            alone, people = self._measures[pair.alone], self._measures[pair.people]
            apart = np.bincount(place[self._apart & ((alone.whole + people.whole) > 0)], minlength=places)
            exact = _exact(people, place, places) - _exact(alone, place, places)
            away = drawn[pair.people] - drawn[pair.alone] - exact[:, None]
            for at in range(places):
                found[at][name] = _ends(away[at]) if apart[at] >= FEWEST else None
        return found

    def _shares(self, place: Integers, places: int) -> dict[str, Floats]:
        """Return each share of every place in every resample (places, resamples); NaN where nobody was drawn."""
        names = [name for pair in PAIRS.values() for name in (pair.alone, pair.people)]
        counted = [of for name in names for of in (self._measures[name].part, self._measures[name].whole)]
        cells = [np.where(of == 1, place + at * places, -1) for at, of in enumerate(counted)]
        # All at once: the draws are read through once, not once for each.
        rows = Resamples(np.tile(self._drawn.block, len(cells)), self._drawn.times)
        totals = rows.totals(np.concatenate(cells), len(cells) * places).astype(np.float64)
        parts = totals.reshape(len(names), 2, places, -1)
        return {name: _divided(part, whole) for name, (part, whole) in zip(names, parts, strict=True)}


def told_differences(
    figures: Mapping[str, Sequence[float | None]], offsets: Mapping[str, Offsets]
) -> dict[str, list[float | None]]:
    """Return each pair's difference of told shares, and its interval as far from it, to a whole point; None where there is none."""
    found: dict[str, list[float | None]] = {}
    for name, pair in PAIRS.items():
        alone, people = figures[pair.alone][0], figures[pair.people][0]
        if alone is None or people is None:
            found[name] = [None, None, None]
            continue
        told, ends = people - alone, offsets[name]
        around = [None, None] if ends is None else [round(told + round(end, 2), 3) + 0.0 for end in ends]
        found[name] = [round(told, 3) + 0.0, *around]
    return found


def _exact(measured: Measured, place: Integers, places: int) -> Floats:
    part, whole = (np.bincount(place, of, places).astype(np.float64) for of in (measured.part, measured.whole))
    return _divided(part, whole)


def _divided(part: Floats, whole: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(part / whole)


def _ends(drawn: Floats) -> Offsets:
    made = drawn[~np.isnan(drawn)]
    if 2 * len(made) < len(drawn):
        return None
    low, high = np.quantile(made, [0.025, 0.975]).tolist()
    return low, high
