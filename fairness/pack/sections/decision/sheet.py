"""The decision sheet, one A4 page: what is asked, what is known in plain words, and who signs."""

from collections.abc import Iterator

from fairness.pack.reading import Part, Reading
from fairness.pack.sections.decision.conditions import gates_and_exceptions, stop_conditions
from fairness.pack.sections.decision.reach import reach, whom
from fairness.pack.sections.decision.worth import in_plain_words
from fairness.pack.sections.gaps import Found, beyond, found, protected_groups, unjudged, where
from fairness.pack.sections.judgement import shortly
from fairness.pack.words import counted, in_full, listed, points, verdict
from models.markup import Markup, body, bullets, cell, element, figure, heading, row, table, text

NAME, TITLE = "decision", "Decision sheet"
_MOST_GAPS, _MOST_NAMED = 5, 4
# Of more scores than this the sheet is set smaller, so that it stays one page.
_FEW = 6
CHOICES = ("Approve", "Approve with conditions", "Pause", "Retire")
SIGNED = ("Officer who recommends", "Data protection view", "Equality lead's view", "Next review date")


def sheet(reading: Reading) -> Markup:
    """Return the decision sheet."""
    return element(
        "section",
        element("h2", text(TITLE), id=NAME),
        *_asked(),
        _titled("What the data could show", element("p", text(whom(reading) + reach(reading)))),
        _titled("In plain words", *in_plain_words(reading)),
        _titled("Who it works less well for", *_less_well(reading)),
        _titled("Who we cannot judge", *_cannot_judge(reading)),
        _titled("Gates and exceptions", *gates_and_exceptions(reading)),
        _titled("Use, stop conditions and limits", *_use(reading)),
        _signatures(reading),
        class_="sheet many" if len(reading.heads) > _FEW else "sheet",
        aria_labelledby=NAME,
    )


def _titled(title: str, *inside: Markup) -> Markup:
    return element("div", element("h3", text(title)), *inside)


def _asked() -> Iterator[Markup]:
    boxes = element("ul", *(element("li", text(choice)) for choice in CHOICES), class_="boxes")
    asked = "Asked today: may this score be used to suggest whom to offer support to? The recommendation is the officer's, named below."
    yield element("div", element("p", text(asked)), boxes, class_="ask")


def _less_well(reading: Reading) -> Iterator[Markup]:
    gaps = found(reading)
    if not gaps:
        yield element(
            "p", text("No gap was shown to be larger than agreed, or possible. That does not show that there is none.")
        )
        return
    rows = [_gap(each, reading) for each in gaps[:_MOST_GAPS]]
    columns = [heading(name, figures=False) for name in ("group", "what differs")]
    columns += [heading("size, of 100"), *(heading(name, figures=False) for name in ("verdict", "what we do"))]
    if len(gaps) > _MOST_GAPS:
        more = f"The gravest {_MOST_GAPS} of {len(gaps)} groups, protected ones first; sections 4 and 5 have all."
    else:
        more = "Sections 4 and 5 have every group."
    proposed = "" if reading.policy["agreed"] else " A proposal: nobody has agreed to these margins yet."
    yield table(f"Gaps to a group's disadvantage.{proposed} {more}", columns, body(rows), class_="gaps")


def _gap(each: Found, reading: Reading) -> Markup:
    at = [element("small", text(where(each, reading)))] if len(reading.heads) > 1 else []
    differs = element("td", text(each.briefly()), *at)
    return row(each.who, differs, figure(points(each.size)), cell(text(verdict(each.shown.verdict))), cell(text("")))


def _cannot_judge(reading: Reading) -> Iterator[Markup]:
    first, unknown = beyond(reading), unjudged(reading)
    always = sum(times == len(reading.heads) for times in unknown.values())
    words = ""
    if first:
        named = (
            listed(first[:_MOST_NAMED])
            if len(first) <= _MOST_NAMED
            else f"{'; '.join(first[:_MOST_NAMED])}; and others"
        )
        words = (
            f"Look first at {named}. The whole range lies beyond the margin, but there are too few children to judge. "
        )
    scores = "this score" if len(reading.heads) == 1 else f"any of the {len(reading.heads)} scores"
    words += f"{counted(always, 'group')} could not be judged at {scores}"
    if some := len(unknown) - always:
        words += f", {some} more at some"
    protected = len(unknown.keys() & protected_groups(reading))
    words += f"; {protected or 'none'} of all these {'is' if protected == 1 else 'are'} protected"
    yield element("p", text(f"{words}. "), element("a", text("Every one is in section 6."), href="#cannot-judge"))


def _use(reading: Reading) -> Iterator[Markup]:
    used = "How people used it: not part of this pack. After some months of use, run earlyid audit --in-use."
    yield bullets([text(used), text(stop_conditions(reading)), text(shortly(reading))])


def _signatures(reading: Reading) -> Markup:
    lines = [(name, "") for name in (*SIGNED, "Signed (name, role, date)")]
    drawn = [
        element("div", element("dt", text(name)), element("dd", text(words)))
        for name, words in [*_owner(reading.policy), *lines]
    ]
    return element("dl", *drawn, class_="signatures")


def _owner(policy: Part) -> Iterator[tuple[str, str]]:
    agreed = f", agreed on {in_full(policy['agreed'])}" if policy["agreed"] else ""
    yield "Owner of the policy", f"{policy['owner'] or 'nobody yet'}{agreed}"
