"""The record, on SQLite and on a real PostgreSQL: what is acknowledged is there, in order, once, and comes back as it went."""

import asyncio
from collections.abc import Callable

import pytest

from service.problems import IN_FLIGHT, KEY_USED, RecordUnavailable, Refused
from service.record.chain import GENESIS, digest_of, hash_of
from service.record.entries import Entry, Repeatable, Repeated, Written
from service.record.reading import kinds
from service.record.store import Store
from service.record.tables import chain, held

Opened = Callable[..., Store]

CHILD, OTHER = b"c" * 32, b"o" * 32


def score(number: int, **more: object) -> Entry:
    """An entry with everything in it."""
    given = {"id": f"id-{number}", "about": "id-0", "bundle": "b" * 64, "subject": CHILD, "expires": 7} | more
    return Entry("score", "case-system", b'{"answer":%d}' % number, **given)


def repeatable(key: bytes = b"k" * 32, asked: bytes = b"a" * 32, response: bytes = b"first") -> Repeatable:
    """What makes a request repeatable."""
    return Repeatable(key, asked, 201, {"Location": "/v1/scores/1", "ETag": '"é"'}, response)


def test_what_was_written_comes_back_by_its_id_its_subject_and_what_it_is_about(opened: Opened) -> None:
    """Every way to read gives back the entry as it was given, with its number and time."""

    async def story() -> tuple[Written | None, list[Written], list[Written], Written | None]:
        async with opened() as record:
            await record.append(score(1), score(2, subject=OTHER, about=None))
            return (
                await record.one("id-1"),
                await record.about("id-0"),
                await record.of_subject(OTHER),
                await record.one("id-3"),
            )

    first, about, other, none = asyncio.run(story())
    at = 1788264000_000_000
    expected = Written(1, at, "score", "case-system", "id-1", "id-0", "b" * 64, b'{"answer":1}', CHILD, 7)
    assert first == expected
    assert about == [expected]
    assert [entry.seq for entry in other] == [2]
    assert none is None


def test_hundreds_at_once_are_one_chain_without_a_gap(opened: Opened) -> None:
    """Every acknowledged number is another, and each row's digest and hash are what the pure functions make of it."""

    async def story() -> tuple[list[int], int, list[tuple[object, ...]], list[tuple[object, ...]]]:
        async with opened() as record:
            numbers = await asyncio.gather(*(record.append(score(2 * i), score(2 * i + 1)) for i in range(150)))
            with record.engine.connect() as connection:
                rows = [tuple(row) for row in connection.execute(chain.select().order_by(chain.c.seq))]
                kept = [tuple(row) for row in connection.execute(held.select().order_by(held.c.seq))]
            return numbers, record.figures.batches, rows, kept

    numbers, batches, rows, kept = asyncio.run(story())
    assert sorted(numbers) == list(range(2, 301, 2))
    assert batches < 100
    previous = GENESIS
    for number, ((*row, hash_), (seq, salt, payload, subject, expires)) in enumerate(zip(rows, kept, strict=True), 1):
        assert row[0] == seq == number
        assert row[8] == previous
        assert row[7] == digest_of(salt, payload, subject, expires)
        assert hash_ == hash_of(*row)
        previous = hash_


def test_entries_of_one_append_are_all_there_or_none_is(opened: Opened) -> None:
    """An id that exists makes the whole append fail, and what comes after it is recorded as if nothing had been."""

    async def story() -> tuple[int, int, Written | None]:
        async with opened() as record:
            await record.append(score(1))
            with pytest.raises(RecordUnavailable):
                await record.append(score(2), score(1))
            return await record.append(score(3)), record.figures.failed, await record.one("id-2")

    assert asyncio.run(story()) == (2, 1, None)


def test_an_entry_that_cannot_be_written_does_no_harm_to_its_neighbours(opened: Opened) -> None:
    """What waits beside a bad entry is recorded, each whole, and only the bad one is refused."""

    async def story() -> tuple[list[object], list[int]]:
        async with opened() as record:
            bad = score(1, expires=2**70)
            asked = (record.append(*group) for group in ((score(2), score(3)), (score(4), bad), (score(5),)))
            outcomes = await asyncio.gather(*asked, return_exceptions=True)
            return list(outcomes), [entry.seq for entry in await record.of_subject(CHILD)]

    outcomes, numbers = asyncio.run(story())
    assert [outcomes[0], outcomes[2]] == [2, 3]
    assert isinstance(outcomes[1], RecordUnavailable)
    assert numbers == [1, 2, 3]


def test_fifty_at_once_with_one_key_are_recorded_once(opened: Opened) -> None:
    """One of fifty equal requests is recorded, and the others are told what to answer: the same bytes."""

    async def story() -> tuple[list[object], int]:
        async with opened() as record:
            asked = (record.append(score(i, repeatable=repeatable(response=b"%d" % i))) for i in range(50))
            outcomes = await asyncio.gather(*asked, return_exceptions=True)
            return list(outcomes), await record.newest("score")

    outcomes, newest = asyncio.run(story())
    answers = {outcome.answer.response for outcome in outcomes if isinstance(outcome, Repeated)}
    assert sum(isinstance(outcome, int) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Repeated) for outcome in outcomes) == 49
    assert len(answers) == 1
    assert newest == 1


