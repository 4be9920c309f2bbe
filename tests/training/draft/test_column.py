"""What a column is thought to be, from its name and its values, and what of its values is written."""

from collections.abc import Callable
from pathlib import Path

import pytest

from training.draft.column import Guess, guess
from training.draft.folder import read_folder
from training.draft.profile import profile_of, with_children
from training.ingest import connect
from training.synthetic.identity_numbers import nhs_numbers, upns

Guessed = Callable[[str, list[str]], Guess | None]


@pytest.fixture
def guessed(tmp_path: Path) -> Guessed:
    """Guess what a column of this name is that holds these cells."""

    def asking(name: str, cells: list[str]) -> Guess | None:
        lines = [f"id,{name}", *(f"k{number:06d},{cell}" for number, cell in enumerate(cells))]
        (tmp_path / "one.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        con = connect()
        (extract,), _ = read_folder(con, tmp_path)
        return guess(con, extract, with_children(con, extract, profile_of(con, extract, name), "id"), "%Y-%m-%d")

    return asking


def _found(one: Guess | None) -> Guess:
    assert one is not None
    return one


@pytest.mark.parametrize(
    ("name", "cells", "kind", "step"),
    [
        ("points", [str(i % 7) for i in range(80)], "integer", "1"),
        ("points", [f"{i % 9 / 2}" for i in range(80)], "number", "0.5"),
        ("points", [f"{i % 9 / 4}" for i in range(80)], "number", "0.25"),
        ("points", [f"{i % 9 / 10}" for i in range(80)], "number", "0.1"),
        ("seen", ["Y", "N", "", "U"] * 20, "flag", "1"),
        ("seen", ["1", "0"] * 40, "flag", "1"),
        ("fed", ["01", "02", "03"] * 30, "code", "1"),
        ("quarter_code", ["3", "6", "9"] * 30, "code", "1"),
        ("left_on", ["2020-01-02", "2021-03-04"] * 30, "date", "1"),
        ("worker", [f"Name {i % 3}" for i in range(80)], "key", "1"),
        ("household", [f"h{i // 2}" for i in range(80)], "key", "1"),
    ],
)
def test_types(guessed: Guessed, name: str, cells: list[str], kind: str, step: str) -> None:
    """The type and the step of a column are those that all its values have."""
    found = _found(guessed(name, cells))
    assert (found.type, found.step) == (kind, step)


def test_numbers_written_for_nothing(guessed: Guessed) -> None:
    """Numbers far from all others, or below 0 where no other is, are missing codes; one among the others is a number."""
    far = _found(guessed("points", [*[str(i % 61) for i in range(610)], *["999", "-1", "NK"] * 10]))
    assert set(far.missing) == {"999", "-1", "NK"}
    assert far.range == ("0", "60")
    near = _found(guessed("points", [str(90 + i % 12) for i in range(240)]))
    assert near.missing == ()


def test_a_lone_end_of_the_range_is_not_told(guessed: Guessed) -> None:
    """An end of the range that only a few children have is moved outwards to a round number."""
    found = _found(guessed("points", [*(str(3000 + 100 * (i % 5)) for i in range(100)), "1234", "4867"]))
    assert found.range == ("1000", "5000")


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("reference", [str(number) for number in nhs_numbers(__import__("numpy").arange(40), 3)]),
        ("reference", [str(number) for number in upns(__import__("numpy").arange(40), 3)]),
        ("area", [f"QA{i % 9 + 1} {i % 9 + 1}AB" for i in range(40)]),
        ("surname", ["Smith", "Jones"] * 20),
        ("reached_by", [f"someone{i}@example.org" for i in range(40)]),
        ("remarks", [f"spoke to number {i}" for i in range(90)]),
    ],
)
def test_identifiers(guessed: Guessed, name: str, values: list[str]) -> None:
    """What tells who somebody is has the role identifier, and none of it is written."""
    found = _found(guessed(name, values))
    assert (found.type, found.roles, found.codes, found.range) == ("key", ("identifier",), (), None)
    assert not any(value in found.why for value in values)


def test_a_number_of_somebody_is_no_code(guessed: Guessed) -> None:
    """A national number that stands in many rows is still nobody's code."""
    numbers = [str(number) for number in upns(__import__("numpy").arange(3), 3)]
    assert _found(guessed("seen_with", [*numbers * 20, *["none", "other"] * 60])).codes == ()


def test_rare_codes_are_not_written(guessed: Guessed) -> None:
    """A code that fewer than ten rows have is not listed, and the rows that hold one are counted."""
    found = _found(guessed("kind", [*["aa", "bb"] * 500, *["rare"] * 9]))
    assert (found.codes, found.unlisted) == (("aa", "bb"), 9)
    assert "9" not in found.why


def test_too_many_rare_codes(guessed: Guessed) -> None:
    """Where more than one row in a hundred would be lost for its rare code, the column is no code, and can be read."""
    found = _found(guessed("kind", [*["aa", "bb"] * 50, *["rare"] * 9]))
    assert (found.type, found.codes) == ("key", ())


def test_protected_characteristics(guessed: Guessed) -> None:
    """What the law protects is audited and never a feature, whatever its values look like."""
    for name, cells in (
        ("child_sex", ["1", "2"]),
        ("eal", ["Y", "N"]),
        ("ethnicity", ["WBRI", "AIND"]),
        ("sen_status", ["K", "E"]),
    ):
        found = _found(guessed(name, cells * 30))
        assert (found.characteristic is not None, found.roles) == (True, ("audit",)), name


def test_dates_in_another_form_are_left_out(guessed: Guessed) -> None:
    """A date written in another way than its source's dates cannot be read with them."""
    assert guessed("left_on", ["03/04/2020", "25/12/2021"] * 30) is None
