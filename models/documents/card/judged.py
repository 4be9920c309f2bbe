"""How it was learned and judged, how it did, the figure to quote, and how it ages."""

from collections.abc import Iterator, Sequence

from models.documents.artefacts import Pointer
from models.documents.forms import CHILDREN, COUNT, PER_CENT, SIGNED, THREE_PLACES, TWO_PLACES, interval
from models.documents.heads import EVALUATION, Head, is_recalibrated
from models.documents.sheet import Sheet, table

_AUC, _RATIO = interval(THREE_PLACES), interval(TWO_PLACES)


def procedure(sheet: Sheet, heads: Sequence[Head]) -> Iterator[str]:
    """Yield how children were kept apart, and what competed."""
    yield from _kept_apart(sheet, heads)
    yield ""
    yield from table(
        (
            "What is foreseen, from when",
            "Learned on",
            "Advised to learn on at least",
            "Reading costs, in AUC (glass box less booster)",
        ),
        [
            (
                head.title(sheet),
                sheet.tell(_riley(head) / "learned_on", CHILDREN),
                sheet.tell(_advised(sheet, head), COUNT),
                sheet.tell(head.evaluation / "glass_box_minus_full_booster_auc", interval(SIGNED)),
            )
            for head in heads
        ],
    )
    yield "With fewer children than advised, learning again would move scores more than it should."


def _kept_apart(sheet: Sheet, heads: Sequence[Head]) -> Iterator[str]:
    if is_recalibrated(sheet):
        yield (
            "It was learned elsewhere, as its plan says. On children of this contract it was asked whether its scores are off, "
            "and only where that was shown was its intercept, or its slope as well, set anew; each child is judged by a "
            "calibration that never saw it. What was chosen stands in `evaluation.json` under `recalibrated`. What was learned is "
            f"the bundle {sheet.tell(EVALUATION / 'recalibrated' / 'from')}, where its candidates are told of."
        )
        if sheet.at(EVALUATION / "recalibrated" / "elsewhere") is True:
            yield "Whoever recalibrated it stated that it had learned from none of these children."
        return
    kinds = {sheet.at(head.evaluation / "procedure" / "kind"): head.evaluation / "procedure" for head in heads}
    if "folds" in kinds:
        why = "There is no calendar in these records."
        if sheet.at(kinds["folds"] / "cohorts"):
            why = "Only one cohort has results, so that none could be held back in time."
        yield (
            f"{why} Children were judged in {sheet.tell(kinds['folds'] / 'folds', COUNT)} parts, "
            "by family, each by a model and a calibration that never saw it; that was done "
            f"{sheet.tell(kinds['folds'] / 'repeats', COUNT)} times over. What is in the bundle was then learned from all of "
            "them: **the figures are the procedure's, and not of this very model.**"
        )
    elif "time" in kinds:
        yield (
            "By time, as in real use: learned on every cohort with results but the latest, calibrated on one half of the latest "
            "and judged on its other half. Families are never split within a cohort. From calibration on, what was judged is "
            "what ships."
        )
    else:
        yield "How children were kept apart is not known: the evaluation does not say."
    yield ""
    yield (
        "Candidates competed on the children held out; where neither is clearly better, the simpler ships. An unrestricted "
        "booster was learned beside them only to say what a model that people can read costs."
    )


def _riley(head: Head) -> Pointer:
    return head.evaluation / "signal" / "riley"


def _advised(sheet: Sheet, head: Head) -> Pointer:
    needed = sheet.listed(_riley(head) / "needed")
    return max(needed, key=sheet.at, default=_riley(head) / "needed" / "-")


