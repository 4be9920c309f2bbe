"""Whether a rule would do, what outcomes that nobody observed could change, and what help changed."""

from collections.abc import Iterator, Sequence

from models.documents.artefacts import Pointer
from models.documents.forms import CHILDREN, ONE_PLACE, PER_CENT, SIGNED, TWO_PLACES, interval
from models.documents.heads import BANDS, CONTRACT, NOWHERE, Head
from models.documents.sheet import Sheet, table

_OF_A_HUNDRED, _RATIO = interval(ONE_PLACE), interval(TWO_PLACES)


def rules(sheet: Sheet, heads: Sequence[Head]) -> Iterator[str]:
    """Yield what the team's list finds beside the best of the unlearned rules."""
    yield (
        "What ships beside every rule that the contract declares, and a list drawn by chance: how many of a hundred children "
        "listed have the outcome. A rule that flags fewer than the team's list holds is set beside a list of what ships that is as "
        "short. Where the interval of the gain does not lie above what the plan asks, the gate above says what to use instead. Six "
        "variables alone are shown for scale."
    )
    yield ""
    yield from table(
        (
            "What is foreseen, from when",
            "What ships finds",
            "The best of the others",
            "Its list, of all children",
            "More found than by it",
            "AUC, less that of six variables",
        ),
        [(head.title(sheet), *_beside(sheet, head.evaluation / "worth")) for head in heads],
    )
    yield "The decision curves stand in `evaluation.json`, under `worth` as `net_benefit`."


def _beside(sheet: Sheet, worth: Pointer) -> Iterator[str]:
    here = _at_capacity(sheet, worth)
    same_list = sheet.at(worth / "capacity") == _capacity(sheet)
    yield sheet.tell(worth / "what_ships" if same_list else worth / NOWHERE, _OF_A_HUNDRED)
    yield sheet.quote(here / "best" / "label")
    yield sheet.tell(here / "best" / "length", PER_CENT)
    yield sheet.tell(here / "gain", _OF_A_HUNDRED)
    yield sheet.tell(worth / "six_variables" / "what_ships_minus_six" / "auc", interval(SIGNED))


def _at_capacity(sheet: Sheet, worth: Pointer) -> Pointer:
    """Return what was found at the length of the team's list, which may have been drawn again since."""
    lists = sheet.listed(worth / "at_capacities")
    return next((at for at in lists if sheet.at(at / "capacity") == _capacity(sheet)), worth / NOWHERE)


def _capacity(sheet: Sheet) -> object:
    last = (sheet.listed(BANDS / "policy" / "capacities") or [BANDS / NOWHERE])[-1]
    return sheet.at(last)


def unobserved(sheet: Sheet, heads: Sequence[Head]) -> Iterator[str]:
    """Yield what could be otherwise because some outcomes were never observed."""
    yield (
        "Children who moved away or were taught elsewhere are not like those who stayed. Observed for each foreseen: as it is; "
        "weighted for those like them without a result; and if the outcomes that nobody observed were at half, or at twice, the "
        "odds foreseen."
    )
    yield ""
    yield from table(
        (
            "What is foreseen, from when",
            "With a result",
            "Without",
            "As it is",
            "Weighted",
            "At half the odds",
            "At twice",
        ),
        [(head.title(sheet), *_unobserved(sheet, head.evaluation / "outcomes_never_observed")) for head in heads],
    )


def _unobserved(sheet: Sheet, found: Pointer) -> Iterator[str]:
    yield sheet.tell(found / "with_result", CHILDREN)
    yield sheet.tell(found / "without_result", CHILDREN)
    yield sheet.tell(found / "observed_over_expected", _RATIO)
    yield sheet.tell(found / "weighted_observed_over_expected", _RATIO)
    for odds in ("half", "twice"):
        yield sheet.tell(found / f"observed_over_expected_if_unobserved_at_{odds}_the_odds", TWO_PLACES)


def help_given(sheet: Sheet, heads: Sequence[Head]) -> Iterator[str]:
    """Yield how children fared who had help that is meant to change the outcome."""
    declared = sheet.listed(CONTRACT / "intervention")
    if not declared:
        yield "The contract declares no help that is meant to change an outcome."
        return
    yield (
        "Fewer with the outcome than foreseen is what help is for: nothing is ever set right towards it. It proves nothing of "
        "the help either, since who had it was no accident. Where help is a *stratum*, the score says what is foreseen without "
        "it; by *exclusion*, those who had it are neither learned from nor judged."
    )
    yield ""
    for each in declared:
        yield (
            f"- {sheet.quote(each / 'label')}: {sheet.tell(each / 'handling')}, because: {sheet.quote(each / 'reason')}"
        )
    yield ""
    yield from table(
        (
            "Help",
            "What is foreseen, from when",
            "What was found",
            "Helped",
            "Observed for each foreseen, helped",
            "The others",
        ),
        [
            _fared(sheet, head, told)
            for head in heads
            for told in sheet.listed(head.evaluation / "helped" / "interventions")
        ],
    )


def _fared(sheet: Sheet, head: Head, told: Pointer) -> tuple[str, ...]:
    return (
        sheet.quote(told / "label"),
        head.title(sheet),
        sheet.tell(told / "phrase"),
        sheet.tell(told / "helped" / "n", CHILDREN),
        sheet.tell(told / "helped" / "observed_over_expected", _RATIO),
        sheet.tell(told / "not_helped" / "observed_over_expected", _RATIO),
    )
