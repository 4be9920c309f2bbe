"""Opens the ledger of a home for a command."""

import datetime
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from models.errors import BadInput, GateRefused
from service.ledger.ledger import Ledger
from service.ledger.releases import Releases
from service.ledger.state import relied_on
from service.ledger.trusted import read_trusted, trusted_path
from service.ledger.went_live import went_live
from service.record.store import COMMAND_SECONDS, Store, open_record
from service.released import Released


@asynccontextmanager
async def open_ledger(home: Path, record: str | None) -> AsyncIterator[Ledger]:
    """Give the ledger of a home, its record at a path or URL (left out: in the home); a service may run beside it."""
    store = _opened(home, record)
    try:
        trusted = read_trusted(trusted_path(home), relied_on=relied_on(await store.releases()))
        yield Ledger(store, Releases(home / "releases"), trusted, _now)
    finally:
        await store.close()


async def live_folder(home: Path, record: str | None) -> Path:
    """Return the folder of the bundle that is live; raises GateRefused when none is."""
    return (await live_release(home, record))[0]


async def live_release(home: Path, record: str | None) -> tuple[Path, Released]:
    """Return the folder of the bundle that is live, with how it came to be; raises GateRefused when none is."""
    async with open_ledger(home, record) as ledger:
        state = await ledger.state()
        if state.live_bundle is None:
            raise GateRefused("nothing is live; name the folder of a bundle")
        return ledger.releases.place(state.live_bundle), went_live(state, ledger.trusted)[state.live_bundle]


def _opened(home: Path, record: str | None) -> Store:
    if not home.is_dir():
        # Another one, made here, would say that nothing was ever live.
        raise BadInput(f"there is no home {home}; name it with --home")
    place, checkpoints = record or home / "record.db", home / "checkpoints.jsonl"
    return open_record(place, checkpoints=checkpoints, now=_now, patience=COMMAND_SECONDS)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
