"""A document as it is written: every figure is asked for by where it stands, and carries the number of its source."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from models.documents.artefacts import Artefacts, Pointer
from models.documents.forms import AS_IT_STANDS, escaped, is_told, spelled

NOT_KNOWN = "not known"
SOURCES = "Sources"
_DIGIT = re.compile(r"\d")


class Sheet:
    """What a document is written on; it reads the files of a bundle, and keeps count of what was read."""

    def __init__(self, artefacts: Artefacts) -> None:
        self._artefacts = artefacts
        self._sources: dict[tuple[str, str], int] = {}

    def at(self, pointer: Pointer) -> Any:
        """Return what stands at a pointer, for the document to choose its words by; None where nothing does."""
        return self._artefacts.at(pointer)

    def listed(self, pointer: Pointer) -> list[Pointer]:
        """Return the places in a list or a table, in its order; none where there is nothing."""
        return list(self._artefacts.each(pointer / "*"))

    def tell(self, pointer: Pointer, form: str = AS_IT_STANDS) -> str:
        """Return what stands at a pointer, spelled out and with its source: "0.71 [3]"; *not known* where nothing is told."""
        value = self.at(pointer)
        if not is_told(value, form):
            return NOT_KNOWN
        number = self._sources.setdefault((str(pointer), form), len(self._sources) + 1)
        return f"{spelled(pointer, value, form)} [{number}]"

    def quote(self, pointer: Pointer) -> str:
        """Return words as they stand, with their source where there is a number in them."""
        words = self.at(pointer)
        if isinstance(words, str) and not _DIGIT.search(words):
            return escaped(words)
        return self.tell(pointer)

    def sources(self) -> Iterator[str]:
        """Yield the section that says where everything was read."""
        yield f"## {SOURCES}"
        yield ""
        for (pointer, form), number in self._sources.items():
            yield f"{number}. `{pointer}` {form}"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield a table, and an empty line after it."""
    yield _row(columns)
    yield _row(["---"] * len(columns))
    yield from (_row(row) for row in rows)
    yield ""


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
