"""Whoever waits for the record is told the truth in time, whatever the database does."""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from service.problems import RecordUnavailable
from service.record.entries import Entry
from service.record.group_commit import MOST_WAITING, GroupCommit

ENTRY = Entry("account", "case-system", b"{}")


class Slow:
    """Writes nothing, and only when it is let."""

    def __init__(self) -> None:
        self.let = threading.Event()
        self.sizes: list[int] = []
        self.closed = False

    def write(self, groups: Sequence[Sequence[Entry]]) -> list[int]:
        """Count, once it is let."""
        assert self.let.wait(10)
        self.sizes.append(len(groups))
        return list(range(len(groups)))

    def idle(self) -> None:
        """Nothing is due."""

    def close(self) -> None:
        """Say so."""
        self.closed = True


def test_what_comes_while_a_batch_is_written_is_the_next_batch() -> None:
    """However many wait, two commits are enough for them."""

    async def story() -> list[int]:
        slow = Slow()
        commit = GroupCommit(slow)
        commit.start()
        first = asyncio.create_task(commit.append([ENTRY]))
        await asyncio.sleep(0.05)
        rest = [asyncio.create_task(commit.append([ENTRY])) for _ in range(100)]
        await asyncio.sleep(0.05)
        slow.let.set()
        await asyncio.gather(first, *rest)
        commit.close(5)
        assert slow.closed
        return slow.sizes

    assert asyncio.run(story()) == [1, 100]


def test_more_than_can_wait_is_refused_at_once() -> None:
    """The list of those who wait is bounded, and those on it are told within a second."""

    async def story() -> tuple[int, int]:
        slow = Slow()
        commit = GroupCommit(slow)
        commit.start()
        first = asyncio.create_task(commit.append([ENTRY]))
        await asyncio.sleep(0.05)
        waiting = [asyncio.create_task(commit.append([ENTRY])) for _ in range(MOST_WAITING)]
        await asyncio.sleep(0)
        with pytest.raises(RecordUnavailable, match="too much waits"):
            await asyncio.wait_for(commit.append([ENTRY]), 0.1)
        outcomes = await asyncio.wait_for(asyncio.gather(first, *waiting, return_exceptions=True), 2)
        slow.let.set()
        commit.close(5)
        return sum(isinstance(outcome, RecordUnavailable) for outcome in outcomes), sum(slow.sizes)

    given_up, written = asyncio.run(story())
    assert given_up == MOST_WAITING + 1
    assert written == 1  # nobody waits for the others any more


def test_a_request_that_went_away_is_not_waited_for() -> None:
    """A caller who hangs up leaves the others' answers as they are."""

    async def story() -> list[int]:
        slow = Slow()
        commit = GroupCommit(slow)
        commit.start()
        tasks = [asyncio.create_task(commit.append([ENTRY])) for _ in range(3)]
        await asyncio.sleep(0.05)
        tasks[1].cancel()
        await asyncio.sleep(0)
        slow.let.set()
        done = await asyncio.gather(*tasks, return_exceptions=True)
        commit.close(5)
        return [outcome for outcome in done if isinstance(outcome, int)]

    assert len(asyncio.run(story())) == 2
