"""A file spelled out as TOML: every field, in words before it where a person needs them."""

import tomllib
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from models.toml_text import About, spelled_out, toml_value

FIELDS: dict[str, Any] = {
    "format": 1,
    "owner": None,
    "margins": {"recall": 0.05, "reason": None},
    "bands": {"team": "us", "band": [{"code": "a"}, {"code": "b"}]},
    "sign_off": [],
}
ABOUT = About(
    {
        "format": "The form.",
        "owner": "nobody yet.",
        "margins": "By how much.",
        "margins.reason": "why.",
        "bands": "Whose.",
        "bands.band": "Offers.",
        "sign_off": "none.",
    },
    {"margins": ["a note"]},
)


def test_what_is_said_reads_back() -> None:
    """TOML reads back every field that has a value."""
    assert tomllib.loads(spelled_out(FIELDS, "A title.", ABOUT)) == {
        "format": 1,
        "margins": {"recall": 0.05},
        "bands": {"team": "us", "band": [{"code": "a"}, {"code": "b"}]},
    }


def test_the_words_stand_above() -> None:
    """The title comes first; what a field or a table is stands above it, what is left out says what that means."""
    said = spelled_out(FIELDS, "A title.", ABOUT)
    assert said.startswith("# A title.\n# The form.\nformat = 1\n# owner, left out: nobody yet.\n")
    assert "\n# By how much.\n[margins]\n# a note\nrecall = 0.05\n# reason, left out: why.\n" in said
    assert "\n# Offers.\n[[bands.band]]\n" in said


@settings(derandomize=True, database=None, deadline=None, max_examples=60)
@given(st.text(max_size=30).filter(lambda words: words.encode(errors="replace") == words.encode(errors="ignore")))
def test_any_words(words: str) -> None:
    """Whatever people call a thing, TOML reads it back."""
    assert tomllib.loads(f"name = {toml_value(words)}\n") == {"name": words}
