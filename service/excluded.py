"""Keeps what a process knows of excluded children true: another process, or a command, may have excluded one."""

import asyncio

from service.call import Service
from service.problems import RecordUnavailable
from service.record.entries import Record

# A change made elsewhere is seen within five seconds, a busy database allowed for.
EVERY_SECONDS = 2.0
KINDS = "exclusion"


async def read_excluded(service: Service, record: Record) -> int:
    """Read who is excluded, and return the number of the newest entry that it surely has; before anything is answered."""
    newest = await record.newest(KINDS)
    async with service.excluding:
        service.excluded = await record.excluded()
    return newest


async def keep_excluded(service: Service, record: Record, every: float = EVERY_SECONDS) -> None:
    """Read again whenever there are new entries, until cancelled; while the record cannot be had nothing is answered anyway."""
    seen = -1
    while True:
        try:
            if await record.newest(KINDS) != seen:
                seen = await read_excluded(service, record)
        except RecordUnavailable:
            seen = -1
        await asyncio.sleep(every)
