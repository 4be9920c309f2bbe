"""The audit of a score in use as one page that needs nothing else: for a board that asks what people made of the list."""

from collections.abc import Iterator, Mapping
from typing import Any

from fairness.in_use.by_group import by_group
from fairness.pack.charts.key import verdict_key
from fairness.pack.charts.style import style
from fairness.pack.sections.parts import grid, part, said, symbols
from fairness.pack.words import HIDDEN, children, counted, initial, of_100, points, share
from models.markup import Markup, bullets, element, text
from models.scope import WORDS

Part = dict[str, Any]
# By code; fewer than ten of each are told together, as *other*.
_REFUSALS = {str(code): words for code, words in WORDS.items()}
TITLE = "The score in use: what people made of it"
_RULES = "default-src 'none'; style-src 'unsafe-inline'"
_STEPS = {
    "asked": "were asked about",
    "scored": "had a score",
    "listed": "were on the list",
    "viewed": "were on the list, and somebody looked",
    "offered": "were offered help, on the list or not",
    "accepted": "took it up, as far as is known",
    "outcome_known": "have an outcome that is known",
}
_LIMITS = """
Help changes outcomes. A child who was helped may do well for that reason, and then counts as one who did not need it. So figures \
of who had the outcome say less of people who act on a score than of a score that nobody acts on.
Where the outcome is not known yet, a child is in no figure of outcomes. If they become known sooner for some groups, theirs come sooner.
What is compared is the answer that people had when help was first offered, or the latest one where none was.
Groups may differ in what people did for a reason that no record holds. It is a question to ask, not a finding.
"""


def page(audit: Mapping[str, Any]) -> str:
    """Return the page of an audit of a score in use (`fairness.in_use.in_use`), as HTML."""
    heads = [_head(head, audit) for head in audit["heads"]]
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en-GB">',
            '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<meta http-equiv="Content-Security-Policy" content="{_RULES}">',
            f"{element('title', text(TITLE))}<style>{style(TITLE)}</style></head>",
            "<body>",
            element("a", text("Skip to the audit"), href="#main", class_="skip"),
            element("header", element("h1", text(TITLE))),
            element("main", _limits(), verdict_key(), *heads, _who_is_in_it(audit), id="main"),
            element("footer", element("p", text("No child's record is on this page. Counts are to the nearest five."))),
            "</body></html>",
            "",
        ]
    )


def _limits() -> Markup:
    headline = "This sets a list beside what people did; it cannot say who was right."
    return part("limits", "How to read this", headline, bullets([text(each) for each in _LIMITS.strip().splitlines()]))


def _head(head: Part, audit: Mapping[str, Any]) -> Markup:
    name = f"{head['landmark']}-{head['outcome']}"
    title = f"{_plain(head['outcome'])}, seen from {_plain(head['landmark'])}"
    return part(name, initial(title), _headline(head["figures"]), *_overall(head), *by_group(head, audit["margins"]))


def _headline(figures: Part) -> str:
    listed, offered = (figures[name][0] for name in ("listed", "offered"))
    if listed is None or offered is None:
        return "Too few children were asked about to say anything."
    return f"The list held {of_100(listed)} children asked about; people offered help to {of_100(offered)}."


def _overall(head: Part) -> Iterator[Markup]:
    figures = head["figures"]
    yield said(*_acted(figures))
    yield said(*_found(figures, head["differences"]))
    steps = [(words, children(head["steps"][name])) for name, words in _STEPS.items()]
    yield grid("Children, step by step", ["they", "children"], steps)
    if head["refusals"]:
        why = [(_REFUSALS.get(code, code), children(n)) for code, n in head["refusals"].items()]
        yield grid("Why some had no score", ["reason", "children"], why)
    if head["override_reasons"]:
        reasons = [(reason, children(n)) for reason, n in head["override_reasons"].items()]
        yield grid("Why people did otherwise than the list", ["reason", "children"], reasons)
    yield symbols()


def _acted(figures: Part) -> Iterator[str]:
    yield _sentence(figures, "viewed", "Of 100 children on the list, somebody looked at {}.")
    yield _sentence(figures, "set_aside", "Of 100 on the list, {} were not offered help.")
    yield _sentence(figures, "added", "Of 100 not on the list, {} were offered help.")
    yield _sentence(figures, "accepted", "Of 100 offers of which it is known, {} were taken up.")


def _found(figures: Part, differences: Part) -> Iterator[str]:
    if figures["recall_alone"][0] is None:
        yield "Too few outcomes are known yet to say whom the list or people found."
        return
    yield _sentence(figures, "recall_alone", "Of 100 children with the outcome, the list held {}.")
    yield _sentence(figures, "recall_people", "People offered help to {} of them.")
    yield f"The difference is {points(tuple(differences['recall']))} in 100."
    yield _sentence(figures, "ppv_alone", "Of 100 on the list, {} had the outcome.")
    yield _sentence(figures, "ppv_people", "Of 100 who were offered help, {} had it.")


def _sentence(figures: Part, name: str, words: str) -> str:
    told = share(tuple(figures[name][:3]))
    return "" if told == HIDDEN else words.format(told)


def _who_is_in_it(audit: Mapping[str, Any]) -> Markup:
    rows = [
        (
            f"{initial(_plain(head['outcome']))}, from {_plain(head['landmark'])}",
            children(head["n"]),
            children(head["not_among_the_groups"]),
            children(head["other_answers"]),
        )
        for head in audit["heads"]
    ]
    columns = ["score", "children", "of them, in no group", "other answers about them"]
    return part(
        "who",
        "Who is in these figures",
        "Nobody is left out in silence.",
        said(
            "A child of whom no group is known stands under not recorded. Children among the groups about whom nobody ever asked: "
            f"{children(audit['never_asked'])}.",
            f"The answers came from {counted(len(audit['bundles']), 'bundle')}.",
        ),
        grid("Children and answers", columns, rows),
        bullets([element("code", text(bundle)) for bundle in audit["bundles"]]),
        symbols(),
    )


def _plain(name: str) -> str:
    return name.replace("_", " ")
