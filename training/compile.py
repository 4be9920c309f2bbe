"""
Compiles a glass box into terms: leaves to tables, tables purified, the whole centred on the training children.

The compiled sum equals the booster's raw score on every row and every threshold; the one declared departure is a
feature that was never missing in training, of whose *not known* nothing was learned: it gets 0, the average.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from models.terms import Input, PairTerm, StepTerm
from training.trees import Leaf, Side, leaves_of

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Compiled:
    """An intercept and terms, on the uncalibrated log-odds."""

    intercept: float
    terms: list[StepTerm | PairTerm]


@dataclass(slots=True)
class _Table:
    """A step function of one or two features: its edges along each, and its values (last cell: not known)."""

    features: tuple[int, ...]
    edges: tuple[list[float], ...]
    values: Floats


def compile_booster(booster: lgb.Booster, x: Floats, inputs: list[Input]) -> Compiled:
    """Compile a booster that was fitted on the rows `x` (children, features) of these inputs."""
    tables = _tabulate(list(leaves_of(booster)))
    intercept = float(tables.pop((), _Table((), (), np.zeros(()))).values)
    cells = _Cells(x, [given.learned_not_known for given in inputs], tables.values())
    singles = {key[0]: table for key, table in tables.items() if len(key) == 1}
    pairs = [table for key, table in sorted(tables.items()) if len(key) == 2]
    for pair in pairs:
        intercept += _purify(pair, singles, cells)
    terms: list[StepTerm | PairTerm] = []
    for table in [*(singles[feature] for feature in sorted(singles)), *pairs]:
        n = cells.counts(table.features, table.edges)
        intercept += _centred(table, n, cells)
        terms.append(_term(table, n, inputs))
    return Compiled(intercept, terms)


def _tabulate(leaves: list[Leaf]) -> dict[tuple[int, ...], _Table]:
    """Add the leaves up into one table for each set of features that some path crosses."""
    by_features: dict[tuple[int, ...], list[Leaf]] = defaultdict(list)
    for leaf in leaves:
        by_features[tuple(sorted(leaf.sides))].append(leaf)
    return {features: _table(features, group) for features, group in by_features.items()}


def _table(features: tuple[int, ...], leaves: list[Leaf]) -> _Table:
    edges = tuple(_edges([leaf.sides[feature] for leaf in leaves]) for feature in features)
    values = np.zeros([len(e) + 2 for e in edges])
    for leaf in leaves:
        masks = [_mask(leaf.sides[f], e) for f, e in zip(features, edges, strict=True)]
        if masks:
            values[np.ix_(*masks)] += leaf.value
        else:
            values += leaf.value
    return _Table(features, edges, values)


def _edges(sides: list[Side]) -> list[float]:
    return sorted({edge for side in sides for edge in (side.low, side.high) if np.isfinite(edge)})


def _mask(side: Side, edges: list[float]) -> NDArray[np.bool_]:
    mask = np.zeros(len(edges) + 2, dtype=bool)
    first = 0 if side.low == -np.inf else bisect_left(edges, side.low) + 1
    last = bisect_left(edges, side.high)
    mask[first : last + 1] = True
    mask[-1] = side.not_known
    return mask


class _Cells:
    """
    Counts the training rows in cells. Each feature's rows are sorted into its finest cells once; all else adds those up.

    The finest edges are those of every table of the booster: moving effects between tables makes no new ones.
    """

    def __init__(self, x: Floats, learned_not_known: list[bool], tables: Iterable[_Table]) -> None:
        self._x = x
        self.learned_not_known = learned_not_known
        finest: dict[int, set[float]] = defaultdict(set)
        for table in tables:
            for feature, edges in zip(table.features, table.edges, strict=True):
                finest[feature].update(edges)
        self._edges = {feature: sorted(edges) for feature, edges in finest.items()}
        self._rows: dict[int, NDArray[np.int32]] = {}

    def counts(self, features: tuple[int, ...], edges: tuple[list[float], ...]) -> Counts:
        """Return how many training rows are in each cell of a table, in its shape."""
        rows = [self._of(feature) for feature in features]
        shape = tuple(len(self._edges[feature]) + 2 for feature in features)
        flat = rows[0] if len(rows) == 1 else rows[0] * shape[1] + rows[1]
        fine = np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape)
        for axis, (feature, coarse) in enumerate(zip(features, edges, strict=True)):
            fine = _added_up(fine, axis, self._coarser(feature, coarse), len(coarse) + 2)
        return np.asarray(fine)

    def weights(self, feature: int, edges: list[float]) -> Floats:
        """Return the marginal training weight of each cell: one is added on empty cells, so that none is free."""
        counts = self.counts((feature,), (edges,)).astype(float)
        counts[counts == 0] = 1.0
        if not self.learned_not_known[feature]:
            counts[-1] = 0.0
        return np.asarray(counts / counts.sum())

    def _of(self, feature: int) -> NDArray[np.int32]:
        """Return each training row's finest cell."""
        if feature not in self._rows:
            edges, column = self._edges[feature], self._x[:, feature]
            # NaN sorts after every number: beyond the last edge, where it is then told apart.
            cells = np.searchsorted(edges, column, side="left").astype(np.int32)
            cells[np.isnan(column)] = len(edges) + 1
            self._rows[feature] = cells
        return self._rows[feature]

    def _coarser(self, feature: int, edges: list[float]) -> Counts:
        """Return, for each finest cell, the cell of these edges that it lies in."""
        finest = self._edges[feature]
        return np.array([*(bisect_left(edges, edge) for edge in finest), len(edges), len(edges) + 1])


