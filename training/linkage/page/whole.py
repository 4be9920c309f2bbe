"""The link report as one page that needs nothing else: for who must decide whether the links are good enough."""

from collections.abc import Callable, Iterator
from typing import Any

from models.markup import Markup, element, paragraph, section, text
from training.linkage.page.certainty import certainty
from training.linkage.page.coverage import coverage
from training.linkage.page.holdings import holdings
from training.linkage.page.missing import missing
from training.linkage.page.style import STYLE
from training.linkage.page.summary import summary
from training.linkage.page.weighing import weighing

_SECTIONS: tuple[tuple[str, str, Callable[[dict[str, Any]], Iterator[Markup]]], ...] = (
    ("summary", "What was linked", summary),
    ("missing", "Who is missing", missing),
    ("coverage", "Coverage", coverage),
    ("certainty", "How sure", certainty),
    ("weighing", "How it was decided", weighing),
    ("holdings", "What each agency holds", holdings),
)


def page(report: dict[str, Any]) -> str:
    """Return the page of a link report (`training.linkage.report`), as HTML."""
    told = _labelled(report, report.get("labels", {}))
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en-GB">',
            '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
            f"{element('title', text('Link report: ' + report['contract']))}<style>{STYLE}</style></head>",
            "<body>",
            _top(report["contract"]),
            element("main", *(section(name, title, *drawn(told)) for name, title, drawn in _SECTIONS)),
            _foot(),
            "</body></html>",
            "",
        ]
    )


def _labelled(part: Any, labels: dict[str, str]) -> Any:
    """Return a report in which attributes and outcomes are called as the contract reads them out."""
    match part:
        case dict():
            return {
                key: labels.get(value, value) if key in {"attribute", "outcome"} else _labelled(value, labels)
                for key, value in part.items()
            }
        case list():
            return [_labelled(one, labels) for one in part]
        case _:
            return part


def _top(contract: str) -> Markup:
    links = [element("li", element("a", text(title), href=f"#{name}")) for name, title, _ in _SECTIONS]
    return element(
        "header",
        element("h1", text("Link report")),
        element("p", text(contract), class_="subject"),
        element("nav", element("ol", *links), aria_label="Sections"),
    )


def _foot() -> Markup:
    return element("footer", paragraph(text("Counts, rates and weights only: no record of any child is on this page.")))
