"""Keeps what works beside the answers at work: an error that nobody foresaw is logged, and the work begun again."""

import asyncio
from collections.abc import Callable, Coroutine

from service.operating.logs import Log

AGAIN_SECONDS = 1.0


async def kept_up(keeper: Callable[[], Coroutine[None, None, None]], log: Log) -> None:
    """Run a keeper, which ends only with an error, until cancelled."""
    while True:
        try:
            await keeper()
        except Exception as error:  # noqa: BLE001 - without it the service would no longer follow what changes
            log.failed(error)
        await asyncio.sleep(AGAIN_SECONDS)
