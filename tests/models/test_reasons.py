"""Reasons: the largest pushes each way in the contract's words, all that is not known, and everything else as one amount."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.contract import Contract
from models.contract_reading import parse_contract
from models.estimator import Estimator, RowScore, logit
from models.reasons import SHOWN_EACH_WAY, TOO_SMALL_TO_SHOW, Explainer, Reason
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
    """A reason has its features, their values, the words of its direction, and its push; what is not known is apart."""
    row = [0.0] * len(NAMES)
    row[:3] = [1.5, -0.5, NAN]
    explanation = Explainer(contract, spec(linear("f00"), linear("f01"), linear("f02", not_known=0.25))).explain(
        row, scored(1.5, -0.5, 0.25, 0.0)
    )
    assert told(explanation.raises) == [(("f00",), (1.5,), "f00 raises", 1.5)]
    assert told(explanation.lowers) == [(("f01",), (-0.5,), "f01 lowers", -0.5)]
    assert told(explanation.not_known) == [(("f02",), (None,), "f02 is not known", 0.25)]
    assert explanation.shown == [*explanation.raises, *explanation.lowers, *explanation.not_known]
    assert explanation.everything_else == 0.0


def told(reasons: Sequence[Reason]) -> list[tuple[object, ...]]:
    """What reasons say."""
    return [(reason.features, tuple(reason.values), reason.words, reason.contribution) for reason in reasons]


def test_everything_not_known_is_named(contract: Contract) -> None:
    """Every feature that is not known is named in the contract's order, however small its push, and with no term of its own."""
    terms = (linear("f01", not_known=-0.001), linear("f00", not_known=0.9))
    explanation = Explainer(contract, spec(*terms)).explain([NAN] * len(NAMES), scored(-0.001, 0.9, 0.0))
    assert [reason.features for reason in explanation.not_known] == [(name,) for name in NAMES]
    assert [reason.contribution for reason in explanation.not_known] == [0.9, -0.001, *[0.0] * 12]
    assert {reason.words for reason in explanation.not_known} == {f"{name} is not known" for name in NAMES}
    assert (explanation.raises, explanation.lowers) == ([], [])


PAIR = PairTerm(features=("f01", "f00"), edges=((), ()), values=((0.5, 0.5), (0.5, 0.5)), n=((1, 1), (1, 1)))


def test_pairs_are_told_together(contract: Contract) -> None:
    """A pair is told as its two features together, whichever way it pushes."""
    row = [2.0, 3.0, *[0.0] * 12]
    for push in (0.5, -0.5):
        explanation = Explainer(contract, spec(PAIR)).explain(row, scored(push, 0.0))
        assert told(explanation.shown) == [(("f01", "f00"), (3.0, 2.0), "Label f01, together with label f00", push)]


@pytest.mark.parametrize("row", [(NAN, 3.0), (3.0, NAN), (NAN, NAN)])
def test_a_pair_that_is_not_known(contract: Contract, row: tuple[float, float]) -> None:
    """A pair of which a feature is not known is no reason of its own: its push is a part of everything else."""
    explanation = Explainer(contract, spec(PAIR)).explain([*row, *[0.0] * 12], scored(0.5, 0.0))
    assert (explanation.raises, explanation.lowers, explanation.everything_else) == ([], [], 0.5)
    assert [reason.contribution for reason in explanation.not_known] == [0.0] * sum(x != x for x in row)


def test_the_largest_each_way(contract: Contract) -> None:
    """Five reasons each way are shown, the largest first; the rest, small ones and the excess are one amount."""
    pushes = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, -0.15, -0.25, 0.0, 0.004, -0.004, -0.35, -0.005]
    explanation = Explainer(contract, EVERY).explain([1.0] * len(NAMES), scored(*pushes, -2.0))
    assert [reason.contribution for reason in explanation.raises] == [0.7, 0.6, 0.5, 0.4, 0.3]
    assert [reason.contribution for reason in explanation.lowers] == [-0.35, -0.25, -0.15, -0.005]
    assert explanation.everything_else == pytest.approx(0.1 + 0.2 - 2.0)


@pytest.mark.parametrize("push", [0.5, -0.5])
def test_equal_pushes_keep_the_order_of_terms(contract: Contract, push: float) -> None:
    """Reasons that push equally are told in the order of their terms, so that one child has one answer."""
    explanation = Explainer(contract, EVERY).explain([1.0] * len(NAMES), scored(*[push] * 14, 0.0))
    names = [reason.features[0] for reason in explanation.shown]
    assert names == sorted(names)
    assert len(names) == SHOWN_EACH_WAY


@pytest.mark.parametrize(
    ("push", "strength"),
    [(0.005, 1), (0.18, 1), (0.19, 2), (-0.19, 2), (0.40, 2), (0.41, 3), (-3.0, 3)],
)
def test_strength(push: float, strength: int) -> None:
    """A push is slight until it changes the odds by a fifth, and strong from a half on, whichever way it goes."""
    assert Reason(("f00",), [1.0], "words", push).strength == strength
    assert (abs(push) >= math.log(1.2)) + (abs(push) >= math.log(1.5)) + 1 == strength


rows = st.lists(st.sampled_from((NAN, 0.0)) | st.floats(-6, 6), min_size=14, max_size=14)


@settings(derandomize=True, database=None, deadline=None, max_examples=200)
@given(row=rows)
def test_they_add_up(contract: Contract, row: list[float]) -> None:
    """Baseline, the reasons shown and everything else are the log-odds of the probability served, to a billionth."""
    estimator = Estimator(EVERY)
    answer = estimator.score(row)
    explanation = Explainer(contract, EVERY).explain(row, answer)
    total = answer.baseline + sum(r.contribution for r in explanation.shown) + explanation.everything_else
    assert abs(total - logit(answer.probability)) < 1e-9
    assert all(reason.contribution >= TOO_SMALL_TO_SHOW for reason in explanation.raises)
    assert all(reason.contribution <= -TOO_SMALL_TO_SHOW for reason in explanation.lowers)
    assert max(len(explanation.raises), len(explanation.lowers)) <= SHOWN_EACH_WAY
    assert [r.features[0] for r in explanation.not_known] == [n for n, x in zip(NAMES, row, strict=True) if x != x]


@settings(derandomize=True, database=None, deadline=None, max_examples=100)
@given(row=rows)
def test_everything_told(contract: Contract, row: list[float]) -> None:
    """Told in full, every term is given in order, the bound's excess last, and added in order they are the very log-odds."""
    estimator = Estimator(EVERY)
    answer = estimator.score(row)
    every = Explainer(contract, EVERY).everything(row, answer)
    assert [reason.features for reason in every] == [*((name,) for name in NAMES), ()]
    total = answer.baseline
    for reason in every:
        total += reason.contribution
    assert total == answer.log_odds
