"""Files about children: for their owner alone, there whole or not at all, and never written over another."""

import stat
from pathlib import Path

import pytest

from models.errors import BadInput
from models.private_file import written_whole


def test_a_whole_file(tmp_path: Path) -> None:
    """While it is written nothing stands under its name; then all of it does, for its owner alone, and nothing else."""
    path = tmp_path / "file"
    with written_whole(path) as file:
        file.write(b"half")
        assert not path.exists()
        file.write(b" and half")
    assert path.read_bytes() == b"half and half"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_an_interruption(tmp_path: Path, error: type[BaseException]) -> None:
    """Whatever ends the writing, nothing is left."""
    with pytest.raises(error):
        _interrupted(tmp_path / "file", error)
    assert list(tmp_path.iterdir()) == []


def test_something_is_there_already(tmp_path: Path) -> None:
    """A file, a folder or a link that leads nowhere is refused and left as it is."""
    for name, make in (("file", Path.touch), ("folder", Path.mkdir), ("link", lambda path: path.symlink_to("nowhere"))):
        make(tmp_path / name)
        with pytest.raises(BadInput, match=f"{name} exists already"), written_whole(tmp_path / name):
            pass
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder", "link"]


def test_no_such_folder(tmp_path: Path) -> None:
    """A place where no file can be is refused."""
    with pytest.raises(BadInput, match="cannot be written there"), written_whole(tmp_path / "none" / "file"):
        pass


def _interrupted(path: Path, error: type[BaseException]) -> None:
    with written_whole(path) as file:
        file.write(b"half")
        raise error
