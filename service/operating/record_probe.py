"""Asks whether the decision record can be had, at most once a second however many probes come."""

import asyncio
import time

from service.problems import RecordUnavailable
from service.record.entries import Record

FRESH_SECONDS = 1.0
# An orchestrator's probe waits a few seconds; a database that hangs must not make it give up on the process.
MOST_SECONDS = 1.0


class RecordProbe:
    """What was last found of the record."""

    def __init__(self) -> None:
        self._fresh_until = 0.0
        self._available = True
        self._asking = asyncio.Lock()

    async def check(self, record: Record) -> None:
        """Raise RecordUnavailable unless the record can be had."""
        async with self._asking:
            if time.monotonic() >= self._fresh_until:
                self._available = await _can_be_had(record)
                self._fresh_until = time.monotonic() + FRESH_SECONDS
        if not self._available:
            raise RecordUnavailable("The decision record cannot be had.")


async def _can_be_had(record: Record) -> bool:
    try:
        async with asyncio.timeout(MOST_SECONDS):
            await record.check()
    except (RecordUnavailable, TimeoutError):
        return False
    return True
