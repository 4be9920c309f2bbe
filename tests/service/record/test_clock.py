"""An entry that is dated far ahead of the clock is told of, and a record that has one is not opened."""

import asyncio
import datetime
from collections.abc import Callable
from typing import Any

import pytest

from service.record.clock import ahead
from service.record.entries import Entry
from service.record.refusals import RecordRefused
from service.record.store import Store

NOW = datetime.datetime(2026, 9, 1, 12, tzinfo=datetime.UTC)
ENTRY = Entry("account", "case-system", b"{}")


@pytest.mark.parametrize(("seconds", "told"), [(-3600, False), (0, False), (299, False), (300, True), (10**9, True)])
def test_how_far_ahead(seconds: int, *, told: bool) -> None:
    """Five minutes are too many, and what lies back is no matter."""
    at = round(NOW.timestamp() + seconds) * 1_000_000
    assert (ahead(at, NOW) is not None) is told


def test_a_clock_that_was_ahead(opened: Callable[..., Store], clock: Any) -> None:
    """While it lasts it is a trouble; afterwards the record is opened once the clock agrees, and not before."""

    async def story() -> list[str | None]:
        async with opened() as record:
            told = [record.clock_trouble]
            clock.move(3600)
            await record.append(ENTRY)
            told.append(record.clock_trouble)
            clock.move(-3600)
            return [*told, record.clock_trouble]

    before, during, after = asyncio.run(story())
    assert (before, during) == (None, None)
    assert after is not None
    assert "60 minutes" in after
    with pytest.raises(RecordRefused, match="set the clock right"):
        opened()
    clock.move(3600 - 200)
    asyncio.run(opened().close())
