"""
The pack in a real Chromium: for eyes, keyboards, screen readers, narrow screens, forced colours, and paper.

The page is opened from a file, as a board member opens it. All of it is checked with every part unfolded.
"""

import itertools
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from fairness.pack.page import pack
from training.findings import Run

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDE, NARROW = ViewportSize(width=1200, height=900), ViewportSize(width=320, height=640)
# The Government Analysis Function's colours, what is shaded, ink, and paper; greys are told by their channels.
PALETTE = {"12436d", "28a197", "801650", "f46a25", "a285d1", "2073bc", "6bace6"}
_GREYEST = 16


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium for all tests of this file, which is not there while others run."""
    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=chromium)
        yield running
        running.close()


@pytest.fixture(scope="module")
def address(invented_pack: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the invented pack lies."""
    file = tmp_path_factory.mktemp("pack") / "pack.html"
    file.write_text(invented_pack, encoding="utf-8")
    return file.as_uri()


@pytest.fixture(scope="module")
def short_address(audit_files: Mapping[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where a pack of one score and two attributes lies: every kind of part once, for checks that take long."""
    file = tmp_path_factory.mktemp("short") / "pack.html"
    file.write_text(pack({name: shortened(content) for name, content in audit_files.items()}), encoding="utf-8")
    return file.as_uri()


def shortened(file: bytes) -> bytes:
    """Leave the first score of each part, and of its attributes the first two, a pool and an intersection."""
    document = json.loads(file)
    for part in [document, *(each for each in document["audits"] if "audits" in each)]:
        for name in ("audits", "foresight"):
            if name in part and "attributes" in part[name][0]:
                part[name] = [part[name][0] | {"attributes": _few(part[name][0]["attributes"])}]
    return json.dumps(document).encode()


def _few(attributes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    plain = [each for each in attributes if each["kind"] == "attribute"]
    return plain[:2] + [each for each in attributes if each["kind"] != "attribute"]


@pytest.fixture(scope="module")
def opened(browser: Browser, address: str) -> Iterator[Page]:
    """The pack on a wide screen, unfolded."""
    page = browser.new_page(viewport=WIDE)
    page.goto(address)
    unfold(page)
    yield page
    page.close()


@pytest.fixture(scope="module")
def short(browser: Browser, short_address: str) -> Iterator[Page]:
    """The short pack on a wide screen, unfolded."""
    page = browser.new_page(viewport=WIDE)
    page.goto(short_address)
    unfold(page)
    yield page
    page.close()


@pytest.fixture
def page(opened: Page) -> Page:
    """The pack as it was opened, on a wide screen, however the last test looked at it."""
    return as_opened(opened)


@pytest.fixture
def short_page(short: Page) -> Page:
    """The short pack as it was opened."""
    return as_opened(short)


def as_opened(page: Page) -> Page:
    """Look at a page on a wide screen again."""
    page.set_viewport_size(WIDE)
    page.emulate_media(media="screen", forced_colors="none", contrast="no-preference")
    return page


def unfold(page: Page) -> None:
    """Open every part that can be folded."""
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA, with where it was found."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]})
    rules: list[dict[str, Any]] = found.response["violations"]
    return [f"{rule['id']}: {node['target']}" for rule in rules for node in rule["nodes"]]


def test_axe_finds_nothing_on_a_wide_screen(short_page: Page) -> None:
    """Nothing that axe knows to be a barrier stands in the page."""
    assert violations(short_page) == []


def test_axe_finds_nothing_at_four_hundred_per_cent(short_page: Page) -> None:
    """A screen of 1,280 pixels at 400 % is one of 320."""
    short_page.set_viewport_size(NARROW)
    assert violations(short_page) == []


def test_axe_finds_nothing_in_what_is_printed(short_page: Page) -> None:
    """Colours and structure hold on paper."""
    short_page.emulate_media(media="print")
    assert violations(short_page) == []


def test_axe_finds_a_planted_barrier(browser: Browser, short_address: str) -> None:
    """The checks above can fail: pale words, a drawing without a title and a page without a language are found."""
    page = browser.new_page(viewport=WIDE)
    page.goto(short_address)
    page.evaluate(
        """() => {
          const drawing = document.querySelector('svg[role=img]');
          document.querySelector('main').replaceChildren(drawing);
          drawing.querySelector('title').remove();
          document.querySelector('h1').style.color = '#bbb';
          document.documentElement.removeAttribute('lang');
        }"""
    )
    rules = {found.split(":")[0] for found in violations(page)}
    page.close()
    assert rules == {"color-contrast", "svg-img-alt", "html-has-lang"}


def test_the_page_asks_for_nothing_and_runs_nothing(browser: Browser, invented_pack: str, address: str) -> None:
    """One request, for the page itself; no script, no handler, and none would be run."""
    page = browser.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: complaints.append(said.text))
    page.goto(address, wait_until="networkidle")
    page.close()
    assert asked == [address]
    assert complaints == []
    assert not re.search(
        r"<script|<iframe|<object|<embed|<link|javascript:|\son\w+=|https?://(?!www\.w3\.org)", invented_pack
    )
    assert "default-src 'none'" in invented_pack


def test_nothing_is_lost_on_a_screen_of_320_pixels(page: Page) -> None:
    """The page does not scroll sideways; what is wider scrolls in a part of its own, or is not there."""
    page.set_viewport_size(NARROW)
    assert beyond(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def beyond(page: Page) -> list[str]:
    """What lies beyond the screen's sides and cannot be scrolled to in a part of its own."""
    found: list[str] = page.evaluate(
        """() => [...document.body.querySelectorAll('*')]
          .filter(each => !each.closest('.scroll') && !each.closest('.skip') && !each.closest('svg'))
          .filter(each => each.getBoundingClientRect().right > innerWidth + 1 || each.getBoundingClientRect().left < -1)
          .map(each => each.outerHTML.slice(0, 80))"""
    )
    return found


@pytest.mark.parametrize("screen", [WIDE, NARROW], ids=["wide", "narrow"])
def test_no_word_is_smaller_than_twelve_pixels(page: Page, screen: ViewportSize) -> None:
    """Neither on the page nor in a drawing, however much that was scaled."""
    page.set_viewport_size(screen)
    small = page.evaluate(
        """() => [...document.querySelectorAll('body *')]
          .filter(each => [...each.childNodes].some(part => part.nodeType === 3 && part.data.trim()))
          .filter(each => each.tagName !== 'title')
          .map(each => [parseFloat(getComputedStyle(each).fontSize) * (each.getScreenCTM ? each.getScreenCTM().a : 1), each.textContent])
          .filter(([size]) => size < 12)"""
    )
    assert small == []


def test_the_keyboard_reaches_everything_that_can_be_used_and_is_seen_there(browser: Browser, address: str) -> None:
    """The skip link first, then every link, fold and scrolling part in the order of the page, each with an outline."""
    page = browser.new_page(viewport=WIDE)
    page.goto(address)
    wanted = page.evaluate(
        """() => {
          const all = [...document.querySelectorAll('a[href], summary, [tabindex="0"]')].filter(each => each.checkVisibility());
          all.forEach((each, which) => each.dataset.which = which);
          return all.length;
        }"""
    )
    reached = []
    for _ in range(wanted):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(_FOCUSED))
    skip = page.evaluate("document.querySelector('[data-which=\"0\"]').matches('a.skip[href=\"#main\"]')")
    page.close()
    assert skip
    assert [int(which) for which, _, _ in reached] == list(range(wanted))
    assert {(style, width >= 2) for _, style, width in reached} == {("solid", True)}


_FOCUSED = """() => {
  const focused = document.activeElement, style = getComputedStyle(focused);
  return [focused.dataset.which, style.outlineStyle, parseFloat(style.outlineWidth)];
}"""


def test_every_drawing_is_named_and_its_figures_stand_in_a_table(page: Page) -> None:
    """A drawing has a title and a table after it in its section; one in a table's row, or beside words, is passed over in reading."""
    assert unnamed(page) == []
    assert page.locator("svg").count() > 100


def unnamed(page: Page) -> list[str]:
    """The drawings without a title, without a table after them, or without words beside them."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('svg:not(svg svg)')].filter(drawing => {
          if (drawing.getAttribute('aria-hidden') === 'true') return !drawing.closest('tr, li, span').textContent.trim();
          if (drawing.getAttribute('role') !== 'img' || !drawing.querySelector(':scope > title')?.textContent.trim()) return true;
          if (drawing.closest('table')) return false;
          const after = table => drawing.compareDocumentPosition(table) & Node.DOCUMENT_POSITION_FOLLOWING;
          return ![...drawing.closest('section').querySelectorAll('table')].some(after);
        }).map(drawing => drawing.outerHTML.slice(0, 120))"""
    )
    return found


