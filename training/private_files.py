"""Files about children, which only their owner can read."""

import os
import tempfile
from pathlib import Path

from models.errors import BadInput


def write_private(path: Path, data: bytes) -> None:
    """Write a file with mode 0600, whole or not at all; raises BadInput when it cannot be written there."""
    check_place(path)
    descriptor, aside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink()
        raise


def check_place(path: Path) -> None:
    """Raise BadInput when no file can be written there: better known before the learning than after."""
    if path.is_dir() or not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise BadInput(f"{path.name} cannot be written there; choose another place, in a folder that exists")
