"""
Judges one segment in children who had no part in finding it: whether more than chance was left unforeseen of them too.

Where a score is too low for everyone, every segment has an excess. So each segment is held against what is foreseen once
everyone's log-odds are raised until, of all, as many are foreseen as happened; they are never lowered.

A score learned from some thousands of children is off by a point or two of 100 in many a broad group, which with enough
children audited is no chance. So an excess is confirmed only where it is more than TRIVIAL: against 0, with nothing planted in
audits of 25,600 invented children, one search in six confirmed such a group.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from fairness.intervals import share_of

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
# An excess of so much is not looked for: two children of 100.
TRIVIAL = 0.02
# Further than this no log-odds is raised: every child's chance is then above .9 whatever it was (they are bounded to ±12).
_HIGHEST = 15.0
# No child's chance is put above this, that all have some of either.
_CERTAIN = 1 - 1e-6
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Judged:
    """
    A segment in the confirming half: its children and events, and how many events were foreseen.

    `expected` is what is foreseen once everyone's log-odds are raised; `design_effect` how many times as much the share of
    events varies as that of children without families; `p` the one-sided chance of as many events or more, were TRIVIAL the excess.
    `all_n`, `all_events` and `all_foreseen` are of everyone in that half.
    """

    n: int
    events: int
    foreseen: float
    expected: float
    design_effect: float
    p: float
    all_n: int
    all_events: int
    all_foreseen: float


def judged(half: Flags, segment: Flags, families: Integers, observed: Integers, foreseen: Floats) -> Judged:
    """Judge a segment in one half, all (rows,) of both; `families` are numbered. The segment has a child in that half."""
    raised = raised_to_observed(foreseen[half], observed[half])
    own = segment[half]
    y, p = observed[half][own], raised[own]
    n, events, expected = len(y), int(y.sum()), float(p.sum())
    effect = _design_effect(families[half][own], y)
    return Judged(
        n,
        events,
        float(foreseen[half][own].sum()),
        expected,
        effect,
        _chance_of(events, np.minimum(p + TRIVIAL, _CERTAIN), effect),
        int(half.sum()),
        int(observed[half].sum()),
        float(foreseen[half].sum()),
    )


def raised_to_observed(foreseen: Floats, observed: Integers) -> Floats:
    """Return the probabilities with all log-odds raised alike, until as many are foreseen as happened; as they are, if as many are."""
    odds = foreseen / (1 - foreseen)
    happened = float(observed.sum())
    low, high = 0.0, _HIGHEST
    if foreseen.sum() >= happened:
        return foreseen
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (middle, high) if _raised(odds, middle).sum() < happened else (low, middle)
    return _raised(odds, low)


def _raised(odds: Floats, by: float) -> Floats:
    more = odds * math.exp(by)
    return more / (1 + more)


def _design_effect(families: Integers, observed: Integers) -> float:
    _, family = np.unique(families, return_inverse=True)
    n, hits = np.bincount(family), np.bincount(family[observed == 1], minlength=int(family.max()) + 1)
    share = share_of(n, hits)
    return float(share.n / share.effective_n)


def _chance_of(events: int, expected: Floats, effect: float) -> float:
    """
    Return the one-sided chance of so many events or more among children of these probabilities.

    The normal distribution's, with Edgeworth's term for skewness: of a rare outcome a large excess is likelier than the
    normal distribution says.
    """
    spread = expected * (1 - expected)
    variance = float(spread.sum())
    skewness = float((spread * (1 - 2 * expected)).sum()) / (variance * math.sqrt(variance))
    z = (events - float(expected.sum())) / math.sqrt(variance * effect)
    return min(1.0, max(0.0, _NORMAL.cdf(-z) + _NORMAL.pdf(z) * skewness / 6 * (z * z - 1)))
