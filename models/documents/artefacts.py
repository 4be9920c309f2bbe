"""The files of a bundle as documents point into them: a file, and the place in it, written as in RFC 6901."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import quote, unquote

from models.errors import IntegrityError

# In a pointer, for each of a list or of a table.
EACH = "*"


@dataclass(frozen=True, slots=True)
class Pointer:
    """A place in a file (`tokens` lead there from its top), or the whole file as it stands (no tokens: None)."""

    file: str
    tokens: tuple[str, ...] | None = None

    def __truediv__(self, token: str | int) -> Self:
        """Return the place one step further in."""
        return type(self)(self.file, (*(self.tokens or ()), str(token)))

    def __str__(self) -> str:
        """Return it as it is written: `evaluation.json#/evaluations/0/n`."""
        if self.tokens is None:
            return self.file
        return f"{self.file}#{''.join(f'/{_written(token)}' for token in self.tokens)}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a pointer back."""
        file, mark, place = text.partition("#")
        if not mark:
            return cls(file)
        return cls(file, tuple(_read(token) for token in place.split("/")[1:]))


def _written(token: str) -> str:
    return quote(token.replace("~", "~0").replace("/", "~1"), safe="~*")


def _read(token: str) -> str:
    return unquote(token).replace("~1", "/").replace("~0", "~")


class Artefacts:
    """The files that documents are written from, each read when it is first pointed into."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self._parsed: dict[str, Any] = {}

    def at(self, pointer: Pointer) -> Any:
        """
        Return what stands at a pointer, bytes where it is a whole file; None where nothing does, or nothing is told.

        Raises IntegrityError where the file is neither JSON nor TOML.
        """
        if pointer.tokens is None:
            return self.files.get(pointer.file)
        value = self._of(pointer.file)
        for token in pointer.tokens:
            value = _inside(value, token)
        return value

    def each(self, pointer: Pointer) -> Iterator[Pointer]:
        """Yield the pointers that one with `*` in it stands for; of a list or table that is empty or not there, none."""
        if pointer.tokens is None or EACH not in pointer.tokens:
            yield pointer
            return
        place = pointer.tokens.index(EACH)
        before, after = pointer.tokens[:place], pointer.tokens[place + 1 :]
        for token in _steps(self.at(Pointer(pointer.file, before))):
            yield from self.each(Pointer(pointer.file, (*before, token, *after)))

    def _of(self, file: str) -> Any:
        if file not in self._parsed:
            self._parsed[file] = _parsed(file, self.files[file]) if file in self.files else None
        return self._parsed[file]


def _parsed(file: str, data: bytes) -> Any:
    try:
        return tomllib.loads(data.decode()) if file.endswith(".toml") else json.loads(data)
    except ValueError:
        raise IntegrityError(f"{file} cannot be read") from None


def _inside(value: Any, token: str) -> Any:
    match value:
        case dict():
            return value.get(token)
        case list() if token.isascii() and token.isdecimal() and int(token) < len(value):
            return value[int(token)]
        case _:
            return None


def _steps(value: Any) -> list[str]:
    match value:
        case dict():
            return list(value)
        case list():
            return [str(place) for place in range(len(value))]
        case _:
            return []
