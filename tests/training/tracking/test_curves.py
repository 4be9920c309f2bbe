"""The curves of what ships: lists and terms."""

import math

import pytest

from models.bands import AtCapacity, Figure
from models.bundle import load_bundle
from models.refits import Curve, Refits
from models.small_numbers import FEWEST
from models.terms import EstimatorSpec, Input, LinearTerm, StepTerm
from training.pipeline import Run
from training.tracking.curves import list_points, reach, spans, stairs, term_points

ENDS = {"low": 0.1, "high": 0.9}


def a_list(capacity: float, ppv: float | None, recall: float = 0.5) -> AtCapacity:
    """Return a list of one capacity with these figures."""
    return AtCapacity(
        capacity=capacity,
        log_odds=0.0,
        flagged=capacity,
        left_out_tie=0.0,
        ppv=Figure(value=ppv, **ENDS),
        recall=Figure(value=recall, **ENDS),
        recall_ceiling=1.0,
    )


def test_the_share_wrongly_listed() -> None:
    """Of 1,000 children of whom 300 have it, a list of 200 with 100 of them has 100 of the 700 others."""
    (point,) = list_points([a_list(0.2, 0.5, recall=1 / 3)], 1_000, 0.3)
    assert point.false_positive_rate == pytest.approx(1 / 7, abs=1e-6)
    assert (point.recall, point.recall_low, point.ppv_high) == (1 / 3, 0.1, 0.9)


def test_short_lists_are_not_told_of() -> None:
    """A list with fewer than ten who had the outcome, or fewer than ten who did not, or of nobody, is left out."""
    lists = [a_list(0.05, 0.9), a_list(0.1, 0.09), a_list(0.15, None), a_list(0.2, 0.5)]
    assert [point.capacity for point in list_points(lists, 100, 0.3)] == [0.2]


def test_terms_are_those_that_are_served(borough_run: Run) -> None:
    """A term's curve is the contribution that the Scorer gives, calibrated, at each value and for not known."""
    bundle = load_bundle(borough_run.bundle)
    looked_at = 0
    for refit in Refits.model_validate_json(bundle.files["refits.json"]).refits:
        head = bundle.scorer.head(refit.landmark, refit.outcome)
        spec = head.estimator.spec
        columns = [given.feature for given in spec.inputs]
        for curve in refit.curves:
            terms = [k for k, term in enumerate(spec.terms) if term.features == (curve.feature,)]
            for point in term_points(spec, head.slope, curve):
                row = [math.nan] * len(columns)
                row[columns.index(curve.feature)] = math.nan if point.value is None else point.value
                contributions = head.estimator.score(row).contributions
                assert point.contribution == pytest.approx(math.fsum(contributions[k] for k in terms), abs=1e-6)
                looked_at += 1
    assert looked_at > 50


def test_a_curve_spans_what_was_seen(borough_run: Run) -> None:
    """A curve goes up in x, has bounds at every point that hold no less than its ends do, and reaches as far as its points do."""
    bundle = load_bundle(borough_run.bundle)
    for refit in Refits.model_validate_json(bundle.files["refits.json"]).refits:
        spec = bundle.scorer.head(refit.landmark, refit.outcome).estimator.spec
        for curve in refit.curves:
            points = term_points(spec, 1.0, curve)
            if not spans(spec, curve.feature, points):
                continue
            drawn, bounds = stairs(spec, curve.feature, points)
            assert len(drawn) == len(bounds)
            assert [x for x, _ in drawn] == sorted(x for x, _ in drawn)
            assert drawn[0][0] < drawn[-1][0]
            assert reach(points) >= max(y for _, y in drawn) - min(y for _, y in drawn)


def test_no_end_is_a_child_s_value(borough_run: Run) -> None:
    """No point of a line or of many steps is the lowest or the highest value that a child had; ten lie beyond a line's ends."""
    bundle = load_bundle(borough_run.bundle)
    looked_at = 0
    for refit in Refits.model_validate_json(bundle.files["refits.json"]).refits:
        spec = bundle.scorer.head(refit.landmark, refit.outcome).estimator.spec
        for curve in refit.curves:
            given = next(each for each in spec.inputs if each.feature == curve.feature)
            values = [point.value for point in term_points(spec, 1.0, curve) if point.value is not None]
            if given.high - given.low > 50:
                assert not {given.low, given.high} & set(values)
                looked_at += len(values)
    assert looked_at > 5


