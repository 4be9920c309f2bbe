"""Which files of a folder can be drafted from, and what is said of those that cannot, without a word of what they hold."""

from collections.abc import Callable
from pathlib import Path

import pytest

from training.draft.folder import read_folder
from training.ingest import connect

GOOD = "id,total\n" + "".join(f"k{i:05d},{i % 5}\n" for i in range(30))
BROKEN = {
    "semicolons": ("id;total\nk1;2\n", "not split by commas"),
    "headless": ("k00001,2020-01-02\nk00002,2020-01-03\n", "first line seems to be a row"),
    "repeated": ("anna,tom\nbeth,anna\nanna,tom\n", "first line seems to be a row"),
    "twice": ("id,id\nk1,k2\n", "cannot be read as a table"),
    "empty": ("id,total\n", "has no rows"),
    "nothing": ("", "cannot be read as a table"),
}


@pytest.fixture
def read(tmp_path: Path) -> Callable[[dict[str, bytes]], tuple[list[str], list[str]]]:
    """Read files of these names and bytes; return the sources found, and what is said of the rest."""

    def reading(files: dict[str, bytes]) -> tuple[list[str], list[str]]:
        for name, data in files.items():
            (tmp_path / name).write_bytes(data)
        extracts, unread = read_folder(connect(), tmp_path)
        return [extract.source for extract in extracts], unread

    return reading


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_cannot_be_read(read: Callable[..., tuple[list[str], list[str]]], name: str) -> None:
    """A file that is no table is named, with what is wrong and what to do, and the others are read all the same."""
    text, said = BROKEN[name]
    sources, unread = read({"good.csv": GOOD.encode(), f"{name}.csv": text.encode()})
    assert sources == ["good"]
    assert [line.startswith(f"{name}.csv: ") and said in line for line in unread] == [True]
    assert not any(cell in line for line in unread for cell in ("k0000", "2020-01", "anna", "beth"))


def test_text_in_another_encoding(read: Callable[..., tuple[list[str], list[str]]]) -> None:
    """A header in another encoding than UTF-8 is said to be that; lines in one are counted as lost."""
    sources, unread = read({"latin.csv": "id,prénom\nk1,2\n".encode("latin-1")})
    assert sources == []
    assert "not UTF-8" in unread[0]


def test_names_of_files(read: Callable[..., tuple[list[str], list[str]]]) -> None:
    """Files whose names a contract cannot hold, or that are no extracts, are counted and not named."""
    sources, unread = read({"Two Words.csv": GOOD.encode(), "notes.txt": b"x", "2024-Visits.csv": GOOD.encode()})
    assert sources == ["source_2024_visits"]
    assert len(unread) == 1
    assert ": 2." in unread[0]
    assert "Words" not in unread[0]
