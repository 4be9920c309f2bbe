"""One measure of the groups of one division, before it is judged; and how the groups of several are put side by side."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from fairness.audited import Figures
from fairness.draws import Drawn, ends, p_beyond
from fairness.proportions import newcombe_p, smallest_gap_seen

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """
    What is found of one measure, (lists or 1, groups) each: as `fairness.audited.Figures`, before a verdict.

    `rest` is everyone else's value; `worth` and `rest_worth` are the independent rows that a share's are worth, NaN of other
    measures. `p_bootstrap` is the p-value where the interval is the bootstrap's and there is a margin; NaN elsewhere. `enough`
    says where both sides reach the floors.
    """

    value: Floats
    rest: Floats
    low: Floats
    high: Floats
    gap_low: Floats
    gap_high: Floats
    bootstrap: Flags
    effect: Floats
    rest_effect: Floats
    worth: Floats
    rest_worth: Floats
    p_bootstrap: Floats
    enough: Flags

    @classmethod
    def together(cls, pieces: Sequence[Self]) -> Self:
        """Return the groups of all the pieces, side by side."""
        each = {part.name: [getattr(piece, part.name) for piece in pieces] for part in fields(cls)}
        return cls(**{name: np.concatenate(parts, axis=1) for name, parts in each.items()})

    def p_beyond(self, margin: float) -> Floats:
        """
        Return the p-value of each gap beyond the margin; NaN of one that is not tested.

        It is worked out where the 95 % interval lies beyond the margin; any other is above .05, takes no other's place among
        those under it, and is 1 here.
        """
        p = np.where(np.isnan(self.gap_low) | ~self.enough, np.nan, np.where(self.bootstrap, self.p_bootstrap, 1.0))
        asked = self.enough & ~self.bootstrap & ((self.gap_low > margin) | (self.gap_high < -margin))
        share, n, other, other_n = (each[asked] for each in (self.value, self.worth, self.rest, self.rest_worth))
        p[asked] = newcombe_p(share, n, other, other_n, margin)
        return p

    def figures(self, verdict: Integers, repeats: int) -> Figures:
        """
        Return the figures, groups first, with their verdicts (lists or 1, groups).

        A child stands in so many rows, which are worth about one: design effects are told as those of children.
        """
        return Figures(
            value=self.value.T,
            low=self.low.T,
            high=self.high.T,
            gap=(self.value - self.rest).T,
            gap_low=self.gap_low.T,
            gap_high=self.gap_high.T,
            smallest_gap=smallest_gap_seen(self.gap_low, self.gap_high).T,
            bootstrap=self.bootstrap.T,
            effect=self.effect.T / repeats,
            rest_effect=self.rest_effect.T / repeats,
            enough=self.enough.T,
            verdict=verdict.T,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Valued:
    """
    A measure of the groups, or of the rest of each: its value (lists or 1, groups), and drawn (lists or 1, groups, R).

    `steady` says whose families are enough to be drawn again: of one family every resample has the same value, which would be
    an interval of no width.
    """

    value: Floats
    drawn: Drawn
    steady: Flags


def by_bootstrap(group: Valued, rest: Valued, margin: float | None, enough: Flags) -> Found:
    """Return a measure whose intervals are the plain bootstrap's, with p-values where there is a margin; none of too few families."""
    gap = np.where(group.steady & rest.steady, group.value - rest.value, np.nan)
    low, high = ends(group.drawn, group.steady & ~np.isnan(group.value))
    drawn = group.drawn - rest.drawn
    gap_low, gap_high = ends(drawn, ~np.isnan(gap))
    nothing = np.full(gap.shape, np.nan)
    return Found(
        value=group.value,
        rest=rest.value,
        low=low,
        high=high,
        gap_low=gap_low,
        gap_high=gap_high,
        bootstrap=~np.isnan(low),
        effect=nothing,
        rest_effect=nothing,
        worth=nothing,
        rest_worth=nothing,
        p_bootstrap=nothing if margin is None else p_beyond(gap, np.sort(drawn, axis=-1), margin),
        enough=enough,
    )
