"""Extracts that say when rows were recorded, and contracts that pass it over."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.leaks import known_at_once
from models.contract_reading import parse_contract
from training.alarms.passed_over import passed_over


def test_contracts_that_say_it_are_quiet(as_read: Any) -> None:
    """The borough's contract says of every extract with a later date what that date is."""
    assert passed_over(as_read.contract, as_read.folder) == []


def test_a_date_passed_over_rings(as_read: Any) -> None:
    """Reviews taken as known when they happened ring, with the column that says when they were recorded."""
    (alarm,) = passed_over(known_at_once(as_read.contract, "reviews"), as_read.folder)
    assert (alarm.rings, alarm.code, alarm.place) == (True, "known_after_landmark", "reviews recorded_on")


@pytest.mark.parametrize(
    ("column", "rings"),
    [
        (["130", "150", "170"], True),
        (["100", "120", "140"], False),
        (["130", "110", "170"], False),
        (["130", "word", "170"], False),
        (["130", "", ""], False),
        (["2", "3", "1"], False),
    ],
)
def test_what_looks_recorded(
    as_toml: Callable[..., str],
    one_source: Callable[..., Any],
    tmp_path: Path,
    column: list[str],
    rings: bool,  # noqa: FBT001
) -> None:
    """Ages on or after what happened, some of them later, ring; earlier ones, words, gaps and other numbers do not."""
    document = one_source([{"name": "total", "type": "integer"}], known={"lag_days": 0})
    rows = [f"c{i},{100 + 20 * i},5,{cell}" for i, cell in enumerate(column)]
    (tmp_path / "visits.csv").write_text("\n".join(["child,age,total,other", *rows]) + "\n", encoding="utf-8")
    assert bool(passed_over(parse_contract(as_toml(document)), tmp_path)) is rings


def test_a_declared_column_is_not_passed_over(
    as_toml: Callable[..., str], one_source: Callable[..., Any], tmp_path: Path
) -> None:
    """A later age that the contract declares, as a date that ends something, is no sign of a leak."""
    columns = [{"name": "ended", "type": "integer"}, {"name": "total", "type": "integer"}]
    (tmp_path / "visits.csv").write_text("child,age,total,ended\na,100,1,200\nb,100,1,300\n", encoding="utf-8")
    assert passed_over(parse_contract(as_toml(one_source(columns, known={"lag_days": 0}))), tmp_path) == []
