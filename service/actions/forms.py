"""
The forms of the requests that no contract shapes: every field a code of a closed list, a time or an opaque reference.

Nothing takes free text: what a family or a practitioner wrote stays in the caller's own system, and is referred to.
"""

import datetime
import re
from typing import Annotated, Any, get_args

from pydantic import Field

from models.identifiers import is_identifier
from service.answers.override_reasons import OverrideCode
from service.body import check_json, read_body
from service.call import Call
from service.column_slots import one_of
from service.loaded.worklist_form import FORM as WORKLIST_ASKED
from service.problems import BREAKS_FORM, refused
from service.request_form import RequestForm
from service.request_slots import SUBJECT, SUBJECT_RULE
from service.slots import Slot, fault_at

WHATS = ("viewed", "agreed", "disagreed")
TAKEN = ("offered", "accepted", "declined", "not-offered", "already-in-place", "referred-elsewhere", "none")
RAISED_BY = ("young-person", "parent-or-carer", "practitioner", "other")
GROUNDS = ("data-wrong", "disagree", "objection", "other")
OUTCOMES = ("upheld", "not-upheld", "withdrawn")
WHY_EXCLUDED = (
    "objection",
    "restriction-requested",
    "identity-in-doubt",
    "protected-address",
    "court-direction",
    "other",
)
WHY_ENDED = ("objection-withdrawn", "restriction-lifted", "identity-settled", "entered-in-error", "other")

_ID = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
_WHOLE_ID = re.compile(_ID)
_TIME_RULE = "a time in UTC, to the second, such as 2026-09-01T10:00:00Z"
_TIME = Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")]
_REFERENCE_RULE = "a reference in your own system, never the text itself: 1 to 64 of the characters A-Z a-z 0-9 . _ : -, and no national identifier"


def is_id(text: str) -> bool:
    """Whether a text has the form of the ids that this service gives."""
    return _WHOLE_ID.fullmatch(text) is not None


def _code(codes: tuple[str, ...], *, required: bool = False) -> Slot:
    return Slot(f"one of {', '.join(codes)}", one_of(codes), required=required)


def _form(name: str, **inside: Slot) -> RequestForm:
    return RequestForm(Slot("a JSON object", name=name, inside=inside), BREAKS_FORM)


_TEXT_REF = Slot(_REFERENCE_RULE, SUBJECT)
_SUBJECT = Slot(SUBJECT_RULE, SUBJECT, required=True)
CHALLENGE_SLOT = Slot("the id of the challenge that led to the correction", Annotated[str, Field(pattern=f"^{_ID}$")])

FORMS = {
    "feedback": _form(
        "Feedback",
        what=_code(WHATS, required=True),
        reason=_code(get_args(OverrideCode)),
        action=_code(TAKEN),
        at=Slot(_TIME_RULE, _TIME),
    ),
    "challenge": _form(
        "Challenge", raised_by=_code(RAISED_BY, required=True), ground=_code(GROUNDS, required=True), text_ref=_TEXT_REF
    ),
    "challenge_outcome": _form("ChallengeOutcome", outcome=_code(OUTCOMES, required=True), note_ref=_TEXT_REF),
    "exclusion": _form("Exclusion", subject=_SUBJECT, reason=_code(WHY_EXCLUDED, required=True)),
    "exclusion_ended": _form("ExclusionEnded", subject=_SUBJECT, reason=_code(WHY_ENDED, required=True)),
    "account": _form("AccountAsked", subject=_SUBJECT),
    "worklist_asked": WORKLIST_ASKED,
}


async def read_form(call: Call, name: str) -> tuple[bytes, dict[str, Any]]:
    """Return the body of a request, and what it says in one of the forms; raises Refused."""
    body = await read_body(call.scope, call.receive)
    check_json(body)
    form = FORMS[name]
    said = form.decode(body)
    wrong = [(field, code) for field in form.root.inside for code in _wrong(field, said.get(field))]
    if wrong:
        raise refused((fault_at(form.root, (field,), code) for field, code in wrong), form.kind)
    return body, said


def _wrong(field: str, value: Any) -> list[str]:
    """Return what is wrong with a value that its pattern cannot see."""
    if value is None:
        return []
    if field == "at":
        return [] if _is_time(value) else ["not_a_time"]
    return ["is_an_identifier"] if field in {"subject", "text_ref", "note_ref"} and is_identifier(value) else []


def _is_time(text: str) -> bool:
    try:
        datetime.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
