"""Logs when something goes wrong that /readyz tells, and when it is over: once each, however often probes ask."""

import asyncio

from service.call import Service
from service.problems import RecordUnavailable

EVERY_SECONDS = 2.0


async def log_troubles(service: Service) -> None:
    """Look again and again, until cancelled."""
    before: dict[str, str] = {}
    while True:
        now = await _troubles(service)
        for name in now.keys() - before.keys():
            service.watched.log.told("trouble", "warning", source=name, why=now[name])
        for name in before.keys() - now.keys():
            service.watched.log.told("trouble-over", source=name)
        before = now
        await asyncio.sleep(EVERY_SECONDS)


async def _troubles(service: Service) -> dict[str, str]:
    found = service.watched.troubled()
    if service.record is not None:
        try:
            await service.watched.probe.check(service.record)
        except RecordUnavailable as error:
            found["record"] = str(error)
    return found
