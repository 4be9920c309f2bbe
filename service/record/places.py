"""Where the parts of one record are, for the commands: its database, its checkpoints, and the keys that go with it."""

import contextlib
import datetime
import getpass
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from models.errors import BadInput, IntegrityError
from models.secret import secret_bytes
from models.signature import key_id, load_key
from service.problems import RecordUnavailable
from service.record.checkpoints import Checkpoint, checkpoint_key, read_checkpoints, write_checkpoint
from service.record.database import file_of, head, open_engine, place_of, writing
from service.record.entries import Entry
from service.record.references import References
from service.record.schema import check_version, version
from service.record.writer import append_entries


@dataclass(frozen=True, slots=True)
class Place:
    """A record in a home: `record` is a path or a URL."""

    home: Path
    record: str | Path
    checkpoints: Path
    reference_key: Path

    @property
    def file(self) -> Path | None:
        """The file of a record in SQLite; None in PostgreSQL."""
        return file_of(place_of(self.record))

    @contextlib.contextmanager
    def open(self) -> Iterator[Engine]:
        """Give an engine of a record that is there and of this version; raises BadInput or RecordUnavailable."""
        self.check_there()
        engine = open_engine(self.record)
        try:
            _check(engine)
            yield engine
        finally:
            engine.dispose()

    def check_there(self) -> None:
        """Raise BadInput where a file should be and is not: none is made."""
        if self.file is not None and not self.file.is_file():
            raise BadInput(f"there is no record {self.file}; say where it is with --record, or --home")

    def references(self) -> References:
        """Return what turns references into what the record keeps of them; raises KeyFileError."""
        return References(secret_bytes(self.reference_key))

    def believed(self, keys: Sequence[str]) -> frozenset[str]:
        """Return the ids of the keys whose checkpoints count: those given, or the one that is kept beside the checkpoints."""
        if keys:
            return frozenset(keys)
        path = self.checkpoints.parent / "keys" / "checkpoint.key"
        if not path.exists():
            raise BadInput(
                "the key of the checkpoints is not here; say its id with --key, as `record checkpoint` printed it"
            )
        return frozenset({key_id(load_key(path).public_key())})

    def marks(self, keys: Sequence[str], copy: Path | None = None) -> Iterator[Checkpoint]:
        """Return the checkpoints, or those of a copy that was kept elsewhere; raises IntegrityError when there is none."""
        found = read_checkpoints(copy or self.checkpoints, self.believed(keys))
        first = next(found, None)
        if first is None:
            raise IntegrityError(
                f"{(copy or self.checkpoints).name} has no checkpoint: nothing proves that no entry was cut off the end"
            )
        return itertools.chain([first], found)

    def write(self, connection: Connection, entry: Entry) -> int:
        """Record an entry, within `writing`, and return its number."""
        return append_entries(connection, [[entry]], now()).head.seq

    def sign(self, engine: Engine) -> Checkpoint:
        """Write a checkpoint of the newest entry; raises BadInput when there is none."""
        with writing(engine) as connection:
            newest = head(connection)
        if newest.seq == 0:
            raise BadInput("the record has no entry yet")
        key = checkpoint_key(self.checkpoints)
        write_checkpoint(self.checkpoints, newest, key)
        return Checkpoint(newest, key_id(key.public_key()))


def place(home: Path, record: str | None, reference_key: Path | None, *, evaluation: bool) -> Place:
    """Return where the parts are; in an evaluation other files than those of the service."""
    name = "evaluation" if evaluation else "record"
    keyed = "evaluation.key" if evaluation else "reference.key"
    return Place(
        home,
        record or home / f"{name}.db",
        home / ("evaluation-checkpoints.jsonl" if evaluation else "checkpoints.jsonl"),
        reference_key or home / "keys" / keyed,
    )


def now() -> datetime.datetime:
    """Return the time."""
    return datetime.datetime.now(datetime.UTC)


def user() -> str:
    """Return the name of whoever is logged in, which goes into what a command records."""
    return getpass.getuser()


def _check(engine: Engine) -> None:
    """Raise BadInput unless there is a record of this version, RecordUnavailable when the database cannot be had."""
    try:
        with engine.connect() as connection:
            found = version(connection)
    except OperationalError:
        raise RecordUnavailable("the database of the record does not answer; see that it runs and lets us in") from None
    if found is None:
        raise BadInput("the database holds no record yet; start the service once, and it makes one")
    check_version(found)
