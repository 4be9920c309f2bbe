"""The page: one file that needs nothing else, the same for the same bundle wherever and whenever it is written."""

from collections.abc import Iterable

from models.bundle import Bundle
from models.markup import Markup, element, paragraph, section, text
from models.plain_words import STAMP
from service.model_sheet.estimator_section import estimator_section
from service.model_sheet.figures import initial
from service.model_sheet.offered import what_is_offered
from service.model_sheet.opening import what_it_is, what_it_looks_at
from service.model_sheet.parts import Part, parts_of
from service.model_sheet.performance import how_well
from service.model_sheet.reading import how_to_read
from service.model_sheet.style import STYLE
from service.released import Released


def sheet(bundle: Bundle, approval: str = STAMP, released: Released | None = None) -> str:
    """
    Return the whole model as HTML, on which `approval` says whether it may be used, and `released` how it came to be.

    Raises IntegrityError when the bundle's evaluation or refits cannot be read.
    """
    contract, parts = bundle.contract, parts_of(bundle)
    first: tuple[tuple[str, str, Iterable[Markup]], ...] = (
        ("what", "What this is", what_it_is(bundle, approval, released)),
        ("looks-at", "What it looks at, and what it never does", what_it_looks_at(contract)),
        ("how-to-read", "How to read this page", how_to_read(parts)),
        ("bands", "What is offered to whom", what_is_offered(bundle.scorer.policy, parts)),
        ("how-well", "How well it foresaw", how_well(parts)),
    )
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en-GB">',
            '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
            f"{element('title', text('The whole model: ' + contract.label))}<style>{STYLE}</style></head>",
            "<body>",
            element("a", text("Skip to the model"), href="#main", class_="skip"),
            _top(contract.label, [(name, title) for name, title, _ in first], parts, approval),
            element(
                "main",
                *(section(name, title, *drawn) for name, title, drawn in first),
                *(estimator_section(contract, part) for part in parts),
                id="main",
            ),
            _foot(bundle.id, approval),
            "</body></html>",
            "",
        ]
    )


def _top(label: str, first: list[tuple[str, str]], parts: tuple[Part, ...], approval: str) -> Markup:
    entries = [*first, *((part.name, part.title) for part in parts)]
    links = [element("li", element("a", text(title), href=f"#{name}")) for name, title in entries]
    return element(
        "header",
        element("h1", text("The whole model")),
        element("p", text(label), class_="subject"),
        element("p", text(initial(approval)), class_="stamp"),
        element("nav", element("ol", *links), aria_label="Contents"),
    )


def _foot(bundle: str, approval: str) -> Markup:
    return element(
        "footer",
        paragraph(
            text(
                "No record of any child is on this page. Counts of children are to the nearest five, and small ones are "
                f"told together with others. Bundle {bundle[:12]}: {approval}."
            )
        ),
    )
