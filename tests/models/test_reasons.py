"""Reasons: the largest pushes each way in the contract's words, and everything else as one amount."""

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.contract import Contract
from models.contract_reading import parse_contract
from models.estimator import Estimator, RowScore, logit
from models.reasons import SHOWN_EACH_WAY, TOO_SMALL_TO_SHOW, Explainer
from models.terms import EstimatorSpec, Input, LinearTerm, PairTerm

Document = dict[str, Any]
NAMES = [f"f{i:02}" for i in range(14)]
NAN = math.nan


@pytest.fixture(scope="module")
def contract(as_toml: Callable[[Document], str], one_source: Callable[..., Document]) -> Contract:
    """A contract of fourteen features, each with its own words."""
    features = [
        {"name": name, "label": f"label {name}", "take": "count"}
        | {"raises": f"{name} raises", "lowers": f"{name} lowers", "not_known": f"{name} is not known"}
        for name in NAMES
    ]
    return parse_contract(as_toml(one_source([], features)))


def linear(name: str, *, not_known: float = 0.0, coefficient: float = 1.0) -> LinearTerm:
    """A term that is its feature."""
    return LinearTerm(feature=name, coefficient=coefficient, centre=0.0, low=-99.0, high=99.0, not_known=not_known)


def spec(*terms: LinearTerm | PairTerm) -> EstimatorSpec:
    """An estimator of these terms."""
    inputs = tuple(Input(feature=n, low=-9.0, high=9.0, typical=0.0, n_known=9, n_not_known=1) for n in NAMES)
    return EstimatorSpec(
        landmark="at_one", outcome="outcome", kind="logistic", intercept=-1.0, inputs=inputs, terms=terms
    )


EVERY = spec(*map(linear, NAMES))


def scored(*contributions: float) -> RowScore:
    """A row with these contributions, the excess last."""
    total = sum(contributions) - 1.0
    return RowScore(total, 1 / (1 + math.exp(-total)), -1.0, [*contributions])


def test_words_and_values(contract: Contract) -> None:
    """A reason has its features, their values, the words of its direction, and its push."""
    row = [0.0] * len(NAMES)
    row[:3] = [1.5, -0.5, NAN]
    explanation = Explainer(contract, spec(linear("f00"), linear("f01"), linear("f02", not_known=0.25))).explain(
        row, scored(1.5, -0.5, 0.25, 0.0)
    )
    assert [(r.features, tuple(r.values), r.words, r.contribution) for r in explanation.reasons] == [
        (("f00",), (1.5,), "f00 raises", 1.5),
        (("f01",), (-0.5,), "f01 lowers", -0.5),
        (("f02",), (None,), "f02 is not known", 0.25),
    ]
    assert explanation.everything_else == 0.0


def test_pairs_are_told_together(contract: Contract) -> None:
    """A pair is told as its two features together, whichever way it pushes, one of them not known or not."""
    pair = PairTerm(features=("f01", "f00"), edges=((), ()), values=((0.5, 0.5), (0.5, 0.5)), n=((1, 1), (1, 1)))
    row = [NAN, 3.0, *[0.0] * 12]
    (reason,) = Explainer(contract, spec(pair)).explain(row, scored(0.5, 0.0)).reasons
    assert (reason.words, tuple(reason.values)) == ("Label f01, together with label f00", (3.0, None))


def test_the_largest_each_way(contract: Contract) -> None:
    """Five reasons each way are shown, the largest first; the rest, small ones and the excess are one amount."""
    pushes = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, -0.15, -0.25, 0.0, 0.004, -0.004, -0.35, -0.005]
    explanation = Explainer(contract, EVERY).explain([1.0] * len(NAMES), scored(*pushes, -2.0))
    assert [reason.contribution for reason in explanation.reasons] == [
        0.7, 0.6, 0.5, 0.4, -0.35, 0.3, -0.25, -0.15, -0.005
    ]  # fmt: skip
    assert explanation.everything_else == pytest.approx(0.1 + 0.2 - 2.0)


def test_equal_pushes_keep_the_order_of_terms(contract: Contract) -> None:
    """Reasons that push equally are told in the order of their terms, so that one child has one answer."""
    explanation = Explainer(contract, EVERY).explain([1.0] * len(NAMES), scored(*[0.5] * 14, 0.0))
    told = [reason.features[0] for reason in explanation.reasons]
    assert told == sorted(told)
    assert len(told) == SHOWN_EACH_WAY


@settings(derandomize=True, database=None, deadline=None, max_examples=200)
@given(row=st.lists(st.sampled_from((NAN, 0.0)) | st.floats(-6, 6), min_size=14, max_size=14))
def test_they_add_up(contract: Contract, row: list[float]) -> None:
    """Baseline, the reasons shown and everything else are the log-odds of the probability served, to a billionth."""
    estimator = Estimator(EVERY)
    answer = estimator.score(row)
    explanation = Explainer(contract, EVERY).explain(row, answer)
    total = answer.baseline + sum(r.contribution for r in explanation.reasons) + explanation.everything_else
    assert abs(total - logit(answer.probability)) < 1e-9
    pushes = [reason.contribution for reason in explanation.reasons]
    assert all(abs(push) >= TOO_SMALL_TO_SHOW for push in pushes)
    assert sum(push > 0 for push in pushes) <= SHOWN_EACH_WAY
    assert sum(push < 0 for push in pushes) <= SHOWN_EACH_WAY
