"""A file that people change while the service runs: what it says is followed, and what kept it from being read is got over."""

from pathlib import Path

import pytest

from models.errors import BadInput
from service.access.file_watch import SECONDS, FileWatch


class Machine:
    """Reads a file, or falters; counts what was told of that."""

    def __init__(self, path: Path) -> None:
        self.falters, self.now, self.told = False, 0.0, 0
        self.watch = FileWatch(path, self._read, lambda: self.now, self._hear)

    def _read(self, path: Path) -> str:
        if self.falters:
            raise BadInput("too many files are open")
        return path.read_text(encoding="utf-8")

    def _hear(self, _: BadInput) -> None:
        self.told += 1

    def later(self) -> str:
        """Return what the file says a little later."""
        self.now += SECONDS
        return self.watch()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file that names a key which is good."""
    (tmp_path / "keys").write_text("good", encoding="utf-8")
    return tmp_path / "keys"


def test_a_machine_that_falters(path: Path) -> None:
    """A change that could not be read at first is read as soon as it can be: it may be a key that was taken back. It is told once."""
    machine = Machine(path)
    path.write_text("revoked", encoding="utf-8")
    machine.falters = True
    assert [machine.later() for _ in range(3)] == ["good"] * 3
    assert (machine.watch.behind(), machine.told) == (True, 1)
    machine.falters = False
    assert machine.later() == "revoked"
    assert (machine.watch.behind(), machine.told) == (False, 1)


def test_whoever_asks_what_is_wrong_looks(path: Path) -> None:
    """That a change cannot be read is seen though nobody asks what the file says, and is over when the file is as it was."""
    machine = Machine(path)
    kept = path.with_name("kept")
    path.rename(kept)
    path.write_text("worse", encoding="utf-8")
    machine.falters = True
    assert not machine.watch.behind()
    machine.now += SECONDS
    assert machine.watch.behind()
    kept.replace(path)
    machine.now += SECONDS
    assert not machine.watch.behind()
