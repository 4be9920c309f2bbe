"""Whatever was done to a record behind the service's back is found, and located."""

import contextlib
import random
import shutil
import sqlite3
from pathlib import Path

import pytest

from benchmarks.tampering import TAMPERINGS, Made, check, invent, located, tally, tampered
from models.errors import IntegrityError
from service.record.checkpoints import read_checkpoints
from service.record.database import open_engine
from service.record.verifying import verify


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A record of a few hundred entries, of which retention has erased the oldest."""
    return invent(tmp_path_factory.mktemp("record"), 200)


def test_a_record_that_nobody_touched_is_whole(made: Made) -> None:
    """A whole record has no findings, though retention has erased a part of it, and its last checkpoint proves it all."""
    verified = check(made, made.path)
    assert verified.whole
    assert (verified.entries, verified.head, verified.proven) == (made.head, made.head, made.head)
    assert verified.erased > 30


@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_tampering_is_located(made: Made, tmp_path: Path, name: str) -> None:
    """Each kind of tampering is found at the very entry, or between the two checkpoints that enclose it."""
    chance = random.Random(name)  # noqa: S311 (no secret)
    for seq in (1, made.head, *(chance.randint(2, made.head - 1) for _ in range(3))):
        with tampered(made, tmp_path, name, seq, chance) as copy:
            if copy is not None:
                assert located(check(made, copy), seq) is not None, (name, seq)


def test_what_is_not_signed_for_is_located_to_the_entry(made: Made, tmp_path: Path) -> None:
    """Where the hashes were left alone, the first finding is at the entry and at no other."""
    chance = random.Random(5)  # noqa: S311 (no secret)
    for name in ("edit", "delete", "swap", "insert anything", "payload", "child", "expiry", "payload deleted"):
        seq = chance.randint(made.head // 2, made.head - 2)
        with tampered(made, tmp_path, name, seq, chance) as copy:
            assert copy is not None
            first = check(made, copy).findings[0]
            assert first.seq == seq or (name == "swap" and first.what == "reordered"), (name, seq)


def test_what_is_held_of_no_entry_is_found(made: Made, tmp_path: Path) -> None:
    """Something that is held where no entry ever was, such as a made-up answer to a repeated request, is not whole."""
    copy = tmp_path / "loose.db"
    shutil.copyfile(made.path, copy)
    copy.chmod(0o600)
    with contextlib.closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("INSERT INTO held (seq, salt, payload, key) VALUES (-5, x'00', x'00', x'00')")
    assert [(one.seq, one.what) for one in check(made, copy).findings] == [(-5, "state-wrong")]


def test_an_older_copy_of_the_record_is_found(made: Made, tmp_path: Path) -> None:
    """A record that was whole once is not when a newer checkpoint says that there were more entries."""
    older = invent(tmp_path, 100)
    newer = [mark for mark in made.checkpoints if mark.head.seq > older.head]
    engine = open_engine(older.path)
    found = verify(engine, [*older.checkpoints, *newer]).findings
    engine.dispose()
    assert [(one.seq, one.until, one.what) for one in found] == [(older.head + 1, made.head, "cut-off")]


def test_a_record_without_checkpoints_proves_no_end(made: Made) -> None:
    """Without checkpoints the entries verify, and the check says that nothing proves the end."""
    engine = open_engine(made.path)
    verified = verify(engine, [])
    engine.dispose()
    assert verified.whole
    assert verified.proven == 0


def test_checkpoints_of_another_key_are_refused(made: Made, tmp_path: Path) -> None:
    """Checkpoints signed anew with another key are not believed."""
    other = invent(tmp_path, 20)
    trusted = {made.checkpoints[0].key_id}
    with pytest.raises(IntegrityError, match="not trusted"):
        list(read_checkpoints(other.path.parent / "checkpoints.jsonl", trusted))


def test_a_file_that_is_damaged_is_said_to_be(made: Made, tmp_path: Path) -> None:
    """Bytes overwritten in the database's file are no crash of ours."""
    copy = tmp_path / "damaged.db"
    data = bytearray(made.path.read_bytes())
    for at in range(4096, len(data), 4096):
        data[at : at + 200] = b"\xff" * 200
    copy.write_bytes(data)
    copy.chmod(0o600)
    with pytest.raises(IntegrityError, match="damaged"):
        check(made, copy)


def test_the_tally_misses_nothing() -> None:
    """The figure that is told of tampering: none of a few dozen in random places goes unlocated."""
    told = tally(48, entries=120, seed=3)
    assert told["tampered"] == 48
    assert told["not_located"] == 0