def _added_up(counts: Counts, axis: int, into: Counts, size: int) -> Counts:
    """Add the cells along an axis up into coarser ones."""
    added = np.zeros((size, *np.delete(counts.shape, axis)), dtype=counts.dtype)
    np.add.at(added, into, np.moveaxis(counts, axis, 0))
    return np.asarray(np.moveaxis(added, 0, axis))


def _purify(pair: _Table, singles: dict[int, _Table], cells: _Cells) -> float:
    """
    Move what a pair says of either feature alone to that feature, under the product of marginal weights.

    (Joint weights can break a monotone main effect; the product cannot.) Returns what goes to the intercept.
    """
    first, second = (cells.weights(f, e) for f, e in zip(pair.features, pair.edges, strict=True))
    by_first, by_second = pair.values @ second, first @ pair.values
    mean = float(first @ by_first)
    pair.values = pair.values - by_first[:, None] - by_second[None, :] + mean
    for axis, effect in enumerate((by_first, by_second)):
        feature, edges = pair.features[axis], pair.edges[axis]
        _add(singles, feature, edges, effect - mean)
    return mean


def _add(singles: dict[int, _Table], feature: int, edges: list[float], values: Floats) -> None:
    """Add a step function to the feature's own, on the union of their edges."""
    own = singles.setdefault(feature, _Table((feature,), ([],), np.zeros(2)))
    union = sorted({*own.edges[0], *edges})
    own.values = _on(union, own.edges[0], own.values) + _on(union, edges, values)
    own.edges = (union,)


def _on(union: list[float], edges: list[float], values: Floats) -> Floats:
    cells = [bisect_left(edges, edge) for edge in union] + [len(edges), len(edges) + 1]
    return np.asarray(values[cells])


def _centred(table: _Table, n: Counts, cells: _Cells) -> float:
    """Take the training mean out of a table, leaving 0 where nothing was learned; returns the mean."""
    mean = float((table.values * n).sum() / n.sum())
    table.values = table.values - mean
    for axis, feature in enumerate(table.features):
        if not cells.learned_not_known[feature]:
            table.values[(slice(None),) * axis + (-1,)] = 0.0
    return mean


def _term(table: _Table, n: Counts, inputs: list[Input]) -> StepTerm | PairTerm:
    names = tuple(inputs[feature].feature for feature in table.features)
    edges = tuple(tuple(e) for e in table.edges)
    if len(names) == 1:
        return StepTerm(feature=names[0], edges=edges[0], values=tuple(map(float, table.values)), n=tuple(map(int, n)))
    return PairTerm(
        features=(names[0], names[1]),
        edges=(edges[0], edges[1]),
        values=tuple(tuple(line.tolist()) for line in table.values),
        n=tuple(tuple(line.tolist()) for line in n),
    )
