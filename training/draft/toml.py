"""The little of TOML that a draft is written in."""

import json
from collections.abc import Sequence


def timing(said: tuple[str, str | int]) -> str:
    """Return when something happened or became known."""
    word, value = said
    return table(**{word: text_of(value) if isinstance(value, str) else value})


def table(**said: object) -> str:
    """Return a table on one line; its values are TOML already."""
    return "{ " + ", ".join(f"{key} = {value}" for key, value in said.items()) + " }"


def listed(texts: Sequence[str]) -> str:
    """Return a list of texts."""
    return "[" + ", ".join(map(text_of, texts)) + "]"


def text_of(text: str) -> str:
    """Return a text as TOML writes it: as JSON does, but for one control character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
