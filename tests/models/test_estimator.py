"""Scoring a row: terms to contributions, contributions to log-odds, one row and many to the bit."""

import math
import struct
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from models.estimator import LOG_ODDS_BOUND, Estimator, expit, logit
from models.terms import Calibration, EstimatorSpec, Input, LinearTerm, PairTerm, StepTerm, Term

QUICK = settings(derandomize=True, database=None, deadline=None)
EDGES = (1.5, 3.0)
LINEAR = LinearTerm(feature="a", coefficient=0.3, centre=2.0, low=-1.0, high=5.0, not_known=0.7)
STEP = StepTerm(feature="b", edges=EDGES, values=(-0.1, 0.2, 0.4, 0.05), n=(5, 6, 7, 8))
PAIR = PairTerm(
    features=("b", "c"),
    edges=((3.0,), (0.0,)),
    values=((0.01, 0.02, 0.03), (0.04, 0.05, 0.06), (0.07, 0.08, 0.09)),
    n=((1, 1, 1), (1, 1, 1), (1, 1, 1)),
)
NAN = math.nan


def spec(*terms: Term, intercept: float = -1.0, inputs: str = "abc") -> EstimatorSpec:
    """An estimator of these terms over inputs of one letter."""
    given = [Input(feature=name, low=0.0, high=9.0, typical=1.0, n_known=9, n_not_known=1) for name in inputs]
    return EstimatorSpec(
        landmark="at", outcome="outcome", kind="glass box", intercept=intercept, inputs=tuple(given), terms=terms
    )


def calibration(intercept: float, slope: float) -> Calibration:
    """An affine calibration."""
    return Calibration(landmark="at", outcome="outcome", intercept=intercept, slope=slope, n=10, events=3)


def bits(*numbers: float) -> bytes:
    """The bytes of numbers."""
    return struct.pack(f"<{len(numbers)}d", *numbers)


@pytest.mark.parametrize(
    ("row", "contributions"),
    [
        ((2.0, 0.0, 0.0), (0.0, -0.1, 0.01)),
        ((3.0, 1.5, 0.0), (0.3, -0.1, 0.01)),
        ((3.0, math.nextafter(1.5, 2), 0.1), (0.3, 0.2, 0.02)),
        ((3.0, 3.0, 0.1), (0.3, 0.2, 0.02)),
        ((3.0, 3.1, 0.1), (0.3, 0.4, 0.05)),
        ((9.0, 3.1, NAN), (0.9, 0.4, 0.06)),
        ((-7.0, NAN, 0.0), (-0.9, 0.05, 0.07)),
        ((NAN, NAN, NAN), (0.7, 0.05, 0.09)),
    ],
)
def test_contributions(row: tuple[float, ...], contributions: tuple[float, ...]) -> None:
    """A cell holds its upper edge, a line is clipped to the range it was trained on, and not known has its own amount."""
    scored = Estimator(spec(LINEAR, STEP, PAIR)).score(row)
    assert scored.contributions == pytest.approx([*contributions, 0.0], abs=1e-15)
    assert scored.log_odds == pytest.approx(-1.0 + sum(contributions))
    assert scored.baseline == -1.0


def test_calibration_is_folded_in() -> None:
    """Calibration scales every contribution and moves the baseline, so that the sum is the calibrated log-odds."""
    row = (3.0, 2.0, NAN)
    raw = Estimator(spec(LINEAR, STEP, PAIR)).score(row)
    scored = Estimator(spec(LINEAR, STEP, PAIR), calibration(0.25, 2.0)).score(row)
    assert scored.baseline == 0.25 - 2.0
    assert scored.contributions == pytest.approx([2 * c for c in raw.contributions])
    assert scored.log_odds == pytest.approx(0.25 + 2 * raw.log_odds)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_bound(sign: float) -> None:
    """Log-odds are held within 12 of even, and what is taken away is the last contribution."""
    term = LinearTerm(feature="a", coefficient=sign * 5.0, centre=0.0, low=0.0, high=100.0, not_known=0.0)
    scored = Estimator(spec(term, intercept=0.0)).score((20.0, 0.0, 0.0))
    assert scored.log_odds == sign * LOG_ODDS_BOUND
    assert scored.contributions == [sign * 100.0, sign * -88.0]
    within = Estimator(spec(term, intercept=0.0)).score((2.4, 0.0, 0.0))
    assert within.contributions[-1] == 0.0


