"""Whether a new model opens a gap: said where it surely does, not where few have moved or few are judged."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from fairness.champion.both import Both, both
from fairness.champion.drawn import Draws, Line
from fairness.champion.new_gap import Change, Moved, Says, change_of, half_margin, measure_of, percentiles
from fairness.policy.policy import Policy

Tables = tuple[pd.DataFrame, pd.DataFrame]
FDR = Policy.model_validate({"primary": {"measure": "fdr", "reason": "A needless flag is an intrusion."}})


def _change(children: Both, rows: "np.ndarray[tuple[int], np.dtype[np.bool_]]", policy: Policy) -> Change | None:
    draws, place = Draws(children), rows.astype(np.int64)
    (everyone,) = draws.lines(np.zeros_like(place), 1)
    _, group = draws.lines(place, 2)
    y, (before, after) = children.observed, children.listed
    moved = [
        Moved(int((after & ~before & y & who).sum()), int((before & ~after & y & who).sum())) for who in (rows, ~rows)
    ]
    return change_of(group, everyone.without(group), (moved[0], moved[1]), policy)


@pytest.mark.parametrize(("lower", "says"), [(1.2, Says.NEW), (-0.5, Says.NONE)])
def test_what_is_said(invented: Callable[[float], Tables], lower: float, says: Says) -> None:
    """A model that foresees much less of the south opens a gap in recall; one that foresees more of it opens none there."""
    (children,) = both(*invented(lower), ["side"], 0.2)
    south = children.groups["side"] == "South"
    change, other = _change(children, south, Policy()), _change(children, ~south, Policy())
    assert change is not None
    assert other is not None
    assert change.says == says
    assert other.champion == pytest.approx(-change.champion)
    assert other.bounds == pytest.approx((-change.bounds[1], -change.bounds[0]))


def test_needless_flags(invented: Callable[[float], Tables]) -> None:
    """Where needless flags decide, the gap is of those on the list who have the outcome."""
    (children,) = both(*invented(1.2), ["side"], 0.2)
    south, y, (_, listed) = children.groups["side"] == "South", children.observed, children.listed
    change = _change(children, south, FDR)
    assert change is not None
    assert change.challenger == pytest.approx(y[listed & south].mean() - y[listed & ~south].mean())


def test_too_few_to_say(invented: Callable[[float], Tables]) -> None:
    """Of ninety children nothing is said, however large the change."""
    (children,) = both(*invented(3.0), ["side"], 0.2)
    rows = np.zeros(len(children.observed), dtype=np.bool_)
    rows[1:180:2] = True
    change = _change(children, rows, Policy())
    assert change is not None
    assert change.says == Says.CANNOT_TELL


def _line(n: int, events: int, found: tuple[int, int]) -> Line:
    """Return a line that is alike in every draw."""
    one = np.ones(1_001)
    both_found = np.array(found, dtype=np.float64)[:, None] * one
    return Line(
        n * one, events * one, both_found * 2, both_found, np.full((2, 1), 1.0) * one, np.full((2, 1), np.nan) * one
    )


def test_nobody_moved_is_not_certain() -> None:
    """Where nobody moves, draws alone would be sure that nobody ever will: of sixty nothing is said, of two thousand no new gap."""
    still = Moved(0, 0), Moved(0, 0)
    rest = _line(20_000, 6_000, (2_000, 2_000))
    few, many = (
        change_of(_line(4 * events, events, (events // 3, events // 3)), rest, still, Policy())
        for events in (60, 2_000)
    )
    assert few is not None
    assert many is not None
    assert (few.says, many.says) == (Says.CANNOT_TELL, Says.NONE)
    assert few.bounds[0] < -0.05 < -0.01 < many.bounds[0] < 0


def test_a_handful_is_no_new_gap() -> None:
    """Nine who lose their place never make a new gap: fewer than ten could be anybody's."""
    change = change_of(_line(400, 100, (30, 21)), _line(9_000, 3_000, (900, 900)), (Moved(0, 9), Moved(0, 0)), Policy())
    assert change is not None
    assert change.says == Says.CANNOT_TELL


def test_half_the_margin() -> None:
    """The bound is half the margin of the measure that decides."""
    assert (half_margin(Policy()), measure_of(Policy())) == (0.025, "recall")
    assert (half_margin(FDR), measure_of(FDR)) == (0.025, "ppv")


def test_percentiles_of_few_draws() -> None:
    """Draws that made nothing are left out; where half of them made nothing, so does the interval."""
    drawn = np.concatenate([[0.0], np.linspace(0, 1, 501), np.full(499, np.nan)])
    assert percentiles(drawn) == pytest.approx((0.025, 0.975))
    assert percentiles(np.where(drawn < 0.1, np.nan, drawn)) is None
