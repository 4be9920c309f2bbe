"""A record is its owner's alone, durable, and named without telling who or where."""

import asyncio
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from service.problems import RecordUnavailable
from service.record.database import open_engine, place_of
from service.record.entries import Entry
from service.record.refusals import RecordRefused
from service.record.store import Store, open_record

Opened = Callable[..., Store]


def test_everything_beside_a_record_in_sqlite_is_its_owners_alone(tmp_path: Path, clock: Callable[[], object]) -> None:
    """The database, its log, its lock, the checkpoints and their key can be read by nobody else."""

    async def story() -> dict[str, int]:
        checkpoints = tmp_path / "checkpoints.jsonl"
        async with open_record(tmp_path / "record.db", checkpoints=checkpoints, now=clock, alone=True) as record:
            await record.append(Entry("account", "case-system", b"{}"))
            return await asyncio.to_thread(modes, tmp_path)

    inside = asyncio.run(story())
    assert set(inside) == {"record.db", "record.db-wal", "record.db-shm", "record.db.lock", "checkpoint.key"}
    assert set((inside | modes(tmp_path)).values()) == {0o600}


def modes(folder: Path) -> dict[str, int]:
    """Return who may do what with each file in a folder and in those in it."""
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_file()}


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    """The words say what to run."""
    (tmp_path / "record.db").touch(0o644)
    with pytest.raises(RecordRefused, match="chmod 600"):
        open_engine(tmp_path / "record.db")


def test_commits_are_durable_and_erasing_erases(opened: Opened, place: str) -> None:
    """Each database is told to return from a commit only when it is on the disk; SQLite overwrites what is deleted."""

    async def story() -> list[object]:
        async with opened() as record:
            with record.engine.connect() as connection:
                if "://" in place:
                    return [connection.execute(text("SHOW synchronous_commit")).scalar()]
                names = ("journal_mode", "synchronous", "secure_delete")
                return [connection.execute(text(f"PRAGMA {name}")).scalar() for name in names]

    assert asyncio.run(story()) == (["on"] if "://" in place else ["wal", 2, 1])


@pytest.mark.parametrize(
    "url", ["mysql://canary@host/name", "sqlite://", "sqlite:///:memory:", "://canary", "canary://"]
)
def test_other_databases_are_refused_without_naming_them(url: str) -> None:
    """A record is a file of SQLite or a PostgreSQL."""
    with pytest.raises(RecordRefused) as refused:
        place_of(url)
    assert "canary" not in str(refused.value)


def test_a_server_that_is_not_there_is_told_without_host_user_or_password(
    tmp_path: Path, clock: Callable[[], object]
) -> None:
    """What the driver says of the connection is not passed on, not even as the cause."""
    url = "postgresql://canary:canary@127.0.0.1:1/canary"
    with pytest.raises(RecordUnavailable) as unavailable:
        open_record(url, checkpoints=tmp_path / "checkpoints.jsonl", now=clock)
    assert "canary" not in str(unavailable.value)
    assert unavailable.value.__suppress_context__


def test_a_file_that_is_no_database_is_told_in_words(tmp_path: Path, clock: Callable[[], object]) -> None:
    """Something else under the record's name is left as it is."""
    path = tmp_path / "record.db"
    path.touch(0o600)
    path.write_bytes(b"not a database, only a note" * 100)
    with pytest.raises(RecordUnavailable):
        open_record(path, checkpoints=tmp_path / "checkpoints.jsonl", now=clock)
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(path).execute("SELECT 1 FROM sqlite_master")
