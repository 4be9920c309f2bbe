"""Intervals of AUC and calibration: the spread that exact measures of whole resamples have."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from fairness.audited import STANDING
from fairness.engine.head import head_of
from fairness.engine.recalibration import moved, stretched
from fairness.engine.scores import log_odds
from fairness.engine.standing import standing

Invented = Callable[..., pd.DataFrame]
SOME = 80


@pytest.mark.parametrize(("children", "within"), [(200, 0.12), (500, 0.08)])
def test_as_if_each_resample_were_measured_exactly(invented: Invented, children: int, within: float) -> None:
    """Of resamples measured row by row, every measure of a group and of the rest has the same spread, and follows each of them."""
    scored = invented(11, children, children)
    number = (scored["audit_side"] == "B").to_numpy(dtype=np.int64)
    head = head_of(scored, np.zeros(children, dtype=np.int64), 1)
    cell = head.binned * 2 + number
    drawn = head.resamples.totals(cell, 2 * len(head.by_bin.drawn[0]) * 2).reshape(2, -1, 2, 1_000)
    steady = np.ones((1, 2), dtype=np.bool_)
    found = standing(head.scores, head.observed, number, (head.by_bin.drawn, drawn), (steady, steady))
    times = head.resamples.times[head.resamples.block][:, :SOME]
    for name in STANDING:
        for side, group in zip(found[name], (0, 1), strict=True):
            exact = np.array([_measured(scored, np.where(number == group, w, 0))[name] for w in times.T.astype(float)])
            ours = side.drawn[0, 0, :SOME]
            assert ours.std() == pytest.approx(exact.std(), rel=within)
            assert np.corrcoef(ours, exact)[0, 1] > 0.97


def _measured(scored: pd.DataFrame, weight: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> dict[str, float]:
    """Return the measures of rows counted so often."""
    order = np.argsort(scored["probability"].to_numpy(), kind="stable")
    p, y, w = (scored["probability"].to_numpy()[order], scored["observed"].to_numpy()[order], weight[order])
    x = log_odds(p)
    events, others = w * y, w * (1 - y)
    below = np.array([others[p < each].sum() + others[p == each].sum() / 2 for each in np.unique(p)])
    pairs = events @ below[np.searchsorted(np.unique(p), p)]
    line = moved(events[:, None], w[:, None], x)
    return {
        "auc": pairs / (events.sum() * others.sum()),
        "observed_over_expected": events.sum() / (w @ p),
        "calibration_gap": (events.sum() - w @ p) / w.sum(),
        "intercept": float(line.intercept[0]),
        "slope": float(stretched(events[:, None], w[:, None], x, line).slope[0]),
    }
