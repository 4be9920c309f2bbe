"""The scored table as a file: written and read back the same, and refused with all that is wrong."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from fairness.scored_file import Described, described, read_scored
from models.errors import DataError

WORDS = Described(
    landmarks={"two_year": "two-year review"},
    outcomes={"not_gld": "not at a good level of development"},
    attributes={"sex": "Sex"},
    groups={"sex": ["Girls", "Boys"]},
    capacity=0.25,
)


@pytest.fixture
def table() -> pd.DataFrame:
    """Twenty children of one score, in two repeats."""
    n = 20
    once = pd.DataFrame(
        {
            "child": [f"c{number}" for number in range(n)],
            "landmark": "two_year",
            "outcome": "not_gld",
            "probability": np.linspace(0.05, 0.95, n),
            "observed": [number % 2 for number in range(n)],
            "repeat": 0,
            "fold": 0,
            "flagged": [int(number >= 15) for number in range(n)],
            "weight": 1.0,
            "family": [f"f{number // 2}" for number in range(n)],
            "audit_sex": ["Girls", "Boys"] * (n // 2),
        }
    )
    return pd.concat([once, once.assign(repeat=1)], ignore_index=True)


def _refused(path: Path) -> list[str]:
    with pytest.raises(DataError) as refused:
        read_scored(path)
    return [str(problem) for problem in refused.value.problems]


def test_back_again(tmp_path: Path, table: pd.DataFrame) -> None:
    """What was written is read back, with its words; the same table makes the same bytes."""
    path = tmp_path / "scored.parquet"
    path.write_bytes(described(table, WORDS))
    found, words = read_scored(path)
    pd.testing.assert_frame_equal(found, table[found.columns.tolist()], check_dtype=False)
    assert words == WORDS
    assert described(table, WORDS) == path.read_bytes()


def test_of_another_tool(tmp_path: Path, table: pd.DataFrame) -> None:
    """A table without words is read: names are their own labels, no group is declared, the list is as long as it is."""
    table.to_csv(tmp_path / "scored.csv", index=False)
    _, words = read_scored(tmp_path / "scored.csv")
    assert words.landmarks == {"two_year": "two_year"}
    assert words.groups == {"sex": []}
    assert words.capacity == 0.25


def test_every_fault_at_once(tmp_path: Path, table: pd.DataFrame) -> None:
    """A missing column, a score beyond 1, an outcome that is none, an empty group: each is told, no value is."""
    wrong = table.drop(columns="weight").astype({"observed": "float", "audit_sex": "object"})
    wrong.loc[3, "probability"], wrong.loc[4, "observed"], wrong.loc[5, "audit_sex"] = 1.375, 0.125, None
    wrong.to_csv(tmp_path / "scored.csv", index=False)
    told = _refused(tmp_path / "scored.csv")
    assert [line.split(":")[0] for line in told] == [
        "scored.csv",
        *(f'scored.csv, column "{name}"' for name in ("probability", "observed", "audit_sex")),
    ]
    assert "the first on line 5" in told[1]
    assert not any(value in line for value in ("1.375", "0.125") for line in told)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("child", "c1", "has another row"),
        ("repeat", 2, "not in every repeat"),
        ("observed", 1, "differ from another row"),
        ("family", "f9", "differ from another row"),
        ("audit_sex", "Boys", "differ from another row"),
    ],
)
def test_between_rows(tmp_path: Path, table: pd.DataFrame, column: str, value: str | int, said: str) -> None:
    """A child is once in each repeat, and one outcome, family and group hold in all of them."""
    table.loc[0, column] = value
    table.to_parquet(tmp_path / "scored.parquet")
    assert any(f'column "{column}"' in line and said in line for line in _refused(tmp_path / "scored.parquet"))


def test_nothing_to_audit(tmp_path: Path, table: pd.DataFrame) -> None:
    """A table without rows or without a characteristic is refused, and words that are not what they must be."""
    table.drop(columns="audit_sex").iloc[:0].to_csv(tmp_path / "scored.csv", index=False)
    assert len(_refused(tmp_path / "scored.csv")) == 2
    (tmp_path / "scored.parquet").write_bytes(described(table, WORDS.model_copy(update={"capacity": 9.25})))
    assert "metadata" in _refused(tmp_path / "scored.parquet")[0]


def test_lists_that_are_none(tmp_path: Path, table: pd.DataFrame) -> None:
    """A list of nobody, an outcome of everybody, and a list that passes over a higher score are each refused."""
    for column, value, said in (
        ("flagged", 0, "everybody is on the list"),
        ("observed", 1, "everybody is with the outcome"),
    ):
        table.assign(**{column: value}).to_csv(tmp_path / "scored.csv", index=False)
        assert said in " ".join(_refused(tmp_path / "scored.csv"))
    table.assign(flagged=1 - table["flagged"]).to_csv(tmp_path / "scored.csv", index=False)
    assert "though a higher score is not" in " ".join(_refused(tmp_path / "scored.csv"))


def test_true_and_false(tmp_path: Path, table: pd.DataFrame) -> None:
    """A table of true and false that was saved as CSV is read as it was meant."""
    table.astype({"flagged": bool}).to_csv(tmp_path / "scored.csv", index=False)
    assert read_scored(tmp_path / "scored.csv")[0]["flagged"].tolist() == table["flagged"].tolist()
