"""What is left out, and what is asked, on purpose: the same score with and without, side by side (M1, M8)."""

from collections.abc import Iterator

from fairness.pack.reading import Head, Part, Reading
from fairness.pack.sections.gaps import gravest
from fairness.pack.sections.parts import each_head, grid, part, said, source, symbols
from fairness.pack.words import HIDDEN, children, figure_of, hundred, initial, listed, points, ratio, signed
from models.markup import Markup

NAME, TITLE = "with-and-without", "What is left out, and what is asked: with and without"
# Of an attribute with more groups than this the groups stand in the evaluation alone.
_FEW_GROUPS = 3
BOTH_CANNOT = (
    "Where groups have the outcome at different rates, calibration and recall cannot both be equal. A score that means the same in both "
    "groups finds more of the group in which more have it. A score that finds the same share of both means something else in each."
)


def with_and_without(reading: Reading) -> Markup:
    """Return the section: of each score and each of these attributes, both models beside each other."""
    if not any(_asked(head) for head in reading.heads):
        return part(NAME, TITLE, "This was not worked out.", said(_why(reading)), said(BOTH_CANNOT))
    return part(
        NAME,
        TITLE,
        "Calibration and recall cannot both be equal; here is the score with and without, side by side.",
        source(reading, "Source: evaluation, the same procedure learned again, on the same children"),
        said(BOTH_CANNOT),
        said(
            "A characteristic that the score does not ask for is put in; one that it rests on is left out.",
        ),
        symbols(HIDDEN),
        *each_head(reading, _details, NAME, gravest(reading, reading.primary)),
    )


def _why(reading: Reading) -> str:
    if reading.evaluation is None:
        return "It stands in the pack of a bundle, whose plan says evidence = “full”."
    if "without" in reading.evaluation["not_computed"]:
        return "The evidence is quick. Set evidence = “full” in the plan and train again: a release requires it."
    return "No attribute that is audited could be put in or left out."


def _asked(head: Head) -> list[Part]:
    found = ((head.evaluation or {}).get("full") or {}).get("without") or {"attributes": ()}
    return list(found["attributes"])


def _details(head: Head) -> Iterator[Markup]:
    for one in _asked(head):
        change = one.get("change", "without")
        shipped, other = f"as it ships ({'without' if change == 'with' else 'with'})", f"{change} it"
        yield said(f"{initial(one['label'])}. {_overall(one, change)}")
        if len(one["groups"]) > _FEW_GROUPS:
            yield said(f"Its {len(one['groups'])} groups stand in evaluation.json.")
            continue
        for measure, caption in (
            ("selection_rate", "on the list, of 100 children"),
            ("recall", "on the list, of 100 with the outcome"),
            ("calibration_gap", "more had the outcome than were foreseen, of 100 children"),
        ):
            columns = ["group", "children", shipped, other, "change"]
            rows = [[line["group"], children(line["n"]), *_cells(line, measure)] for line in one["groups"]]
            yield grid(f"{initial(one['label'])}: {caption}", columns, rows)


def _overall(one: Part, change: str) -> str:
    told = {name: figure_of((one["difference"] or {}).get(name)) for name in ("auc", "recall")}
    parts = []
    if told["recall"][0] is not None:
        parts.append(f"those found, of 100 with the outcome, by {points(told['recall'])}")
    if told["auc"][0] is not None:
        parts.append(f"AUC by {ratio(told['auc'])}")
    later = " It was recorded later than this age: shown for scale only." if one.get("recorded") == "later" else ""
    if not parts:
        return f"What it changes for everyone together is not told.{later}"
    return f"Learned {change} it, that changes {listed(parts)}.{later}"


def _cells(line: Part, measure: str) -> list[str]:
    before, after = (figure_of(line[which].get(measure))[0] for which in ("shipped", "changed"))
    if before is None or after is None:
        return [HIDDEN, HIDDEN, HIDDEN]
    write = signed if measure == "calibration_gap" else str
    change = figure_of((line["difference"] or {}).get(measure))
    told = points(change, "") if change[0] is not None else signed(hundred(after) - hundred(before))
    return [write(hundred(before)), write(hundred(after)), told]
