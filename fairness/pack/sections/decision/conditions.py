"""What stands in the way: gates not passed, exceptions made to them, and what would stop the use of the score."""

from collections.abc import Iterator

from fairness.pack.reading import Part, Reading, shown
from fairness.pack.sections.decision.standing import standing
from fairness.pack.sections.gaps import is_worse
from fairness.pack.words import CANNOT_TELL, LARGER, WATCH, counted, in_full
from models.markup import Markup, bullets, element, text

_MOST = 6
STOPS = (
    "A protected group's shortfall is larger than agreed.",
    "Far more or far fewer children have the outcome than foreseen.",
    "A source stops or changes.",
    "Staff overrule the score far more often than before.",
    "A complaint about it is upheld.",
    "The law changes.",
)


def gates_and_exceptions(reading: Reading) -> Iterator[Markup]:
    """Yield how each release gate stands that was not passed, and every exception given with who made it, until when."""
    if reading.gates is None:
        yield element("p", text("Gates: not known here. They are asked when a model is trained (earlyid train)."))
    else:
        yield from _blocked(reading, reading.gates)
    if reading.exceptions:
        yield bullets([text(_exception(one, reading)) for one in reading.exceptions])
        yield element("p", text("This page shows exceptions. It does not put them into effect."))
    else:
        yield element("p", text("Exceptions: none was given to this pack."))


def _blocked(reading: Reading, gates: Part) -> Iterator[Markup]:
    found = standing(gates, reading.exceptions)
    if not found:
        yield element("p", text("Gates not passed: none."))
        return
    blocking = sum(each.blocking for each in found)
    if blocking:
        still = f" {blocking} still block{'s' if blocking == 1 else ''}."
        stop = "While one does, the score cannot go live."
    else:
        still, stop = " None still blocks:", "each was passed over by an exception."
    yield element(
        "p", element("strong", text(f"Gates not passed: {len(found)}.")), text(f"{still} {stop}"), class_="alarm"
    )
    yield bullets([text(each.said(reading)) for each in found[:_MOST]])
    if len(found) > _MOST:
        yield element("p", text(f"And {len(found) - _MOST} more."))


def _exception(one: Part, reading: Reading) -> str:
    where = ", ".join(
        (*(reading.label(f"{of}s", one[of]) for of in ("landmark", "outcome") if one[of]), *(one["groups"] or ()))
    )
    gates = (reading.gates or {"gates": ()})["gates"]
    gate = next((gate["label"] for gate in gates if gate["code"] == one["gate"]), one["gate"])
    return (
        f"Exception to “{gate}”{f' ({where})' if where else ''}: {one['reason']} By {one['by']}, on {in_full(one['on'])}, until "
        f"{in_full(one['expires'])}; minute: {one['minute']}; {one.get('state', 'in force')}."
    )


def stop_conditions(reading: Reading) -> str:
    """Return what would stop the use of the score, and how near the first of it is, which an audit can tell."""
    agreed = "" if reading.policy["agreed"] else " Nobody has agreed yet how large that may be."
    return f"Stop and ask again when one of these holds. {' '.join(STOPS)} {_near(reading)}{agreed}"


def _near(reading: Reading) -> str:
    told = [
        shown(line, reading.primary)
        for head in reading.heads
        for _, line in head.groups("attribute", "pooled")
        if line["protected"]
    ]
    if not told:
        return "How near the first one is cannot be told: the policy protects no group."
    short = [one.verdict for one in told if one.gap is not None and is_worse(reading.primary, one.gap)]
    if larger := short.count(LARGER):
        return f"The first one holds today: {counted(larger, 'shortfall')} of protected groups."
    if watch := short.count(WATCH):
        return f"The first one is near: {counted(watch, 'possible shortfall')} of protected groups."
    judged = sum(one.verdict not in {None, CANNOT_TELL} for one in told)
    if not judged:
        return "How near the first one is cannot be told for any protected group."
    if judged == len(told):
        return "The first one was not shown to be near."
    of = f"{judged:,} of {counted(len(told), 'comparison')} of protected groups or their pools"
    return f"It can be told for {of}: the first one was not shown to be near there."
