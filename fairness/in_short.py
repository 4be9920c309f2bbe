"""What came of an audit in a few lines, for whoever asked for it: how far the data reach, and each protected group's verdict."""

from collections.abc import Iterator, Mapping
from typing import Any

from fairness.audited import COMPLEMENTS
from fairness.report import FIELDS
from fairness.verdicts import Verdict

Part = Mapping[str, Any]
_VALUE, _GAP, _VERDICT = (FIELDS.index(name) for name in ("value", "gap", "verdict"))
# Whom these are said of is told by name, or by the name of the pool that stands for them; of any other, how many there are.
_GAPS = (Verdict.LARGER_THAN_AGREED.value, Verdict.KEEP_WATCHING.value)


def in_short(found: Part) -> Iterator[str]:
    """Yield the lines of each landmark and outcome, from the audit as it is written."""
    for head in found["audits"]:
        reach = head["reach"]
        yield (
            f"{head['outcome']} at {head['landmark']}: {reach['judged']} of {reach['groups']} groups rest on enough children to be "
            f"judged by {reach['measure']}; for {reach['narrow']} of them the data could have shown that they are within the margin"
        )
        said = _protected(head, COMPLEMENTS.get(reach["measure"], reach["measure"]), found["verdicts"])
        for what, names in said.items():
            of = f"{len(names)} of {sum(map(len, said.values()))} groups"
            yield f"  protected, {what}: {', '.join(dict.fromkeys(names)) if what.startswith(_GAPS) else of}"
        if not said:
            yield "  no group is protected"


def _protected(head: Part, measure: str, phrases: list[str]) -> dict[str, list[str]]:
    """Return the protected groups by what was said of each, or of the pool that stands for it."""
    lines = {
        (part["attribute"], part["kind"], line["group"]): line for part in head["attributes"] for line in part["groups"]
    }
    said: dict[str, list[str]] = {}
    for (attribute, kind, group), line in lines.items():
        if kind == "attribute" and line["protected"]:
            pool = line["pool"]
            asked = line if pool is None else lines[attribute, "pooled", pool]
            name = f"{pool or group} ({attribute})"
            everyone = head["overall"]["figures"].get(measure)
            said.setdefault(_what(asked["figures"].get(measure), everyone, phrases), []).append(name)
    return said


def _what(figure: list[Any] | None, everyone: list[Any] | None, phrases: list[str]) -> str:
    """Return a verdict's phrase, and on which side a gap lies; of a group that is not told of, that there is not enough."""
    if figure is None:
        return Verdict.CANNOT_TELL.value
    if figure[_VERDICT] is None:
        return "not told"
    phrase = phrases[figure[_VERDICT]]
    return f"{phrase}, {_side(figure, everyone)}" if phrase in _GAPS else phrase


def _side(figure: list[Any], everyone: list[Any] | None) -> str:
    """Say on which side of everyone else a group lies; where its gap is not told, on which side of everyone."""
    both = None if everyone is None else (figure[_VALUE], everyone[_VALUE])
    gap = figure[_GAP]
    if gap is None and both is not None and None not in both:
        gap = both[0] - both[1]
    if gap is None:
        return "on which side is not told"
    return "in its favour" if gap > 0 else "a shortfall"
