"""
HTML for the pages that people read, built of elements.

Every tag is closed, every text escaped, every table named and scoped, and every drawing says in words what it shows.
"""

from collections.abc import Sequence
from html import escape
from typing import NewType

# HTML that may stand in the page as it is: only what this module wrote.
Markup = NewType("Markup", str)


def text(words: str) -> Markup:
    """Return words as HTML."""
    return Markup(escape(words))


def element(tag: str, *inside: Markup, **attributes: str | float) -> Markup:
    """Return an element; an attribute's `_` stands for `-`, one at its end for nothing (`class_`); empty ones are left out."""
    written = "".join(f' {_named(name)}="{_written(value)}"' for name, value in attributes.items() if value != "")
    return Markup(f"<{tag}{written}>{''.join(inside)}</{tag}>")


def _named(attribute: str) -> str:
    return attribute.rstrip("_").replace("_", "-")


def _written(value: str | float) -> str:
    return escape(value) if isinstance(value, str) else f"{round(value, 2):g}"


def paragraph(*inside: Markup) -> Markup:
    """Return a paragraph."""
    return element("p", *inside)


def code(words: str) -> Markup:
    """Return a name that is typed as it stands: a file, a column."""
    return element("code", text(words))


def section(name: str, title: str, *inside: Markup) -> Markup:
    """Return a section of the page, which its index leads to by the name."""
    return element("section", element("h2", text(title), id=name), *inside, aria_labelledby=name)


def bullets(lines: Sequence[Markup], *, numbered: bool = False) -> Markup:
    """Return a list."""
    return element("ol" if numbered else "ul", *(element("li", line) for line in lines))


def table(caption: str, headings: Sequence[Markup], *bodies: Markup, class_: str = "") -> Markup:
    """Return a table that scrolls by itself where the page is narrower, of headings and bodies made by this module."""
    head = element("thead", element("tr", *headings))
    drawn = element("table", element("caption", element("span", text(caption))), head, *bodies, class_=class_)
    return element("div", drawn, class_="scroll", role="region", tabindex="0", aria_label=caption)


def heading(words: str, drawn: Markup = Markup(""), *, figures: bool = True) -> Markup:
    """Return a column's heading, with an axis under it where there is one; figures stand to the right."""
    return element("th", text(words), drawn, scope="col", class_="n" if figures else "")


def body(rows: Sequence[Markup], title: str = "", across: int = 1) -> Markup:
    """Return rows of a table, under a title of their own over so many columns where there is one."""
    titled = [element("tr", element("th", text(title), scope="rowgroup", colspan=across))] if title else []
    return element("tbody", *titled, *rows)


def row(name: str, *cells: Markup) -> Markup:
    """Return a row: its name, and its cells."""
    return element("tr", element("th", text(name), scope="row"), *cells)


def figure(words: str) -> Markup:
    """Return a cell with a figure."""
    return element("td", text(words), class_="n")


def cell(inside: Markup, class_: str = "") -> Markup:
    """Return a cell with words or a drawing."""
    return element("td", inside, class_=class_)


def svg(title: str, width: float, height: float, *shapes: Markup, class_: str = "") -> Markup:
    """Return a drawing of so many pixels, with a title that says what it shows."""
    box = f"0 0 {width:g} {height:g}"
    named = element("title", text(title))
    return element("svg", named, *shapes, role="img", class_=class_, width=width, height=height, viewBox=box)
