"""Pointers into the files of a bundle."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.documents.artefacts import Artefacts, Pointer
from models.errors import IntegrityError

FILES = {
    "a.json": b'{"list":[{"n":1},{"n":null},{"n":3}],"a/b~c":{"":4},"none":[]}',
    "b.toml": b'[t]\nday = 2026-01-02\nname = "x"\n',
    "broken.json": b"{",
    "broken.toml": b"\xff",
}
ARTEFACTS = Artefacts(FILES)


@settings(derandomize=True, database=None, deadline=None)
@given(st.lists(st.text(min_size=0, max_size=8), max_size=4))
def test_written_and_read(tokens: list[str]) -> None:
    """A pointer that is written down is read back as it was, whatever the names on its way, and breaks no code mark."""
    pointer = Pointer("a.json", tuple(tokens))
    assert Pointer.parse(str(pointer)) == pointer
    assert not {"`", "\n", " "} & set(str(pointer))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a.json#/list/0/n", 1),
        ("a.json#/list/2/n", 3),
        ("a.json#/list/1/n", None),
        ("a.json#/list/3/n", None),
        ("a.json#/list/-/n", None),
        ("a.json#/list/-1/n", None),
        ("a.json#/list/0/n/deeper", None),
        ("a.json#/nothing/at/all", None),
        ("a.json#/a~1b~0c/", 4),
        ("b.toml#/t/name", "x"),
        ("a.json", FILES["a.json"]),
        ("nowhere.json#/n", None),
        ("nowhere.json", None),
    ],
)
def test_at(text: str, value: object) -> None:
    """A pointer leads to a value in JSON or TOML, or to a whole file's bytes; where nothing stands, to nothing."""
    assert ARTEFACTS.at(Pointer.parse(text)) == value


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a.json#/list/*/n", ["a.json#/list/0/n", "a.json#/list/1/n", "a.json#/list/2/n"]),
        ("b.toml#/*/*", ["b.toml#/t/day", "b.toml#/t/name"]),
        ("a.json#/none/*", []),
        ("a.json#/nothing/*/n", []),
        ("a.json#/list/0", ["a.json#/list/0"]),
        ("a.json", ["a.json"]),
    ],
)
def test_each(text: str, found: list[str]) -> None:
    """A star stands for each of a list or a table, in its order."""
    assert [str(each) for each in ARTEFACTS.each(Pointer.parse(text))] == found


def test_one_step_in() -> None:
    """A step further in leads from a file to its top, and from there on."""
    assert str(Pointer("a.json") / "list" / 0) == "a.json#/list/0"


@pytest.mark.parametrize("name", ["broken.json", "broken.toml"])
def test_a_file_that_cannot_be_read(name: str) -> None:
    """A file that is neither JSON nor TOML is refused by name."""
    with pytest.raises(IntegrityError, match=name):
        ARTEFACTS.at(Pointer.parse(f"{name}#/n"))
