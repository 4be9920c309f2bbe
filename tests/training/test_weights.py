"""Sampling weights as the contract declares them: read for each child, 1 on average, told to nobody where all are alike."""

from collections.abc import Callable

import duckdb
import numpy as np
import pytest

from models.contract import Contract
from models.contract_reading import parse_contract
from models.errors import DataError
from training.weights import effective, unless_equal, weights_of

CHILDREN = np.array(["a", "b", "c", "d"])
Births = Callable[[dict[str, int | None]], duckdb.DuckDBPyConnection]
_DECLARED = '{ name = "stands_for", type = "number", step = "0.5", range = [0, 100], roles = ["weight"] },'
_BEFORE = '{ name = "family_key", type = "key"'


@pytest.fixture(scope="module")
def weighted(borough_text: str) -> Contract:
    """The borough's contract, with a weight in the birth record."""
    assert borough_text.count(_BEFORE) == 1
    return parse_contract(borough_text.replace(_BEFORE, f"{_DECLARED}\n    {_BEFORE}"))


@pytest.fixture
def births() -> Births:
    """A database with these weights, in steps, in the birth record."""

    def made(weights: dict[str, int | None]) -> duckdb.DuckDBPyConnection:
        con = duckdb.connect()
        con.execute("CREATE TABLE events_births (child VARCHAR, happened INTEGER, known INTEGER, stands_for BIGINT)")
        con.executemany("INSERT INTO events_births VALUES (?, 0, 0, ?)", list(weights.items()))
        return con

    return made


def test_weights_are_one_on_average(weighted: Contract, births: Births) -> None:
    """Each child has its own weight, over the mean of all of them, in the order of the children asked about."""
    con = births({"d": 8, "c": 4, "b": 2, "a": 2, "another": 900})
    assert weights_of(con, weighted, CHILDREN).tolist() == [0.5, 0.5, 1.0, 2.0]


def test_a_weight_that_is_not_known(weighted: Contract, births: Births) -> None:
    """A child whose weight is not known, or who has no row, stands for as many as the average child."""
    assert weights_of(births({"a": 1, "b": 3, "c": None}), weighted, CHILDREN).tolist() == [0.5, 1.5, 1.0, 1.0]


@pytest.mark.parametrize("weights", [{"a": 7, "b": 7, "c": 7, "d": 7}, {"a": 3}, {}])
def test_all_alike_are_one(weighted: Contract, births: Births, weights: dict[str, int | None]) -> None:
    """Where all known weights are alike, or none is known, every child counts as exactly one."""
    con = births(weights) if weights else births({"another": 5})
    assert weights_of(con, weighted, CHILDREN).tolist() == [1.0] * 4


def test_no_weight_declared(borough: Contract) -> None:
    """A contract that declares no weight has every child count as exactly one, and asks the data nothing."""
    assert weights_of(duckdb.connect(), borough, CHILDREN).tolist() == [1.0] * 4


@pytest.mark.parametrize("bad", [0, -4])
def test_nobody_stands_for_nobody(weighted: Contract, births: Births, bad: int) -> None:
    """A weight that is not above 0 is refused by the name of its column, and no child or value is named."""
    with pytest.raises(DataError) as refused:
        weights_of(births({"a": 3, "b": bad}), weighted, CHILDREN)
    assert 'source "births" › stands_for' in str(refused.value)
    assert str(bad) not in str(refused.value).replace("is not above 0", "").replace("are 0 or", "").replace(
        "above 0", ""
    )


def test_told_only_where_they_differ() -> None:
    """What learns is told of weights only where children count unequally."""
    weights = np.array([0.5, 1.5])
    assert unless_equal(weights) is weights
    assert unless_equal(np.full(3, 1.0)) is None
    assert unless_equal(np.empty(0)) is None


def test_what_a_sample_is_worth() -> None:
    """Children that count alike are worth their number; where one of ten is half of all, far fewer (Kish)."""
    assert effective(np.full(50, 1.0)) == 50
    assert effective(np.array([9.0] + [1.0] * 9)) == pytest.approx(18**2 / 90)
