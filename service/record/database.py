"""
The record's database: SQLite in a file that is its owner's alone, or PostgreSQL by URL.

Nothing here says what a driver said: its messages name hosts, users and values.
"""

import importlib.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, select, text
from sqlalchemy.exc import ArgumentError

from service.record.chain import EMPTY, Head
from service.record.refusals import RecordRefused
from service.record.tables import chain

# How long one statement may wait for another process that writes, or for a server that does not answer.
PATIENCE_SECONDS = 3
# Any number, as long as every process locks the same one: whoever holds it is alone to write.
_HEAD_LOCK = 0x6561_726C_7969_64

_SQLITE = (
    f"PRAGMA busy_timeout = {PATIENCE_SECONDS * 1000}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    # In pages: an index's page that many batches change is copied to the file once for all of them. 16 MB at most wait beside it.
    "PRAGMA wal_autocheckpoint = 4000",
    # What retention erases is gone from the file, not only from its index.
    "PRAGMA secure_delete = ON",
)
# A server that is gone without a word is noticed within seconds, not within the hours that TCP allows.
_TCP = {"keepalives_idle": 1, "keepalives_interval": 1, "keepalives_count": 2, "tcp_user_timeout": 2000}


def place_of(record: str | Path) -> URL:
    """Return where a record is, from a path or a URL; raises RecordRefused for any other kind of database."""
    if isinstance(record, Path) or "://" not in record:
        return URL.create("sqlite", database=str(record))
    try:
        url = make_url(record)
    except (ArgumentError, ValueError):
        raise RecordRefused("the URL of the record is no URL; write postgresql://user@host/name") from None
    match url.get_backend_name():
        case "sqlite" if url.database and url.database != ":memory:":
            return URL.create("sqlite", database=url.database)
        case "postgresql":
            return url.set(drivername="postgresql+psycopg")
        case _:
            raise RecordRefused("a record is a path of a file (SQLite) or a URL that begins with postgresql://")


def file_of(place: URL) -> Path | None:
    """Return the file of a record in SQLite; None for PostgreSQL."""
    return Path(place.database or "") if place.get_backend_name() == "sqlite" else None


def open_engine(record: str | Path, statement_seconds: int | None = None) -> Engine:
    """
    Return an engine for a record; it connects when it is first used. A missing SQLite file is made, and only ours to read.

    `statement_seconds` bounds each statement on PostgreSQL. Raises RecordRefused.
    """
    place = place_of(record)
    file = file_of(place)
    return _postgres(place, statement_seconds) if file is None else _sqlite(place, file)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a connection in a transaction that alone may write, until it ends; committed unless an error leaves it."""
    with engine.connect() as connection, write(connection):
        yield connection


@contextmanager
def write(connection: Connection) -> Iterator[None]:
    """As `writing`, on a connection that is in no transaction."""
    with connection.execution_options(earlyid_writes=True).begin():
        if connection.dialect.name == "postgresql":
            # In a statement of its own: what follows then sees all that was written before the lock was had.
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _HEAD_LOCK})
        yield


def head(connection: Connection) -> Head:
    """Return the newest entry. Only within `writing` is it sure to remain the newest."""
    found = connection.execute(_HEAD).first()
    return EMPTY if found is None else Head(*found)


_HEAD = select(chain.c.seq, chain.c.at, chain.c.hash).order_by(chain.c.seq.desc()).limit(1)


def _sqlite(place: URL, file: Path) -> Engine:
    _own(file)
    engine = create_engine(place, hide_parameters=True, connect_args={"cached_statements": 512})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _entry: object) -> None:
        # Transactions begin where we say, and as we say.
        connection.isolation_level = None
        for statement in _SQLITE:
            connection.execute(statement)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("earlyid_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _own(file: Path) -> None:
    """Make the file if there is none; raises RecordRefused when it cannot be had or others can read it."""
    try:
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        mode = file.stat().st_mode
    except OSError:
        raise RecordRefused(f"{file.name} cannot be opened there; choose a folder that exists and is yours") from None
    if mode & 0o077:
        raise RecordRefused(f"{file.name} can be read by others; run: chmod 600 {file}")


def _postgres(place: URL, statement_seconds: int | None) -> Engine:
    if importlib.util.find_spec("psycopg") is None:
        raise RecordRefused("PostgreSQL needs its driver; run: pip install 'early-identification[postgres]'")
    engine = create_engine(
        place,
        hide_parameters=True,
        pool_pre_ping=True,
        paramstyle="format",
        connect_args={"connect_timeout": 2, "application_name": "earlyid", **_TCP},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _entry: object) -> None:
        connection.autocommit = True
        connection.execute("SET synchronous_commit = on")
        connection.execute("SET timezone = 'UTC'")
        # What is asked here is answered sooner than it would be compiled.
        connection.execute("SET jit = off")
        # A process that stands still in the middle of a transaction must not hold up the others for long.
        connection.execute(f"SET idle_in_transaction_session_timeout = {PATIENCE_SECONDS * 1000}")
        connection.execute(f"SET statement_timeout = {(statement_seconds or 0) * 1000}")
        connection.autocommit = False

    return engine
