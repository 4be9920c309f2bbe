"""
Whether a new model opens a gap that the one in use does not have: by more than half the policy's margin.

A group is compared with everyone else under both models, on the same children and the same draws of families. Below 0 a gap,
or its change, is to the group's disadvantage.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from fairness.champion.drawn import Line
from fairness.intervals import Z95, Share, newcombe_wilson
from fairness.policy.policy import Policy
from models.small_numbers import FEWEST

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Bounds = tuple[float, float]


class Says(StrEnum):
    """The three phrases; none says that there is no gap."""

    NEW = "new gap"
    NONE = "no new gap"
    CANNOT_TELL = "not enough data to tell"


@dataclass(frozen=True, slots=True)
class Moved:
    """Of a measure's own children, those by whom the challenger's list does better for a group, and worse."""

    better: int
    worse: int

    @property
    def few(self) -> bool:
        """Whether they are too few for draws of families to tell how sure a change is."""
        return self.better + self.worse < FEWEST


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """The champion's gap, the challenger's, and the second minus the first with its 95 % interval."""

    champion: float
    challenger: float
    bounds: Bounds
    says: Says


def measure_of(policy: Policy) -> str:
    """Return the measure that decides; that fewer on the list are there without need is that more of them have it."""
    return "recall" if policy.primary.measure == "recall" else "ppv"


def half_margin(policy: Policy) -> float:
    """Return by how much a gap may grow."""
    return (policy.margins.recall if policy.primary.measure == "recall" else policy.margins.fdr) / 2


def change_of(group: Line, rest: Line, moved: tuple[Moved, Moved], policy: Policy) -> Change | None:
    """Return how a group's gap changes; `moved` are its own children and everyone else's. None where there is no gap."""
    name = measure_of(policy)
    gaps = group.measure(name) - rest.measure(name)
    if np.isnan(gaps[:, 0]).any():
        return None
    change, own = gaps[1] - gaps[0], gaps[1]
    bounds = _few_moved(group, rest, moved, name) if moved[0].few else percentiles(change)
    enough = bool(_rests_on(group, rest, name, policy)) and bounds is not None
    ends = bounds or (float("nan"), float("nan"))
    own_low = min(_newcombe_low(group, rest, name), (percentiles(own) or (-1.0, 1.0))[0])
    says = _says(float(own[0]), own_low, ends, half_margin(policy), few=moved[0].few) if enough else Says.CANNOT_TELL
    return Change(float(gaps[0, 0]), float(own[0]), ends, says)


def percentiles(drawn: Floats) -> Bounds | None:
    """Return the 95 % percentile interval of what the resamples made (1 + resamples,); None where half of them made nothing."""
    made = drawn[1:][~np.isnan(drawn[1:])]
    if 2 * len(made) < len(drawn) - 1:
        return None
    low, high = np.quantile(made, [0.025, 0.975]).tolist()
    return low, high


def _says(own: float, own_low: float, change: Bounds, half: float, *, few: bool) -> Says:
    if own < -half and change[1] < -half and not few:
        return Says.NEW
    return Says.NONE if change[0] > -half or own_low > -half else Says.CANNOT_TELL


def _rests_on(group: Line, rest: Line, name: str, policy: Policy) -> Flags:
    """Return whether there are enough children, and in the measure's own denominator of both models, to judge."""
    own, others = (float(_wholes(line, name).min()) for line in (group, rest))
    return policy.floors.reached((float(group.n[0]), float(rest.n[0])), (own, others))


def _wholes(line: Line, name: str) -> Floats:
    return np.broadcast_to(line.events[0], 2) if name == "recall" else line.listed[:, 0]


def _few_moved(group: Line, rest: Line, moved: tuple[Moved, Moved], name: str) -> Bounds:
    """
    Return an interval where few have moved: Newcombe's, of the share that moves for the better minus that for the worse.

    Draws of families in which nobody moves would be sure that nobody ever will. Each child moves a list's share by no more than
    one in the shorter list, so that for it the interval is too wide rather than too narrow.
    """
    (low, high), (other_low, other_high) = (
        _share_moved(line, each, name) for line, each in zip((group, rest), moved, strict=True)
    )
    mid, other = (_moved_by(line, each, name) for line, each in zip((group, rest), moved, strict=True))
    gap = mid - other
    return gap - float(np.hypot(mid - low, other_high - other)), gap + float(np.hypot(high - mid, other - other_low))


def _share_moved(line: Line, moved: Moved, name: str) -> Bounds:
    n = max(1, int(_wholes(line, name).min()))
    better, worse = (Share(n, min(n, count), n, float(n)) for count in (moved.better, moved.worse))
    return newcombe_wilson(better, worse, Z95)


def _moved_by(line: Line, moved: Moved, name: str) -> float:
    return (moved.better - moved.worse) / max(1, int(_wholes(line, name).min()))


def _newcombe_low(group: Line, rest: Line, name: str) -> float:
    """Return the lower end of the challenger's own gap, as if no two children were of one family."""
    shares = [
        Share(n, round(line.found[1, 0]), n, float(n))
        for line in (group, rest)
        for n in [max(1, round(_wholes(line, name)[1]))]
    ]
    return newcombe_wilson(shares[0], shares[1], Z95)[0]
