"""Retention erases what is old, keeps what must be kept, leaves a chain that verifies, and leaves no byte behind."""

import datetime
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, make_url, select

from service.record.checkpoints import Checkpoint
from service.record.database import head, open_engine, writing
from service.record.entries import Entry, Once
from service.record.legal_holds import hold_entry, standing_holds, unhold_entry
from service.record.retention import Term, due, retain
from service.record.schema import make_or_check
from service.record.tables import chain, held
from service.record.verifying import verify
from service.record.writer import append_entries

NOW = datetime.datetime(2026, 9, 1, 12, tzinfo=datetime.UTC)
OLD, TERM = NOW - datetime.timedelta(days=400), Term(365, NOW)
CANARY, CHILD, OTHER = "canary-7f3e91", b"\xc7" * 32, b"\x51" * 32


@pytest.fixture
def engine(place: str) -> Iterator[Engine]:
    """An empty record, in each of the databases."""
    made = open_engine(place)
    make_or_check(made)
    yield made
    made.dispose()


def _id(number: int) -> str:
    return f"00000000-0000-7000-8000-{number:012d}"


def _score(number: int, subject: bytes = CHILD, expires: datetime.datetime = OLD) -> Entry:
    payload = json.dumps({"answer": f"{CANARY}-{number}"}).encode()
    until = round(expires.timestamp() * 1_000_000)
    once = Once(f"key-of-{CANARY}-{number}".encode(), number.to_bytes(32, "big"))
    return Entry("score", "case", payload, id=_id(number), subject=subject, expires=until, once=once)


def _about(kind: str, number: int, subject: bytes = CHILD, id_: int | None = None) -> Entry:
    made = None if id_ is None else _id(id_)
    return Entry(kind, "case", b'{"user":"canary-user"}', id=made, about=_id(number), subject=subject)  # type: ignore[arg-type]


def _write(engine: Engine, *entries: Entry, at: datetime.datetime = OLD) -> int:
    with writing(engine) as connection:
        return append_entries(connection, [[entry] for entry in entries], at).head.seq


def _held(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        return list(connection.scalars(select(held.c.seq).order_by(held.c.seq)))


def _whole(engine: Engine) -> bool:
    with engine.connect() as connection:
        return verify(engine, [Checkpoint(head(connection), "")]).whole


def test_what_is_old_is_erased_and_the_chain_verifies(engine: Engine) -> None:
    """Payloads, salts, children and what tells repeated requests go together; the chain stays, with an entry that says what went."""
    _write(engine, _score(1), _about("read", 1), _score(2, OTHER))
    _write(engine, _score(3), at=NOW)
    assert due(engine, TERM).erase == {"read": 1, "score": 2}
    assert _held(engine) == [1, 2, 3, 4]
    assert retain(engine, TERM, "somebody").entries == 3
    assert _held(engine) == [4, 5]
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(chain)) == 5
        said = json.loads(connection.scalar(select(held.c.payload).where(held.c.seq == 5)) or b"")
    assert (said["erased"], said["kinds"], said["older_than_days"]) == ([[1, 3]], {"read": 1, "score": 2}, 365)
    assert _whole(engine)


def test_what_must_be_kept_is_kept(engine: Engine) -> None:
    """Kept are releases, what is not expired, standing exclusions, open challenges with their score, and retention itself."""
    later = NOW + datetime.timedelta(days=1)
    _write(engine, Entry("release-proposed", "earlyid", b"{}"))
    _write(engine, _score(1, expires=later), Entry("exclusion", "case", b"{}", subject=OTHER))
    _write(engine, _score(2), _about("challenge", 2, id_=3), _about("read", 3))
    _write(engine, _score(4), _about("challenge", 4, id_=5), _about("challenge-outcome", 5))
    found = due(engine, TERM)
    assert (found.erase, found.held, found.not_expired) == (
        {"challenge": 1, "challenge-outcome": 1, "score": 1},
        4,
        1,
    )
    retain(engine, TERM, "somebody")
    assert _held(engine) == [1, 2, 3, 4, 5, 6, 10]
    assert retain(engine, Term(1, NOW + datetime.timedelta(days=900)), "somebody").entries == 1  # what had not expired
    assert _held(engine) == [1, 3, 4, 5, 6, 10, 11]
    assert _whole(engine)


def test_a_legal_hold_keeps_a_child_whole_until_it_ends(engine: Engine) -> None:
    """All about a child under hold is kept, with the list it may be on and who read that; afterwards it goes like anything else."""
    _write(engine, Entry("worklist", "case", b"{}", id=_id(9)), _score(1), _about("feedback", 1), _score(2, OTHER))
    _write(engine, Entry("read", "case", b"{}", about=_id(9)), Entry("read", "case", b"{}", about=_id(2)))
    _write(engine, hold_entry(CHILD, "case 12", "somebody"))
    with engine.connect() as connection:
        assert [(one.subject, one.reason) for one in standing_holds(connection)] == [(CHILD, "case 12")]
    assert retain(engine, TERM, "somebody").entries == 2
    assert _held(engine) == [1, 2, 3, 5, 7, 8]
    _write(engine, unhold_entry(CHILD, "case 12", "somebody"), at=NOW)
    assert retain(engine, TERM, "somebody").entries == 5
    assert _held(engine) == [8, 9, 10]
    assert _whole(engine)


