"""
A compiled glass box is the booster it was compiled from: the same score on every row and on every threshold.

Seeded designs hold what has tripped such compilers: columns never missing and often missing, ties, values next to zero,
monotone constraints, and pairs whose *not known* goes either way.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import lightgbm as lgb
import numpy as np
import pytest
from numpy.typing import NDArray

from models.estimator import Estimator
from models.terms import EstimatorSpec, Input, PairTerm, StepTerm
from training.compile import Compiled, compile_booster
from training.glass_box import fit_glass_box
from training.plan_parts import GlassBox

Floats = NDArray[np.float64]
SEEDS = range(20)
TINY = 1e-35
DIRECTIONS = (1, 1, -1, 0, 0, 1, 0)
PLAN = GlassBox(trees=60, learning_rate=0.1, pairs=6)


@dataclass(frozen=True)
class Design:
    """A booster, the rows it learned from and others that it did not, and what it was compiled into."""

    booster: lgb.Booster
    x: Floats
    held_out: Floats
    compiled: Compiled
    estimator: Estimator
    inputs: list[Input]


def _columns(rng: np.random.Generator, n: int) -> Floats:
    """Seven features: continuous, next to zero, tied, flags, money, counts, large; three are often not known."""
    tiny = rng.choice([-1.0, -1e-34, -TINY, -5e-36, -0.0, 0.0, 5e-36, TINY, 1.0000000180025095e-35, 1e-34, 1.0], n)
    columns = [
        rng.normal(size=n),
        tiny,
        rng.integers(0, 5, n).astype(float),
        rng.integers(0, 2, n).astype(float),
        rng.integers(-300, 300, n) / 100,
        rng.integers(0, 12, n).astype(float),
        rng.normal(size=n) * 1e6,
    ]
    x = np.column_stack(columns)
    for column, share in ((2, 0.4), (4, 0.2), (6, 0.05)):
        x[rng.random(n) < share, column] = np.nan
    return x


def _outcomes(rng: np.random.Generator, x: Floats) -> Floats:
    known = np.where(np.isnan(x), 0.0, x)
    log_odds = (
        known[:, 0]
        - known[:, 2] / 2
        + 2 * np.sign(known[:, 1])
        + np.isnan(x[:, 2]) * (known[:, 3] + np.isnan(x[:, 4])) * 2
    )
    log_odds += np.isnan(x[:, 4]) * (known[:, 0] > 0) + np.sign(known[:, 6]) * known[:, 3] - np.isnan(x[:, 6]) * 2
    return np.asarray(rng.random(len(x)) < 1 / (1 + np.exp(-log_odds)), dtype=np.float64)


def _inputs(x: Floats) -> list[Input]:
    unknown = np.isnan(x).sum(axis=0).tolist()
    return [
        Input(feature=f"f{i}", low=0.0, high=0.0, typical=0.0, n_known=len(x) - missing, n_not_known=missing)
        for i, missing in enumerate(unknown)
    ]


def _design(seed: int, directions: Sequence[int] = DIRECTIONS) -> Design:
    rng = np.random.default_rng(seed)
    x, held_out = _columns(rng, 600), _columns(rng, 300)
    booster = fit_glass_box(x, _outcomes(rng, x), directions, PLAN, seed)
    inputs = _inputs(x)
    compiled = compile_booster(booster, x, inputs)
    spec = EstimatorSpec(
        landmark="at",
        outcome="outcome",
        kind="glass box",
        intercept=compiled.intercept,
        inputs=tuple(inputs),
        terms=tuple(compiled.terms),
    )
    return Design(booster, x, held_out, compiled, Estimator(spec), inputs)


@pytest.fixture(scope="module", params=SEEDS)
def design(request: pytest.FixtureRequest) -> Design:
    """One of twenty seeded designs."""
    return _design(request.param)


def _far_apart(design: Design, rows: Floats) -> float:
    raw = np.asarray(design.booster.predict(rows, raw_score=True))
    free = _unbounded(design, rows)
    return float(np.abs(free - raw).max())


def _unbounded(design: Design, rows: Floats) -> Floats:
    """The compiled score before it is bounded to plus or minus 12."""
    log_odds, _, contributions = design.estimator.score_matrix(rows)
    return np.asarray(log_odds - contributions[:, -1])


def _edges(design: Design, feature: int) -> list[float]:
    """Every edge of a feature, in whichever term."""
    name, found = f"f{feature}", set[float]()
    for term in design.compiled.terms:
        for own, edges in zip(term.features, (term.edges,) if isinstance(term, StepTerm) else term.edges, strict=True):
            if own == name:
                found.update(edges)
    return sorted(found)


def _thresholds(design: Design, feature: int) -> list[float]:
    """Every threshold of a feature, as the booster itself has it."""
    structure = [tree["tree_structure"] for tree in design.booster.dump_model()["tree_info"]]
    nodes = itertools.chain.from_iterable(_nodes(root) for root in structure)
    return sorted({node["threshold"] for node in nodes if node.get("split_feature") == feature})


def _nodes(node: dict[str, Any]) -> list[dict[str, Any]]:
    below = [node[side] for side in ("left_child", "right_child") if side in node]
    return [node, *(found for child in below for found in _nodes(child))]


def test_rows(design: Design) -> None:
    """On every row it learned from, and on rows it never saw, the compiled score is the booster's."""
    assert _far_apart(design, design.x) < 1e-12
    assert _far_apart(design, design.held_out) < 1e-12


