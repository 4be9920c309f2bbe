"""What was asked before anybody may use it, what holds it back, and what the figures do not say."""

from collections.abc import Iterator, Sequence

from models.documents.artefacts import Pointer
from models.documents.heads import CONTRACT, EVALUATION, GATES, Head, is_recalibrated
from models.documents.sheet import Sheet, table

_ONLY_IN_FULL = {
    "sites": "how it does at places it has not learned from",
    "learning_curve": "what more children would bring",
    "without": "what each source and each audit attribute is worth",
    "options": "what could be done about gaps between groups",
    "proxies": "what the features tell of audit attributes",
}


def gates(sheet: Sheet, heads: Sequence[Head]) -> Iterator[str]:
    """
    Yield every gate that was blocked or signed off, with what to do, and what passed.

    A release gate that passed is told in its own words: it may have passed because there was not enough to tell by.
    """
    every = sheet.listed(GATES / "gates")
    blocked = [gate for gate in every if sheet.at(gate / "verdict") == "blocked"]
    signed_off = [gate for gate in every if sheet.at(gate / "verdict") == "signed off"]
    if not every:
        yield "No gate was asked: nothing is known of whether this may be used."
        return
    if blocked:
        yield "**Held back**: until this is dealt with, nobody is to put it to use."
        yield ""
        yield from table(
            ("Gate", "Of", "Verdict", "What was found", "What to do"), [_gate(sheet, gate, heads) for gate in blocked]
        )
    else:
        yield "Nothing holds it back; two people, neither of them the trainer, must still sign."
        yield ""
    if signed_off:
        yield "Alarms that somebody has looked into:"
        yield ""
        yield from table(
            ("Gate", "Of", "Verdict", "What was found", "What to do"),
            [_gate(sheet, gate, heads) for gate in signed_off],
        )
    passed = [gate for gate in every if (sheet.at(gate / "kind"), sheet.at(gate / "verdict")) == ("release", "passed")]
    if passed:
        yield "Passed, with what was found; that there was too little to tell by is no proof:"
        yield ""
        yield from table(("Gate", "Of", "What was found"), [_found(sheet, gate, heads) for gate in passed])
    build = [gate for gate in every if sheet.at(gate / "kind") != "release"]
    yield f"Of what must hold before anything is built, passed wherever asked: {', '.join(_passed(sheet, build)) or 'nothing'}."


def _gate(sheet: Sheet, gate: Pointer, heads: Sequence[Head]) -> tuple[str, ...]:
    said = ("label", "verdict", "words", "next")
    label, verdict, words, to_do = (
        sheet.tell(gate / name) if name == "verdict" else sheet.quote(gate / name) for name in said
    )
    return label, _place(sheet, gate, heads), verdict, words, to_do


def _found(sheet: Sheet, gate: Pointer, heads: Sequence[Head]) -> tuple[str, ...]:
    return sheet.quote(gate / "label"), _place(sheet, gate, heads), sheet.quote(gate / "words")


def _place(sheet: Sheet, gate: Pointer, heads: Sequence[Head]) -> str:
    of = (sheet.at(gate / "landmark"), sheet.at(gate / "outcome"))
    known = {(sheet.at(h.estimator / "landmark"), sheet.at(h.estimator / "outcome")): h for h in heads}
    return known[of].title(sheet) if of in known else "the whole run"


def _passed(sheet: Sheet, every: Sequence[Pointer]) -> Iterator[str]:
    labels = {str(sheet.at(gate / "label")): gate / "label" for gate in every}
    held_back = {str(sheet.at(gate / "label")) for gate in every if sheet.at(gate / "verdict") != "passed"}
    yield from (sheet.quote(place) for label, place in labels.items() if label not in held_back)


def limitations(sheet: Sheet, heads: Sequence[Head]) -> Iterator[str]:
    """Yield what the figures do not say, and what was not computed."""
    del heads
    yield (
        "- An interval of 95 % round a figure says how far it would move with other families of the same kind. It does not hold "
        "what differs next year, or elsewhere."
    )
    yield (
        "- The interval round a child's score is of how often the outcome comes about among children with this score, given "
        "this model as it is. It is not about this one child, and not about what another model would say."
    )
    yield "- A list holds children who will not have the outcome, and leaves out others who will."
    yield "- What is foreseen is what was recorded. Where people record some families more than others, so does this."
    yield "- Nothing here says what helps. Whoever is helped because of a score changes the outcomes that a later model sees."
    yield f"- It speaks of {sheet.quote(CONTRACT / 'label')}, and of nowhere else."
    listed = sheet.listed(EVALUATION / "not_computed")
    missing = [_ONLY_IN_FULL.get(str(sheet.at(name))) or sheet.quote(name) for name in listed]
    if missing:
        why = "it was calibrated anew and not learned again" if is_recalibrated(sheet) else "the evidence is quick"
        yield f"- Not computed, because {why}: {'; '.join(missing)}."
