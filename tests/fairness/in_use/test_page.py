"""The page of a score in use: whole, plain, and nothing on it that the audit does not tell."""

import re
from html.parser import HTMLParser
from typing import Any

from fairness.in_use.page import page
from models.blame import blaming


class _Words(HTMLParser):
    """The words of a page, its styles left out, and the ids and links in it."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.ids: list[str] = []
        self._style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._style = tag == "style"
        self.ids += [value for name, value in attrs if name == "id" and value]

    def handle_data(self, data: str) -> None:
        if not self._style:
            self.words.append(data)


def test_says_what_it_must(audit: dict[str, Any]) -> None:
    """Natural frequencies first, help changes outcomes, people beside the list in every group that is told of, symbols with a legend."""
    drawn = _Words()
    drawn.feed(page(audit))
    words = " ".join(drawn.words)
    for said in (
        "Help changes outcomes",
        "of 100",
        "North",
        "South",
        "Some (u)",
        "c = ",
        "95 % intervals",
        "already helped",
    ):
        assert said in words
    assert len(drawn.ids) == len(set(drawn.ids))
    assert not re.search(r"\b(significant|unbiased|debias|fair|accurate)\b", words)
    assert blaming(words) is None


def test_needs_nothing_else(audit: dict[str, Any]) -> None:
    """Nothing on it runs or is fetched, and the same audit makes the same page."""
    drawn = page(audit)
    assert "<script" not in drawn
    assert "http" not in re.sub(r'http-equiv="', "", drawn)
    assert drawn == page(audit)


def test_no_outcomes_yet(audit: dict[str, Any]) -> None:
    """Before outcomes are known the page says so, and shows what people did all the same."""
    (head,) = audit["heads"]
    none = {name: [None] * 8 for name in ("recall_alone", "recall_people", "ppv_alone", "ppv_people")}
    untold = {"recall": [None] * 3, "ppv": [None] * 3}
    told = head | {"figures": head["figures"] | none, "differences": head["differences"] | untold, "attributes": []}
    drawn = page(audit | {"heads": [told]})
    assert "Too few outcomes are known yet" in drawn
    assert "somebody looked at 94" in drawn
    nothing = {name: [None] * 8 for name in head["figures"]}
    assert "Too few children were asked about" in page(audit | {"heads": [told | {"figures": nothing}]})
