"""The threshold drawn again: lists of the same length, and the spread that lists cut anew in each resample have."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from fairness.audited import Grouped
from fairness.engine.audit import audited
from fairness.engine.drawn_again import ends_of
from fairness.engine.head import head_of
from fairness.policy.policy import Policy, PrimaryMeasure

Invented = Callable[..., pd.DataFrame]
CUT, SOME = 0.4, 400


def _found(scored: pd.DataFrame, policy: Policy) -> Grouped:
    place = (scored["probability"] < CUT).to_numpy(dtype=np.int64)
    (head,) = audited(scored, place, {"side": ["A", "B"]}, (0.3,), policy)
    return head.grouped[0]


@pytest.mark.parametrize("measure", ["recall", "fdr"])
def test_as_if_each_list_were_cut_anew(invented: Invented, measure: str) -> None:
    """Ends of the intervals are those of lists that flag the same share of each resample's children, row by row."""
    scored = invented(12, 900, 900)
    found = _found(scored, Policy(primary=PrimaryMeasure(measure=measure)))
    head = head_of(scored, np.zeros(900, dtype=np.int64), 1)
    flagged = (scored["probability"] >= CUT).mean()
    drawn = np.array([_anew(scored, w, flagged, measure) for w in head.resamples.times[head.resamples.block].T[:SOME]])
    for i, mine in enumerate((drawn[:, 0], drawn[:, 1])):
        low, high = np.quantile(mine, [0.025, 0.975])
        ours = found.again_low[i, 0], found.again_high[i, 0]
        assert ours == pytest.approx((low, high), abs=0.12 * (high - low))
    low, high = np.quantile(drawn[:, 0] - drawn[:, 1], [0.025, 0.975])
    ours = found.again_gap_low[0, 0], found.again_gap_high[0, 0]
    assert ours == pytest.approx((low, high), abs=0.12 * (high - low))


def _anew(scored: pd.DataFrame, weight: NDArray[np.float32], share: float, measure: str) -> tuple[float, float]:
    """Return the measure of both sides, of the highest scores that make up the share of rows counted so often."""
    order = np.argsort(-scored["probability"].to_numpy(), kind="stable")
    w, y = weight[order].astype(np.float64), scored["observed"].to_numpy()[order]
    on_list = np.clip(share * w.sum() - (w.cumsum() - w), 0, w)
    first, second = ((scored["audit_side"] == side).to_numpy()[order] for side in "AB")
    if measure == "recall":
        return tuple(on_list[who] @ y[who] / (w[who] @ y[who]) for who in (first, second))  # type: ignore[return-value]
    return tuple(on_list[who] @ (1 - y[who]) / on_list[who].sum() for who in (first, second))  # type: ignore[return-value]


def test_about_the_same_value(invented: Invented) -> None:
    """The interval holds the exact value, as the one with the threshold fixed does."""
    found = _found(invented(13, 500, 400), Policy())
    recall = found.figures["recall"]
    for low, high in ((recall.low, recall.high), (found.again_low, found.again_high)):
        assert (low[:2] < recall.value[:2]).all()
        assert (recall.value[:2] < high[:2]).all()
    assert (found.again_gap_low[0], found.again_gap_high[0]) == (
        pytest.approx(-found.again_gap_high[1], abs=1e-5),
        pytest.approx(-found.again_gap_low[1], abs=1e-5),
    )


@pytest.mark.parametrize("share", [0.0, 0.1, 0.55, 1.0])
def test_lists_end_where_their_share_is_reached(share: float) -> None:
    """What lies above the end of a list, and the share of the bin it ends in, are its length; none and all included."""
    n = np.random.default_rng(1).integers(0, 5, (2, 9, 1, 3)).astype(np.float64)
    at = ends_of(n, np.array([share]))
    for r in range(3):
        bins, last = n[:, :, 0, r].sum(axis=0), int(at.bin[0, 0, r])
        assert bins[:last].sum() + at.share[0, 0, r] * bins[last] == pytest.approx(share * bins.sum())
        assert 0 <= at.share[0, 0, r] <= 1
