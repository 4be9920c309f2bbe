"""An entry that is dated far ahead of the clock is told of, and a record that has one is not opened."""

import asyncio
import datetime
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from models.errors import BadInput
from service.record.checkpoints import Checkpoint
from service.record.clock import ahead, check_agrees, set_clock
from service.record.database import head, open_engine, writing
from service.record.entries import Entry
from service.record.refusals import RecordRefused
from service.record.retention import Term, due, retain
from service.record.store import Store
from service.record.tables import chain, held
from service.record.verifying import verify
from service.record.writer import microseconds

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
    with pytest.raises(RecordRefused, match=r"set the clock right.*earlyid record clock"):
        opened()
    clock.move(3600 - 200)
    asyncio.run(opened().close())


def _set(record: Store, clock: Any) -> int:
    with writing(record.engine) as connection:
        return set_clock(connection, b"{}", clock())


def test_the_clock_is_set(opened: Callable[..., Store], place: str, clock: Any) -> None:
    """From the entry that says so on times are right again, the chain verifies, and the record is opened."""
    year, right = 365 * 86_400, round(NOW.timestamp() * 1_000_000)

    async def story() -> list[int]:
        async with opened() as record:
            await record.append(ENTRY)
            with pytest.raises(BadInput, match="nothing to set"):
                _set(record, clock)
            clock.move(10 * year)
            await record.append(ENTRY)
            clock.move(-10 * year)
            # Where nothing says so, times go on from what is dated ahead.
            await record.append(ENTRY)
            assert _set(record, clock) == 4
            await record.append(ENTRY)
            assert record.clock_trouble is None
            with record.engine.connect() as connection:
                return list(connection.scalars(select(chain.c.at).order_by(chain.c.seq)))

    ahead_of_it = right + 10 * year * 1_000_000
    assert asyncio.run(story()) == [right, ahead_of_it, ahead_of_it, right, right]
    asyncio.run(opened().close())
    engine = open_engine(place)
    with engine.connect() as connection:
        assert verify(engine, [Checkpoint(head(connection), "")]).whole
    engine.dispose()


def test_retention_counts_from_when_the_clock_was_set(opened: Callable[..., Store], clock: Any) -> None:
    """What is dated ahead is erased once it was surely written so long ago, with what it expires by; not before, and not the setting."""
    day = 86_400

    async def story() -> list[dict[str, int]]:
        async with opened() as record:
            clock.move(3650 * day)
            await record.append(
                Entry("score", "case", b"{}", expires=microseconds(clock()) + 31 * day * 1_000_000), ENTRY
            )
            clock.move(-3650 * day)
            _set(record, clock)
            clock.move(364 * day)
            await record.append(ENTRY)
            before = due(record.engine, Term(365, clock())).erase
            clock.move(2 * day)
            after = due(record.engine, Term(365, clock())).erase
            assert retain(record.engine, Term(365, clock()), "somebody").entries == 2
            with record.engine.connect() as connection:
                assert list(connection.scalars(select(held.c.seq).order_by(held.c.seq))) == [3, 4, 5]
            return [before, after]

    assert asyncio.run(story()) == [{}, {"account": 1, "score": 1}]


def test_the_clock_that_it_is_set_by_is_right() -> None:
    """Nobody sets it by a machine whose own clock is wrong: retention would take the whole record for old."""
    check_agrees(NOW + datetime.timedelta(minutes=4), NOW)
    with pytest.raises(BadInput, match="set it right first"):
        check_agrees(NOW + datetime.timedelta(days=20_000), NOW)
