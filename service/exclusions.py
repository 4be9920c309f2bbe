"""
Children of whom no score is given, because somebody objected: that is the service's to keep, and never the Scorer's.

The answer is neutral. It has the shape of any other refusal and does not say why, so that an objection tells nothing of
the family that made it.
"""

import re
from pathlib import Path
from typing import Literal

from models.errors import DataError, Problem
from models.identifiers import is_identifier

Unavailable = Literal["not-available"]
NOT_AVAILABLE: Unavailable = "not-available"
WORDS = "No score is available for this child."

_REFERENCE = re.compile(r"[A-Za-z0-9._:-]{1,64}")


def read_exclusions(path: Path) -> frozenset[str]:
    """
    Read a text file of callers' references, one a line; empty lines and those that begin with # are passed over.

    Raises DataError when it cannot be read or lists nobody, naming each line that is no reference or holds a national
    identifier.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise DataError(f"{path.name}: the exclusions cannot be read; give a file of UTF-8 text") from None
    given = {number: line.strip() for number, line in enumerate(lines, start=1)}
    listed = {number: line for number, line in given.items() if line and not line.startswith("#")}
    problems = tuple(
        Problem(f"line {number}", "not a reference that a request may give", "Write your own reference for the child.")
        for number, line in listed.items()
        if not is_reference(line)
    )
    if problems:
        raise DataError(f"{path.name}: {len(problems)} of its lines cannot be used", problems)
    if not listed:
        raise DataError(f"{path.name}: there is no reference in it; leave the option out where nobody objected")
    return frozenset(listed.values())


def is_reference(text: str) -> bool:
    """Whether a text can be a caller's reference for a child: of its form, and no national identifier."""
    return _REFERENCE.fullmatch(text) is not None and not is_identifier(text)
