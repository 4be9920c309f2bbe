"""Threads that do what waits, and are not waited for."""

import asyncio
import threading
import time

import pytest

from service.threads import Threads


def test_what_is_returned_and_raised() -> None:
    """Whoever asks is told what the work returned, or raised, and many are served by a few threads."""

    async def story() -> list[object]:
        threads = Threads(2, "of a test")
        asked = (threads.do(lambda i=i: (i, threading.current_thread())) for i in range(20))
        outcomes = await asyncio.gather(*asked)
        with pytest.raises(ZeroDivisionError):
            await threads.do(lambda: 1 // 0)
        threads.close(5)
        assert {number for number, _ in outcomes} == set(range(20))
        return [thread for _, thread in outcomes]

    used = asyncio.run(story())
    assert len(set(used)) <= 2
    assert not any(isinstance(thread, threading.Thread) and thread.is_alive() for thread in used)


def test_nobody_waits_for_what_stands_still() -> None:
    """Work that does not end holds up neither those who gave it up nor the closing; what nobody waits for is not begun."""
    released, begun = threading.Event(), []

    async def story() -> float:
        threads = Threads(1, "of a test")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(threads.do(released.wait), 0.05)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(threads.do(lambda: begun.append(1)), 0.05)
        began = time.monotonic()
        threads.close(0.05)
        return time.monotonic() - began

    assert asyncio.run(story()) < 5
    released.set()
    time.sleep(0.05)
    assert begun == []
