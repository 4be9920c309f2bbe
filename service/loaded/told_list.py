"""Tells a list: as JSON with every answer in the very bytes that were recorded, and as CSV that no spreadsheet runs."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_json

from service.answers.facts import with_subject
from service.loaded.changes import Left, What
from service.turns import in_turns

LIMITS = (
    "The list suggests whom to offer support to first. It decides nothing, and a person looks at every child on it.",
    "When children were born is known to within four weeks, so a child may stay on the list so much longer than its age says.",
    "A child who is not listed may need help: a score says little where little is known, and some have no score.",
)
# What a spreadsheet would take for a formula where it begins a cell.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WHOLE = ("team", "day", "bundle", "purpose", "outcome")
_NOTE = "suggests whom to offer support to, and decides nothing"
COLUMNS = (
    *(*_WHOLE, "note"),
    *("place", "child", "change", "moved_from", "probability", "low", "high", "band", "reliability"),
    *("raises", "lowers", "not_known", "score"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A listed child: `answer` is stored as `Answered.stored` has it, None once retention has erased it."""

    subject: str | None
    place: int
    change: What
    moved_from: int | None
    answer: bytes | None


@dataclass(frozen=True, slots=True)
class ToldList:
    """A list: what is said of it as a whole (`Worklist` but for its last two fields), its children, and who left."""

    head: Mapping[str, Any]
    rows: Sequence[Row]
    gone: Sequence[Left]

    def json(self) -> bytes:
        """Return the list as JSON."""
        children = b",".join(map(_row, self.rows))
        left = to_json([one.told() for one in self.gone])
        return b'%b,"children":[%b],"left":%b}' % (to_json(self.head)[:-1], children, left)

    async def csv(self) -> bytes:
        """
        Return the children as CSV in UTF-8: the names of the columns, then a row for each, which says of what list it is.

        It goes in turns: every answer on the list is read for it.
        """
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(COLUMNS if self.head["stamp"] is None else (*COLUMNS, "stamp"))
        stamp = () if self.head["stamp"] is None else (self.head["stamp"],)
        async for row in in_turns(self.rows):
            writer.writerow([_cell(value) for value in (*self._cells(row), *stamp)])
        return file.getvalue().encode()

    def _cells(self, row: Row) -> Iterable[Any]:
        first = (*(self.head[name] for name in _WHOLE), _NOTE, row.place, row.subject, row.change, row.moved_from)
        if row.answer is None:
            return (*first, *("",) * (len(COLUMNS) - len(first)))
        answer = json.loads(row.answer)
        score = next(each for each in answer["scores"] if each["outcome"] == self.head["outcome"])
        return (
            *first,
            _decimals(score["probability"]),
            _decimals(score["interval"]["low"]),
            _decimals(score["interval"]["high"]),
            score["band"]["label"],
            score["reliability"]["level"],
            _words(score["raises"]),
            _words(score["lowers"]),
            len(score["not_known"]),
            answer["id"],
        )


def _row(row: Row) -> bytes:
    first = {"subject": row.subject, "place": row.place, "change": row.change, "moved_from": row.moved_from}
    answer = b"null" if row.answer is None else with_subject(row.answer, row.subject)
    return b'%b,"answer":%b}' % (to_json(first)[:-1], answer)


def _words(reasons: Sequence[Mapping[str, Any]]) -> str:
    return "; ".join(reason["words"] for reason in reasons)


def _decimals(share: float) -> str:
    """Return a share as precisely as a list can mean it; the answer itself has it in full."""
    return f"{share:.3f}"


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