def test_thresholds(design: Design) -> None:
    """On every threshold, on its two neighbours among floats, and at the ends of what a float holds, it is the booster's."""
    for feature in range(design.x.shape[1]):
        edges = {*_thresholds(design, feature), *_edges(design, feature)}
        near = [
            value for edge in edges for value in (edge, np.nextafter(edge, -math.inf), np.nextafter(edge, math.inf))
        ]
        ends = [TINY, -TINY, 1e-36, -1e-36, 0.0, -0.0, 5e-324, -5e-324, 1e300, -1e300]
        learned = [math.nan] if design.inputs[feature].learned_not_known else []
        for row in design.held_out[:4]:
            rows = np.tile(row, (len(near) + len(ends) + len(learned), 1))
            rows[:, feature] = [*near, *ends, *learned]
            assert _far_apart(design, rows) < 1e-12


def test_combinations_of_what_is_not_known(design: Design) -> None:
    """Whichever of the features that were missing in training are not known together, it is the booster's score."""
    learned = [i for i, given in enumerate(design.inputs) if given.learned_not_known]
    rows = design.held_out[:40]
    for some in itertools.chain.from_iterable(itertools.combinations(learned, k) for k in range(len(learned) + 1)):
        rows = rows.copy()
        rows[:, list(some)] = np.nan
        assert _far_apart(design, rows) < 1e-12


def test_never_missing_in_training(design: Design) -> None:
    """Of a feature that was never missing nothing was learned: where it is not known every term of it is exactly 0."""
    for feature, given in enumerate(design.inputs):
        rows = design.held_out.copy()
        rows[:, feature] = np.nan
        contributions = design.estimator.score_matrix(rows)[2]
        for k, term in enumerate(design.compiled.terms):
            if given.feature in term.features and not given.learned_not_known:
                assert (contributions[:, k] == 0.0).all()


def test_centred(design: Design) -> None:
    """Every term is 0 on average over the children it learned from, so that the baseline is the average child."""
    contributions = design.estimator.score_matrix(design.x)[2][:, :-1]
    assert float(np.abs(contributions.mean(axis=0)).max()) < 1e-12
    assert design.compiled.intercept == pytest.approx(float(design.booster.predict(design.x, raw_score=True).mean()))


def test_monotone_main_effects(design: Design) -> None:
    """The main effect of a feature that may only raise, or only lower, does so over all its known cells."""
    steps = {term.feature: term for term in design.compiled.terms if isinstance(term, StepTerm)}
    for feature, direction in enumerate(DIRECTIONS):
        term = steps.get(f"f{feature}")
        if term is not None and direction:
            assert (direction * np.diff(term.values[:-1]) >= -1e-12).all()


def test_monotone_scores(design: Design) -> None:
    """The score too goes only the declared way along a feature's known cells, all else held."""
    for feature, direction in enumerate(DIRECTIONS):
        edges = _edges(design, feature)
        middles = [-1e299, *(np.nextafter(edge, math.inf) for edge in edges)]
        for row in design.held_out[:10]:
            rows = np.tile(row, (len(middles), 1))
            rows[:, feature] = middles
            assert not direction or (direction * np.diff(_unbounded(design, rows)) >= -1e-12).all()


@pytest.mark.parametrize("seed", range(30))
def test_monotone_in_every_cell(seed: int) -> None:
    """
    Whatever directions are declared, the score goes no other way along a feature over any cells of all other features.

    All combinations of their cells are asked at once, *not known* among them: each pair is taken where it goes most against
    the direction, for a score is a sum, and pairs with different partners do not rest on each other.
    """
    directions = np.random.default_rng(seed).choice([-1, 0, 1, 1], len(DIRECTIONS)).tolist()
    design = _design(seed, directions)
    for feature, direction in enumerate(directions):
        steps = _main_effect(design, feature)
        if direction:
            assert (direction * np.diff(steps) >= -1e-12).all()
            against = direction * np.diff(steps)
            for table in _with_partners(design, feature):
                against += (direction * np.diff(table, axis=0)).min(axis=1)
            assert (against >= -1e-12).all()


