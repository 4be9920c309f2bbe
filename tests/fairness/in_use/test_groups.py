"""What is known of the children outside the service: groups, families, and outcomes by name."""

from pathlib import Path

import pandas as pd

from fairness.in_use.groups import attributes_of, observed_column, read_groups
from fairness.scored import NOT_RECORDED
from models.errors import Problem

GROUPS = pd.DataFrame(
    {
        "subject": ["a", "b"],
        "family": ["f", "g"],
        "observed": [1, None],
        "audit_side": ["North", None],
        "name": ["x", "y"],
    }
)


def _read(
    groups: pd.DataFrame, folder: Path, outcomes: tuple[str, ...] = ("it",)
) -> tuple[pd.DataFrame, list[Problem]]:
    groups.to_csv(folder / "groups.csv", index=False)
    return read_groups(folder / "groups.csv", outcomes)


def test_read(tmp_path: Path) -> None:
    """An empty group is *not recorded*, an empty outcome not known; a column that nobody asked for is left out."""
    groups, problems = _read(GROUPS, tmp_path)
    assert not problems
    assert groups["audit_side"].tolist() == ["North", NOT_RECORDED]
    assert groups[observed_column("it")].isna().tolist() == [False, True]
    assert attributes_of(groups) == ["side"]
    assert "name" not in groups.columns


def test_outcomes(tmp_path: Path) -> None:
    """Of several outcomes each has its own column; one column of which it is not known is refused; none is none known."""
    named = GROUPS.rename(columns={"observed": "observed_it"})
    groups, problems = _read(named, tmp_path, ("it", "other"))
    assert not problems
    assert groups[observed_column("other")].isna().all()
    _, (problem,) = _read(GROUPS, tmp_path, ("it", "other"))
    assert "several outcomes" in problem.what


def test_faults(tmp_path: Path) -> None:
    """A child twice, a missing family column, no characteristic: each is told."""
    _, (problem,) = _read(pd.concat([GROUPS, GROUPS.iloc[:1]]), tmp_path)
    assert "another row" in problem.what
    assert [problem.place for problem in _read(GROUPS[["subject"]], tmp_path)[1]] == ["groups.csv"] * 2
    assert len(_read(GROUPS.iloc[:0], tmp_path)[1]) == 1
    assert "no such file" in read_groups(tmp_path / "none.csv", ("it",))[1][0].what
