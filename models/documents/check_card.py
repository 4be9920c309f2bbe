"""Checks a card: every figure is what its source says, and there is no number without one."""

import re
from typing import NamedTuple

from models.documents.artefacts import Artefacts, Pointer
from models.documents.forms import spelled
from models.documents.sheet import SOURCES
from models.errors import IntegrityError

NAME = "card.md"
# Numbers that are part of a name, or of the method whatever is found; nothing that a run could make different.
WITHOUT_SOURCE = (
    "95 %",  # the level of every interval (M4, M8)
    "SHA-256",  # the name of a digest
)
_SOURCE = re.compile(r"(\d+)\. `([^`]+)` (.+)")
_REFERENCE = re.compile(r"(?<!\\) \[(\d+)\]")
_DIGIT = re.compile(r"\d")
# What, right before a figure, would make it another.
_RUNS_ON = re.compile(r"[\w.,+\-]$")


class _Source(NamedTuple):
    pointer: Pointer
    form: str


def check_card(data: bytes, artefacts: Artefacts) -> None:
    """Raise IntegrityError, which names the source, unless the card says what its sources say and nothing else in numbers."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise IntegrityError(f"{NAME} is not a text") from None
    said, heading, listed = text.partition(f"\n## {SOURCES}\n\n")
    if not heading:
        raise IntegrityError(f"{NAME} names no sources")
    sources = _sources(listed)
    used = {
        number for at, line in enumerate(said.splitlines(), 1) for number in _check_line(at, line, sources, artefacts)
    }
    if used != set(sources):
        raise IntegrityError(f"{NAME}: source {min(set(sources) - used)} is not used")


def headings_of(data: bytes) -> list[str]:
    """Return the headings of a card's sections."""
    return [line.removeprefix("## ") for line in data.decode(errors="replace").splitlines() if line.startswith("## ")]


def _sources(listed: str) -> dict[int, _Source]:
    sources: dict[int, _Source] = {}
    for number, line in enumerate(listed.splitlines(), 1):
        found = _SOURCE.fullmatch(line)
        if found is None or int(found[1]) != number:
            raise IntegrityError(f"{NAME}: source {number} cannot be read")
        sources[number] = _Source(Pointer.parse(found[2]), found[3])
    return sources


def _check_line(at: int, line: str, sources: dict[int, _Source], artefacts: Artefacts) -> set[int]:
    """Check the figures of a line, and that nothing else in it is a number; returns which sources it uses."""
    *told, rest = _REFERENCE.split(line)
    used = set()
    for words, reference in zip(told[::2], told[1::2], strict=True):
        number = int(reference)
        if number not in sources:
            raise IntegrityError(f"{NAME}, line {at}: there is no source {number}")
        rest += _before(words, sources[number], artefacts)
        used.add(number)
    for allowed in WITHOUT_SOURCE:
        rest = rest.replace(allowed, "")
    if _DIGIT.search(rest):
        raise IntegrityError(f"{NAME}, line {at}: a number has no source")
    return used


def _before(words: str, source: _Source, artefacts: Artefacts) -> str:
    """Return what stands before a figure; raises IntegrityError unless the words end in the figure that the source has."""
    value = artefacts.at(source.pointer)
    if value is None:
        raise IntegrityError(f"{NAME}: {source.pointer} leads nowhere")
    figure = spelled(source.pointer, value, source.form)
    before = words.removesuffix(figure)
    if not words.endswith(figure) or _RUNS_ON.search(before):
        raise IntegrityError(f"{NAME} does not say what stands at {source.pointer}")
    return f"{before} "
