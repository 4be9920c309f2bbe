"""A lock on a file beside the record: exactly one service process has a record in SQLite."""

import fcntl
import os
from pathlib import Path
from typing import Self

from service.record.refusals import RecordRefused


class ProcessLock:
    """Held until it is released or the process ends, however it ends."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @classmethod
    def of(cls, record: Path) -> Self:
        """Take the lock of a record; raises RecordRefused when another process has it."""
        # By whatever name it is called, one file has one lock.
        descriptor = os.open(f"{record.resolve()}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise RecordRefused(
                f"another service process writes to {record.name}; stop it, or keep the record in PostgreSQL, "
                "which several processes can write to"
            ) from None
        return cls(descriptor)

    def release(self) -> None:
        """Let another process have the record. The file stays: whoever waits for it must find the same one."""
        os.close(self._descriptor)
