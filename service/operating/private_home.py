"""That nobody but its owner can change what lies in a home: who could put a file of keys there would decide who is trusted."""

from pathlib import Path

from models.errors import KeyFileError

_OTHERS_CHANGE = 0o022


def check_home(home: Path) -> None:
    """Raise KeyFileError when others can change what lies in a home, or among its keys; each file says who may read it."""
    for folder in (home, home / "keys"):
        if folder.is_dir() and folder.stat().st_mode & _OTHERS_CHANGE:
            name = folder.relative_to(home.parent)
            raise KeyFileError(f"others can change what lies in {name}; take that away with: chmod go-w {name}")
