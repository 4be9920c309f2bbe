"""The two files that identify children: written at the end, and never over what a person wrote meanwhile."""

from pathlib import Path

from models.errors import BadInput
from training.private_files import write_private


class Private:
    """The map and the pairs to review, as they were when linking began."""

    def __init__(self, known: Path, review: Path) -> None:
        # Where a link leads, into a safer place perhaps, is where the file belongs.
        self._paths = (known.resolve(), review.resolve())
        self._found = [_bytes(path) for path in self._paths]

    def write(self, *texts: bytes) -> None:
        """Write both, readable by their owner alone; raises BadInput, writing neither, where one is not as it was."""
        for path, found in zip(self._paths, self._found, strict=True):
            if _bytes(path) != found:
                raise BadInput(
                    f"{path.name} was changed while linking ran; link again, so that what was written counts"
                )
        for path, text in zip(self._paths, texts, strict=True):
            write_private(path, text)


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None
