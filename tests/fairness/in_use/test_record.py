"""The record of a score in use: read as it is, refused with every fault, nothing of a child echoed."""

from pathlib import Path

import pandas as pd
import pytest

from fairness.in_use.record import read_record

Tables = tuple[pd.DataFrame, pd.DataFrame]


def _told(record: pd.DataFrame, folder: Path) -> list[str]:
    record.to_csv(folder / "record.csv", index=False)
    return [str(problem) for problem in read_record(folder / "record.csv")[1]]


def test_read(files: tuple[Path, Path], invented: Tables) -> None:
    """Every answer is there, with numbers where there are numbers and nothing where there is none."""
    record, problems = read_record(files[0])
    assert not problems
    assert record["subject"].tolist() == invented[0]["subject"].tolist()
    assert record["probability"].isna().tolist() == (invented[0]["not_scored"] != "").tolist()
    assert record["accepted"].notna().sum() == invented[0]["offered"].sum()


def test_without_reasons(tmp_path: Path, invented: Tables) -> None:
    """The reasons of overrides may be left out; another column may not."""
    assert _told(invented[0].drop(columns="override_reason"), tmp_path) == []
    (told,) = _told(invented[0].drop(columns="viewed"), tmp_path)
    assert 'has no column "viewed"' in told


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("probability", 0.375, "have a score and the code of a refusal, or neither"),
        ("not_scored", "secret", "hold no code of a refusal"),
        ("flagged", 1, "are on the list without a score"),
        ("accepted", 1, "an offer that was not made"),
        ("on", "the day", "hold no date"),
        ("viewed", "secret", "hold neither 0 nor 1"),
        ("subject", None, "hold nothing"),
        ("subject", "9434765919", "hold an NHS number or a unique pupil number"),
    ],
)
def test_faults(tmp_path: Path, invented: Tables, column: str, value: object, said: str) -> None:
    """Whatever a row cannot say is told by its line, with what to do; the value is not."""
    record = invented[0].astype(object)
    row = record.index[(record["not_scored"] != "") & (record["offered"] == 0)][0]
    record.loc[row, column] = value
    told = _told(record, tmp_path)
    assert any(f'column "{column}"' in line or column == "probability" for line in told)
    assert any(said in line and f"line {row + 2}," in line for line in told)
    assert not any(str(value) in line for line in told if value not in {1, None})


def test_two_answers_of_one_moment(tmp_path: Path, invented: Tables) -> None:
    """Two answers of a child about the same score at the same moment cannot be put in order."""
    (told,) = _told(pd.concat([invented[0], invented[0].iloc[:1]]), tmp_path)
    assert "same child, score and moment" in told


def test_nothing(tmp_path: Path, invented: Tables) -> None:
    """A record without a row is refused."""
    assert any("has no rows" in line for line in _told(invented[0].iloc[:0], tmp_path))
