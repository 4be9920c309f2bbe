"""A table of children as a file, CSV or Parquet, and what is wrong with its cells: where, how often, never what stands there."""

import csv
import datetime
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from models.errors import Problem
from models.identifiers import is_identifier

Flags = NDArray[np.bool_]


def read_table(path: Path) -> pd.DataFrame | Problem:
    """
    Return the rows of a file, or why it is no table; their index is the line they stand on, of a file with a header.

    A CSV's cells are text, and empty ones are missing; nothing is guessed of a column from its rows.
    """
    if not path.is_file():
        return Problem(path.name, "there is no such file", "Put it there, or name another.")
    try:
        rows = _read(path)
    except (csv.Error, ValueError, OSError, pa.ArrowException, pd.errors.ParserError):
        remedy = "Save it as UTF-8 CSV (ending .csv) or as Parquet, each column named once."
        return Problem(path.name, "cannot be read as a table", remedy)
    return rows


def _read(path: Path) -> pd.DataFrame:
    """Return the rows of a file; raises ValueError where a column has no name, or two have one."""
    if path.suffix != ".csv":
        rows = pd.read_parquet(path)
        return _named(rows.set_axis(range(2, len(rows) + 2)), [str(name) for name in rows.columns])
    cells = pd.read_csv(
        path,
        header=None,
        dtype=str,
        keep_default_na=False,
        na_values=[""],
        skip_blank_lines=False,
        encoding="utf-8-sig",
    )
    lines = cells.set_axis(range(1, len(cells) + 1)).dropna(how="all")
    return _named(lines.iloc[1:], lines.iloc[0].fillna("").tolist())


def _named(rows: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    if "" in names or len({name.casefold() for name in names}) < len(names):
        raise ValueError("each column is named once")
    return rows.set_axis(names, axis="columns")


_YES_OR_NO = {"true": 1, "false": 0}


class Faults:
    """What is wrong with one file, all of it: `problems` grows as its columns are looked at."""

    def __init__(self, path: Path) -> None:
        self._file = path.name
        self.problems: list[Problem] = []

    def say(self, what: str, remedy: str, column: str | None = None) -> None:
        """Keep a problem of the file, or of one of its columns."""
        place = self._file if column is None else f'{self._file}, column "{column}"'
        self.problems.append(Problem(place, what, remedy))

    def rows(self, rows: pd.DataFrame, wrong: Flags, column: str, what: str, remedy: str) -> None:
        """Keep a problem of the rows that are wrong, if any is: how many, and the line of the first."""
        if wrong.any():
            where = f"{int(wrong.sum()):,} row(s), the first on line {rows.index[int(wrong.argmax())]}, {what}"
            self.say(where, remedy, column)

    def missing(self, rows: pd.DataFrame, wanted: Sequence[str]) -> list[str]:
        """Keep a problem of each column that is not there, and return those that are."""
        for name in wanted:
            if name not in rows.columns:
                self.say(f'has no column "{name}"', "Add it; the documentation says what it holds.")
        return [name for name in wanted if name in rows.columns]


def text_of(rows: pd.DataFrame, column: str, faults: Faults, *, empty: bool = False) -> NDArray[np.str_]:
    """Return a column as text (n,), nothing as "", without the spaces around; nothing is a fault unless it may be `empty`."""
    given = rows[column]
    found = given.astype("string").fillna("").str.strip().to_numpy(dtype=np.str_, na_value="")
    if not empty:
        faults.rows(rows, found == "", column, "hold nothing", "Fill it in.")
    return np.asarray(found)


def pseudonyms_of(rows: pd.DataFrame, column: str, faults: Faults) -> NDArray[np.str_]:
    """Return a column of pseudonyms (n,); one that holds a national identifier is a fault, as everywhere."""
    found = text_of(rows, column, faults)
    known = np.array([is_identifier(each) for each in found.tolist()], dtype=np.bool_)
    faults.rows(rows, known, column, "hold an NHS number or a unique pupil number", "Write pseudonyms in their place.")
    return found


def numbers_of(
    rows: pd.DataFrame, column: str, faults: Faults, between: tuple[float, float], *, empty: bool = False
) -> NDArray[np.float64]:
    """Return a column of numbers (n,), NaN where nothing stands; anything else, or outside the two ends, is a fault."""
    given = rows[column]
    blank = _blank(given)
    found = pd.to_numeric(given, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    low, high = between
    what = f"hold no number from {low:g} to {high:g}" if np.isfinite(high) else f"hold no number of {low:g} or more"
    faults.rows(rows, ~blank & ~((found >= low) & (found <= high)), column, what, "Correct them.")
    if not empty:
        faults.rows(rows, blank, column, "hold nothing", "Fill it in.")
    return np.where((found >= low) & (found <= high), found, np.nan)


def yes_or_no(rows: pd.DataFrame, column: str, faults: Faults, *, empty: bool = False) -> NDArray[np.float64]:
    """Return a column of 0 and 1 (n,), NaN where nothing stands; anything else is a fault."""
    given = rows[column]
    blank = _blank(given)
    # A table of true and false that was saved as CSV says so in words.
    said = given.map(lambda value: _YES_OR_NO.get(str(value).strip().lower(), value))
    found = pd.to_numeric(said, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    remedy = "Write 1 for yes and 0 for no" + (", and nothing where it is not known." if empty else ".")
    faults.rows(rows, ~np.isin(found, [0, 1]) & ~(blank & empty), column, "hold neither 0 nor 1", remedy)
    return np.where(np.isin(found, [0, 1]), found, np.nan)


def moments_of(rows: pd.DataFrame, column: str, faults: Faults) -> NDArray[np.int64]:
    """Return a column of dates, or of dates with a time of day, as seconds since 1970 (n,); what is none is a fault."""
    found = [_moment(value) for value in rows[column].tolist()]
    wrong = np.array([moment is None for moment in found], dtype=np.bool_)
    faults.rows(rows, wrong, column, "hold no date", "Write dates as 2026-09-30, or 2026-09-30T14:05.")
    return np.array([0 if moment is None else moment for moment in found], dtype=np.int64)


def _moment(value: object) -> int | None:
    """Return a date's seconds; one that names no time zone is taken as UTC, which all of a file are then alike."""
    try:
        if isinstance(value, str):
            value = datetime.datetime.fromisoformat(value.strip())
        elif isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            value = datetime.datetime.combine(value, datetime.time())
        if not isinstance(value, datetime.datetime):
            return None
        return int(value.replace(tzinfo=value.tzinfo or datetime.UTC).timestamp())
    except ValueError:
        return None


def _blank(given: pd.Series) -> Flags:
    """Return where nothing stands: a missing cell, or spaces alone."""
    return np.asarray(given.astype("string").fillna("").str.strip() == "", dtype=np.bool_)
