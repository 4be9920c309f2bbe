"""
What may be told of a list's children: rounded counts, and figures that are worked out from nothing else.

A count under ten is hidden, and so is a group smaller than the policy's floor; every other count of the list that ships is told to
the nearest five, and of another list it is that and by how many more or fewer, to the nearest five. (Were each rounded alone, one
child more could be told as five.) Everyone else is what the told counts leave, so that telling them tells no more. An interval is that of the told counts where
the exact one is Newcombe and Wilson's; the bootstrap's ends are told as distances from the value, to half a point.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairness.intervals import Z95, Comparison, FamilyBootstrap, Share, newcombe_wilson
from models.small_numbers import FEWEST, nearest
from training.mitigation.cells import Listed

Floats = NDArray[np.float64]
Told = dict[str, float | None]
# A distance from a value, in shares.
_HALF_POINT = 0.005


@dataclass(frozen=True, slots=True)
class Counts:
    """What is told of how many children there are, and what a list does with them; None where it is hidden."""

    n: int
    found: int | None
    missed: int | None
    needless: int | None

    @property
    def recall(self) -> float | None:
        """Return the share found of those with the outcome."""
        return None if self.found is None or self.missed is None else self.found / (self.found + self.missed)

    @property
    def ppv(self) -> float | None:
        """Return the share with the outcome of those listed."""
        return None if self.found is None or self.needless is None else self.found / (self.found + self.needless)

    @property
    def of_100(self) -> Told:
        """Return how many of 100 children are listed, found, missed and listed needlessly, to a tenth."""
        listed = None if self.found is None or self.needless is None else self.found + self.needless
        parts = {"flagged": listed, "found": self.found, "missed": self.missed, "needless": self.needless}
        return {name: None if count is None else round(100 * count / self.n, 1) for name, count in parts.items()}

    def without(self, some: "Counts", exact: Sequence[int]) -> "Counts":
        """Return what the told counts leave of everyone but some, whose `exact` counts are found, missed and needless."""
        left = (
            _left(*counts)
            for counts in zip(
                (self.found, self.missed, self.needless), (some.found, some.missed, some.needless), exact, strict=True
            )
        )
        return Counts(self.n - some.n, *left)


def counts(listed: Listed, shipped: Listed, side: int) -> Counts:
    """Return what is told of everyone (side 0) or of a group at a list; how many a group is of is not hidden here."""
    told = (_cell(int(now[side]), int(before[side])) for now, before in zip(listed.cells, shipped.cells, strict=True))
    return Counts(nearest(int(listed.n[side])), *told)


def everyone_else(listed: Listed, shipped: Listed, side: int) -> Counts:
    """Return what is told of everyone but a group."""
    exact = [int(each[0] - each[side]) for each in listed.cells]
    return counts(listed, shipped, 0).without(counts(listed, shipped, side), exact)


def figure(told: float | None, exact: float, drawn: Floats) -> Told | None:
    """Return a told value with the ends of the bootstrap's interval as far from it as they are from the exact one."""
    known = drawn[~np.isnan(drawn)]
    if told is None or not len(known):
        return None
    low, high = (_to_half_a_point(float(end) - exact) for end in np.percentile(known, [2.5, 97.5]))
    return _told(told, told + low, told + high)


def gap(compared: Comparison, group: Counts, rest: Counts) -> Told | None:
    """Return the gap of two recalls as told, with its interval; None where either is hidden."""
    if group.recall is None or rest.recall is None or compared.gap is None:
        return None
    value = group.recall - rest.recall
    if isinstance(compared.gap, FamilyBootstrap):
        return figure(value, compared.gap.value, compared.gap.drawn)
    shares = (_share(compared.group, group), _share(compared.rest, rest))
    return _told(value, *newcombe_wilson(*shares, Z95))


def minus(first: float | None, second: float | None) -> float | None:
    """Return the difference of two told values; None where either is hidden."""
    return None if first is None or second is None else first - second


def _cell(now: int, before: int) -> int | None:
    if now < FEWEST:
        return None
    return nearest(now) if before < FEWEST else max(FEWEST, nearest(before) + nearest(now - before))


def _left(everyone: int | None, some: int | None, exact: int) -> int | None:
    if everyone is None or some is None or exact < FEWEST or everyone - some < FEWEST:
        return None
    return everyone - some


def _share(exact: Share, told: Counts) -> Share:
    """Return a share of told counts that are worth as many fewer children, to a tenth, as the exact ones are."""
    found, missed = told.found or 0, told.missed or 0
    effect = round(exact.n / exact.effective_n, 1)
    return Share(found + missed, found, exact.families, (found + missed) / effect)


def _to_half_a_point(distance: float) -> float:
    return _HALF_POINT * round(distance / _HALF_POINT)


def _told(value: float, low: float, high: float) -> Told:
    """Return shares to three places; adding 0.0 makes of a minus zero what it is."""
    return {name: round(each, 3) + 0.0 for name, each in (("value", value), ("low", low), ("high", high))}
