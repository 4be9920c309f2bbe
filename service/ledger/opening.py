"""Opens the ledger of a home for a command."""

import datetime
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from service.ledger.ledger import Ledger
from service.ledger.releases import Releases
from service.ledger.trusted import TrustedKeys, read_trusted, trusted_path
from service.record.store import Store, open_record


@asynccontextmanager
async def open_ledger(home: Path, record: str | None) -> AsyncIterator[Ledger]:
    """Give the ledger of a home, its record at a path or URL (left out: in the home); a service may run beside it."""
    trusted, store = _opened(home, record)
    try:
        yield Ledger(store, Releases(home / "releases"), trusted, _now)
    finally:
        await store.close()


def _opened(home: Path, record: str | None) -> tuple[TrustedKeys, Store]:
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    trusted = read_trusted(trusted_path(home))
    return trusted, open_record(record or home / "record.db", checkpoints=home / "checkpoints.jsonl", now=_now)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