values = st.floats(-3, 3).map(lambda x: round(x, 3))
amounts = st.lists(values, min_size=4, max_size=4).map(tuple)
numbers = st.one_of(
    st.just(NAN), st.sampled_from((0.0, 1.5, 3.0, -1.0, 5.0, 1e300, 1e-35)), st.floats(-20, 20).filter(lambda x: x != 0)
)


@st.composite
def _estimators(draw: st.DrawFn) -> Estimator:
    low, high = sorted((draw(st.floats(-9, 9)), draw(st.floats(-9, 9))))
    edges = st.lists(st.sampled_from((-1.0, 0.0, 1.5, 3.0, 7.0)), unique=True, max_size=4).map(
        lambda e: tuple(sorted(e))
    )
    first, second, own = draw(edges), draw(edges), draw(edges)
    table = [[draw(values) for _ in range(len(second) + 2)] for _ in range(len(first) + 2)]
    return Estimator(
        spec(
            LinearTerm(
                feature="a", coefficient=draw(values), centre=draw(values), low=low, high=high, not_known=draw(values)
            ),
            StepTerm(
                feature="b",
                edges=own,
                values=tuple(draw(values) for _ in range(len(own) + 2)),
                n=(1,) * (len(own) + 2),
            ),
            PairTerm(
                features=("c", "b"),
                edges=(first, second),
                values=tuple(map(tuple, table)),
                n=((1,) * (len(second) + 2),) * (len(first) + 2),
            ),
            intercept=draw(st.floats(-15, 15)),
        ),
        calibration(draw(values), draw(st.floats(0.01, 3))),
    )


@settings(QUICK, max_examples=150)
@given(estimator=_estimators(), rows=st.lists(st.tuples(numbers, numbers, numbers), min_size=1, max_size=8))
def test_one_row_and_many(estimator: Estimator, rows: list[tuple[float, ...]]) -> None:
    """A row scored alone and among others has the same log-odds, probability and contributions, to the bit."""
    log_odds, probabilities, contributions = estimator.score_matrix(np.array(rows))
    for i, row in enumerate(rows):
        alone = estimator.score(row)
        assert bits(alone.log_odds, alone.probability) == bits(float(log_odds[i]), float(probabilities[i]))
        assert bits(*alone.contributions) == bits(*contributions[i].tolist())
    assert log_odds.tobytes() == estimator.log_odds(np.array(rows)).tobytes()


@settings(QUICK, max_examples=150)
@given(estimator=_estimators(), row=st.tuples(numbers, numbers, numbers))
def test_the_sum(estimator: Estimator, row: tuple[float, ...]) -> None:
    """Baseline and contributions, added in order, are the log-odds; those are within 12, and are the probability's."""
    scored = estimator.score(row)
    total = scored.baseline
    for contribution in scored.contributions:
        total += contribution
    assert total == scored.log_odds
    assert abs(scored.log_odds) <= LOG_ODDS_BOUND + 1e-12
    assert abs(logit(scored.probability) - scored.log_odds) < 1e-9


columns = st.sets(st.integers(0, 2))
triples = st.tuples(numbers, numbers, numbers)


def with_those_of(row: Sequence[float], other: Sequence[float], unknown: set[int]) -> list[float]:
    """A row with another's values in the columns that are unknown."""
    return [other[i] if i in unknown else row[i] for i in range(len(row))]


@settings(QUICK, max_examples=300)
@given(estimator=_estimators(), row=triples, unknown=columns, others=st.lists(triples, min_size=1, max_size=20))
def test_reach_bounds_the_score(
    estimator: Estimator, row: tuple[float, ...], unknown: set[int], others: list[tuple[float, ...]]
) -> None:
    """Whatever the unknown columns hold, *not known* or any number, the log-odds lie within reach."""
    least, most = estimator.reach(row, unknown)
    assert -LOG_ODDS_BOUND <= least <= most <= LOG_ODDS_BOUND
    for other in [row, (NAN, NAN, NAN), *others]:
        log_odds = estimator.score(with_those_of(row, other, unknown)).log_odds
        assert least - 1e-12 <= log_odds <= most + 1e-12


@settings(QUICK, max_examples=100)
@given(estimator=_estimators(), row=triples, unknown=columns)
def test_reach_does_not_rest_on_what_is_unknown(
    estimator: Estimator, row: tuple[float, ...], unknown: set[int]
) -> None:
    """Reach is the same whatever the row itself holds in the unknown columns, and grows with what is unknown."""
    reach = estimator.reach(row, unknown)
    assert reach == estimator.reach(with_those_of(row, (NAN, NAN, NAN), unknown), unknown)
    for more in range(3):
        least, most = estimator.reach(row, unknown | {more})
        assert least <= reach[0] + 1e-12
        assert reach[1] <= most + 1e-12


