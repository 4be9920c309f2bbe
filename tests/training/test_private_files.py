"""Files about children: readable by their owner alone, whole or not at all, whatever stood there before."""

import stat
from pathlib import Path

import pytest

from models.errors import BadInput
from training.private_files import check_place, write_private


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_for_the_owner_alone(tmp_path: Path) -> None:
    """A new file holds what was given, and only its owner can read it; nothing else is left beside it."""
    path = tmp_path / "child.json"
    write_private(path, b"{}")
    assert (path.read_bytes(), _mode(path)) == (b"{}", 0o600)
    assert list(tmp_path.iterdir()) == [path]


def test_what_others_could_read(tmp_path: Path) -> None:
    """A file that is there, open to others and longer, is replaced whole by one that is not open."""
    path = tmp_path / "child.json"
    path.write_bytes(b"something longer")
    path.chmod(0o644)
    write_private(path, b"{}")
    assert (path.read_bytes(), _mode(path)) == (b"{}", 0o600)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """A link that stands there is replaced, and what it leads to stays as it was."""
    theirs, path = tmp_path / "theirs", tmp_path / "child.json"
    theirs.write_bytes(b"theirs")
    path.symlink_to(theirs)
    write_private(path, b"{}")
    assert (theirs.read_bytes(), path.is_symlink(), _mode(path)) == (b"theirs", False, 0o600)


@pytest.mark.parametrize("place", ["absent/child.json", "taken/child.json", "folder"])
def test_a_place_that_cannot_be(tmp_path: Path, place: str) -> None:
    """A place that cannot be written is refused with what to do, beforehand too, and nothing is left anywhere."""
    (tmp_path / "taken").touch()
    (tmp_path / "folder").mkdir()
    for ask in (check_place, lambda path: write_private(path, b"{}")):
        with pytest.raises(BadInput, match="choose another place"):
            ask(tmp_path / place)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["folder", "taken"]


def test_asking_first_leaves_nothing(tmp_path: Path) -> None:
    """Asking whether a file can be written writes none."""
    check_place(tmp_path / "child.json")
    assert list(tmp_path.iterdir()) == []