def test_a_key_answers_once_more_and_only_to_the_same_question_of_the_same_client(opened: Opened) -> None:
    """The kept answer comes back whole; another question of that key is refused, another client's key is another."""

    async def story() -> None:
        async with opened() as record:
            await record.append(score(1, repeatable=repeatable()))
            assert await record.repeated("case-system", b"k" * 32, b"a" * 32) == repeatable()
            assert await record.repeated("case-system", b"x" * 32, b"a" * 32) is None
            assert await record.repeated("another", b"k" * 32, b"a" * 32) is None
            with pytest.raises(Refused) as by_reading:
                await record.repeated("case-system", b"k" * 32, b"b" * 32)
            with pytest.raises(Refused) as by_writing:
                await record.append(score(2, repeatable=repeatable(asked=b"b" * 32)))
            assert by_reading.value.kind == by_writing.value.kind == KEY_USED
            assert await record.append(score(3)) == 2

    asyncio.run(story())


def test_one_request_of_a_key_is_answered_at_a_time(opened: Opened) -> None:
    """A second request of a key is refused while the first is in flight, and not after it."""

    async def story() -> None:
        async with opened() as record:
            with record.starting("case-system", b"k"):
                with pytest.raises(Refused) as refused, record.starting("case-system", b"k"):
                    pass
                with record.starting("another", b"k"):
                    pass
            assert refused.value.kind == IN_FLIGHT
            with record.starting("case-system", b"k"):
                pass

    asyncio.run(story())


def test_kept_answers_are_forgotten_after_a_day_and_not_before(opened: Opened, clock: Callable[[], object]) -> None:
    """A key is known for a day; once newer ones come, older ones go."""

    async def story() -> tuple[bool, bool]:
        async with opened() as record:
            await record.append(score(1, repeatable=repeatable()))
            clock.move(24 * 3600)
            await record.append(score(2, repeatable=repeatable(b"l" * 32)))
            kept = await record.repeated("case-system", b"k" * 32, b"a" * 32) is not None
            clock.move(3 * 3600)
            await record.append(score(3, repeatable=repeatable(b"m" * 32)))
            return kept, await record.repeated("case-system", b"k" * 32, b"a" * 32) is not None

    assert asyncio.run(story()) == (True, False)


def test_times_never_go_back_though_the_clock_does(opened: Opened, clock: Callable[[], object]) -> None:
    """An entry is never older than the one before it."""

    async def story() -> list[int]:
        async with opened() as record:
            for move in (0, -3600, 10):
                clock.move(move)
                await record.append(score(move))
            return [entry.at for entry in await record.about("id-0")]

    times = asyncio.run(story())
    assert times == [times[0]] * 3


def test_exclusions_stand_until_they_are_ended_also_across_a_start(opened: Opened) -> None:
    """Who is excluded is known at once and after a new start; excluding twice is no error."""

    async def story() -> tuple[frozenset[bytes], frozenset[bytes], int]:
        async with opened() as record:
            for child in (CHILD, OTHER, CHILD):
                await record.append(Entry("exclusion", "case-system", b"{}", subject=child))
            before = await record.excluded()
        async with opened() as record:
            await record.append(Entry("exclusion-ended", "case-system", b"{}", subject=OTHER))
            return before, await record.excluded(), await record.newest("exclusion")

    assert asyncio.run(story()) == ({CHILD, OTHER}, {CHILD}, 4)


def test_the_ledger_is_read_from_the_same_chain(opened: Opened) -> None:
    """Entries of releases come back oldest first, and the newest of a kind is found by how its name begins."""

    async def story() -> tuple[list[str], int, int, int]:
        async with opened() as record:
            await record.append(
                Entry("release-proposed", "ledger", b"1"), score(1), Entry("release-signed", "ledger", b"2")
            )
            found = [entry.kind for entry in await record.releases()]
            return found, await record.newest("release-"), await record.newest("score"), await record.newest("worklist")

    assert asyncio.run(story()) == (["release-proposed", "release-signed"], 3, 2, 0)
    assert "release-withdrawn" in kinds("release-")


def test_a_closed_record_wrote_what_waited_and_takes_nothing_more(opened: Opened) -> None:
    """What was appended before the end is acknowledged; what comes after is refused."""

    async def story() -> tuple[list[int], int]:
        record = opened()
        waiting = [asyncio.create_task(record.append(score(i))) for i in range(20)]
        await asyncio.sleep(0)
        await record.close()
        with pytest.raises(RecordUnavailable):
            await record.append(score(21))
        async with opened() as again:
            return await asyncio.gather(*waiting), await again.newest("score")

    numbers, newest = asyncio.run(story())
    assert sorted(numbers) == list(range(1, 21))
    assert newest == 20


def test_two_processes_write_one_chain(opened: Opened) -> None:
    """Two that write at the same time take turns at the head: no number is given twice and none is left out."""

    async def story() -> list[int]:
        async with opened() as one, opened() as two:
            both = [record.append(score(100 * i + j)) for j, record in enumerate((one, two)) for i in range(60)]
            return await asyncio.gather(*both)

    assert sorted(asyncio.run(story())) == list(range(1, 121))
