"""Buckets that processes share: together they let through what the agreement says, and seldom go to the database."""

import asyncio
import datetime
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, event, literal, select

from service.access.agreements import Client
from service.access.shared_buckets import SharedBuckets
from service.problems import RecordUnavailable
from service.record.database import open_engine
from service.record.schema import make_or_check
from service.record.tables import buckets


def _client(per_minute: int, burst: int) -> Client:
    return Client(
        name="mosaic",
        label="A case system",
        agreement="ISA-1",
        expires=datetime.date(2027, 3, 31),
        permissions=frozenset({"score"}),
        per_minute=per_minute,
        burst=burst,
    )


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A database with the table of buckets."""
    engine = create_engine(f"sqlite:///{tmp_path / 'buckets.db'}")
    buckets.create(engine)
    yield engine
    engine.dispose()


class _Processes:
    """Some processes whose clocks do not agree, with one database, and a time that a test sets."""

    def __init__(self, engine: Engine, number: int = 3) -> None:
        self.time = 0.0
        self.statements = 0
        event.listen(engine, "before_cursor_execute", self._count)
        self.each = [self._one(engine, 1000.0 * process) for process in range(number)]

    def _one(self, engine: Engine, ahead: float) -> SharedBuckets:
        return SharedBuckets(engine, lambda: self.time + ahead, lambda: literal(self.time))

    def _count(self, *_: object) -> None:
        self.statements += 1


@pytest.mark.parametrize(("per_minute", "seconds"), [(60, 60), (60_000, 1)])
def test_twice_the_limit(engine: Engine, per_minute: int, seconds: int) -> None:
    """Of twice as many requests as are allowed, sent to any process, half are let through, to five in a hundred."""
    processes, client = _Processes(engine), _client(per_minute, burst=max(1, per_minute // 3000))
    rate = per_minute / 60

    async def run() -> int:
        passed = 0
        for number in range(round(2 * rate * seconds)):
            processes.time = number / (2 * rate)
            passed += not (await processes.each[number % 3].take(client)).refused
        return passed

    assert asyncio.run(run()) == pytest.approx(rate * seconds, rel=0.05)
    # Shares are of twenty milliseconds, in which many are let through where many are allowed.
    assert processes.statements <= 4 + 2 * rate * seconds / (1 if per_minute == 60 else 6)


def test_many_at_once(engine: Engine) -> None:
    """Of many requests at one moment the burst is let through, and all of them take two or three statements."""
    processes, client = _Processes(engine, 1), _client(60, burst=40)

    async def run() -> int:
        taken = await asyncio.gather(*(processes.each[0].take(client) for _ in range(100)))
        return sum(not each.refused for each in taken)

    assert asyncio.run(run()) == 40
    assert processes.statements <= 6


def test_the_next_share_is_taken_ahead(engine: Engine) -> None:
    """While there is more in a bucket no request waits for the database: it is asked before a share is used up, and in a thread."""
    processes, client = _Processes(engine, 1), _client(60_000, burst=1000)
    share = processes.each[0]

    async def run() -> int:
        await share.take(client)
        waited = 0
        for number in range(500):
            before = processes.statements
            await share.take(client)
            # Whoever waited for the database let it be asked meanwhile; then others have their turn, and it is asked ahead.
            waited += processes.statements != before
            processes.time = number / 1000
            if (ahead := share._of["mosaic"].ahead) is not None:  # noqa: SLF001 - nothing outside needs it
                await ahead
        return waited

    assert asyncio.run(run()) == 0
    assert processes.statements <= 4 + 500 / 10


def test_nothing_is_taken_ahead_of_a_small_bucket(engine: Engine) -> None:
    """What one process holds ahead the others lack, so of a small bucket it holds nothing."""
    processes, client = _Processes(engine, 2), _client(60, burst=2)

    async def run() -> list[bool]:
        taken = [(await processes.each[0].take(client)).refused]
        await asyncio.sleep(0.05)
        return [*taken, (await processes.each[1].take(client)).refused]

    assert asyncio.run(run()) == [False, False]


def test_a_batch(engine: Engine) -> None:
    """A batch is let through whole or not at all; what it must wait for is told, and what others may ask is not touched."""
    processes, client = _Processes(engine, 2), _client(60, burst=10)
    first, second = processes.each

    async def run() -> None:
        assert (await first.take(client, 6)).left == 4
        refused = await second.take(client, 6)
        assert (refused.left, refused.wait) == (4, 2.0)
        assert not (await second.take(client)).refused
        processes.time += 3.0
        assert not (await first.take(client, 6)).refused
        assert (await second.take(client)).refused
        # What is held already is used first, and a bucket that was found empty is not asked before it fills.
        before = processes.statements
        assert (await second.take(client, 3)).wait == pytest.approx(3.0)
        assert processes.statements == before

    asyncio.run(run())


def test_what_is_left(engine: Engine) -> None:
    """A request is told what all processes have left, and whoever waits as long as it is told is let through."""
    processes, client = _Processes(engine, 2), _client(60, burst=3)
    first, second = processes.each

    async def run() -> None:
        assert (await first.take(client)).left == 2
        assert (await second.take(client)).left == 1
        assert (await first.take(client)).left == 0
        refused = await second.take(client)
        assert refused.wait == pytest.approx(1.0)
        assert (await second.take(client)).wait == pytest.approx(1.0)
        processes.time += 0.99
        assert (await second.take(client)).refused
        processes.time += 0.02
        assert not (await second.take(client)).refused

    asyncio.run(run())


def test_a_server_set_back(engine: Engine) -> None:
    """A time of the database that goes back fills no bucket, and none is ever below nothing or above the burst."""
    processes, client = _Processes(engine, 2), _client(60, burst=2)

    async def run() -> None:
        for moment in (100.0, 0.0, 50.0, 100.5, 1000.0, 1.0):
            processes.time = moment
            for process in processes.each * 3:
                await process.take(client)
            with engine.connect() as connection:
                tokens = connection.execute(select(buckets.c.tokens)).scalar_one()
            assert 0 <= tokens <= 2

    asyncio.run(run())


def test_no_database(tmp_path: Path) -> None:
    """Without the database nobody is let through, many at once are told so by one attempt, and it is asked again later."""
    engine = create_engine(f"sqlite:///{tmp_path / 'none' / 'buckets.db'}")
    processes, client = _Processes(engine, 1), _client(60, burst=2)
    attempts: list[float] = []
    event.listen(engine, "do_connect", lambda *_: attempts.append(time.monotonic()))

    async def run() -> None:
        for _ in range(2):
            taken = await asyncio.gather(*(processes.each[0].take(client) for _ in range(50)), return_exceptions=True)
            assert {type(each) for each in taken} == {RecordUnavailable}
        assert len(attempts) == 1
        processes.time += 1
        with pytest.raises(RecordUnavailable):
            await processes.each[0].take(client)
        assert len(attempts) == 2

    asyncio.run(run())
    engine.dispose()


def test_on_postgres(postgres: Callable[[], str]) -> None:
    """On PostgreSQL, by its own time, processes that ask at once let through the burst, and as much again as it fills."""
    url = postgres()
    engine = open_engine(url)
    with engine.begin() as connection:
        buckets.create(connection)
    each = [SharedBuckets(open_engine(url), time.monotonic) for _ in range(3)]
    client = _client(per_minute=60, burst=30)

    async def run() -> tuple[int, float]:
        start = time.monotonic()
        taken = await asyncio.gather(*(each[number % 3].take(client) for number in range(120)))
        seconds = time.monotonic() - start
        for one in each:
            await one.close()
        return sum(not one.refused for one in taken), seconds

    passed, seconds = asyncio.run(run())
    assert 30 <= passed <= 30 + seconds + 1
    with engine.connect() as connection:
        kept = connection.execute(select(buckets.c.tokens, buckets.c.at)).one()
    assert 0 <= kept.tokens < 1 + seconds
    assert kept.at == pytest.approx(time.time(), abs=60)
    engine.dispose()


def test_the_table_of_a_record(tmp_path: Path) -> None:
    """A record that the service makes has the table of buckets, as it is used."""
    engine = open_engine(tmp_path / "record.db")
    make_or_check(engine)
    processes = _Processes(engine, 1)
    assert asyncio.run(processes.each[0].take(_client(60, 2))).left == 1
    engine.dispose()
