"""The copy that Chromium prints of the pack."""

import re
from pathlib import Path

import pytest

from fairness.pack.charts.style import style
from fairness.pack.pdf import VARIABLE, found_chromium, print_pdf


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A page of two A4 pages, in a folder whose name needs quoting."""
    folder = tmp_path / "a board's pack"
    folder.mkdir()
    page = folder / "pack.html"
    head = f"<title>Pack</title><style>{style('pack, page by page')}</style>"
    first = "<section class=sheet><h1>First</h1></section>"
    document = f"<!doctype html><html lang=en-GB><head>{head}</head><body>{first}<p>Second</p></body></html>"
    page.write_text(document, encoding="utf-8")
    return page


def test_a_page_is_printed_as_a_tagged_pdf_on_a4(page: Path, chromium: str) -> None:
    """The PDF has the page's language and structure, for whoever has it read out; the sheet is a page of its own."""
    assert chromium
    pdf = page.with_name("pack.pdf")
    assert print_pdf(page, pdf)
    printed = pdf.read_bytes()
    assert b"/StructTreeRoot" in printed
    assert b"/Marked true" in printed
    assert re.search(rb"/Lang\s*\(en-GB\)", printed)
    assert len(re.findall(rb"/Type /Page\b", printed)) == 2
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    assert {(round(float(wide)), round(float(tall))) for wide, tall in boxes} == {(595, 842)}


def test_nothing_but_the_pdf_is_left_beside_the_page(page: Path, chromium: str) -> None:
    """The browser's profile is gone, and an older copy is replaced."""
    assert chromium
    pdf = page.with_name("pack.pdf")
    pdf.write_bytes(b"older")
    assert print_pdf(page, pdf)
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert sorted(each.name for each in page.parent.iterdir()) == ["pack.html", "pack.pdf"]


def test_without_a_chromium_nothing_is_written(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no Chromium is found the answer is no, and no file stands there."""
    monkeypatch.setenv(VARIABLE, str(page.with_name("none")))
    assert found_chromium() is None
    assert not print_pdf(page, page.with_name("pack.pdf"))
    assert [each.name for each in page.parent.iterdir()] == ["pack.html"]


@pytest.mark.parametrize(
    "does", ["exit 1", "exit 0", 'for a; do case $a in --print-to-pdf=*) echo no > "${a#*=}";; esac; done']
)
def test_a_browser_that_prints_nothing_leaves_an_older_copy_alone(
    page: Path, monkeypatch: pytest.MonkeyPatch, does: str
) -> None:
    """A browser that fails, or that writes no PDF, is told apart from one that printed."""
    browser = page.with_name("browser")
    browser.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
    browser.chmod(0o755)
    monkeypatch.setenv(VARIABLE, str(browser))
    pdf = page.with_name("pack.pdf")
    pdf.write_bytes(b"older")
    assert not print_pdf(page, pdf)
    assert pdf.read_bytes() == b"older"
