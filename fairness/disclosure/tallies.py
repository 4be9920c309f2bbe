"""
One landmark and outcome's counts as one table, with every equation between them that a reader can know of.

A line is a group of an attribute, a pool, an intersection, everyone (the first line), or the largest group of an attribute
together with its hidden ones. Lines add up to lines; that holds of every tally, at every list.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fairness.audited import Grouped, HeadAudit
from fairness.cell import cell
from fairness.disclosure.hiding import hiding
from fairness.policy.policy import Policy
from models.small_numbers import FEWEST

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
# For each finer attribute and coarser one, the group of the coarser that holds all children of each group of the finer.
Nested = Mapping[tuple[str, str], Mapping[str, str]]
Sum = tuple[int, tuple[int, ...]]
EVERYONE = 0


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """
    The lines of one Grouped, from `start`.

    `hidden` (groups,) are those of whom nothing is told, `hidden_in` the place of the one that they are counted with (attributes
    alone), `line` (groups,) the line that is told of each.
    """

    grouped: Grouped
    start: int
    hidden: tuple[bool, ...]
    hidden_in: int | None
    line: tuple[int, ...]

    @property
    def lines(self) -> range:
        """The lines of its groups, each alone."""
        return range(self.start, self.start + len(self.grouped.groups))

    @property
    def places(self) -> dict[str, int]:
        """The line of each group alone, by name."""
        return dict(zip(self.grouped.groups, self.lines, strict=True))

    @property
    def together(self) -> tuple[str, ...]:
        """The largest group and the hidden ones, which are told as one; none where nobody is counted with another."""
        if self.hidden_in is None:
            return ()
        each = enumerate(zip(self.grouped.groups, self.hidden, strict=True))
        return tuple(group for place, (group, hidden) in each if hidden or place == self.hidden_in)


@dataclass(frozen=True, slots=True, eq=False)
class Tallies:
    """Counts of every line: `n` and `events` (lines,), `flagged` and `found` (lines, lists); `sums` are whole and parts."""

    blocks: tuple[Block, ...]
    n: Floats
    events: Floats
    foreseen: Floats
    flagged: Floats
    found: Floats
    hidden: Flags
    sums: tuple[Sum, ...]


def tallies(head: HeadAudit, policy: Policy, nested: Nested) -> Tallies:
    """Return the counts of a landmark and outcome, and the equations between its lines."""
    blocks: list[Block] = []
    merged: list[Sum] = []
    start, beyond = 1, 1 + sum(len(each.groups) for each in head.grouped)
    for grouped in head.grouped:
        block, wholes = _block(grouped, start, beyond + len(merged), {each.grouped.name: each for each in blocks})
        blocks.append(block)
        merged.extend(wholes)
        start += len(grouped.groups)

    def lines(name: str) -> Floats:
        each = np.concatenate([getattr(grouped, name) for grouped in (head.everyone, *head.grouped)])
        return np.concatenate([each, *(each[list(parts)].sum(axis=0, keepdims=True) for _, parts in merged)])

    hidden = np.concatenate([[False], *(block.hidden for block in blocks), [False] * len(merged)]).astype(np.bool_)
    counts = {name: lines(name) for name in ("n", "events", "foreseen", "flagged", "found")}
    return Tallies(tuple(blocks), **counts, hidden=hidden, sums=(*merged, *_sums(blocks, policy, nested)))


def _block(grouped: Grouped, start: int, beyond: int, known: Mapping[str, Block]) -> tuple[Block, list[Sum]]:
    """Return a Grouped's block, and of which lines each line is made that stands for more than one group."""
    sizes, lines = grouped.n.tolist(), list(range(start, start + len(grouped.groups)))
    hidden, place = hiding(sizes) if grouped.kind == "attribute" else ([0 < n < FEWEST for n in sizes], None)
    block = Block(grouped, start, tuple(hidden), place, tuple(lines))
    made = []
    if place is not None:
        made.append((place, [block.places[group] for group in block.together]))
    elif grouped.kind == "intersection":
        made.extend(_crossed(block, *(known[name] for name in grouped.name.split(" × "))))
    for i, (at, _) in enumerate(made):
        lines[at] = beyond + i
    wholes = [(lines[at], tuple(parts)) for at, parts in made]
    return replace(block, line=tuple(lines)), wholes


def _crossed(cells: Block, first: Block, second: Block) -> Iterator[tuple[int, list[int]]]:
    """Yield each cell of a group that hidden ones are counted with, and the cells that are told with it: theirs as well."""
    places = cells.places
    for x in first.grouped.groups:
        for y in second.grouped.groups:
            with_x, with_y = (b.together if g in b.together else (g,) for b, g in ((first, x), (second, y)))
            also = [places[cell(a, b)] for a in with_x for b in with_y if cell(a, b) in places]
            if _leads(first, x) and _leads(second, y) and len(also) > 1 and cell(x, y) in places:
                yield places[cell(x, y)] - cells.start, also


def _leads(block: Block, group: str) -> bool:
    return group not in block.together or block.grouped.groups[block.hidden_in or 0] == group


def _sums(blocks: Sequence[Block], policy: Policy, nested: Nested) -> Iterator[Sum]:
    attributes = {block.grouped.name: block for block in blocks if block.grouped.kind == "attribute"}
    for block in blocks:
        if block.grouped.kind != "pooled":
            yield EVERYONE, tuple(block.lines)
        if block.hidden_in is not None:
            yield EVERYONE, tuple(line for line, hidden in zip(block.line, block.hidden, strict=True) if not hidden)
        if block.grouped.kind == "pooled":
            yield from _pools(block, attributes[block.grouped.name], policy)
    for both in policy.intersections:
        yield from _margins(blocks, attributes, both.attributes)
    for (finer, coarser), within in nested.items():
        if finer in attributes and coarser in attributes:
            yield from _within(attributes[finer], attributes[coarser], within)


def _pools(block: Block, attribute: Block, policy: Policy) -> Iterator[Sum]:
    pools, places = policy.of(attribute.grouped.name).pools, attribute.places
    for pool, line in zip(block.grouped.groups, block.lines, strict=True):
        yield line, tuple(places[group] for group in pools[pool] if group in places)


def _margins(blocks: Sequence[Block], attributes: Mapping[str, Block], names: tuple[str, str]) -> Iterator[Sum]:
    """Yield that the groups of either attribute are made of their intersections with the other's."""
    cells = next((b for b in blocks if b.grouped.kind == "intersection" and b.grouped.name == " × ".join(names)), None)
    if cells is None:
        return
    places, (first, second) = cells.places, (attributes[name].places for name in names)
    for x, line in first.items():
        yield line, tuple(places[cell(x, y)] for y in second if cell(x, y) in places)
    for y, line in second.items():
        yield line, tuple(places[cell(x, y)] for x in first if cell(x, y) in places)


def _within(finer: Block, coarser: Block, within: Mapping[str, str]) -> Iterator[Sum]:
    places = finer.places
    for group, line in coarser.places.items():
        yield line, tuple(places[part] for part, whole in within.items() if whole == group and part in places)
