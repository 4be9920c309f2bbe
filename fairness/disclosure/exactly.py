"""
Which shares are told exactly, to a whole point, and not by counts to the nearest five: a gap of rounded counts is many points off.

A share is told so where hits and misses are ten or more, in the group and in everyone else. Whoever reads it at several lists
can work its counts out, so its reader is taken to know them; that lets nothing out of the interval either. Two lists of one group
between which fewer than ten came are not both told so: first come lists of a fifth, a tenth and so on. Where a small count comes
out by all equations together, less is told: what tells it itself, then what it is added up with, the largest first. Pools and intersections are not told so.
"""

import itertools
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from fairness.disclosure.recovered import FLAGGED, FOUND, NEEDLESS, PARTS, Equations, every_tally
from fairness.disclosure.tallies import EVERYONE
from fairness.disclosure.telling import EVENTS, NOT_TOLD, SIZE, Telling
from models.small_numbers import FEWEST

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
# Lengths of a list that come first, in this order.
_FIRST = (0.2, 0.1, 0.05, 0.3, 0.5)
# Of PARTS, which give way before which: last recall and the share of those on the list who had the outcome.
_TWO = 2
Gives = tuple[slice, ...]
_GIVES: Gives = (slice(0, 1), slice(4, 5), slice(2, 3), slice(3, 4), slice(1, 2))
# So often one share gives way at a time, then all of a group's at once.
_PATIENCE = 4


def tell_exactly(how: Telling) -> None:
    """Settle which shares are told exactly (`how.exact`), by how counts are told."""
    of = how.tallies
    exact = every_tally(of.n, of.events, of.flagged, of.found)
    could = _could(how, exact)
    how.exact = could & _apart(exact, np.asarray(could.any(axis=0)))
    how.exact[:, EVERYONE] = could[:, EVERYONE]
    _say_once(how)
    single = np.array([line for block in of.blocks for line in block.lines], dtype=np.int64)
    equations, beside = Equations.of(of.sums, len(of.n)), _beside(how)
    for gives in itertools.chain((_GIVES,) * _PATIENCE, itertools.repeat((slice(None),))):
        if not (out := np.argwhere(how.bounds().out(equations, exact, single).any(axis=0)).tolist()):
            return
        before = how.exact.copy()
        for line, at in out:
            _give_way(how, before, beside[line], line, at, gives)
        if (before == how.exact).all():
            return


def _could(how: Telling, exact: Floats) -> Flags:
    """Return (shares, lines, lists): where counts are told, and all cells are ten or more."""
    rest = exact[:, [EVERYONE]] - exact
    cells = np.minimum(exact, rest)
    cells[:, EVERYONE] = exact[:, EVERYONE]
    known = (how.level < NOT_TOLD) & ~how.left
    told = known[:, :EVENTS] & known[:, [EVENTS]] & known[:, [SIZE]]
    # Where groups overlap, or several are told as one, differences of exact sums let out more than bounds see.
    alone = [line for b in how.tallies.blocks if b.grouped.kind == "attribute" for line in b.line if line in b.lines]
    told &= np.isin(np.arange(len(told)), [EVERYONE, *alone])[:, None]
    # Of such a list nothing is told of everyone either.
    told &= np.minimum(exact[FOUND, EVERYONE], exact[NEEDLESS, EVERYONE]) >= FEWEST
    return np.stack([told & (cells[[hits, misses]].min(axis=0) >= FEWEST) for hits, misses, _ in PARTS.values()])


def _apart(exact: Floats, wanted: Flags) -> Flags:
    """Return (lines, lists): lists between which nobody came, or ten or more, of the group and of everyone else."""
    came = exact[[FLAGGED, FOUND, NEEDLESS]]
    came = np.concatenate([came, came[:, [EVERYONE]] - came])
    length = exact[FLAGGED, EVERYONE] / exact[:, EVERYONE].max()
    first = dict.fromkeys([int(np.abs(length - each).argmin()) for each in _FIRST])
    stands = np.zeros_like(wanted)
    for at in (*first, *(each for each in range(len(length)) if each not in first)):
        more = np.abs(came - came[:, :, [at]])
        clear = ((more == 0) | (more >= FEWEST)).all(axis=0)
        stands[:, at] = wanted[:, at] & (clear | ~stands).all(axis=1)
    return stands


def _say_once(how: Telling) -> None:
    """At lists where nothing is told exactly of two groups, tell the larger as what the other leaves: rounded twice, it says more."""
    for block in how.tallies.blocks:
        lines = how.shown(block)
        if len(lines) == _TWO:
            larger = max(lines, key=lambda line: (how.tallies.n[line], -line))
            for at in np.flatnonzero(~how.exact[:, lines].any(axis=(0, 1))).tolist():
                how.leave(block, larger, at)


def _beside(how: Telling) -> list[list[int]]:
    """Return for each line those that it is added up with."""
    of = how.tallies
    found: list[set[int]] = [set() for _ in of.n]
    for whole, parts in of.sums:
        for line in (whole, *parts):
            found[line] |= {whole, *parts} - {line, EVERYONE}
    ordered = _order(how)
    return [[line for line in ordered if line in each] for each in found]


def _order(how: Telling) -> list[int]:
    """Return all lines but everyone, largest first."""
    of = how.tallies
    return sorted(range(EVERYONE + 1, len(of.n)), key=lambda line: (-of.n[line], line))


def _give_way(how: Telling, before: Flags, beside: list[int], line: int, at: int, gives: Gives) -> None:
    """Tell less exactly what is nearest to a count that comes out, if that has not given way already since `before`."""
    for lines, lists in _nearest(how, beside, line, at):
        if (before[:, lines, lists] & ~how.exact[:, lines, lists]).any():
            return
        for shares in gives:
            if some := [each for each in lines if before[shares, each, lists].any()]:
                how.exact[shares, some[0], lists] = False
                return


def _nearest(how: Telling, beside: list[int], line: int, at: int) -> Iterator[tuple[list[int], slice]]:
    """Yield lines and lists from near to far."""
    every = how.exact.shape[2]
    here, about, throughout = slice(at, at + 1), slice(max(0, at - 1), min(every, at + 2)), slice(0, every)
    for lists in (here, about, throughout):
        yield from (([line], lists), (beside, lists))
    yield from ((_order(how), lists) for lists in (here, throughout))
