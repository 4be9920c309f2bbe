"""Dates to ages in days: the only place that sees a date of birth, which goes no further."""

import datetime

from models.record import MAX_AGE, MIN_AGE


class Ages:
    """Works out ages in days from one date of birth, and remembers whether it was needed."""

    def __init__(self, birth: str | None) -> None:
        """Raises ValueError with a code when the date of birth is no date."""
        self._birth = _day(birth) if birth is not None else None
        self._dated = False

    def of(self, given: int | str) -> int:
        """Return the age that is given, or that a date is; raises ValueError with a code when it is no date."""
        if isinstance(given, int):
            return given
        self._dated = True
        day = _day(given)
        # Without a date of birth any age will do: `fault` has the request refused once it was read.
        return (day - (self._birth or day)).days

    def in_range(self, given: int | str) -> int:
        """Return the age as `of` does; raises ValueError with a code when a record cannot hold it."""
        age = self.of(given)
        if not MIN_AGE <= age <= MAX_AGE:
            raise ValueError("age_out_of_range")
        return age

    @property
    def fault(self) -> str | None:
        """What was wrong with the date of birth, once everything else was read."""
        if self._dated and self._birth is None:
            return "missing"
        return "not_needed" if self._birth is not None and not self._dated else None


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise ValueError("not_a_date") from None