def performance(sheet: Sheet, heads: Sequence[Head]) -> Iterator[str]:
    """Yield how what ships did on children it had not seen."""
    yield (
        "*AUC*: how often a child with the outcome has a higher score than one without; a coin does so half the time. *Slope*: "
        "one where scores are as far apart as they should be, less where they are too far apart. *Observed for each foreseen*: "
        "one where as many had the outcome as were foreseen."
    )
    yield ""
    yield from table(
        ("What is foreseen, from when", "Judged on", "With the outcome", "AUC", "Slope", "Observed for each foreseen"),
        [
            (
                head.title(sheet),
                sheet.tell(head.evaluation / "n", CHILDREN),
                sheet.tell(head.evaluation / "events", CHILDREN),
                sheet.tell(head.shipped(sheet) / "auc", _AUC),
                sheet.tell(head.shipped(sheet) / "calibration_slope", _RATIO),
                sheet.tell(head.evaluation / "outcomes_never_observed" / "observed_over_expected", _RATIO),
            )
            for head in heads
        ],
    )
    yield "On the team's whole list:"
    yield ""
    yield from table(
        (
            "What is foreseen, from when",
            "List",
            "Of the list, have it",
            "Of those who have it, on the list",
            "No list so long holds more than",
        ),
        [_listed(sheet, head) for head in heads],
    )
    yield (
        "Each child's score has an interval of its own; on average these are this wide: "
        + "; ".join(
            f"{head.title(sheet)}: {sheet.tell(head.evaluation / 'interval' / 'mean_width', TWO_PLACES)}"
            for head in heads
        )
        + "."
    )


def _listed(sheet: Sheet, head: Head) -> tuple[str, ...]:
    last = (sheet.listed(head.thresholds / "at") or [head.thresholds / "-"])[-1]
    return (
        head.title(sheet),
        sheet.tell(last / "capacity", PER_CENT),
        sheet.tell(last / "ppv", _RATIO),
        sheet.tell(last / "recall", _RATIO),
        sheet.tell(last / "recall_ceiling", TWO_PLACES),
    )


def to_quote(sheet: Sheet, heads: Sequence[Head]) -> Iterator[str]:
    """Yield the figures that a board may quote: those of a model as old as it is in real use."""
    told = [head for head in heads if sheet.at(head.evaluation / "lagged") is not None]
    yield (
        "In real use a model is older than the figures above say: the outcomes it learned from lie years before the children it "
        "is asked about. These figures are of the same children, foreseen by what could have been known when they stood there. "
        "Quote these."
    )
    yield ""
    yield from table(
        ("What is foreseen, from when", "Cohorts between", "In real use", "AUC", "Slope"),
        [(head.title(sheet), *_quoted(sheet, head.evaluation / "lagged")) for head in told],
    )
    if len(told) < len(heads):
        yield "Where a line is missing, that figure is not known: there is no calendar, there are too few cohorts, or it was not learned here."


def _quoted(sheet: Sheet, lagged: Pointer) -> Iterator[str]:
    shipped = lagged / "candidates" / str(sheet.at(lagged / "ships"))
    yield sheet.tell(lagged / "lag_in_cohorts", COUNT)
    yield sheet.tell(lagged / "lag_in_real_use", COUNT)
    yield sheet.tell(shipped / "auc", _AUC)
    yield sheet.tell(shipped / "calibration_slope", _RATIO)


def ages(sheet: Sheet, heads: Sequence[Head]) -> Iterator[str]:
    """Yield how it would do if nobody learned it again."""
    yield (
        "The same children, foreseen by a model learned and calibrated one cohort earlier, two, and so on; the oldest that could "
        "be tried stands here beside what ships, the others in `evaluation.json` under `ageing`. An older model has also "
        "learned from fewer cohorts."
    )
    yield ""
    yield from table(
        (
            "What is foreseen, from when",
            "AUC as shipped",
            "Cohorts older",
            "AUC then",
            "Observed for each foreseen then",
        ),
        [(head.title(sheet), *_oldest(sheet, head.evaluation / "ageing")) for head in heads],
    )


def _oldest(sheet: Sheet, ageing: Pointer) -> Iterator[str]:
    tried = [age for age in sheet.listed(ageing / "ages") if sheet.at(age / "figures") is not None]
    oldest = tried[-1] if tried else ageing / "-"
    yield sheet.tell(ageing / "shipped" / "auc", _AUC)
    yield sheet.tell(oldest / "lag", COUNT)
    yield sheet.tell(oldest / "figures" / "auc", _AUC)
    yield sheet.tell(oldest / "figures" / "observed_over_expected", _RATIO)
