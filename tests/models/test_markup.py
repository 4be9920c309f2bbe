"""HTML built of elements: well formed whatever is said in it."""

import xml.etree.ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from models.markup import body, cell, element, figure, heading, row, section, svg, table, text

# XML, which reads the result here, knows no control characters.
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=30)


@settings(derandomize=True, database=None, deadline=None)
@given(words=WORDS, more=WORDS)
def test_words_stay_words(words: str, more: str) -> None:
    """Whatever words are put in, as text, in an attribute or as a caption, they are read as the same words again."""
    rows = body([row(words, figure(more), cell(text(words), "c"))], more, 3)
    drawn = section("s", words, table(more, [heading(words)], rows), svg(more, 10, 10.5))
    tree = ET.fromstring(drawn)  # noqa: S314 (a page of ours)
    assert [node.text or "" for node in tree.iter("h2")] == [words]
    assert [node.text or "" for node in tree.iter("title")] == [more]
    assert [node.attrib.get("aria-label", "") for node in tree.iter("div")] == [more]
    assert "".join(next(tree.iter("tbody")).itertext()) == more + words + more + words


def test_attributes() -> None:
    """An underscore stands for a hyphen, one at the end for nothing; numbers are short, and what is empty is left out."""
    drawn = element("line", class_="rule", x1=1.0, stroke_width=2 / 3, id="")
    assert drawn == '<line class="rule" x1="1" stroke-width="0.67"></line>'
