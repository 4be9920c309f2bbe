"""Folders that only their owner can look into."""

import errno
import os
from pathlib import Path


def make_private(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for its owner alone; raises OSError when it cannot."""
    if folder.is_dir():
        return
    if folder.exists():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    make_private(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
