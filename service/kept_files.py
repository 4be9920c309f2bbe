"""
The files of a bundle that is served, read again when they are asked for instead of being kept in memory.

What answers requests was made of them already. A page that is asked for once a month need not take megabytes of every process, but
must be what was checked: each file is held to its digest when it is read again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from models.bundle import Bundle
from models.canonical import digest
from models.errors import IntegrityError


class KeptFiles(Mapping[str, bytes]):
    """The files of a bundle, on the disk."""

    def __init__(self, folder: Path, digests: Mapping[str, str]) -> None:
        self._folder = folder.absolute()
        self._digests = digests

    def __getitem__(self, name: str) -> bytes:
        """Return a file; raises IntegrityError when it is not there any more, or is another."""
        expected = self._digests[name]
        try:
            data = (self._folder / name).read_bytes()
        except OSError:
            raise IntegrityError(f"{name} of the bundle cannot be read any more") from None
        if digest(data) != expected:
            raise IntegrityError(f"{name} was altered since the bundle was loaded")
        return data

    def __iter__(self) -> Iterator[str]:
        """Yield the names of the files."""
        return iter(self._digests)

    def __len__(self) -> int:
        """Return how many files there are."""
        return len(self._digests)


def on_the_disk(bundle: Bundle, folder: Path) -> Bundle:
    """Return a bundle that was loaded from a folder, its files left there."""
    return replace(bundle, files=KeptFiles(folder, {name: digest(data) for name, data in bundle.files.items()}))
