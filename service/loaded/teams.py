"""Reads which team sees which child: a CSV file with the columns child and team, a row for each child of a team."""

import csv
from collections.abc import Iterator
from pathlib import Path

from models.errors import DataError, Problem

COLUMNS = ["child", "team"]
MOST_LETTERS = 64


def read_teams(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (child, team); raises DataError naming the line that is no such row. A child may be of several teams."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True)
            if next(rows, None) != COLUMNS:
                raise _refusal(path, 1)
            for row in rows:
                if len(row) != len(COLUMNS) or not is_team(row[1]):
                    raise _refusal(path, rows.line_num)
                yield row[0], row[1]
    except (OSError, UnicodeDecodeError, csv.Error):
        raise DataError(f"{path.name} cannot be read as a CSV file of children and teams") from None


def is_team(name: str) -> bool:
    """Whether a text can be the name of a team."""
    return name.isprintable() and name == name.strip() and 0 < len(name) <= MOST_LETTERS


def _refusal(path: Path, line: int) -> DataError:
    remedy = f"Give {' and '.join(COLUMNS)}; a team's name has at most {MOST_LETTERS} letters."
    return DataError(
        "the teams cannot be used", (Problem(f"{path.name}, line {line}", "not a child and a team", remedy),)
    )
