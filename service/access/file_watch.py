"""A file that people change while the service runs: looked at every few seconds, read again when it has changed."""

from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from models.errors import BadInput

_Read = TypeVar("_Read")
# A change is to be seen within five.
SECONDS = 2.0


class FileWatch(Generic[_Read]):
    """
    What a file says, as it was last read; `clock` counts seconds and never goes back.

    Raises BadInput when it cannot be read at first. A change that cannot be read later leaves what was read before, and `trouble`
    is told, once for each change: a slip of the pen must not stop a service. It is tried again until it can be read: what kept it
    from that may have been the machine, and the change a key that was taken back.
    """

    def __init__(
        self,
        path: Path,
        read: Callable[[Path], _Read],
        clock: Callable[[], float],
        trouble: Callable[[BadInput], None],
    ) -> None:
        self._path, self._read, self._clock, self._trouble = path, read, clock, trouble
        self._seen, self._says = _state(path), read(path)
        self._failed: tuple[int, ...] | None = None
        self._again = clock() + SECONDS

    def __call__(self) -> _Read:
        """Return what the file says."""
        now = self._clock()
        if now >= self._again:
            self._again = now + SECONDS
            self._look()
        return self._says

    def behind(self) -> bool:
        """Whether the file was changed to what cannot be read, so that what it said before still holds."""
        self()
        return self._failed is not None

    def _look(self) -> None:
        found = _state(self._path)
        if found == self._seen:
            self._failed = None
            return
        try:
            self._says = self._read(self._path)
        except BadInput as error:
            if found != self._failed:
                self._trouble(error)
            self._failed = found
        else:
            self._seen, self._failed = found, None


def _state(path: Path) -> tuple[int, ...]:
    """Return what changes when a file does; its state is taken before it is read, so that no change is missed."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return (found.st_ino, found.st_size, found.st_mtime_ns, found.st_mode)
