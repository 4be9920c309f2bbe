"""A file that people change, spelled out as TOML: every field, what it means, and what is left out where nothing is said."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Table = dict[str, Any]


@dataclass(frozen=True, slots=True)
class About:
    """
    What a person reads: by place (`table.field`) above a field or table, and beneath a table's heading (`notes`, lines).

    Every field that may be left out, and every table, has its words; any other field may have some.
    """

    words: Mapping[str, str]
    notes: Mapping[str, Sequence[str]]


def spelled_out(fields: Table, title: str, about: About) -> str:
    """Return fields as TOML, under a title."""
    return "\n".join([f"# {title}", *_lines(fields, "", about)]) + "\n"


def toml_value(value: Any) -> str:
    """Return a value as TOML, which spells numbers, texts and lists as JSON does but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _lines(table: Table, path: str, about: About) -> Iterator[str]:
    """Yield the lines of a table: its own fields first, then the tables in it, as TOML needs it."""
    for name, value in table.items():
        if not _holds_tables(value):
            yield from _field(path + name, name, value, about)
    for name, value in table.items():
        place = path + name
        if isinstance(value, dict):
            yield from ("", f"# {about.words[place]}", f"[{place}]", *_notes(about, place))
            yield from _lines(value, f"{place}.", about)
        elif _holds_tables(value):
            yield from ("", f"# {about.words[place]}")
            for each in value:
                yield from (f"[[{place}]]", *_lines(each, f"{place}.", about))


def _notes(about: About, place: str) -> Iterator[str]:
    yield from (f"# {line}" for line in about.notes.get(place, ()))


def _field(place: str, name: str, value: Any, about: About) -> Iterator[str]:
    if value is None or value == []:
        yield f"# {name}, left out: {about.words[place]}"
        yield from _notes(about, place)
        return
    if place in about.words:
        yield f"# {about.words[place]}"
    yield f"{name} = {toml_value(value)}"


def _holds_tables(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(each, dict) for each in value))
