"""
How what stands in a file is spelled in a document: a closed set of forms, each with the name it has in a list of sources.

A form of the same name must always spell the same: documents that were written years ago are checked by it.
"""

import datetime
import re
from collections.abc import Callable
from typing import Any

from models.canonical import digest
from models.documents.artefacts import Pointer
from models.errors import IntegrityError
from models.estimator import expit
from models.small_numbers import FEWEST, rounded

AS_IT_STANDS, COUNT, HOW_MANY, NAME_BY_NAME = "as it stands", "as a count", "how many there are", "name by name"
CHILDREN = "to the nearest five"
ONE_PLACE, TWO_PLACES, THREE_PLACES = "to one place", "to two places", "to three places"
PER_CENT, SIGNED, PROBABILITY, SHA_256 = "in per cent", "with its sign", "as a probability", "its SHA-256"
_WITH_INTERVAL = ", with its interval"

_NUMBERS = {
    COUNT: ",.0f",
    ONE_PLACE: ".1f",
    TWO_PLACES: ".2f",
    THREE_PLACES: ".3f",
    PER_CENT: ".0%",
    SIGNED: "+.3f",
}
# An underline within a word is none to Markdown.
_MARKED = re.compile(r"([\\`*\[\]<>|#~]|(?<!\w)_|_(?!\w))")


def interval(form: str) -> str:
    """Return the form of a figure with its interval, from that of a number."""
    return f"{form}{_WITH_INTERVAL}"


def is_told(value: Any, form: str) -> bool:
    """Whether there is anything to spell: a figure without its value is not known, whatever else there is of it."""
    if isinstance(value, dict) and form.endswith(_WITH_INTERVAL):
        return value.get("value") is not None
    return value is not None


def spelled(pointer: Pointer, value: Any, form: str) -> str:
    """Return what stands at a pointer in a form; raises IntegrityError, which names it, where it cannot be told so."""
    try:
        return _FORMS[form](value)
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
        raise IntegrityError(f'{pointer} cannot be told "{form}"') from None


def escaped(words: str) -> str:
    """Return words so that Markdown shows them as they are, on one line."""
    return _MARKED.sub(r"\\\1", " ".join(words.split()))


def _plain(value: Any) -> str:
    match value:
        case str():
            return escaped(value)
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return f"{value:g}" if isinstance(value, float) else str(value)
        case datetime.date():
            return value.isoformat()
        case _:
            raise TypeError


def _few(count: float) -> str:
    """Return a count by which nobody is told of one child."""
    told = rounded(count)
    return f"fewer than {FEWEST}" if told is None else f"{told:,}"


def _number(spelling: str) -> Callable[[Any], str]:
    """Return what spells a number; what is rounded to nothing has no minus."""

    def spell(value: Any) -> str:
        told = format(float(value), spelling)
        return told if told.strip("+-0.%") else format(0.0, spelling)

    return spell


def _interval(spell: Callable[[Any], str]) -> Callable[[Any], str]:
    def spelled_out(value: Any) -> str:
        if value.get("low") is None or value.get("high") is None:
            return f"{spell(value['value'])} (interval not known)"
        return f"{spell(value['value'])} ({spell(value['low'])} to {spell(value['high'])})"

    return spelled_out


_SINGLE = {name: _number(spelling) for name, spelling in _NUMBERS.items()}
_FORMS: dict[str, Callable[[Any], str]] = {
    **_SINGLE,
    **{interval(name): _interval(spell) for name, spell in _SINGLE.items()},
    AS_IT_STANDS: _plain,
    HOW_MANY: lambda value: f"{len(value):,}",
    NAME_BY_NAME: lambda value: "; ".join(f"{escaped(name)}: {_few(count)}" for name, count in sorted(value.items())),
    CHILDREN: _few,
    PROBABILITY: lambda value: f"{expit(value):.2f}",
    SHA_256: digest,
}
