"""Who is not scored, what records there are, and how children came to be judged."""

from collections.abc import Iterator, Sequence

from models.documents.artefacts import Pointer
from models.documents.forms import CHILDREN, COUNT, NAME_BY_NAME, PER_CENT, TWO_PLACES
from models.documents.heads import AUDIT, CONTRACT, EVALUATION, Head
from models.documents.sheet import Sheet, table

_SCOPE = CONTRACT / "scope"
# Each limit of the scope, what it says, and how its number is spelled.
_LIMITS = (
    (("least_known_share",), "of whom less than {} of what is asked is known", PER_CENT),
    (("stale_after_days",), "of whom nothing was on record for {} days", COUNT),
    (("resident", "days"), "who have lived here for less than {} days", COUNT),
    (("least_link",), "whose records were joined by a link of a probability below {}", TWO_PLACES),
    (("beyond_range",), "of whom something lies further outside all that was seen than {} times its range", TWO_PLACES),
)
_STEPS = ("on_record", "in_scope", "with_result", "learned_on", "calibrated_on", "tested_on")
_WITHOUT = ("cohort_has_none", "no_row", "not_assessed")


def out_of_scope(sheet: Sheet, heads: Sequence[Head]) -> Iterator[str]:
    """Yield who is not scored."""
    yield "A score is given only at these ages, and is of what was known at the first of them:"
    yield ""
    landmarks = dict.fromkeys(head.landmark for head in heads)
    yield from table(
        ("From", "Age in days", "Asked for before the age of"),
        [
            (sheet.quote(at / "label"), sheet.tell(at / "age", COUNT), sheet.tell(at / "until", COUNT))
            for at in landmarks
        ],
    )
    yield "No score is given of children"
    yield ""
    yield from (f"- {limit}" for limit in _limits(sheet))
    yield "- whom the authority has said are not to be scored"


def _limits(sheet: Sheet) -> Iterator[str]:
    needed = [sheet.quote(_source(sheet, str(sheet.at(name))) / "label") for name in sheet.listed(_SCOPE / "needs")]
    if needed:
        yield f"who are not in: {', '.join(needed)}"
    for place, words, form in _LIMITS:
        limit = _SCOPE
        for token in place:
            limit /= token
        if sheet.at(limit) is not None:
            yield words.format(sheet.tell(limit, form))


def _source(sheet: Sheet, name: str) -> Pointer:
    sources = sheet.listed(CONTRACT / "source")
    return next((each for each in sources if sheet.at(each / "name") == name), CONTRACT / "source" / "-")


def data(sheet: Sheet, heads: Sequence[Head]) -> Iterator[str]:
    """Yield where the records come from, and what became of the children on record."""
    yield from table(
        ("Records", "Agency", "Lawful gateway", "Until", "Rows set aside, by reason"),
        [
            (
                sheet.quote(source / "label"),
                sheet.quote(source / "agency"),
                sheet.quote(source / "gateway" / "name"),
                sheet.tell(source / "gateway" / "expires"),
                _set_aside(sheet, source),
            )
            for source in sheet.listed(CONTRACT / "source")
        ],
    )
    yield (
        "Nothing on record is not taken to mean that nothing happened, unless the contract says what proves it. Sex, ethnicity, "
        "language, religion, disability and special educational needs are looked at in the audit, and are no part of a score."
    )
    yield ""
    yield _linkage(sheet)
    yield ""
    yield from table(
        (
            "Children",
            "on record",
            "in scope",
            "with a result",
            "learned on",
            "calibrated on",
            "judged on",
        ),
        [
            (head.title(sheet), *(sheet.tell(head.evaluation / "flow" / step, CHILDREN) for step in _STEPS))
            for head in heads
        ],
    )
    yield from table(
        (
            "Without a result",
            "of cohorts that have none (yet)",
            "moved away or taught elsewhere",
            "not assessed",
        ),
        [
            (
                head.title(sheet),
                *(sheet.tell(head.evaluation / "flow" / "without_result" / why, CHILDREN) for why in _WITHOUT),
            )
            for head in heads
        ],
    )
    yield "A child without a result is *not yet known*, never a no."


def _set_aside(sheet: Sheet, source: Pointer) -> str:
    reasons = EVALUATION / "rows_set_aside" / str(sheet.at(source / "name"))
    return "none" if sheet.at(reasons) == {} else sheet.tell(reasons, NAME_BY_NAME)


def _linkage(sheet: Sheet) -> str:
    if sheet.at(AUDIT / "linkage") is None:
        return "Whom linking missed is not known here: the records came with one key for each child."
    return (
        "Agencies share no number for a child: records were linked, some wrongly and some not at all. Who is missing, by group, "
        "stands in `audit.json` under `linkage`."
    )
