"""
Copies of the record in SQLite: a consistent one while the service writes, and one put back where there is none.

A copy is a folder with the database and the checkpoints, as they were. It does not hold the keys: they are kept apart.
"""

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Collection, Iterator
from pathlib import Path

from models.errors import BadInput, IntegrityError
from service.record.checkpoints import read_checkpoints
from service.record.database import open_engine
from service.record.findings import Verified
from service.record.verifying import verify

RECORD, CHECKPOINTS = "record.db", "checkpoints.jsonl"


def back_up(record: Path, checkpoints: Path, out: Path, trusted: Collection[str] | None) -> Verified:
    """
    Copy a record and its checkpoints into a new folder, which only its owner can read, and verify the copy.

    Raises BadInput when there is something at `out`, IntegrityError when the copy is not whole; it is kept to be looked at.
    """
    _check_there(record)
    with _new_folder(out):
        # The checkpoints first: none of them may be of an entry that the copy does not have.
        if checkpoints.exists():
            _copy_file(checkpoints, out / CHECKPOINTS)
        _copy_database(record, out / RECORD)
    return _whole(out / RECORD, out / CHECKPOINTS, trusted, "the copy")


def restore(backup: Path, record: Path, checkpoints: Path, trusted: Collection[str] | None) -> Verified:
    """
    Put a copy in the place of a record that is not there any more, once it is seen to be whole.

    Raises BadInput where there is a record or a file of checkpoints, IntegrityError when the copy is not whole.
    """
    _check_there(backup / RECORD)
    # A log that an older record left behind would be taken for a part of the new one.
    for path in (record, record.with_name(f"{record.name}-wal"), checkpoints):
        if path.exists():
            raise BadInput(
                f"{path.name} is there: take it aside and keep it; it tells what is lost between the copy and now"
            )
    record.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = record.with_name(f".{record.name}.restoring")
    with _gone_after(aside):
        _copy_database(backup / RECORD, aside)
        verified = _whole(aside, backup / CHECKPOINTS, trusted, "the backup")
        if (backup / CHECKPOINTS).exists():
            _copy_file(backup / CHECKPOINTS, checkpoints)
        aside.replace(record)
    return verified


def _check_there(record: Path) -> None:
    if not record.is_file():
        raise BadInput(f"there is no record {record}")


@contextlib.contextmanager
def _new_folder(out: Path) -> Iterator[None]:
    """Make a folder for what is written within; it is taken away again when that fails."""
    try:
        out.mkdir(mode=0o700)
    except OSError as error:
        raise BadInput(f"{out.name} cannot be made there: {error.strerror}; choose another name") from None
    try:
        yield
    except BaseException:
        shutil.rmtree(out)
        raise


@contextlib.contextmanager
def _gone_after(aside: Path) -> Iterator[None]:
    """Take away what is left of a file and of what SQLite keeps beside it."""
    try:
        yield
    finally:
        for suffix in ("", "-wal", "-shm"):
            aside.with_name(aside.name + suffix).unlink(missing_ok=True)


def _copy_database(source: Path, target: Path) -> None:
    """Copy a database as it is at one moment, also while others write to it."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with (
            contextlib.closing(sqlite3.connect(source)) as read,
            contextlib.closing(sqlite3.connect(target)) as written,
        ):
            read.backup(written)
    except sqlite3.DatabaseError:
        raise IntegrityError(f"{source.name} cannot be copied: it is damaged, or no record") from None
    _settle(target)


def _copy_file(source: Path, target: Path) -> None:
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(source.read_bytes())
    _settle(target)


def _settle(path: Path) -> None:
    """Have the disk hold a file and its name before anybody relies on it."""
    for each, flags in ((path, os.O_RDONLY), (path.parent, os.O_RDONLY | os.O_DIRECTORY)):
        descriptor = os.open(each, flags)
        os.fsync(descriptor)
        os.close(descriptor)


def _whole(record: Path, checkpoints: Path, trusted: Collection[str] | None, what: str) -> Verified:
    """Verify a copy; raises IntegrityError with the first thing that is wrong of it."""
    engine = open_engine(record)
    try:
        verified = verify(engine, read_checkpoints(checkpoints, trusted))
    finally:
        engine.dispose()
    if not verified.whole:
        raise IntegrityError(f"{what} is not whole: {verified.findings[0].words}")
    return verified