def test_a_hold_counts_from_the_moment_it_is_recorded(engine: Engine) -> None:
    """Of a child who comes under hold while retention goes on, nothing more is erased."""
    _write(engine, *(_score(number, CHILD if number % 2 else OTHER) for number in range(1200)))
    erasing = threading.Thread(target=retain, args=(engine, TERM, "somebody"))
    erasing.start()
    while len(_held(engine)) >= 1200:
        time.sleep(0.01)
    asked = select(held.c.seq).where(held.c.subject == CHILD)
    with writing(engine) as connection:
        append_entries(connection, [[hold_entry(CHILD, "case 12", "somebody")]], NOW)
        left = set(connection.scalars(asked))
    erasing.join()
    with engine.connect() as connection:
        assert set(connection.scalars(asked)) == left
        assert connection.scalar(select(func.count()).where(held.c.subject == OTHER)) == 0


def test_nothing_is_erased_twice_and_nothing_where_nothing_is_due(engine: Engine) -> None:
    """A second run finds nothing, and records nothing."""
    _write(engine, *(_score(number) for number in range(1, 5)))
    assert retain(engine, TERM, "somebody").entries == 4
    assert retain(engine, TERM, "somebody").entries == 0
    assert _held(engine) == [5]


def test_a_payload_deleted_by_hand_is_told_from_one_that_was_erased(engine: Engine) -> None:
    """Only what an entry of retention lists may be gone."""
    _write(engine, _score(1), _score(2))
    retain(engine, TERM, "somebody")
    last = _write(engine, _score(3), at=NOW)
    with writing(engine) as connection:
        connection.execute(held.delete().where(held.c.seq == last))
    with engine.connect() as connection:
        found = verify(engine, [Checkpoint(head(connection), "")]).findings
    assert [(one.seq, one.until, one.what) for one in found if one.what == "payload-missing"] == [
        (last, last, "payload-missing")
    ]


def test_no_byte_of_it_is_left_in_the_files(tmp_path: Path) -> None:
    """After retention neither what was said nor what stands for the child is in the database's file or its log."""
    engine = open_engine(tmp_path / "record.db")
    make_or_check(engine)
    # Small and large payloads, of children in no order, so that the index of children is split and joined again.
    children = [CANARY.encode() + (number * 7919 % 400).to_bytes(18, "big") for number in range(400)]
    pairs = [(_score(number, children[number]), _about("read", number, children[number])) for number in range(1, 400)]
    for start in range(0, 399, 21):
        _write(engine, *(entry for pair in pairs[start : start + 21] for entry in pair))
    _write(engine, _score(400, OTHER, NOW), at=NOW)
    with engine.connect() as reading:
        assert reading.scalar(select(func.count()).select_from(held)) == 799
        files = list(tmp_path.glob("record.db*"))
        assert any(CANARY.encode() in path.read_bytes() for path in files)
    erased = retain(engine, TERM, "somebody")
    assert (erased.entries, erased.gone) == (798, True)
    left = b"".join(path.read_bytes() for path in tmp_path.glob("record.db*"))
    engine.dispose()
    # What is held, its key beside it, and that in the index of keys.
    assert (left.count(f"{CANARY}-400".encode()), left.count(CANARY.encode())) == (3, 3)
    assert b"canary-user" not in left


def test_whoever_writes_is_not_held_up_by_a_reader(tmp_path: Path) -> None:
    """While the log waits for somebody who reads, others go on writing without waiting as long."""
    engine = open_engine(tmp_path / "record.db")
    make_or_check(engine)
    _write(engine, _score(1), _score(2))
    emptying = threading.Thread(target=retain, args=(engine, TERM, "somebody", 1.5))
    with engine.connect() as reading:
        reading.execute(select(held.c.seq)).all()
        emptying.start()
        waited = []
        while emptying.is_alive():
            began = time.monotonic()
            _write(engine, _about("read", 2), at=NOW)
            waited.append(time.monotonic() - began)
            time.sleep(0.01)
    emptying.join()
    engine.dispose()
    assert len(waited) > 10
    assert max(waited) < 1


def test_a_reader_in_the_way_is_told_of(engine: Engine) -> None:
    """Where somebody reads all the while, what was erased is not gone from the files, which is told; others are not kept waiting."""
    _write(engine, _score(1))
    with engine.connect() as reading:
        reading.execute(select(held.c.seq)).all()
        assert retain(engine, TERM, "somebody", patience=0).gone is False
        _write(engine, _score(2), at=NOW)
        assert _held(engine) == [2, 3]
    assert retain(engine, TERM, "somebody").gone is True


