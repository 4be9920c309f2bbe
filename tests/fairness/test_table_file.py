"""Tables of children as files: lines are named, values never are, CSV and Parquet are read alike."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from fairness.table_file import Faults, moments_of, numbers_of, read_table, text_of, yes_or_no
from models.errors import Problem

PLACE = Path("some.csv")


def _rows(path: Path) -> pd.DataFrame:
    rows = read_table(path)
    assert not isinstance(rows, Problem), rows
    return rows


@pytest.mark.parametrize("name", ["some.csv", "some.parquet"])
def test_read_alike(tmp_path: Path, name: str) -> None:
    """CSV and Parquet tell the same numbers, texts, dates and nothings of a column."""
    table = pd.DataFrame(
        {"x": [0.25, np.nan], "y": [1.0, np.nan], "who": [" a ", "b"], "on": ["2026-03-02", "2026-03-02T00:00:05"]}
    )
    path = tmp_path / name
    if path.suffix == ".csv":
        table.to_csv(path, index=False)
    else:
        table.assign(on=pd.to_datetime(table["on"], format="ISO8601")).to_parquet(path)
    rows, faults = _rows(path), Faults(path)
    assert numbers_of(rows, "x", faults, (0, 1), empty=True).tolist() == pytest.approx([0.25, np.nan], nan_ok=True)
    assert yes_or_no(rows, "y", faults, empty=True).tolist() == pytest.approx([1, np.nan], nan_ok=True)
    assert text_of(rows, "who", faults).tolist() == ["a", "b"]
    first, second = moments_of(rows, "on", faults).tolist()
    assert second - first == 5
    assert not faults.problems


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    """A fault names the line it stands on, empty lines counted, and how many there are: never what stands there."""
    path = tmp_path / "some.csv"
    path.write_text("x\n0.5\n\nsecret\n7\n", encoding="utf-8")
    rows, faults = _rows(path), Faults(path)
    numbers_of(rows, "x", faults, (0, 1))
    (problem,) = faults.problems
    assert "2 row(s), the first on line 4" in problem.what
    assert "secret" not in str(problem)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("none.csv", None),
        ("twice.csv", b"x,X\n1,2\n"),
        ("unnamed.csv", b"x,\n1,2\n"),
        ("ragged.csv", b"x\n1,2,3\n"),
        ("latin.csv", b"x\n\xff\n"),
        ("empty.csv", b""),
        ("not.parquet", b"no"),
    ],
)
def test_no_table(tmp_path: Path, name: str, data: bytes | None) -> None:
    """A file that is missing, or is no table, is a problem with a remedy."""
    if data is not None:
        (tmp_path / name).write_bytes(data)
    found = read_table(tmp_path / name)
    assert isinstance(found, Problem)
    assert found.remedy


def test_what_is_no_date_or_yes() -> None:
    """What is neither a date nor 0 or 1, and what is empty where it must not be, is told."""
    rows, faults = pd.DataFrame({"on": ["March", None], "y": ["2", None], "t": ["", None]}), Faults(PLACE)
    moments_of(rows, "on", faults)
    yes_or_no(rows, "y", faults)
    text_of(rows, "t", faults)
    assert [problem.place for problem in faults.problems] == [f'some.csv, column "{name}"' for name in ("on", "y", "t")]
    assert all("2 row(s)" in problem.what for problem in faults.problems)
