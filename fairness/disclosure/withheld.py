"""
How finely each count is told: as finely as leaves every small count at least three numbers that it could be.

Complementary suppression by trying: what is told is taken apart as a reader would (`recovered`), and where a count of one to
nine comes out, less is told and it is tried again. What gives way follows from the counts alone, so that a table told twice is
told alike: first the largest group is told as what the others leave of everyone (which says nothing that was not told), then the
line itself coarsely, then not at all, then the smallest of the others with it. What remains possible: that a count was withheld
says that one would have come out.
"""

import math

import numpy as np
from numpy.typing import NDArray

from fairness.disclosure.recovered import STANDING, Bounds, Equations, every_tally
from fairness.disclosure.tallies import EVERYONE, Tallies
from fairness.disclosure.telling import EVENTS, FINE, NOT_TOLD, SIZE, Telling

Floats = NDArray[np.float64]
_ROUNDS = 60
# Of whose count a standing tally is; of those without the outcome, how many have it is the less that one needs to tell.
_COLUMNS = dict(zip(STANDING, (SIZE, EVENTS, EVENTS), strict=True))


def telling(of: Tallies) -> Telling:
    """Return how each line may be told."""
    how = Telling(of)
    exact = every_tally(of.n, of.events, of.flagged, of.found)
    single = np.array([line for block in of.blocks for line in block.lines], dtype=np.int64)
    equations = Equations.of(of.sums, len(of.n))
    for _ in range(_ROUNDS):
        bounds = how.bounds()
        bounds.narrow(equations)
        pinned = _pinned(bounds, exact, single)
        if not pinned:
            return how
        if not [place for place in pinned if _tell_less(how, bounds, *place)]:
            break
    # Nothing is left to try one by one: of every group nothing is told.
    for line in range(EVERYONE + 1, len(of.n)):
        how.withhold(line, SIZE)
    return how


def _pinned(bounds: Bounds, exact: Floats, single: NDArray[np.int64]) -> list[tuple[int, int, int, int]]:
    """Return line, column, tally and list of each count that comes out, of each line and column the first."""
    places = zip(*(each.tolist() for each in np.nonzero(bounds.pinned(exact, single))), strict=True)
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for tally, line, at in places:
        found.setdefault((line, _COLUMNS.get(tally, at)), (tally, at))
    return sorted((*where, *what) for where, what in found.items())


def _tell_less(how: Telling, bounds: Bounds, line: int, column: int, tally: int, at: int) -> bool:
    """Tell a little less of a line's count; whether there was less to tell."""
    block = next(block for block in how.tallies.blocks if line in block.lines)
    own, size = block.line[line - block.start], how.tallies.n
    if how.level[own, column] == NOT_TOLD or how.left[own, column]:
        return _withhold_beside(how, (bounds.high - bounds.low)[tally, :, at], line, column)
    told = [each for each in how.shown(block) if how.level[each, column] < NOT_TOLD]
    largest = max(told, key=lambda each: (size[each], -each))
    if largest != own and how.leave(block, largest, column):
        return True
    if column == SIZE or how.level[own, column] > FINE:
        how.withhold(own, column)
    else:
        how.level[own, column] += 1
    return True


def _withhold_beside(how: Telling, width: Floats, line: int, column: int) -> bool:
    """Withhold the smallest line told in the tightest equation of a line of which nothing is told; else its neighbouring lists."""
    own = _told_lines(how.tallies)
    of = [{whole, *parts} for whole, parts in how.tallies.sums if line == whole or line in parts]
    for members in sorted(of, key=lambda each: _tightness(width, each - {line})):
        told = {own[each] for each in members - {line, EVERYONE}}
        if gives := [each for each in told if how.level[each, column] < NOT_TOLD and not how.left[each, column]]:
            how.withhold(min(gives, key=lambda each: (how.tallies.n[each], each)), column)
            return True
    lists = how.tallies.flagged.shape[1]
    beside = [near for near in (column + 1, column - 1) if column >= 0 and 0 <= near < lists]
    for near in beside:
        if how.level[own[line], near] < NOT_TOLD:
            how.withhold(own[line], near)
            return True
    return False


def _tightness(width: Floats, members: set[int]) -> tuple[float, list[int]]:
    # Rounded, and summed without regard to order: which of two like equations gives way is the same everywhere.
    return round(math.fsum(width[sorted(members)]), 6), sorted(members)


def _told_lines(of: Tallies) -> dict[int, int]:
    """Return for each line the one told of it: for a group alone, perhaps one of which hidden groups are part."""
    alone = {line: told for block in of.blocks for line, told in zip(block.lines, block.line, strict=True)}
    return {line: alone.get(line, line) for line in range(len(of.n))}