def test_nothing_of_it_is_left_in_postgresql(postgres: Callable[[], str]) -> None:
    """After retention neither the tables' files nor what PostgreSQL notes of their values have what was erased, nor who was held."""
    engine = open_engine(postgres())
    make_or_check(engine)
    children = [CANARY.encode() + number.to_bytes(18, "big") for number in range(60)]
    _write(engine, *(_score(number, child) for number, child in enumerate(children)))
    _write(engine, *(Entry(kind, "case", b"{}", subject=children[0]) for kind in ("exclusion", "exclusion-ended")))
    _write(engine, hold_entry(children[0], "case 12", "somebody"), unhold_entry(children[0], "case 12", "somebody"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    before, noted = _in_postgresql(engine)
    assert {"held", "ix_held_subject", "held_key", "exclusions", "legal_holds"} <= before
    assert noted
    assert retain(engine, TERM, "somebody").gone is True
    assert _in_postgresql(engine) == (set(), False)
    engine.dispose()


def test_whoever_still_sees_an_old_state_is_told_of(postgres: Callable[[], str]) -> None:
    """PostgreSQL keeps erased rows for a transaction that began before, whatever that reads: they are not said to be gone."""
    engine = open_engine(postgres())
    make_or_check(engine)
    _write(engine, *(_score(number) for number in range(60)))
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as reading:
        reading.execute(select(func.count()).select_from(chain)).all()
        assert retain(engine, TERM, "somebody").gone is False
        assert "held" in _in_postgresql(engine)[0]
    assert retain(engine, TERM, "somebody").gone is True
    assert _in_postgresql(engine) == (set(), False)
    engine.dispose()


def test_whoever_does_not_own_the_database_is_told(postgres: Callable[[], str]) -> None:
    """A role that may not rewrite what PostgreSQL notes of values is not told that they are gone."""
    url = make_url(postgres())
    owner = open_engine(url.render_as_string(hide_password=False))
    with owner.begin() as connection:
        connection.exec_driver_sql("CREATE ROLE guest LOGIN")
        connection.exec_driver_sql("GRANT ALL ON SCHEMA public TO guest")
    guest = open_engine(url.set(username="guest").render_as_string(hide_password=False))
    make_or_check(guest)
    _write(guest, _score(1))
    assert retain(guest, TERM, "somebody").gone is False
    assert retain(owner, TERM, "somebody").gone is True
    guest.dispose()
    owner.dispose()


def test_nothing_is_noted_of_a_table_that_became_empty(postgres: Callable[[], str]) -> None:
    """Where no child is excluded or held any more, PostgreSQL does not go on knowing who was."""
    engine = open_engine(postgres())
    make_or_check(engine)
    children = [CANARY.encode() + number.to_bytes(18, "big") for number in range(9)]
    _write(engine, *(Entry("exclusion", "case", b"{}", subject=child) for child in children))
    _write(engine, *(hold_entry(child, "case 12", "somebody") for child in children))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE exclusions, legal_holds")
    _write(engine, *(Entry("exclusion-ended", "case", b"{}", subject=child) for child in children))
    _write(engine, *(unhold_entry(child, "case 12", "somebody") for child in children))
    assert _in_postgresql(engine)[1]
    assert retain(engine, TERM, "somebody").gone is True
    assert _in_postgresql(engine) == (set(), False)
    engine.dispose()


def test_a_table_is_not_rewritten_again_while_another_is_waited_for(postgres: Callable[[], str]) -> None:
    """Somebody in the way of the last table does not have PostgreSQL rewrite the first, which may be large, again and again."""
    engine = open_engine(postgres())
    make_or_check(engine)
    _write(engine, _score(1))
    files = set()
    rewriting = threading.Thread(target=retain, args=(engine, TERM, "somebody", 1.0))
    with engine.connect() as locking, engine.connect().execution_options(isolation_level="AUTOCOMMIT") as looking:
        locking.exec_driver_sql("LOCK TABLE pg_catalog.pg_statistic IN SHARE UPDATE EXCLUSIVE MODE")
        # A number that is read without a lock on the table.
        file = "SELECT relfilenode FROM pg_class WHERE relname = 'held'"
        files.add(looking.exec_driver_sql(file).scalar())
        rewriting.start()
        while rewriting.is_alive():
            files.add(looking.exec_driver_sql(file).scalar())
            time.sleep(0.02)
    rewriting.join()
    engine.dispose()
    assert len(files) == 2


def _in_postgresql(engine: Engine) -> tuple[set[str], bool]:
    """Return which files of a database have the canary, and whether the statistics of its tables do."""
    files = (
        "SELECT relname, pg_read_binary_file(pg_relation_filepath(oid)) FROM pg_class WHERE relkind IN ('r', 'i', 't')"
    )
    noted = "SELECT concat(most_common_vals::text, histogram_bounds::text) FROM pg_stats WHERE schemaname = 'public'"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("CHECKPOINT")
        found = connection.exec_driver_sql(f"{files} AND pg_relation_filepath(oid) IS NOT NULL").all()
        told = "".join(connection.exec_driver_sql(noted).scalars())
    return {name for name, file in found if CANARY.encode() in file}, CANARY.encode().hex() in told
