"""Files about children: only their owner can read them, and they are there whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from models.errors import BadInput


@contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """
    Yield a file to write that becomes `path`, with mode 0600, when all went well; otherwise nothing is left of it.

    Raises BadInput when there is something at `path` already, or no file can be written there.
    """
    check_free(path)
    try:
        descriptor, aside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise BadInput(f"{path.name} cannot be written there: {error.strerror}") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink()
        raise


def check_free(path: Path) -> None:
    """Raise BadInput when there is something at `path` already, or no file can be of that name."""
    try:
        taken = path.exists() or path.is_symlink()
    except OSError as error:
        raise BadInput(f"no file can be written there: {error.strerror}; choose another name") from None
    if taken:
        raise BadInput(f"{path.name} exists already; choose another name, or take it away")
