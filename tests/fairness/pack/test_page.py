"""The page as a whole: what it is drawn from, what it holds, and the words it is told in."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest

from fairness.pack.page import TITLE, pack
from models.blame import blaming
from models.errors import IntegrityError
from models.readability import grade, measure

_SPOKEN = {"p", "li"}
_LONGEST = 25
# The bare adjectives that nothing here may claim, causes, and what a board would take for more than it is.
_NEVER = re.compile(
    r"\b(fair|unfair|accurate|unbiased|debias\w*|significant\w*|because|caus\w+|high-risk|proves?)\b", re.IGNORECASE
)


class Outline(HTMLParser):
    """What a page is made of: tags in order, ids, links, and the words of each spoken element of each section."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.spoken: list[tuple[str, str]] = []
        self.section = ""
        self._open: list[list[str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag, the section that it opens, or that words are spoken from here."""
        self.tags.append((tag, dict(attrs)))
        if tag == "section":
            self.section = dict(attrs)["aria-labelledby"] or ""
        if tag in _SPOKEN:
            self._open.append([])

    def handle_data(self, data: str) -> None:
        """Keep words that are spoken."""
        if self._open:
            self._open[-1].append(data)

    def handle_endtag(self, tag: str) -> None:
        """Keep what was said up to here."""
        if tag in _SPOKEN:
            self.spoken.append((self.section, "".join(self._open.pop())))

    def values(self, attribute: str) -> list[str]:
        """Return what an attribute says, wherever it stands."""
        return [value for _, attributes in self.tags if (value := attributes.get(attribute))]


def sentences(outline: Outline, section: str = "") -> Iterator[str]:
    """Yield the sentences of a section, or of the whole page; names of groups and of outcomes are the contract's own."""
    for of, words in outline.spoken:
        if section in {"", of}:
            yield from re.split(r"(?<=[.!?])\s+", words.strip())


@pytest.fixture(scope="module")
def outline(full_pack: str) -> Outline:
    """The outline of the full pack."""
    return Outline(full_pack)


def test_the_same_files_give_the_same_page(full_files: dict[str, bytes], full_pack: str) -> None:
    """Nothing but the files decides what is drawn: neither their order nor when."""
    assert pack(dict(reversed(full_files.items()))) == full_pack


def test_an_audit_is_needed(full_files: dict[str, bytes]) -> None:
    """Without an audit of the form it knows, or with a file that cannot be read, there is no pack."""
    with pytest.raises(IntegrityError, match=r"audit\.json is missing"):
        pack({name: data for name, data in full_files.items() if name != "audit.json"})
    with pytest.raises(IntegrityError, match="another format"):
        pack({"audit.json": b'{"format": 1}'})
    with pytest.raises(IntegrityError, match=r"gates\.json cannot be read"):
        pack(full_files | {"gates.json": b"{"})


def test_the_audit_alone_is_enough(audit: dict[str, Any]) -> None:
    """With nothing but the audit every section stands there, and says what is missing and how to have it."""
    outline = Outline(pack({"audit.json": json.dumps(audit).encode()}))
    said = " ".join(words for _, words in outline.spoken)
    assert [a["id"] for tag, a in outline.tags if tag == "h2"] == _SECTIONS
    for missing in ("earlyid train", "The pack of a bundle has twenty", "evidence = “full”", "No champion was named"):
        assert missing in said


_SECTIONS = [
    "decision",
    "what",
    "how-well",
    "calibration",
    "missed",
    "cannot-judge",
    "missing",
    "with-and-without",
    "intersections",
    "segment",
    "choices",
    "challenger",
    "lists",
    "method",
]


def test_sections_stand_in_the_agreed_order(outline: Outline, full_pack: str) -> None:
    """The decision sheet comes first, and the numbers that the text refers to sections by are theirs."""
    assert [a["id"] for tag, a in outline.tags if tag == "h2"] == _SECTIONS
    numbers = {
        "section 6": "cannot-judge",
        "section 8": "with-and-without",
        "sections 4 and 5": "calibration",
        "section 14": "method",
    }
    for words, name in numbers.items():
        assert words in full_pack.lower()
        assert f"{_SECTIONS.index(name) + 1}" in words


def test_each_section_is_headed_by_one_sentence(outline: Outline) -> None:
    """Whoever reads only the headlines has one sentence of each section."""
    headlines = [a for tag, a in outline.tags if tag == "p" and a.get("class") == "headline"]
    assert len(headlines) == len(_SECTIONS) - 1


def test_nothing_is_fetched_and_nothing_runs(full_pack: str, outline: Outline) -> None:
    """The page holds all that it shows, and forbids the rest."""
    assert "default-src 'none'" in full_pack
    assert not {"script", "link", "img", "iframe", "object", "form"} & {tag for tag, _ in outline.tags}
    assert not [name for _, attributes in outline.tags for name in attributes if name.startswith("on") or name == "src"]
    assert not re.search(r"url\(|@import|https?://", full_pack)


def test_the_page_can_be_found_one_s_way_in(full_pack: str, outline: Outline) -> None:
    """It names its language, has one first heading, a way past the top, ids that are unique, and links that lead somewhere."""
    ids = outline.values("id")
    assert '<html lang="en-GB">' in full_pack
    assert [tag for tag, _ in outline.tags].count("h1") == 1
    assert f"<h1>{TITLE}</h1>" in full_pack
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in outline.values("href")} <= set(ids)


def test_every_table_is_named_and_scoped(full_pack: str) -> None:
    """A table has a caption, and every heading says what it heads."""
    tables = re.findall(r"<table.*?</table>", full_pack, re.DOTALL)
    assert len(tables) > len(_SECTIONS)
    for table in tables:
        assert table.count("<caption") == 1
        assert re.findall(r"<th(?=[ >])[^>]*>", table) == re.findall(r"<th [^>]*scope=[^>]*>", table)


def test_every_declared_group_is_there(full_pack: str, audit: dict[str, Any]) -> None:
    """A group is never left out, whatever its size: of nobody, of too few to tell of, or of many."""
    groups = {line["group"] for each in audit["audits"][0]["attributes"] for line in each["groups"]}
    assert {"Gypsy or Roma", "Traveller of Irish heritage", "Mixed background", "Girls, not recorded"} <= groups
    for section in ("missed", "cannot-judge"):
        part = re.search(rf'<section aria-labelledby="{section}".*?</section>', full_pack, re.DOTALL)
        assert part is not None
        missing = {group for group in groups if group not in part[0]}
        assert missing <= {group for group in groups if ", " in group} | (
            {"White British"} if section == "cannot-judge" else set()
        )
    assert all(group in full_pack for group in groups)


def test_symbols_have_a_legend_where_they_stand(full_pack: str) -> None:
    """Wherever a figure is a symbol, the section says what the symbol means."""
    for part in re.findall(r"<section.*?</section>", full_pack, re.DOTALL):
        if re.search(r"<td[^>]*>c</td>", part):
            assert "c = " in part


def test_words_blame_nobody_and_claim_nothing(outline: Outline) -> None:
    """No sentence labels a child or a family, says that anything is fair or accurate, or tells a cause."""
    for _, words in outline.spoken:
        assert blaming(words) is None, words
        assert _NEVER.search(words) is None, words


def test_sentences_are_short(outline: Outline) -> None:
    """No sentence of the pack's own has more than 25 words."""
    long = [one for one in sentences(outline) if len(re.findall(r"[A-Za-z0-9][\w'.-]*", one)) > _LONGEST]
    assert long == []


def test_the_decision_sheet_reads_easily(outline: Outline) -> None:
    """The first page asks no more of a reader than nine years of school."""
    said = [measure(one) for one in sentences(outline, "decision")]
    assert len(said) > 15
    assert grade(len(said), sum(one.words for one in said), sum(one.syllables for one in said)) <= 9.0


def test_the_first_page_says_what_an_audit_cannot_see(full_pack: str) -> None:
    """The profile is a teacher's judgement on children up to twelve months apart, and an audit cannot see a judgement's bias."""
    sheet = full_pack.partition('aria-labelledby="what"')[0]
    assert "children up to twelve months apart" in sheet
    assert "no audit can see that" in sheet