def test_every_table_is_named_and_its_headings_scoped(page: Page) -> None:
    """A caption, and a scope on each heading; a part that scrolls has the same name."""
    wrong = page.evaluate(
        """() => [...document.querySelectorAll('table')].filter(table =>
          !table.caption?.textContent.trim() || [...table.querySelectorAll('th')].some(heading => !heading.scope)
        ).map(table => table.outerHTML.slice(0, 120))"""
    )
    assert wrong == []


def test_headings_step_down_one_at_a_time_from_one_title(page: Page) -> None:
    """One title; no level is left out on the way down."""
    levels = page.evaluate("[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(each => +each.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_colours_are_of_the_palette_or_grey(page: Page) -> None:
    """No other colour is used for words, grounds, lines or marks."""
    seen = colours(page)
    assert {colour for colour in seen if colour not in PALETTE and not _grey(colour)} == set()
    assert "12436d" in seen


def colours(page: Page) -> set[str]:
    """Every colour in use, in hexadecimal; what is transparent left out."""
    used = page.evaluate(
        """() => [...new Set([...document.querySelectorAll('body, body *')].flatMap(each => {
          const style = getComputedStyle(each), svg = each instanceof SVGElement;
          const before = getComputedStyle(each, '::before'), after = getComputedStyle(each, '::after');
          const edges = ['Top', 'Right', 'Bottom', 'Left'].filter(side => parseFloat(style[`border${side}Width`]) > 0);
          return [style.color, style.backgroundColor, before.backgroundColor, before.borderLeftColor, after.borderLeftColor, ...edges.map(side => style[`border${side}Color`]), ...(svg ? [style.fill, style.stroke] : [])];
        }))]"""
    )
    return {colour for colour in map(_hexed, used) if colour is not None}


def _hexed(colour: str) -> str | None:
    channels = [float(channel) for channel in re.findall(r"[\d.]+", colour)]
    transparent = len(channels) == 4 and channels[3] == 0
    return None if transparent or not channels else "".join(f"{round(channel):02x}" for channel in channels[:3])


def _grey(colour: str) -> bool:
    """Say whether no channel stands out; the ink is a grey with a little blue in it."""
    channels = [int(colour[start : start + 2], 16) for start in (0, 2, 4)]
    return max(channels) - min(channels) <= _GREYEST + 10


def test_verdicts_are_told_apart_where_colours_are_the_readers_own(page: Page) -> None:
    """In forced colours every mark is of the reader's ink on the reader's ground; three are full, and the ring is hollow."""
    page.emulate_media(forced_colors="active")
    ink, ground, marks = page.evaluate(
        """() => {
          const colour = (each, of) => getComputedStyle(each)[of];
          const marks = ['m0', 'm1', 'm2', 'm3'].map(name => document.querySelector('.' + name));
          return [colour(document.body, 'color'), colour(document.body, 'backgroundColor'),
                  marks.map(mark => [colour(mark, 'fill'), colour(mark, 'stroke'), mark.getAttribute('d')])];
        }"""
    )
    assert ink != ground
    assert [(fill, stroke) for fill, stroke, _ in marks] == [(ink, ink)] * 3 + [(ground, ink)]
    assert len({(shape, fill) for fill, _, shape in marks}) == 4


def test_whoever_asks_for_more_contrast_gets_it(page: Page) -> None:
    """Words that were quiet are black."""
    page.emulate_media(contrast="more")
    quiet = page.evaluate("getComputedStyle(document.querySelector('.source')).color")
    assert _hexed(quiet) == "000000"


def test_the_decision_sheet_is_one_page_of_a4(browser: Browser, address: str) -> None:
    """Title and sheet, printed, fill one page, and what follows starts on the next."""
    page = browser.new_page()
    page.goto(address)
    assert pages_of_the_sheet(page) == 1
    page.close()


def pages_of_the_sheet(page: Page) -> int:
    """How many pages the title and the sheet fill; nothing else is left in the page."""
    page.evaluate("[...document.querySelectorAll('main > :not(.sheet), footer')].forEach(each => each.remove())")
    return pages(page)


def pages(page: Page) -> int:
    """How many pages of A4 a page is in print."""
    return len(re.findall(rb"/Type /Page\b", page.pdf(prefer_css_page_size=True)))


def test_what_is_folded_is_left_off_paper_and_said_to_be(browser: Browser, address: str) -> None:
    """Of each section one part is printed; a line that only paper has says how many are not, and the page says so on screen."""
    page = browser.new_page(viewport=WIDE)
    page.goto(address)
    said = (
        "[...document.querySelectorAll('.paper')].filter(each => each.checkVisibility()).map(each => each.textContent)"
    )
    assert page.evaluate(said) == []
    page.emulate_media(media="print")
    parts = page.evaluate(
        """() => [...document.querySelectorAll('section')].filter(each => each.querySelector('details')).map(each =>
          [each.getAttribute('aria-labelledby'), [...each.querySelectorAll('details')].map(fold => fold.checkVisibility())])"""
    )
    lines = page.evaluate(said)
    page.close()
    assert {name for name, _ in parts} == {
        "how-well",
        "calibration",
        "missed",
        "cannot-judge",
        "intersections",
        "lists",
    }
    assert [sum(seen) for _, seen in parts] == [1] * len(parts)
    assert [int(re.findall(r"\d+", line)[0]) for line in lines] == [len(seen) - 1 for _, seen in parts]
    assert all("on screen and in pack.csv" in line for line in lines)


def test_whatever_is_unfolded_is_printed(page: Page) -> None:
    """Whoever wants a part on paper unfolds it first."""
    page.emulate_media(media="print")
    shown = page.evaluate("[...document.querySelectorAll('details')].map(each => each.getBoundingClientRect().height)")
    assert len(shown) > len({"missed", "calibration"})
    assert all(height > 60 for height in shown)


def test_a_dozen_scores_are_twenty_pages_and_one_is_a_dozen(
    browser: Browser, full_files: dict[str, bytes], audit: dict[str, Any]
) -> None:
    """A board prints: however many scores there are, with all that a bundle has, paper stays short, and the sheet its first page."""
    page = browser.new_page()
    page.set_content(
        pack(full_files | {"audit.json": json.dumps(of_many_ages(json.loads(full_files["audit.json"]))).encode()})
    )
    assert pages(page) <= MOST_PAGES["of a dozen scores"]
    assert pages_of_the_sheet(page) == 1
    page.set_content(pack(full_files | {"audit.json": json.dumps(audit | {"audits": audit["audits"][:1]}).encode()}))
    assert pages(page) <= MOST_PAGES["of one"]
    page.close()


MOST_PAGES = {"of a dozen scores": 20, "of one": 12}


def of_many_ages(document: dict[str, Any]) -> dict[str, Any]:
    """The same audit three times over, as of three times as many ages."""
    found = document | {"labels": document["labels"] | {"landmarks": dict(document["labels"]["landmarks"])}}
    for name in ("audits", "foresight", "segments", "coverage"):
        found[name] = [
            part | {"landmark": f"{part['landmark']}{after}"}
            for after in ("", "_later", "_last")
            for part in document[name]
        ]
    for name, label in document["labels"]["landmarks"].items():
        found["labels"]["landmarks"] |= {f"{name}_later": f"{label}, later", f"{name}_last": f"{label}, last"}
    return found


def test_the_pack_of_a_real_run_is_as_sound(browser: Browser, borough_run: Run) -> None:
    """What training wrote for the borough: no barrier, nothing lost on a narrow screen, every drawing named, a sheet of one page."""
    page = browser.new_page(viewport=WIDE)
    page.goto((borough_run.bundle / "pack.html").as_uri())
    unfold(page)
    assert violations(page) == []
    assert unnamed(page) == []
    assert {colour for colour in colours(page) if colour not in PALETTE and not _grey(colour)} == set()
    page.set_viewport_size(NARROW)
    assert beyond(page) == []
    page.reload()
    assert pages(page) <= MOST_PAGES["of a dozen scores"]
    assert pages_of_the_sheet(page) == 1
    page.close()
