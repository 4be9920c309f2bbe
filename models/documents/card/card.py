"""Writes the model card."""

from collections.abc import Callable, Iterator, Sequence

from models.documents.artefacts import Artefacts
from models.documents.card.about import decision, details, not_for, users
from models.documents.card.closing import checking, reporting
from models.documents.card.groups import groups
from models.documents.card.judged import ages, performance, procedure, to_quote
from models.documents.card.left_out import elsewhere, left_out, proxies
from models.documents.card.lists import thresholds
from models.documents.card.records import data, out_of_scope
from models.documents.card.verdicts import gates, limitations
from models.documents.card.worth import help_given, rules, unobserved
from models.documents.heads import CONTRACT, Head, heads_of
from models.documents.sheet import Sheet

Section = Callable[[Sheet, Sequence[Head]], Iterator[str]]
SECTIONS: tuple[tuple[str, Section], ...] = (
    ("What it is", details),
    ("Whom it is for", users),
    ("The decision it informs", decision),
    ("What it is not to be used for", not_for),
    ("Whether it may be used", gates),
    ("Who is not scored", out_of_scope),
    ("The records, and the children", data),
    ("How it was learned and judged", procedure),
    ("How it did on children it had not seen", performance),
    ("The figure to quote", to_quote),
    ("How it ages", ages),
    ("Whether a rule would do", rules),
    ("Outcomes that nobody observed", unobserved),
    ("Help that changes outcomes", help_given),
    ("Groups", groups),
    ("Thresholds, and who agreed to them", thresholds),
    ("What is left out costs what", left_out),
    ("At other places, and with more children", elsewhere),
    ("What can be guessed of what is left out", proxies),
    ("What these figures do not say", limitations),
    ("What a report should have and this has not", reporting),
)
CHECKING = "How to check it"


def card(artefacts: Artefacts) -> str:
    """Return the card; every figure in it carries the number of its source, which are listed at its end."""
    sheet = Sheet(artefacts)
    heads = heads_of(sheet)
    lines = [f"# Model card: {sheet.quote(CONTRACT / 'label')}", "", _INTRODUCTION, ""]
    for heading, section in SECTIONS:
        lines += [f"## {heading}", "", *section(sheet, heads), ""]
    lines += [f"## {CHECKING}", "", *checking(sheet, sorted(artefacts.files)), "", *sheet.sources()]
    return "\n".join(_single_spaced(lines)) + "\n"


_INTRODUCTION = (
    "Written from the files of its bundle, with no figure typed by hand: the number in brackets behind each leads to where it "
    "stands. In round brackets are 95 % intervals; children are told to the nearest five. It suggests whom to offer support to. It decides nothing."
)


def _single_spaced(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines, never two empty ones after each other."""
    before = ""
    for line in lines:
        if line or before:
            yield line
        before = line
