"""What a draft may say in words: counts to the nearest five and none below ten, and names that are safe to repeat."""

import re

from models.small_numbers import FEWEST, nearest

# Begins whatever a person has to write; as a name it is written with low lines.
MARK = "TO SETTLE"
MARK_NAME = "to_settle"
WORDS = "# words: a person must write these"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_HEADING = re.compile(r"[A-Za-z](?:[A-Za-z_ ./()-]|[0-9](?![0-9]{3})){0,62}")


def number(count: int) -> str:
    """Return a count as it may be told."""
    return f"about {nearest(count):,}" if count >= FEWEST else f"fewer than {FEWEST}"


def share(count: int, total: int) -> str:
    """Return how many of how many, so that neither the part nor what is left of the whole tells of a few."""
    if count == total:
        return f"all of {number(total)}"
    return f"{'nearly all' if total - count < FEWEST else number(count)} of {number(total)}"


def can_be_named(name: str) -> bool:
    """Whether a contract can name a column so."""
    return _NAME.fullmatch(name) is not None


def heading(name: str, place: int) -> str:
    """Return a column's name where it reads like one, and else its place: a cell may stand where a name should."""
    return f'"{name}"' if _HEADING.fullmatch(name) else f"number {place}"


def as_name(text: str) -> str:
    """Return a text as a name of a contract."""
    plain = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    return (plain if plain[:1].isalpha() else f"source_{plain}")[:40].rstrip("_")
