"""Checkpoints stand outside the database, signed, and a record that lacks what one saw is not opened."""

import asyncio
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import delete

from models.errors import IntegrityError
from models.signature import key_id
from service.record.chain import Head
from service.record.checkpointing import EVERY_ENTRIES, Checkpointing
from service.record.checkpoints import (
    Checkpoint,
    checkpoint_key,
    last_checkpoint,
    read_checkpoints,
    write_checkpoint,
)
from service.record.database import head, open_engine, writing
from service.record.entries import Entry
from service.record.store import Store, open_record
from service.record.tables import chain

Opened = Callable[..., Store]
KEY = Ed25519PrivateKey.generate()
HEADS = [Head(i, 10 * i, bytes([i]) * 32) for i in range(1, 6)]


@pytest.fixture
def checkpoints(tmp_path: Path) -> Path:
    """A file with five checkpoints."""
    path = tmp_path / "checkpoints.jsonl"
    for seen in HEADS:
        write_checkpoint(path, seen, KEY)
    return path


def test_checkpoints_come_back_as_they_were_written(checkpoints: Path) -> None:
    """In their order, each with the key that signed it; the newest alone as well."""
    mine = key_id(KEY.public_key())
    assert list(read_checkpoints(checkpoints, {mine})) == [Checkpoint(seen, mine) for seen in HEADS]
    assert last_checkpoint(checkpoints) == Checkpoint(HEADS[-1], mine)
    assert list(read_checkpoints(checkpoints.with_name("none"))) == []
    assert last_checkpoint(checkpoints.with_name("none")) is None


@pytest.mark.parametrize("field", ["seq", "at", "hash", "key_id", "public_key", "signature"])
def test_an_altered_line_is_named(checkpoints: Path, field: str) -> None:
    """No field of a line can be changed without the key."""
    lines = checkpoints.read_text(encoding="utf-8").splitlines()
    told = json.loads(lines[2])
    told[field] = told[field] + 1 if isinstance(told[field], int) else "0" * len(told[field])
    lines[2] = json.dumps(told)
    checkpoints.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(IntegrityError, match=r"the 3\. line"):
        list(read_checkpoints(checkpoints))
    assert last_checkpoint(checkpoints) is not None


def test_another_key_is_not_trusted(checkpoints: Path) -> None:
    """Whoever has the file but not the key can sign only with another one."""
    write_checkpoint(checkpoints, Head(6, 60, bytes(32)), Ed25519PrivateKey.generate())
    assert len(list(read_checkpoints(checkpoints))) == 6
    with pytest.raises(IntegrityError, match=r"the 6\. line .* not trusted"):
        list(read_checkpoints(checkpoints, {key_id(KEY.public_key())}))


def test_a_line_that_was_never_finished_is_passed_over_and_written_over(checkpoints: Path) -> None:
    """A process killed amid a line relied on nothing of it."""
    whole = checkpoints.read_bytes()
    checkpoints.write_bytes(whole + whole[:100])
    assert len(list(read_checkpoints(checkpoints))) == 5
    assert last_checkpoint(checkpoints) == list(read_checkpoints(checkpoints))[-1]
    write_checkpoint(checkpoints, Head(6, 60, bytes(32)), KEY)
    assert [found.head.seq for found in list(read_checkpoints(checkpoints))] == [1, 2, 3, 4, 5, 6]


def test_a_checkpoint_is_due_after_so_many_entries_and_at_the_end(tmp_path: Path) -> None:
    """Not for every entry, and none without news."""
    path = tmp_path / "checkpoints.jsonl"
    keeping = Checkpointing(path, 0)
    for seq in range(1, 2 * EVERY_ENTRIES + 10):
        keeping.news(Head(seq, seq, bytes(32)))
        keeping.keep()
    keeping.keep(last=True)
    keeping.keep(last=True)
    expected = [EVERY_ENTRIES, 2 * EVERY_ENTRIES, 2 * EVERY_ENTRIES + 9]
    assert [
        found.head.seq for found in list(read_checkpoints(path, {key_id(checkpoint_key(path).public_key())}))
    ] == expected


def test_a_checkpoint_that_cannot_be_written_is_told_and_tried_again(tmp_path: Path) -> None:
    """Nothing else stops for it: the record goes on, and says what is wrong."""
    path = tmp_path / "checkpoints.jsonl"
    keeping = Checkpointing(path, 0)
    path.mkdir()
    keeping.news(Head(1, 1, bytes(32)))
    keeping.keep(last=True)
    assert keeping.trouble is not None
    path.rmdir()
    keeping.keep(last=True)
    assert keeping.trouble is None
    assert len(list(read_checkpoints(path))) == 1


def test_a_record_that_lacks_what_the_last_checkpoint_saw_is_not_opened(
    opened: Opened, place: str, tmp_path: Path
) -> None:
    """An end that was cut off is found at the next start, on either database."""

    async def write(count: int) -> None:
        async with opened() as record:
            for _ in range(count):
                await record.append(Entry("account", "c", b"{}"))

    asyncio.run(write(3))
    asyncio.run(write(2))
    seen = [found.head.seq for found in list(read_checkpoints(tmp_path / "checkpoints.jsonl"))]
    engine = open_engine(place)
    with writing(engine) as connection:
        newest = head(connection)
        connection.execute(delete(chain).where(chain.c.seq == 5))
    engine.dispose()
    assert (seen, newest.seq) == ([3, 5], 5)
    with pytest.raises(IntegrityError, match="does not have entry 5"):
        opened()


def test_an_older_copy_is_not_opened(tmp_path: Path, clock: Callable[[], object]) -> None:
    """A copy put in the place of the record is found by what it lacks."""
    path, checkpoints = tmp_path / "record.db", tmp_path / "checkpoints.jsonl"

    async def write() -> None:
        async with open_record(path, checkpoints=checkpoints, now=clock) as record:
            await record.append(Entry("account", "c", b"{}"))

    asyncio.run(write())
    copy = shutil.copy(path, tmp_path / "copy.db")
    asyncio.run(write())
    Path(copy).replace(path)
    with pytest.raises(IntegrityError, match="does not have entry 2"):
        asyncio.run(write())
