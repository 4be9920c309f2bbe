"""
The measures that do not depend on the length of the list: AUC, and how well scores are calibrated.

Values are exact. Resamples count rows in bins of the score: their spread is that of the binned value, moved so that it lies
about the exact one. A line through the log-odds takes one step of Newton's method in each resample, from where it is.
"""

import numpy as np
from numpy.typing import NDArray

from fairness.audited import STANDING
from fairness.draws import Drawn
from fairness.engine.found import Valued
from fairness.engine.measures import running
from fairness.engine.recalibration import Fit, factors, moved, steps, stretched
from fairness.engine.scores import Binned, Scores

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Values = dict[str, Drawn]

# What each measure can be at least and at most.
_RANGES = {
    "auc": (0.0, 1.0),
    "observed_over_expected": (0.0, np.inf),
    "calibration_gap": (-1.0, 1.0),
    "intercept": (-np.inf, np.inf),
    "slope": (-np.inf, np.inf),
}


def standing(
    scores: Scores, observed: Integers, number: Integers, drawn: tuple[Drawn, Drawn], steady: tuple[Flags, Flags]
) -> dict[str, tuple[Valued, Valued]]:
    """
    Return each of STANDING, of the groups and of the rest of each.

    `number` (rows,) is a row's place among the groups (under 0: in none). `drawn` are the counts of all rows and of the groups
    in each resample, (2, coarse bins, 1 or groups, R), by observed; `steady` is whose families are enough, (1, groups) each.
    """
    every, grouped = drawn
    groups = grouped.shape[2]
    fine, coarse = (_inside_and_outside(observed, each, number, groups) for each in (scores.fine, scores.coarse))
    foreseen = np.bincount(number[number >= 0], weights=scores.probability[number >= 0], minlength=groups)
    sums = (foreseen, scores.probability.sum() - foreseen)
    inside, outside = (
        _side(scores, *each)
        for each in zip(
            scores.ranked.aucs(number, groups), sums, fine, coarse, (grouped, every - grouped), steady, strict=True
        )
    )
    return {name: (inside[name], outside[name]) for name in STANDING}


def _side(
    scores: Scores, aucs: Floats, foreseen: Floats, fine: Floats, coarse: Floats, drawn: Drawn, steady: Flags
) -> dict[str, Valued]:
    children = fine[1], fine.sum(axis=0), scores.fine.log_odds
    line = moved(*children)
    free = stretched(*children, line)
    events, n = (each.sum(axis=0) for each in children[:2])
    exact = {"auc": aucs, **_of_sums(events, n, np.where(n > 0, foreseen, np.nan))}
    exact |= {"intercept": line.intercept, "slope": free.slope}
    binned, of_resamples = (_binned(cells, scores.coarse, line, free) for cells in (coarse[..., None], drawn))
    return {
        name: Valued(
            exact[name][None], _about(exact[name], binned[name], of_resamples[name], *_RANGES[name])[None], steady
        )
        for name in STANDING
    }


def _about(exact: Floats, binned: Floats, drawn: Drawn, lowest: float, highest: float) -> Drawn:
    """Return draws moved to lie about the exact value, within what the measure can be; a resample without one has none."""
    # Where everybody has the outcome, or nobody, the line that is fitted lies at infinity: no distance is taken from there.
    with np.errstate(invalid="ignore"):
        about = drawn + (exact[:, None] - binned).astype(np.float32)
    return np.where(np.isfinite(about), np.clip(about, lowest, highest), np.float32(np.nan))


def _of_sums(events: Drawn, n: Drawn, foreseen: Drawn) -> Values:
    with np.errstate(divide="ignore", invalid="ignore"):
        return {"observed_over_expected": events / foreseen, "calibration_gap": (events - foreseen) / n}


def _binned(cells: Drawn, bins: Binned, line: Fit, free: Fit) -> Values:
    """Return each of STANDING of counts (2, bins, groups, R), highest scores first."""
    others, events = cells
    happened, happened_x = _summed(np.stack([np.ones(len(events)), bins.log_odds])[:, :, None], events)
    every = np.stack([np.ones(len(events)), bins.probability])[:, :, None]
    lines = [factors(each, bins.log_odds) for each in (line, free)]
    shape = lines[0].shape[1:]
    size, foreseen, *rest = _summed(np.concatenate([np.broadcast_to(every, (2, *shape)), *lines]), others + events)
    for each in (rest[:5], rest[5:]):
        each[0] += happened
        each[1] += happened_x
    with np.errstate(divide="ignore", invalid="ignore"):
        ranks = (others * (running(events) - events / 2)).sum(axis=0) / (happened * (size - happened))
    return {
        "auc": ranks,
        **_of_sums(happened, size, foreseen),
        "intercept": line.intercept[:, None] + steps(rest[:5], turned=False).intercept,
        "slope": free.slope[:, None] + steps(rest[5:], turned=True).slope,
    }


def _summed(factor: Floats, counts: Drawn) -> list[Drawn]:
    """Return sums over bins (groups, R) of counts (bins, groups, R), times each of the factors (factors, bins, groups or 1)."""
    by_group = np.ascontiguousarray(factor.transpose(2, 0, 1), dtype=counts.dtype)
    products = np.matmul(by_group, counts.transpose(1, 0, 2))
    return list(products.transpose(1, 0, 2))


def _inside_and_outside(observed: Integers, binned: Binned, number: Integers, groups: int) -> tuple[Floats, Floats]:
    """Return exact counts of the groups and of the rest of each, (2, bins, groups) each, by observed and bin."""
    cell = observed * binned.bins + binned.bin
    every = np.bincount(cell, minlength=2 * binned.bins).reshape(2, -1, 1)
    grouped = (cell * groups + number)[number >= 0]
    inside = np.bincount(grouped, minlength=2 * binned.bins * groups).reshape(2, -1, groups)
    return inside.astype(np.float64), (every - inside).astype(np.float64)
