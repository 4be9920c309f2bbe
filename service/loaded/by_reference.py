"""
Scores by reference: what a request that brings no record is scored on, or why it is not scored at all.

Only what is loaded, by the form of the asked bundle's contract, from extracts that are not too old, is ever used; each
refusal says which of these it was. Nobody's date of birth is known here, only the four weeks that it lies in.
"""

import datetime
from dataclasses import dataclass

from models.birth_period import DAYS
from models.bundle import Bundle
from models.contract import Contract
from models.record import ChildRecord
from models.record_form import record_form
from service.loaded.ranking import Rankings
from service.loaded.store import Load, LoadedChild, LoadedStore
from service.problems import NOT_LOADED, NOTHING_LOADED, Fault, Refused, refused
from service.record.references import References

# What was so long ago is not this month's: a child may have been helped, or have moved away.
OLDEST_DAYS = 45


@dataclass(frozen=True, slots=True)
class ByReference:
    """A loaded record, the age in days at which it is asked, and the day of the extracts it is from."""

    record: ChildRecord
    age: int
    extracted: datetime.date


class Loaded:
    """What is loaded, as one bundle after another may use it."""

    def __init__(self, store: LoadedStore, references: References, oldest_days: int = OLDEST_DAYS) -> None:
        self.rankings = Rankings(references)
        self._store = store
        self._oldest = datetime.timedelta(days=oldest_days)
        self._forms: dict[str, str] = {}

    @property
    def newest(self) -> Load | None:
        """What was loaded last, however old; None where nothing was."""
        return self._store.now()

    @property
    def extracted(self) -> datetime.date | None:
        """The day of the extracts that are loaded; None where nothing is. For those who watch the service."""
        load = self._store.now()
        return load.extracted if load is not None else None

    def load(self, bundle: Bundle, today: datetime.date) -> Load:
        """Return what may be used by a bundle on a day; raises Refused (409) with what to do."""
        load = self._store.now()
        if load is None:
            raise Refused(NOTHING_LOADED, "Nothing is loaded: earlyid load takes in what was linked.")
        if today - load.extracted > self._oldest:
            why = f"What is loaded was extracted more than {self._oldest.days} days ago: load newer extracts."
            raise Refused(NOTHING_LOADED, why)
        if load.form != self._form(bundle):
            raise Refused(NOTHING_LOADED, "What is loaded has another form than this bundle's contract: load it again.")
        return load

    def record_of(
        self, bundle: Bundle, subject: str, purpose: str, today: datetime.date, as_of: int | None = None
    ) -> ByReference:
        """
        Return what a child is scored on for a purpose, at `as_of` days of age (None: as old as it surely is today).

        Raises Refused: 404 when the child is not loaded, 422 when a lawful gateway lacks the purpose or the child
        cannot be so old, 409 when nothing that is loaded may be used.
        """
        check_gateways(bundle.contract, purpose)
        load = self.load(bundle, today)
        child = load.child(subject)
        if child is None:
            raise Refused(NOT_LOADED, "Send the record with the request, or have it linked and loaded.")
        return ByReference(child.record, _age(child, today, as_of), load.extracted)

    def _form(self, bundle: Bundle) -> str:
        """Return the form of a bundle's records, worked out once for each."""
        if bundle.id not in self._forms:
            self._forms[bundle.id] = record_form(bundle.contract)
        return self._forms[bundle.id]


def check_gateways(contract: Contract, purpose: str) -> None:
    """Raise Refused unless the lawful gateway of every source that is scored on has the purpose."""
    if purpose not in contract.purposes:
        rule = f"one of {', '.join(contract.purposes)}: what the gateway of every source allows"
        raise refused([Fault(pointer="/purpose", code="wrong-value", detail=rule)])


def _age(child: LoadedChild, today: datetime.date, as_of: int | None) -> int:
    """
    Return the age to score at.

    A child is taken to be as young as it can be, so nobody is scored before a landmark; up to four weeks after a window has
    closed it may still be asked for, with the very snapshot of that landmark. Who knows the age better may say so.
    """
    youngest = child.youngest(today)
    if as_of is None:
        return max(youngest, 0)
    if as_of >= youngest + DAYS:
        rule = "an age in days that the child can have reached, by the four weeks in which it was born"
        raise refused([Fault(pointer="/as_of", code="not-reached", detail=rule)])
    return as_of
