"""What is left out costs what, how it does at places it has not learned from, what more children would bring, and proxies."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from models.documents.artefacts import Pointer
from models.documents.forms import SIGNED, THREE_PLACES, TWO_PLACES, interval
from models.documents.heads import EVALUATION, Head, computed
from models.documents.sheet import Sheet, table

_CHANGE = interval(SIGNED)
# What a change is told by, and has to be clear in one of.
_CLEAR = ("auc", "recall")


def left_out(sheet: Sheet, heads: Sequence[Head]) -> Iterator[str]:
    """Yield what each audit attribute and each source would change, wherever the change is clear."""
    found = [(head, head.evaluation / "full" / "without") for head in heads]
    if all(sheet.at(without) is None for _, without in found):
        yield computed(sheet, "without")
        return
    yield (
        "What ships was learned again with each audit attribute and without each source, and judged on the same children. Only "
        "clear changes are listed, those whose interval leaves out zero; by chance alone one in twenty would. The rest, and every "
        "group, stands in `evaluation.json` under `without`."
    )
    yield ""
    yield from table(
        ("What is foreseen, from when", "Change", "AUC", "Of those with the outcome, on the list"),
        [
            (
                head.title(sheet),
                _changed(sheet, one),
                *(sheet.tell(one / "difference" / name, _CHANGE) for name in _CLEAR),
            )
            for head, without in found
            for one in [*sheet.listed(without / "attributes"), *sheet.listed(without / "sources")]
            if any(_is_clear(sheet.at(one / "difference" / name)) for name in _CLEAR)
        ],
    )


def _changed(sheet: Sheet, one: Pointer) -> str:
    """Return what was changed: an attribute put in or taken out, or a source taken out."""
    how = "without" if sheet.at(one / "change") is None else sheet.quote(one / "change")
    later = ", recorded later and shown for scale only" if sheet.at(one / "recorded") == "later" else ""
    return f"{how} {sheet.quote(one / 'label')}{later}"


def _is_clear(figure: Mapping[str, Any] | None) -> bool:
    low, high = (None, None) if figure is None else (figure.get("low"), figure.get("high"))
    return low is not None and high is not None and bool(low > 0 or high < 0)


def elsewhere(sheet: Sheet, heads: Sequence[Head]) -> Iterator[str]:
    """Yield how it does at places it has not learned from, and what more children would bring."""
    sites = [(head, each) for head in heads for each in sheet.listed(head.evaluation / "full" / "sites")]
    if sites:
        yield from table(
            (
                "What is foreseen, from when",
                "Places held out",
                "AUC there",
                "Observed for each foreseen there",
                "Differs from place to place by",
            ),
            [(head.title(sheet), *_at_sites(sheet, each)) for head, each in sites],
        )
    elif any(sheet.at(head.evaluation / "full" / "sites") is not None for head in heads):
        yield "The contract names no places that most children have: how it does elsewhere is not known."
        yield ""
    else:
        yield f"At other places: {computed(sheet, 'sites')}"
        yield ""
    curves = [(head, head.evaluation / "full" / "learning_curve") for head in heads]
    if all(sheet.at(curve) is None for _, curve in curves):
        yield f"With more children: {computed(sheet, 'learning_curve')}"
        return
    yield from table(
        (
            "What is foreseen, from when",
            "The last doubling of children brought, in AUC",
            "The next may bring, by the usual law",
        ),
        [
            (
                head.title(sheet),
                *(sheet.tell(curve / f"{which}_doubling" / "auc", _CHANGE) for which in ("last", "next")),
            )
            for head, curve in curves
        ],
    )


def _at_sites(sheet: Sheet, each: Pointer) -> Iterator[str]:
    yield sheet.quote(each / "label")
    yield sheet.tell(each / "figures" / "auc", interval(THREE_PLACES))
    yield sheet.tell(each / "figures" / "observed_over_expected", interval(TWO_PLACES))
    yield sheet.tell(each / "spread" / "observed_over_expected", interval(TWO_PLACES))


def proxies(sheet: Sheet, heads: Sequence[Head]) -> Iterator[str]:
    """Yield, for each audit attribute, the group that can be told best from what is asked, and where."""
    del heads
    best: dict[object, tuple[float, Pointer, Pointer, Pointer]] = {}
    for landmark in sheet.listed(EVALUATION / "proxies"):
        for attribute in sheet.listed(landmark / "attributes"):
            for group in sheet.listed(attribute / "groups"):
                value, name = sheet.at(group / "auc" / "value"), sheet.at(attribute / "attribute")
                if value is not None and (name not in best or value > best[name][0]):
                    best[name] = value, landmark, attribute, group
    if not best:
        yield computed(sheet, "proxies")
        return
    yield (
        "What is left out may still be there by proxy. For each audit attribute, the group that can be told best from what is "
        "asked, at the landmark where that is so: a half is no better than a coin, one is certain."
    )
    yield ""
    yield from table(
        ("Attribute", "Group", "From", "AUC", "Most told by"),
        [_told(sheet, *pointers) for _, *pointers in best.values()],
    )


def _told(sheet: Sheet, landmark: Pointer, attribute: Pointer, group: Pointer) -> tuple[str, ...]:
    return (
        sheet.quote(attribute / "label"),
        sheet.quote(group / "group"),
        sheet.quote(landmark / "label"),
        sheet.tell(group / "auc", interval(TWO_PLACES)),
        sheet.quote(group / "feature" / "label"),
    )
