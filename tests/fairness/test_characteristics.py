"""What is wrong with the groups of a table is told by column and line, and never by what stands there."""

from pathlib import Path

import pandas as pd

from fairness.characteristics import check_groups, check_names
from fairness.table_file import Faults


def _faults(groups: list[str], declared: tuple[str, ...] = ()) -> list[str]:
    faults = Faults(Path("scored.csv"))
    check_groups(pd.DataFrame({"audit_origin": groups}), {"origin": declared}, faults)
    return [str(problem) for problem in faults.problems]


def test_a_few_groups_of_many_children() -> None:
    """Declared groups, those of an attribute that declares none, and *not recorded* are let pass."""
    assert _faults(["A", "B", "not recorded"] * 40, ("A", "B", "C")) == []
    assert _faults(["A", "B"] * 40) == []


def test_what_names_children() -> None:
    """A column that names nearly each child, or a national identifier, is refused, and none of it is repeated."""
    (told,) = _faults([f"child{i}" for i in range(60)])
    assert "nearly as many groups as children" in told
    assert "child1" not in told
    (told,) = _faults(["A"] * 50 + ["999 000 0018".replace(" ", "")])
    assert "an NHS number" in told
    assert "0018" not in told


def test_a_group_that_is_not_declared() -> None:
    """A group that the contract does not declare is told by its line, with those that it does."""
    (told,) = _faults(["A"] * 50 + ["secret"], ("A", "B"))
    assert "hold a group that is not declared" in told
    assert "Write one of A, B, or not recorded." in told
    assert "secret" not in told


def test_names_of_characteristics() -> None:
    """A column that is not named as a characteristic is refused without repeating its name."""
    faults = Faults(Path("scored.csv"))
    check_names(["language", "SEN status"], faults)
    (problem,) = faults.problems
    assert "SEN status" not in str(problem)
    assert problem.remedy
