"""When a checkpoint is due: after so many entries or seconds with news, and at the end."""

import time
from pathlib import Path

from service.record.chain import Head
from service.record.checkpoints import checkpoint_key, write_checkpoint

# What was written since the last checkpoint could be cut off unseen; each costs half a kilobyte for ever.
EVERY_ENTRIES = 1000
EVERY_SECONDS = 60.0


class Checkpointing:
    """Keeps the checkpoints of one record, from the thread that writes it; `trouble` says why the last could not be."""

    def __init__(self, checkpoints: Path, newest: int) -> None:
        self._path = checkpoints
        self._key = checkpoint_key(checkpoints)
        self._written = newest
        self._written_at = time.monotonic()
        self._head: Head | None = None
        self.trouble: str | None = None

    @property
    def newest_at(self) -> int:
        """The time of the newest entry that was written since, in microseconds since 1970; 0 before any."""
        return self._head.at if self._head is not None else 0

    def news(self, head: Head) -> None:
        """Take note of the newest entry."""
        self._head = head

    def keep(self, *, last: bool = False) -> None:
        """Write a checkpoint if one is due; one that cannot be written is tried again when the next is due."""
        if self._head is None or self._head.seq == self._written or not (last or self._due(self._head.seq)):
            return
        self._written_at = time.monotonic()
        try:
            write_checkpoint(self._path, self._head, self._key)
        except OSError as error:
            self.trouble = f"no checkpoint could be written ({type(error).__name__} {error.errno})"
        else:
            self.trouble, self._written = None, self._head.seq

    def _due(self, seq: int) -> bool:
        return seq - self._written >= EVERY_ENTRIES or time.monotonic() - self._written_at >= EVERY_SECONDS
