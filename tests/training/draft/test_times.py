"""When rows happened and became known: what a draft makes of their dates, and what it does where nothing dates them."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from models.contract_reading import parse_contract
from models.record import MAX_AGE
from models.source import Source, Timing

Drafted = Callable[[str, Callable[[int], str]], Source]


def _day(days: int) -> str:
    return (datetime.date(2019, 1, 5) + datetime.timedelta(days=days)).isoformat()


@pytest.fixture
def source(tmp_path: Path, drafted_from: Callable[[Path], str]) -> Drafted:
    """Draft from a register of sixty children and one more extract, two rows a child; return that one's source."""

    def asked(head: str, line: Callable[[int], str]) -> Source:
        people = ["id,dob", *(f"k{i:06d},{_day(i)}" for i in range(60))]
        (tmp_path / "people.csv").write_text("\n".join(people) + "\n", encoding="utf-8")
        seen = [f"id,{head}", *(f"k{i // 2:06d},{line(i)}" for i in range(120))]
        (tmp_path / "seen.csv").write_text("\n".join(seen) + "\n", encoding="utf-8")
        return parse_contract(drafted_from(tmp_path)).source("seen")

    return asked


def test_known_is_the_day_it_was_recorded(source: Drafted) -> None:
    """A date that is named as one of recording, and comes before no row's event, says when the row became known."""
    found = source("recorded_on,visit_date", lambda i: f"{_day(i + 430)},{_day(i + 400)}")
    assert (found.happened, found.known) == (Timing(date="visit_date"), Timing(date="recorded_on"))


def test_a_recording_before_the_event_is_not_believed(source: Drafted) -> None:
    """A date of recording that comes before the event is not when the row became known."""
    found = source("recorded_on,visit_date", lambda i: f"{_day(i + 390)},{_day(i + 400)}")
    assert (found.happened, found.known) == (Timing(date="visit_date"), Timing(lag_days=0))


def test_an_end_is_not_when_it_happened(source: Drafted) -> None:
    """A date that is named as an end stays a column, even where every row has it."""
    found = source("end_date,start_date", lambda i: f"{_day(i + 430)},{_day(i + 400)}")
    assert found.happened == Timing(date="start_date")
    assert [(column.name, column.type) for column in found.columns] == [("end_date", "date")]


def test_ages_in_days(source: Drafted) -> None:
    """Columns of ages in days, by their names, say when a row happened and became known."""
    found = source("age_days,age_known_days,total", lambda i: f"{i + 400},{i + 410},{i % 5}")
    assert (found.happened, found.known) == (Timing(age="age_days"), Timing(age="age_known_days"))


def test_rows_that_nothing_dates_are_seen_by_nobody(source: Drafted) -> None:
    """Rows without any date, that tell of no birth, are drafted as known at no landmark: nothing is seen too early."""
    found = source("total", lambda i: str(i % 5))
    assert (found.happened, found.known) == (Timing(constant=0), Timing(constant=MAX_AGE))


def test_only_a_date_of_recording(source: Drafted) -> None:
    """Where the only date is when a row was recorded, it happened and became known then."""
    found = source("recorded_on,total", lambda i: f"{_day(i + 400)},{i % 5}")
    assert (found.happened, found.known) == (Timing(date="recorded_on"), Timing(date="recorded_on"))
