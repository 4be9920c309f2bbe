"""A copy is consistent while the record is written to, and one of PostgreSQL goes through its own tools and verifies."""

import asyncio
import datetime
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from models.errors import BadInput
from service.record.backup import back_up, restore
from service.record.checkpoints import read_checkpoints
from service.record.database import open_engine
from service.record.entries import Entry
from service.record.store import Store, open_record
from service.record.verifying import verify

NOW = datetime.datetime(2026, 9, 1, 12, tzinfo=datetime.UTC)


async def _write(record: Store, entries: int) -> None:
    for _ in range(entries):
        await record.append(Entry("read", "case", b"{}", subject=bytes(32)))


def test_a_copy_made_while_others_write_is_whole(tmp_path: Path) -> None:
    """The copy holds every entry that was acknowledged before it began, and verifies against its own checkpoints."""

    async def both() -> int:
        marks = tmp_path / "checkpoints.jsonl"
        async with open_record(tmp_path / "record.db", checkpoints=marks, now=lambda: NOW) as record:
            await _write(record, 20)
            writing = asyncio.create_task(_write(record, 200))
            copied = await asyncio.to_thread(back_up, tmp_path / "record.db", marks, tmp_path / "copy", None)
            await writing
        return copied.entries

    copied = asyncio.run(both())
    assert 20 <= copied <= 220
    home = tmp_path / "restored"
    assert restore(tmp_path / "copy", home / "record.db", home / "checkpoints.jsonl", None).entries == copied


def test_a_log_left_behind_is_not_taken_for_the_copys(tmp_path: Path) -> None:
    """A write-ahead log of the record that was lost must be taken aside first."""
    marks = tmp_path / "checkpoints.jsonl"

    async def make() -> None:
        async with open_record(tmp_path / "record.db", checkpoints=marks, now=lambda: NOW) as record:
            await _write(record, 3)

    asyncio.run(make())
    back_up(tmp_path / "record.db", marks, tmp_path / "copy", None)
    marks.unlink()
    (tmp_path / "record.db").rename(tmp_path / "record.db-wal")
    with pytest.raises(BadInput, match=r"record\.db-wal is there"):
        restore(tmp_path / "copy", tmp_path / "record.db", marks, None)


def test_postgresql_goes_through_its_own_tools(postgres: Callable[[], str], tmp_path: Path) -> None:
    """What pg_dump wrote and pg_restore put into an empty database verifies against the checkpoints."""
    if shutil.which("pg_dump") is None:
        pytest.skip("needs pg_dump and pg_restore: apt-get install postgresql-client")
    marks, dump = tmp_path / "checkpoints.jsonl", tmp_path / "record.dump"
    source, target = postgres(), postgres()

    async def make() -> None:
        async with open_record(source, checkpoints=marks, now=lambda: NOW) as record:
            await _write(record, 5)

    asyncio.run(make())
    subprocess.run(["pg_dump", "--format=custom", f"--file={dump}", source], check=True)  # noqa: S607
    subprocess.run(
        ["pg_restore", f"--dbname={target}", "--no-owner", "--exit-on-error", str(dump)],  # noqa: S607
        check=True,
    )
    engine = open_engine(target)
    verified = verify(engine, read_checkpoints(marks))
    engine.dispose()
    assert (verified.whole, verified.entries, verified.proven) == (True, 5, 5)