def test_the_designs_have_pairs_that_go_against_the_direction() -> None:
    """Pair terms alone are not held to a direction, and do go against it: only the score and the main effects are."""
    against = [
        direction * np.diff(table, axis=0)
        for seed in range(5)
        for feature, direction in enumerate(DIRECTIONS)
        for table in _with_partners(_design(seed), feature)
    ]
    assert min(float(each.min()) for each in against if each.size) < -0.01


def _along(design: Design, feature: int) -> list[float]:
    """A value in each known cell of a feature, over all terms."""
    edges = _edges(design, feature)
    return [*edges, np.nextafter(edges[-1], math.inf)] if edges else [0.0]


def _main_effect(design: Design, feature: int) -> Floats:
    """What a feature's own term says in each of its known cells."""
    along = _along(design, feature)
    for term in design.compiled.terms:
        if isinstance(term, StepTerm) and term.feature == f"f{feature}":
            return np.array(term.values)[np.searchsorted(term.edges, along)]
    return np.zeros(len(along))


def _with_partners(design: Design, feature: int) -> list[Floats]:
    """What each pair of a feature says: down, in the feature's known cells; across, in all cells of its partner."""
    tables = []
    for term in design.compiled.terms:
        if isinstance(term, PairTerm) and f"f{feature}" in term.features:
            axis = term.features.index(f"f{feature}")
            table = np.array(term.values) if axis == 0 else np.array(term.values).T
            tables.append(table[np.searchsorted(term.edges[axis], _along(design, feature))])
    return tables


def test_every_cell_is_scored(design: Design) -> None:
    """Every cell of every term, *not known* and both not known among them, is a contribution that some row gets."""
    for k, term in enumerate(design.compiled.terms):
        edges = (term.edges,) if isinstance(term, StepTerm) else term.edges
        values = [[*own, np.nextafter(own[-1], math.inf) if own else 0.0, math.nan] for own in edges]
        columns = [int(name[1:]) for name in term.features]
        rows = np.full((math.prod(map(len, values)), design.x.shape[1]), math.nan)
        rows[:, columns] = list(itertools.product(*values))
        got = design.estimator.score_matrix(rows)[2][:, k]
        assert got.tolist() == np.array(term.values).ravel().tolist()
        assert np.isfinite(got).all()


def test_pairs_say_nothing_of_one_alone(design: Design) -> None:
    """Under the product of marginal weights a pair's rows and columns are level: what one feature says alone is its own."""
    for term in design.compiled.terms:
        if isinstance(term, PairTerm):
            values = np.array(term.values)
            first, second = (_weights(design, f, list(e)) for f, e in zip(term.features, term.edges, strict=True))
            assert np.ptp((values @ second)[first > 0]) < 1e-12
            assert np.ptp((first @ values)[second > 0]) < 1e-12


def _weights(design: Design, name: str, edges: list[float]) -> Floats:
    column = design.x[:, int(name[1:])]
    cells = np.where(np.isnan(column), len(edges) + 1, np.searchsorted(edges, column, side="left"))
    counts = np.maximum(np.bincount(cells, minlength=len(edges) + 2), 1).astype(float)
    counts[-1] *= design.inputs[int(name[1:])].learned_not_known
    return np.asarray(counts / counts.sum())


def test_children_in_cells(design: Design) -> None:
    """Every term counts each child it learned from in one cell."""
    assert all(np.sum(term.n) == len(design.x) for term in design.compiled.terms)


def test_each_feature_has_one_term(design: Design) -> None:
    """A feature has one main effect, and a pair of features one term at most, no more pairs than the plan allows."""
    named = [tuple(sorted(term.features)) for term in design.compiled.terms]
    assert len(named) == len(set(named))
    assert 0 < sum(len(names) == 2 for names in named) <= PLAN.pairs


def test_designs_reach_what_they_are_for() -> None:
    """The designs do hold splits on either side of zero, pairs, and *not known* that is learned in a pair."""
    designs = [_design(seed) for seed in range(6)]
    assert any(0 < abs(t) < 1e-30 for design in designs for t in _thresholds(design, 1))
    pairs = [term for design in designs for term in design.compiled.terms if isinstance(term, PairTerm)]
    assert any(line[-1] != 0.0 for term in pairs for line in term.values)
    assert any(value != 0.0 for term in pairs for value in term.values[-1])


def test_a_booster_that_learned_nothing() -> None:
    """A booster of leaves alone is an intercept and no term."""
    x = np.ones((100, 2))
    y = np.arange(100) % 4 == 0
    booster = fit_glass_box(x, y.astype(float), (0, 0), GlassBox(trees=5, pairs=0), 1)
    compiled = compile_booster(booster, x, _inputs(x))
    assert compiled.terms == []
    assert compiled.intercept == pytest.approx(math.log(0.25 / 0.75))
