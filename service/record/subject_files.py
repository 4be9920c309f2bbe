"""References of children for a command, from a file or piped in: a command line stays in the history of a shell."""

import sys
from pathlib import Path

from models.errors import DataError
from service.exclusions import is_reference

STDIN = "-"


def read_subject(source: str) -> str:
    """Return the one reference in a file, or in what is piped in (`-`); raises DataError, which never repeats it."""
    found = read_subjects(source)
    if len(found) != 1:
        raise DataError(f"{_name(source)} must hold one reference, on a line of its own")
    return found[0]


def read_subjects(source: str) -> list[str]:
    """Return the references in a file, one a line; empty lines are passed over. Raises DataError."""
    try:
        text = sys.stdin.read() if source == STDIN else Path(source).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise DataError(f"{_name(source)} cannot be read as text") from None
    lines = [line.strip() for line in text.splitlines()]
    wrong = [number for number, line in enumerate(lines, 1) if line and not is_reference(line)]
    if wrong:
        raise DataError(f"{_name(source)}: line {wrong[0]} is no reference that a request may give")
    return [line for line in lines if line]


def _name(source: str) -> str:
    return "what is piped in" if source == STDIN else Path(source).name