@settings(QUICK, max_examples=100)
@given(estimator=_estimators(), row=triples)
def test_reach_where_all_is_known(estimator: Estimator, row: tuple[float, ...]) -> None:
    """With no column unknown the score itself is the least and the most, but for a billionth."""
    log_odds = estimator.score(row).log_odds
    assert estimator.reach(row, ()) == pytest.approx((log_odds, log_odds), abs=1e-8)


@pytest.mark.parametrize(("unknown", "furthest"), [({0}, {0}), ({1}, {1}), ({0, 1}, {0, 1}), ({2}, set())])
def test_reach_is_reached(unknown: set[int], furthest: set[int]) -> None:
    """Where no term has two columns, some values do take the score as far as it is said to reach."""
    estimator, row = Estimator(spec(LINEAR, STEP)), (1.0, 1.0, 1.0)
    tried = [
        estimator.score(with_those_of(row, (a, b, c), unknown)).log_odds
        for a in (-1.0, 5.0, NAN)
        for b in (0.0, 2.0, 4.0, NAN)
        for c in (0.0, NAN)
    ]
    assert estimator.reach(row, unknown) == pytest.approx((min(tried), max(tried)), abs=1e-8)
    assert (max(tried) - min(tried) > 0.4) is bool(furthest)


def test_a_row_of_another_length() -> None:
    """A row that is not of this matrix is refused, not scored."""
    with pytest.raises(ValueError, match="zip"):
        Estimator(spec(LINEAR)).score((1.0, 2.0))


@pytest.mark.parametrize(
    ("log_odds", "probability"),
    [(0.0, 0.5), (math.log(3), 0.75), (-math.log(3), 0.25), (800.0, 1.0), (-800.0, 0.0)],
)
def test_expit(log_odds: float, probability: float) -> None:
    """The probability of a log-odds, without overflow at either end."""
    assert expit(log_odds) == pytest.approx(probability, abs=1e-15)


@QUICK
@given(log_odds=st.floats(-12, 12))
def test_logit_and_expit(log_odds: float) -> None:
    """Within the bound, the log-odds of a probability are those it came from, to a billionth."""
    assert abs(logit(expit(log_odds)) - log_odds) < 1e-9


@pytest.mark.parametrize(
    "broken",
    [
        {"kind": "step", "feature": "a", "edges": [2, 1], "values": [0, 0, 0, 0], "n": [1, 1, 1, 1]},
        {"kind": "step", "feature": "a", "edges": [1, 1], "values": [0, 0, 0, 0], "n": [1, 1, 1, 1]},
        {"kind": "step", "feature": "a", "edges": [1], "values": [0, 0], "n": [1, 1, 1]},
        {"kind": "step", "feature": "a", "edges": [1], "values": [0, 0, 0], "n": [1, 1]},
        {"kind": "step", "feature": "a", "edges": [1], "values": [0, 0, math.inf], "n": [1, 1, 1]},
        {"kind": "step", "feature": "d", "edges": [], "values": [0, 0], "n": [1, 1]},
        {"kind": "pair", "features": ["a", "b"], "edges": [[], []], "values": [[0, 0]], "n": [[1, 1], [1, 1]]},
        {"kind": "pair", "features": ["a", "b"], "edges": [[], []], "values": [[0, 0], [0]], "n": [[1, 1], [1, 1]]},
        {"kind": "linear", "feature": "a", "coefficient": math.nan, "centre": 0, "low": 0, "high": 1, "not_known": 0},
        {"kind": "curve", "feature": "a"},
    ],
)
def test_impossible_terms(broken: dict[str, object]) -> None:
    """A term whose parts do not fit, or that no input feeds, cannot be made."""
    with pytest.raises(ValidationError):
        EstimatorSpec.model_validate(spec().model_dump() | {"terms": [broken]})


def test_terms_in_another_order() -> None:
    """Terms come in the order linear, step, pair: it is the order contributions are added and told in."""
    with pytest.raises(ValidationError, match="order"):
        spec(STEP, LINEAR)


def test_impossible_calibration() -> None:
    """A calibration never turns scores upside down."""
    with pytest.raises(ValidationError):
        calibration(0.0, 0.0)
