"""
Pairs that a person should look at, as a plain comparison, and what was decided about them: decisions win.

The file is for people: one row a pair, a column to write `same` or `different` in, and both records beside each other.
It is the one output, with the map, that identifies children.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from models.errors import DataError, Problem
from models.linkage import Linkage, Part
from training.extract_sql import quoted
from training.linkage.people import HELD
from training.linkage.pseudonyms import Record

SAME, DIFFERENT = "same", "different"
_KEYS = ["agency_1", "id_1", "agency_2", "id_2"]
_LEAD = ["decision", *_KEYS]


@dataclass(frozen=True, slots=True)
class Decisions:
    """
    Pairs that somebody decided on, and what is to be written again: their rows, and columns of people's own.

    `noted` holds, for pairs not decided on yet, what stands in those columns.
    """

    same: list[tuple[Record, Record]]
    different: list[tuple[Record, Record]]
    rows: list[dict[str, str]]
    noted: dict[tuple[Record, Record], dict[str, str]] = field(default_factory=dict)


def read_decisions(path: Path) -> Decisions:
    """Return what was decided, nothing where there is no file; raises DataError naming every line that is not clear."""
    rows = _rows(path) if path.exists() else []
    problems = [
        Problem(
            f"{path.name}, line {line}", "the decision is neither same nor different", "Write one, or leave it empty."
        )
        for line, row in rows
        if _decision(row) not in {"", SAME, DIFFERENT}
    ]
    decided = [(line, row) for line, row in rows if _decision(row)]
    problems += [
        Problem(f"{path.name}, line {line}", "the decision is not about two records", "Take the line out.")
        for line, row in decided
        if len(set(_pair(row))) == 1 or not all(row[key] for key in _KEYS)
    ]
    problems += _contradictions(path, decided)
    if problems:
        raise DataError("the decisions cannot be used", tuple(problems))
    pairs: dict[str, list[tuple[Record, Record]]] = {SAME: [], DIFFERENT: []}
    for _, row in decided:
        pairs[_decision(row)].append(_pair(row))
    noted = {_pair(row): row for _, row in rows if not _decision(row)}
    return Decisions(pairs[SAME], pairs[DIFFERENT], [row for _, row in decided], noted)


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        # A spreadsheet may put a mark at the start of the file.
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            found = [(reader.line_num, row) for row in reader]
            named = set(_LEAD) <= set(reader.fieldnames or ())
    except (OSError, UnicodeDecodeError, csv.Error):
        named = False
    if not named:
        raise _not_ours(path.name)
    # A row with cells too many has some under None; with cells too few, None in the last of them.
    torn = next((line for line, row in found if None in row or None in row.values()), None)
    if torn is not None:
        raise _not_ours(f"{path.name}, line {torn}")
    return found


def _not_ours(place: str) -> DataError:
    problem = Problem(place, "is not as linking wrote it", "Keep its columns as they are.")
    return DataError("the decisions cannot be used", (problem,))


def _decision(row: dict[str, str]) -> str:
    return row["decision"].strip().lower()


def _pair(row: dict[str, str]) -> tuple[Record, Record]:
    one, other = sorted([(row["agency_1"], row["id_1"]), (row["agency_2"], row["id_2"])])
    return one, other


def _contradictions(path: Path, decided: list[tuple[int, dict[str, str]]]) -> list[Problem]:
    first: dict[tuple[Record, Record], str] = {}
    return [
        Problem(f"{path.name}, line {line}", "this pair is decided otherwise on another line", "Keep one of the two.")
        for line, row in decided
        if first.setdefault(_pair(row), _decision(row)) != _decision(row)
    ]


def review_text(
    con: duckdb.DuckDBPyConnection, linkage: Linkage, pairs: Sequence[tuple[int, int, float]], decisions: Decisions
) -> bytes:
    """Return the file: what was decided, then the pairs (records by uid, probability) to look at, likeliest first."""
    compared = [f"{part.name}_{side}" for part in linkage.parts for side in (1, 2)]
    ours = [*_LEAD, "probability", *compared]
    earlier = [*decisions.rows, *decisions.noted.values()]
    header = list(dict.fromkeys([*ours, *(name for row in earlier for name in row)]))
    text = io.StringIO()
    writer = csv.DictWriter(text, header, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(
        [*decisions.rows, *(decisions.noted.get(_pair(row), {}) | row for row in _compared(con, linkage, pairs))]
    )
    return text.getvalue().encode()


def _compared(
    con: duckdb.DuckDBPyConnection, linkage: Linkage, pairs: Sequence[tuple[int, int, float]]
) -> list[dict[str, str]]:
    wanted = sorted({uid for one, other, _ in pairs for uid in (one, other)})
    columns = ["agency", "id", *(part.name for part in linkage.parts)]
    shown = ["agency", "id", *(_shown(part) for part in linkage.parts)]
    rows = con.execute(
        f"SELECT uid, {', '.join(shown)} FROM people WHERE uid IN (SELECT unnest(?))", [wanted]
    ).fetchall()
    people = {uid: {name: value or "" for name, value in zip(columns, values, strict=True)} for uid, *values in rows}
    ordered = sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1]))
    return [_row(people[one], people[other], probability) for one, other, probability in ordered]


def _shown(part: Part) -> str:
    """Return the SQL of what a person sees of a part: of postcodes all that were held, since any of them counts."""
    held = f"array_to_string({quoted(part.name + HELD)}, ' / ')"
    return held if part.kind == "postcode" else quoted(part.name)


def _row(one: dict[str, str], other: dict[str, str], probability: float) -> dict[str, str]:
    sides = {f"{name}_{side}": value for side, person in ((1, one), (2, other)) for name, value in person.items()}
    return {"decision": "", "probability": f"{probability:.4f}", **sides}
