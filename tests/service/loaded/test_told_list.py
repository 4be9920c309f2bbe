"""Lists as tables that no spreadsheet runs, and as JSON that keeps every answer byte for byte."""

import asyncio
import csv
import io
import json
from typing import Any

import pytest

from service.loaded.changes import Left
from service.loaded.told_list import Row, ToldList

WHOLE = {"team": "east", "day": "2026-09-01", "bundle": "b" * 64, "purpose": "early_help", "outcome": "not_gld"}
HEAD: dict[str, Any] = {"stamp": None, **WHOLE}
SCORE = {
    "outcome": "not_gld",
    "probability": 0.25,
    "interval": {"low": 0.2, "high": 0.3},
    "band": {"label": "Band 1"},
    "reliability": {"level": "good"},
    "raises": [{"words": "=1+1"}],
    "lowers": [{"words": "-1"}, {"words": "b"}],
    "not_known": ["a", "b"],
}


def _cells(told: ToldList) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(asyncio.run(told.csv()).decode(), newline="")))


@pytest.mark.parametrize("subject", ["-2+3", "=cmd", "+1", "@a"])
def test_formulas(subject: str) -> None:
    """A cell that a spreadsheet would run begins with an apostrophe, and numbers stay numbers."""
    answer = json.dumps({"id": "some-id", "scores": [SCORE | {"outcome": "other"}, SCORE]}).encode()
    (row,) = _cells(ToldList(HEAD, [Row(subject, 1, "moved", 3, answer)], []))
    assert (row["child"], row["raises"], row["lowers"]) == (f"'{subject}", "'=1+1", "'-1; b")
    assert (row["probability"], row["place"], row["moved_from"], row["not_known"]) == ("0.250", "1", "3", "2")
    assert {name: row[name] for name in WHOLE} == WHOLE
    assert row["note"].endswith("decides nothing")


def test_others_get_their_turn(turns: Any) -> None:
    """While a long list is put into a table, other callers get their turn again and again."""
    reasons = [{"words": "some words of a reason"}] * 50
    answer = json.dumps({"id": "some-id", "scores": [SCORE | {"raises": reasons, "lowers": reasons}]}).encode()
    told = ToldList(HEAD, [Row("a", place, "new", None, answer) for place in range(1, 500)], [])

    async def story() -> int:
        _, count = await turns(told.csv())
        return int(count)

    assert asyncio.run(story()) > 3


def test_what_is_erased() -> None:
    """A child whose answer retention has erased still has its row, with nothing of the score."""
    told = ToldList(HEAD | {"stamp": "not for use"}, [Row(None, 1, "new", None, None)], [])
    (row,) = _cells(told)
    assert {name for name, value in row.items() if value} == {*WHOLE, "note", "place", "change", "stamp"}
    (child,) = json.loads(told.json())["children"]
    assert child == {"subject": None, "place": 1, "change": "new", "moved_from": None, "answer": None}


def test_bytes_are_kept() -> None:
    """The answer stands in the list in the bytes that were recorded, with the reference before them."""
    told = ToldList(HEAD, [Row("a", 1, "new", None, b'{"n":0.10,"m":1e3}')], [Left("b", "id", 2, "score-fell")])
    assert b'"answer":{"subject":"a","n":0.10,"m":1e3}' in told.json()
    assert json.loads(told.json())["left"][0]["words"].startswith("The score is lower")
