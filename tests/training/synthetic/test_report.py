"""The page for a sceptic: every figure, nothing but itself, and no text that could be taken for its own."""

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest

from training.synthetic.area import Area
from training.synthetic.check import Checked, check
from training.synthetic.measures import Reached, measures
from training.synthetic.report import report

# These need no end tag in HTML, and the page gives them none.
_OPEN = {"html", "meta", "th", "td"}
_EMPTY = {"rect", "line", "circle", "polyline"}


class _Page(HTMLParser):
    """What a page holds: its tags, whether they match, its attributes and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str | None]] = []
        self.text: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag, and wait for its end where it has one."""
        self.tags[tag] += 1
        self.attributes += attrs
        if tag not in _OPEN:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag that ends itself."""
        self.tags[tag] += 1
        self.attributes += attrs
        if tag not in _EMPTY:
            self.wrong.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Note an end tag that ends nothing."""
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.text.append(data)


@pytest.fixture(scope="module")
def area(england: Area) -> Area:
    """England, with the figures that are measured and not foreseen."""
    return england.model_copy(update={"figures": {n: f for n, f in england.figures.items() if n in measures()}})


@pytest.fixture(scope="module")
def checked(area: Area, invented: Path, measured: duckdb.DuckDBPyConnection) -> list[Checked]:
    """What the invented England reaches."""
    return check(area, invented, measured)


@pytest.fixture(scope="module")
def page(area: Area, checked: list[Checked], measured: duckdb.DuckDBPyConnection) -> str:
    """The page."""
    return report(area, checked, measured, "2,100 births in each cohort of 2014-2023, seed 11")


def test_well_formed(page: str) -> None:
    """Every tag that was opened is closed, in order."""
    parsed = _Page(page)
    assert parsed.wrong == []
    assert parsed.open == []
    assert parsed.tags["tr"] == parsed.tags["table"] + page.count("<tr><td>")


def test_every_figure(page: str, checked: list[Checked]) -> None:
    """Every figure has a row: its name, what was published, ours, how many children, and its source."""
    rows = re.findall(r"<tr><td>(.*?)</tr>", page)
    assert len(rows) == len(checked)
    by_name = {row.split("<td")[0]: row for row in rows}
    for one in checked:
        row = by_name[one.name.replace("_", " ")]
        assert one.reached is not None
        assert f"{one.figure.value:.2f}<td" in row
        assert f"{one.reached.value:.2f}<td" in row
        assert f"{one.reached.children:,}<td" in row
        assert f"({one.figure.year})" in row
        assert "aria-label='reached'" in row


def test_it_needs_nothing_else(page: str) -> None:
    """The page needs no network and runs nothing: no script, no address, nothing loaded from elsewhere."""
    parsed = _Page(page)
    assert not set(parsed.tags) & {"script", "link", "img", "iframe", "object", "embed", "a", "form", "base"}
    assert not {name for name, _ in parsed.attributes} & {"src", "href", "srcset", "action", "style"}
    assert not [name for name, _ in parsed.attributes if name.startswith("on")]
    assert not re.search(r"https?:|//[a-z]|url\(|@import", page)


def test_what_was_asked(page: str) -> None:
    """The page says what was invented, that nobody in it exists, and how many targets are reached."""
    text = "".join(_Page(page).text)
    assert "2,100 births in each cohort of 2014-2023, seed 11. Nobody in it exists." in text
    assert re.search(r"(\d+) of \1 targets are reached", text)


def test_two_peaks_are_drawn(page: str) -> None:
    """There are pictures of the 17 goals and of the ten tenths of areas, with England's own line over them."""
    bars = page.count("class='bar'")
    assert bars == 18 + 10
    assert page.count("<polyline class='line'") == 1


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "a & b", "'><b>", '"quoted"', "</table>"])
def test_text_is_escaped(area: Area, measured: duckdb.DuckDBPyConnection, hostile: str) -> None:
    """A label, a source, a note or a name with signs of HTML in it is text on the page, and no more."""
    figure = area.figures["gld"].model_copy(update={"source": hostile, "derived": hostile, "year": hostile})
    strange = area.model_copy(update={"label": hostile})
    page = report(strange, [Checked(hostile, figure, Reached(68.0, 1.0, 10))], measured, hostile)
    parsed = _Page(page)
    assert parsed.wrong == []
    assert not set(parsed.tags) & {"script", "b"}
    assert "".join(parsed.text).count(hostile) == 7


def test_what_was_missed_is_seen(area: Area, measured: duckdb.DuckDBPyConnection) -> None:
    """What was missed is drawn as missed, within the picture however far off; what could not be measured is said."""
    figure = area.figures["gld"]
    far = [Checked("gld", figure, Reached(value, 0.5, 10)) for value in (-1e6, 1e6)]
    page = report(area, [*far, Checked("gld_boys", figure, None)], measured, "")
    places = [float(x) for x in re.findall(r"<circle class='off' cx='([\d.-]+)'", page)]
    assert places == [4, 256]
    assert "0 of 3 targets" in page or "of 3 targets are reached" in page
    assert page.count("not measurable here") == 1
