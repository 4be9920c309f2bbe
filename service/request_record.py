"""
Makes a child record of a decoded request: dates become ages in days and are dropped, values become exact.

What the form cannot see is refused here, naming the place and the rule: a value off its step, a date that is none, an
event known before it happened, a date of birth that is missing or not needed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from models.contract import Contract
from models.identifiers import is_identifier
from models.record import MAX_AGE, ChildRecord
from service.ages import Ages
from service.problems import refused
from service.request_events import EventReader, code_of, read_span, wrong_in_span
from service.slots import Place, Slot, fault_at

Given = Mapping[str, Any]
Detail = Literal["summary", "standard", "full"]


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What was asked: for whom (the caller's reference), why, at what age in days, on what record.

    `detail` is how much of it is told.
    """

    subject: str
    purpose: str
    age: int
    record: ChildRecord
    detail: Detail = "standard"


class RecordReader:
    """Reads the decoded requests of one contract."""

    def __init__(self, contract: Contract, root: Slot) -> None:
        self._root = root
        self._readers = {s.name: EventReader(s, contract.feature_columns[s.name]) for s in contract.feature_sources}

    def read(self, request: Given) -> Asked:
        """Return what is asked; raises Refused with the faults found."""
        try:
            ages = Ages(request.get("date_of_birth"))
            record = self._record(request["sources"], ages)
            subject, age = _subject(request["subject"]), _as_of(request["as_of"], ages)
        except ValueError:
            raise refused(fault_at(self._root, place, code) for place, code in self._faults(request)) from None
        if ages.fault is not None:
            raise refused([fault_at(self._root, ("date_of_birth",), ages.fault)])
        return Asked(subject, request["purpose"], age, record, request.get("detail", "standard"))

    def _record(self, sources: Given, ages: Ages) -> ChildRecord:
        return ChildRecord(
            {
                name: tuple(self._readers[name].read(e, ages) for e in given["events"])
                for name, given in sources.items()
            },
            {
                name: tuple(read_span(span, ages) for span in given["coverage"])
                for name, given in sources.items()
                if "coverage" in given
            },
            {name: given["link"] for name, given in sources.items() if "link" in given},
        )

    def _faults(self, request: Given) -> Iterator[tuple[Place, str]]:
        """Yield what is wrong, place by place: the slow way round, taken only when something is."""
        birth = request.get("date_of_birth")
        bad_birth = code_of(Ages, birth)
        ages = Ages(None if bad_birth else birth)
        codes = {
            "subject": code_of(_subject, request["subject"]),
            "as_of": code_of(lambda given: _as_of(given, ages), request["as_of"]),
            "date_of_birth": bad_birth,
        }
        yield from (((name,), code) for name, code in codes.items() if code)
        for name, given in request["sources"].items():
            for i, event in enumerate(given["events"]):
                yield from (
                    (("sources", name, "events", i, f), code) for f, code in self._readers[name].wrong(event, ages)
                )
            for i, span in enumerate(given.get("coverage", ())):
                yield from ((("sources", name, "coverage", i, f), code) for f, code in wrong_in_span(span, ages))


def _subject(given: str) -> str:
    if is_identifier(given):
        raise ValueError("subject_is_an_identifier")
    return given


def _as_of(given: int | str, ages: Ages) -> int:
    age = ages.of(given)
    if age < 0:
        raise ValueError("before_birth")
    if age > MAX_AGE:
        raise ValueError("age_out_of_range")
    return age
