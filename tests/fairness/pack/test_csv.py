"""The tidy table of the audit."""

import csv
import io
from typing import Any

import pytest

from fairness.pack.csv import COLUMNS, tidy

Row = dict[str, str]


@pytest.fixture(scope="module")
def rows(audit: dict[str, Any]) -> list[Row]:
    """The rows of the invented audit's table."""
    return list(csv.DictReader(io.StringIO(tidy(audit))))


def test_every_told_figure_is_there(rows: list[Row], audit: dict[str, Any]) -> None:
    """Each number of the audit stands in its own column, and nothing else does."""
    line = audit["audits"][1]["attributes"][0]["groups"][1]
    (row,) = (r for r in rows if _is(r, audit["audits"][1], group="Boys", measure="fpr"))
    told = line["figures"]["fpr"]
    numbers = [row[name] for name in ("value", "low", "high", "gap", "gap_low", "gap_high", "smallest_gap")]
    assert [float(number) for number in numbers] == told[:7]
    assert (row["n"], row["events"], row["capacity"]) == (str(line["n"]), str(line["events"]), "0.2")


def test_those_missed_are_written_out(rows: list[Row], audit: dict[str, Any]) -> None:
    """What is one minus another has rows of its own, so that nobody has to work it out."""
    head = audit["audits"][0]
    found, missed = (next(r for r in rows if _is(r, head, group="Girls", measure=name)) for name in ("recall", "fnr"))
    assert float(found["value"]) + float(missed["value"]) == pytest.approx(1)
    assert float(found["gap_low"]) == pytest.approx(-float(missed["gap_high"]))
    assert found["verdict"] == missed["verdict"]


def test_hidden_and_empty_groups_have_their_symbol(rows: list[Row]) -> None:
    """A group of whom nothing is told has one row for each score, and a symbol in place of every figure."""
    for group, symbol in {"Gypsy or Roma": "c", "Traveller of Irish heritage": "z"}.items():
        told = [row for row in rows if row["group"] == group]
        assert len(told) == 2 * 4  # by the list and by none, of four scores
        assert {row[name] for row in told for name in ("value", "high", "gap", "n", "events", "symbol")} == {symbol}


def test_small_groups_are_marked(rows: list[Row]) -> None:
    """A figure that rests on few children says so, and one that does not, does not."""
    marks = {row["group"]: row["symbol"] for row in rows}
    assert (marks["Bangladeshi"], marks["Boys"]) == ("u", "")


def test_everyone_together_has_no_gap(rows: list[Row]) -> None:
    """What does not apply is empty, and is no hidden figure."""
    everyone = [row for row in rows if row["kind"] == "everyone"]
    assert {row["gap"] for row in everyone} == {""}
    assert "" not in {row["value"] for row in everyone}


def test_the_table_is_tidy(audit: dict[str, Any]) -> None:
    """Every row has every column."""
    table = list(csv.reader(io.StringIO(tidy(audit))))
    assert tuple(table[0]) == COLUMNS
    assert {len(row) for row in table} == {len(COLUMNS)}


def _is(row: Row, head: dict[str, Any], **asked: str) -> bool:
    of = {"landmark": head["landmark"], "outcome": head["outcome"], "kind": "attribute", **asked}
    return all(row[name] == value for name, value in of.items())