def _spec(term: LinearTerm | StepTerm, n: tuple[int, ...]) -> EstimatorSpec:
    edges = tuple(float(100 * k) for k in range(1, 10))
    given = Input(
        feature="x", low=3.0, high=997.0, typical=450.0, n_known=sum(n[:-1]), n_not_known=n[-1], edges=edges, n=n
    )
    return EstimatorSpec(
        landmark="then", outcome="later", kind="glass box", intercept=0.0, inputs=(given,), terms=(term,)
    )


def test_a_line_between_ten_and_ten() -> None:
    """A line is drawn between the outermost edges with ten children beyond, and its bounds there lie on those of its ends."""
    line = LinearTerm(feature="x", coefficient=0.01, centre=500.0, low=3.0, high=997.0, not_known=0.3)
    spec = _spec(line, (4, 6, 50, 50, 50, 50, 50, 50, 9, 1, 12))
    curve = Curve(feature="x", at=(3.0, 997.0), low=(-6.0, 4.0, 0.1), high=(-4.0, 6.0, 0.5))
    first, last, not_known = term_points(spec, 1.0, curve)
    assert (first.value, last.value, not_known.value) == (200.0, 800.0, None)
    assert (first.contribution, last.contribution) == (-3.0, 3.0)
    assert first.low == pytest.approx(-6 + 10 * 197 / 994, abs=1e-6)
    assert last.high == pytest.approx(-4 + 10 * 797 / 994, abs=1e-6)
    assert (not_known.low, not_known.high) == (0.1, 0.5)


def test_steps_between_ten_and_ten() -> None:
    """A step's cells beyond which there are not ten children are not shown apart, nor where its last cell ends."""
    step = StepTerm(feature="x", edges=(10.0, 20.0, 40.0, 900.0), values=(1, 2, 3, 4, 5, 0), n=(4, 30, 30, 8, 3, 0))
    curve = Curve(feature="x", at=(*step.edges, 997.0), low=(1, 2, 3, 4, 5, 0), high=(1, 2, 3, 4, 5, 0))
    spec = _spec(step, (75, *[0] * 10))
    points = term_points(spec, 1.0, curve)
    assert [(point.value, point.contribution, point.low) for point in points] == [
        (20.0, 2.0, 2.0),
        (40.0, 3.0, 3.0),
        (470.0, 4.0, 4.0),
        (None, 0.0, 0.0),
    ]
    assert stairs(spec, "x", points)[0][0] == (0.0, 2.0)


def test_a_yes_or_no_is_drawn_from_0_to_1() -> None:
    """A step of one edge has both its cells; with fewer than ten children in one of them it has the usual one alone."""
    curve = Curve(feature="x", at=(0.5, 1.0), low=(-1, 1, 0), high=(-1, 1, 0))
    many, few = (StepTerm(feature="x", edges=(0.5,), values=(-1, 1, 0), n=(90, n, 0)) for n in (FEWEST, FEWEST - 1))
    spec = _spec(many, (100, *[0] * 10))
    points = term_points(spec, 1.0, curve)
    assert [point.value for point in points] == [0.5, 1.0, None]
    assert stairs(spec, "x", points)[0][0][0] == 0.0
    rare = spec.model_copy(update={"terms": (few,), "inputs": (spec.inputs[0].model_copy(update={"typical": 0.0}),)})
    points = term_points(rare, 1.0, curve)
    assert [(point.value, point.contribution) for point in points] == [(0.0, -1.0), (None, 0.0)]
    assert spans(rare, "x", points)


def test_a_line_of_few_is_not_drawn() -> None:
    """A line over values that all but a few children share has no value that may be shown, and nothing is drawn."""
    line = LinearTerm(feature="x", coefficient=0.01, centre=500.0, low=3.0, high=997.0, not_known=0.3)
    spec = _spec(line, (90, *[0] * 8, 9, 0))
    points = term_points(spec, 1.0, Curve(feature="x", at=(3.0, 997.0), low=(-6, 4, 0), high=(-4, 6, 0)))
    assert [point.value for point in points] == [None]
    assert not spans(spec, "x", points)
