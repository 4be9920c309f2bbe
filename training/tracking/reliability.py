"""What was foreseen against what happened, in tenths of the held-out children: few lines of figures, and no child's."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.small_numbers import FEWEST, nearest
from training.metrics import family_weights

RESAMPLES = 200
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tenth:
    """Children of like scores: the mean foreseen, the share that happened with its 95 % interval, how many to the nearest five."""

    foreseen: float
    observed: float
    low: float
    high: float
    children: int


def reliability(scored: pd.DataFrame, seed: int) -> list[Tenth]:
    """
    Return the tenths of one outcome's held-out rows, by score; none where there are too few children to tell of.

    Neighbours are told together until there are ten with the outcome, and ten without it, in each. The intervals resample
    whole families; a child that was scored in several repeats counts once.
    """
    ordered = scored.sort_values("probability", kind="stable")
    p, y = ordered["probability"].to_numpy(), ordered["observed"].to_numpy(dtype=np.float64)
    once = np.full(len(p), 1.0 / scored["repeat"].nunique())
    cuts = _cuts(p, once * y, once * (1.0 - y))
    if len(cuts) < 2:
        return []
    inside = (np.searchsorted(cuts[1:], np.arange(len(p)), side="right")[:, None] == np.arange(len(cuts) - 1)) * 1.0
    share = ordered["weight"].to_numpy() * once
    drawn = family_weights(ordered["family"].to_numpy(dtype=np.str_), RESAMPLES, seed) * share
    with np.errstate(invalid="ignore"):
        rates = (drawn * y) @ inside / (drawn @ inside)
    low, high = np.nanpercentile(rates, [2.5, 97.5], axis=0)
    n, children = share @ inside, (once @ inside).tolist()
    figures = np.column_stack([(share * p) @ inside / n, (share * y) @ inside / n, low, high]).round(6).tolist()
    return [
        Tenth(foreseen, observed, least, most, nearest(count))
        for (foreseen, observed, least, most), count in zip(figures, children, strict=True)
    ]


def _cuts(p: Floats, happened: Floats, did_not: Floats) -> list[int]:
    """Return where parts of the rows, in the order of p, begin and end: tenths, none with too few children, none within a tie."""
    tenth = np.searchsorted(np.unique(np.quantile(p, np.arange(0.1, 1.0, 0.1))), p, side="left")
    cuts = [0]
    for end in [*(np.flatnonzero(np.diff(tenth)) + 1).tolist(), len(p)]:
        if min(happened[cuts[-1] : end].sum(), did_not[cuts[-1] : end].sum()) >= FEWEST:
            cuts.append(end)
    # Those left over are too few alone, and join the last.
    return [*cuts[:-1], len(p)] if len(cuts) > 1 else cuts
