"""Where a figure lies in a drawing: scales that start and end at round figures, so that drawings can be compared."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fairness.pack.words import Figure

# No two shares are further apart than one; two ratios may be.
_HALF_WIDTHS = (0.1, 0.2, 0.3, 0.5, 1.0, 2.0)
_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2)
_TOPS = (0.05, 0.1, 0.2, 0.4, 0.6, 1.0)


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight scale through its ticks, from the first to the last."""

    ticks: tuple[float, ...]

    @property
    def low(self) -> float:
        """The figure at its start."""
        return self.ticks[0]

    @property
    def high(self) -> float:
        """The figure at its end."""
        return self.ticks[-1]

    def holds(self, figure: float) -> bool:
        """Say whether a figure lies on it."""
        return self.low <= figure <= self.high

    def along(self, figure: float) -> float:
        """Return how far along it a figure lies, from 0 to 1; at its end where the figure is beyond."""
        return (min(max(figure, self.low), self.high) - self.low) / (self.high - self.low)


def of_gaps(figures: Iterable[Figure], margin: float | None) -> Scale:
    """Return the narrowest scale, as wide to either side of no gap, that holds every gap and the margin twice over."""
    furthest = max([abs(value) for value, _, _ in figures if value is not None] + [2 * (margin or 0.0)])
    half = next((half for half in _HALF_WIDTHS if furthest <= half), _HALF_WIDTHS[-1])
    return Scale((-half, -half / 2, 0.0, half / 2, half))


def of_shares(shares: Sequence[float | None]) -> Scale:
    """Return the shortest scale from nothing that holds every share."""
    largest = max((share for share in shares if share is not None), default=1.0)
    top = next((top for top in _TOPS if largest <= top), _TOPS[-1])
    return Scale((0.0, top / 2, top))


def around(figures: Iterable[Figure], *, through: Sequence[float] = ()) -> Scale:
    """Return a scale in round steps that holds every figure with its interval, and whatever it must go through."""
    told = [end for figure in figures for end in figure if end is not None] + list(through) or [0.0, 1.0]
    step = next((step for step in _STEPS if max(told) - min(told) <= 5 * step), _STEPS[-1])
    first, last = math.floor(min(told) / step), math.ceil(max(told) / step)
    return Scale(tuple(round(step * at, 2) for at in range(first, max(last, first + 1) + 1)))


def tick(share: float) -> str:
    """Return a share of a hundred, as short as a scale writes it: "2.5", "10"."""
    return f"{100 * share:g}".replace("-", "\N{MINUS SIGN}")


HUNDRED = Scale((0.0, 0.25, 0.5, 0.75, 1.0))
