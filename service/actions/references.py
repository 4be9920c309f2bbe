"""Requests that bring no record, only the reference of a child whose record is loaded."""

from functools import lru_cache
from typing import Any

from models.identifiers import is_identifier
from service.access.caller import check_purpose
from service.call import Call
from service.column_slots import Age, one_of
from service.live import Live
from service.loaded.by_reference import Loaded
from service.problems import Refused, refused
from service.request_form import RequestForm
from service.request_record import Asked
from service.request_slots import DETAIL_RULE, DETAILS, SUBJECT, SUBJECT_RULE
from service.slots import Slot, fault_at

_AGE_RULE = "an age in days that the child can have reached (left out: as old as it surely is today)"


@lru_cache(maxsize=8)
def reference_form(purposes: tuple[str, ...]) -> RequestForm:
    """Return the form of a request that brings no record."""
    inside = {
        "subject": Slot(SUBJECT_RULE, SUBJECT, required=True),
        "purpose": Slot(f"one of {', '.join(purposes)}", one_of(purposes), required=True),
        "as_of": Slot(_AGE_RULE, Age),
        "detail": Slot(DETAIL_RULE, one_of(DETAILS)),
    }
    return RequestForm(Slot("a JSON object", name="RequestByReference", inside=inside))


def lacks_sources(wrong: Refused) -> bool:
    """Whether a request was refused because, among other things, it brings no record."""
    return any(fault.code == "missing" and fault.pointer == "/sources" for fault in wrong.faults)


def by_reference(call: Call, loaded: Loaded, live: Live, body: bytes) -> Asked:
    """Return what is asked about a child whose record is loaded; raises Refused."""
    contract = live.bundle.contract
    form = reference_form(tuple(contract.purposes))
    given: dict[str, Any] = form.decode(body)
    check_purpose(call.caller, given["purpose"])
    subject, as_of = given["subject"], given.get("as_of")
    wrong = {"subject": is_identifier(subject), "as_of": as_of is not None and as_of < 0}
    codes = {"subject": "subject_is_an_identifier", "as_of": "before_birth"}
    if any(wrong.values()):
        raise refused(fault_at(form.root, (field,), codes[field]) for field, is_wrong in wrong.items() if is_wrong)
    found = loaded.record_of(live.bundle, subject, given["purpose"], call.service.today(), as_of)
    return Asked(subject, given["purpose"], found.age, found.record, given.get("detail", "standard"))
