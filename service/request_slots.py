"""Which slots the requests of one contract have: the one place that turns its sources into fields."""

from typing import Annotated

from pydantic import Field

from models.contract import Contract
from models.exact import MAX_ROWS
from models.record import MAX_AGE
from models.source import Source
from service.column_slots import AGE_RULE, Age, Day, Finite, column_slot, one_of
from service.slots import Slot

MOST_SPANS = 1024
SUBJECT = Annotated[str, Field(pattern="^[A-Za-z0-9._:-]{1,64}$")]
SUBJECT_RULE = (
    "your own reference for the child: 1 to 64 of the characters A-Z a-z 0-9 . _ : -, and never an NHS number or a UPN"
)
BIRTH_RULE = "the date of birth, given when another date is and only then; it is forgotten once ages are worked out"
DETAILS = ("summary", "standard", "full")
DETAIL_RULE = "one of summary, standard, full (left out: standard); summary is short, and full lists every term of every score and all data"
LINK = Annotated[Finite, Field(gt=0, le=1)]
LINK_RULE = (
    "a probability above 0 and at most 1: how probable it is that the records of this source are this child's, "
    "where they were linked (left out: nothing was)"
)


def request_slots(contract: Contract) -> Slot:
    """Return the tree of what a scoring request may hold."""
    sources = {source.name: _source(contract, source) for source in contract.feature_sources}
    purposes = contract.purposes
    return Slot(
        "a JSON object",
        name="Request",
        inside={
            "subject": Slot(SUBJECT_RULE, SUBJECT, required=True),
            "purpose": Slot(f"one of {', '.join(purposes)}", one_of(purposes), required=True),
            "as_of": Slot(f"{AGE_RULE}, from birth to {MAX_AGE} days", Age | Day, required=True),
            "date_of_birth": Slot(BIRTH_RULE, Day),
            "detail": Slot(DETAIL_RULE, one_of(DETAILS)),
            "sources": Slot("an object of sources", required=True, name="Sources", inside=sources),
        },
    )


def _source(contract: Contract, source: Source) -> Slot:
    inside = {"events": _events(contract, source)}
    if source.coverage is not None:
        inside["coverage"] = _coverage(source)
    inside["link"] = Slot(LINK_RULE, LINK)
    return Slot(f"{source.label}: an object with {', '.join(inside)}", name=source.name, inside=inside)


def _events(contract: Contract, source: Source) -> Slot:
    most = 1 if source.rows == "one" else MAX_ROWS
    used = contract.feature_columns[source.name]
    columns = {column.name: column_slot(column) for column in source.columns if column.name in used}
    return Slot(
        f"a list of at most {most} event{'s' * (most != 1)}",
        required=True,
        name=f"{source.name}_event",
        inside=_timings(source) | columns,
        most=most,
    )


def _timings(source: Source) -> dict[str, Slot]:
    """Return the slots of when: what the contract works out itself is not a field."""
    slots = {}
    if source.happened.constant is None:
        slots["happened"] = Slot(AGE_RULE, Age | Day, required=True)
    if source.known.constant is None and source.known.lag_days is None:
        slots["known"] = Slot(f"{AGE_RULE}, not before it happened", Age | Day, required=True)
    return slots


def _coverage(source: Source) -> Slot:
    spans = {
        "from": Slot(f"the first day covered: {AGE_RULE}", Age | Day, required=True),
        "to": Slot(f"the last day covered, not before the first: {AGE_RULE}", Age | Day, required=True),
        "known": Slot(f"when the coverage became known (left out: from the first day): {AGE_RULE}", Age | Day),
    }
    rule = f"a list of at most {MOST_SPANS} spans in which no event means that nothing happened"
    return Slot(rule, name=f"{source.name}_coverage", inside=spans, most=MOST_SPANS)
