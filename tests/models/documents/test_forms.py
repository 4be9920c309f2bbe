"""How what stands in a file is spelled."""

import datetime

import pytest

from models.documents.artefacts import Pointer
from models.documents.forms import escaped, interval, spelled
from models.errors import IntegrityError

AT = Pointer("a.json", ("n",))
FIGURE = {"value": 0.71249, "low": -0.0004, "high": 1.5}


@pytest.mark.parametrize(
    ("value", "form", "words"),
    [
        ("two words", "as it stands", "two words"),
        (7, "as it stands", "7"),
        (0.25, "as it stands", "0.25"),
        (True, "as it stands", "yes"),
        (datetime.date(2026, 1, 2), "as it stands", "2026-01-02"),
        (1234, "as a count", "1,234"),
        (516.0, "as a count", "516"),
        (9, "to the nearest five", "fewer than 10"),
        (1233, "to the nearest five", "1,235"),
        ([1, 2, 3], "how many there are", "3"),
        ({"b_c": 12, "a": 1}, "name by name", "a: fewer than 10; b_c: 10"),
        (0.71249, "to one place", "0.7"),
        (0.71249, "to two places", "0.71"),
        (0.71249, "to three places", "0.712"),
        (-0.0004, "to three places", "0.000"),
        (-0.0004, "with its sign", "+0.000"),
        (0.05, "with its sign", "+0.050"),
        (0.076, "in per cent", "8%"),
        (-0.001, "in per cent", "0%"),
        (0.0, "as a probability", "0.50"),
        (FIGURE, "to three places, with its interval", "0.712 (0.000 to 1.500)"),
        ({"value": 0.71, "low": 0.5}, "to two places, with its interval", "0.71 (interval not known)"),
        (b"abc", "its SHA-256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ],
)
def test_spelled(value: object, form: str, words: str) -> None:
    """Each form spells as it always did; what is rounded to nothing has no minus."""
    assert spelled(AT, value, form) == words


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (1, "as it likes"),
        ("words", "to one place"),
        (None, "as it stands"),
        ({}, "as it stands"),
        ([1], interval("to one place")),
        ("words", interval("to one place")),
        (float("inf"), "to the nearest five"),
        ("words", "name by name"),
    ],
)
def test_what_cannot_be_spelled(value: object, form: str) -> None:
    """A form that there is not, or a value that it is not for, is refused with its place and without the value."""
    with pytest.raises(IntegrityError, match=f'^a.json#/n cannot be told "{form}"$'):
        spelled(AT, value, form)


def test_escaped() -> None:
    """Marks of Markdown are shown as they are, on one line; an underline within a word needs no mark."""
    assert escaped("a|b\n [1]  *x* _y_ a_b `c` <d>") == r"a\|b \[1\] \*x\* \_y\_ a_b \`c\` \<d\>"
