"""
That nobody but its owner can change what lies in a home.

Who could put a file of keys there would decide who is trusted; who could put child records there, what children are scored on.
"""

from pathlib import Path

from models.errors import KeyFileError

_OTHERS_CHANGE = 0o022


def check_home(home: Path) -> None:
    """Raise KeyFileError when others can change what lies in a home, among its keys or its child records; files say who may read them."""
    for folder in (home, home / "keys", home / "loaded"):
        if folder.is_dir() and folder.stat().st_mode & _OTHERS_CHANGE:
            name = folder.relative_to(home.parent)
            raise KeyFileError(f"others can change what lies in {name}; take that away with: chmod go-w {name}")


def check_file(path: Path) -> None:
    """Raise KeyFileError when others can change a file; one that is not there is told of by whoever reads it."""
    if path.is_file() and path.stat().st_mode & _OTHERS_CHANGE:
        raise KeyFileError(f"others can change {path.name}; take that away with: chmod go-w {path.name}")
