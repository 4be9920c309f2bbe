"""Writes a file that people go on to change: never over one that is there."""

from pathlib import Path

from models.errors import BadInput


def write_new(path: Path, text: str) -> None:
    """Write a text; raises BadInput where a file of that name exists, or none can be written there."""
    try:
        with path.open("xb") as file:
            file.write(text.encode())
    except FileExistsError:
        raise BadInput(f"{path.name} exists already; choose another name, or take it away") from None
    except OSError as error:
        raise BadInput(f"{path.name} cannot be written there: {error.strerror}") from None
