"""The curves of what ships: lists and terms."""

import math

import pytest

from models.bands import AtCapacity, Figure
from models.bundle import load_bundle
from models.refits import Refits
from training.pipeline import Run
from training.tracking.curves import list_points, reach, stairs, term_points

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
    """A curve begins at the lowest value seen, goes up in x, has bounds at every point, and reaches as far as its points do."""
    bundle = load_bundle(borough_run.bundle)
    for refit in Refits.model_validate_json(bundle.files["refits.json"]).refits:
        spec = bundle.scorer.head(refit.landmark, refit.outcome).estimator.spec
        for curve in refit.curves:
            points = term_points(spec, 1.0, curve)
            drawn, bounds = stairs(spec, curve.feature, points)
            assert len(drawn) == len(bounds)
            assert [x for x, _ in drawn] == sorted(x for x, _ in drawn)
            assert drawn[0][0] <= next(given.low for given in spec.inputs if given.feature == curve.feature)
            assert reach(points) >= max(y for _, y in drawn) - min(y for _, y in drawn)
