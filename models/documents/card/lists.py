"""Thresholds, and who agreed to them."""

from collections.abc import Iterator, Sequence

from models.documents.forms import COUNT, PER_CENT, PROBABILITY
from models.documents.heads import BANDS, Head
from models.documents.sheet import Sheet, table

_POLICY = BANDS / "policy"


def thresholds(sheet: Sheet, heads: Sequence[Head]) -> Iterator[str]:
    """Yield whose lists they are, what each band may be offered, and from which score it begins."""
    yield _agreed(sheet)
    yield ""
    yield from (
        f"- {sheet.quote(band / 'label')}: {sheet.quote(band / 'offer')}" for band in sheet.listed(_POLICY / "bands")
    )
    yield ""
    yield (
        "A band holds at most its share of children, each landmark and outcome apart: its threshold is the lowest score of which "
        "that is so, and children of equal score are never told apart. Learned again on other children, some would be in "
        "another band: their share is given band by band."
    )
    yield ""
    capacities = [sheet.tell(share, PER_CENT) for share in sheet.listed(_POLICY / "capacities")]
    yield from table(
        (
            "What is foreseen, from when",
            *(f"First {share} from a score of" for share in capacities),
            "In another band if learned again",
        ),
        [
            (
                head.title(sheet),
                *(sheet.tell(at / "log_odds", PROBABILITY) for at in sheet.listed(head.thresholds / "at")),
                ", ".join(sheet.tell(share, PER_CENT) for share in sheet.listed(head.thresholds / "changes_on_refit")),
            )
            for head in heads
        ],
    )


def _agreed(sheet: Sheet) -> str:
    team = f"Bands of {sheet.quote(_POLICY / 'team')}."
    if sheet.at(_POLICY / "children_a_month") is not None:
        team += f" It can see {sheet.tell(_POLICY / 'children_a_month', COUNT)} children a month."
    if sheet.at(_POLICY / "owner") is None:
        return f"{team} Nobody has agreed to them yet."
    return f"{team} Agreed by {sheet.quote(_POLICY / 'owner')}, {sheet.tell(_POLICY / 'agreed')}."
