"""A record for each test, on both databases, and the clock that it is opened with."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from service.record.store import Store, open_record

Opened = Callable[..., Store]


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.time = datetime.datetime(2026, 9, 1, 12, tzinfo=datetime.UTC)

    def __call__(self) -> datetime.datetime:
        """Return the time."""
        return self.time

    def move(self, seconds: float) -> None:
        """Go on, or back."""
        self.time += datetime.timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still until it is moved."""
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty record is: a path, or the URL of a new database on a real PostgreSQL."""
    if request.param == "sqlite":
        return str(tmp_path / "record.db")
    url: str = request.getfixturevalue("postgres")()
    return url


@pytest.fixture
def opened(place: str, tmp_path: Path, clock: Clock) -> Opened:
    """Open the record of a test, again and again if it wants to."""
    return lambda **more: open_record(place, checkpoints=tmp_path / "checkpoints.jsonl", now=clock, **more)
