"""The record, on SQLite and on a real PostgreSQL: what is acknowledged is there, in order, once, and comes back as it went."""

import asyncio
import time
from collections.abc import Callable

import pytest

from service.problems import ALREADY_SETTLED, IN_FLIGHT, KEY_USED, RecordUnavailable, Refused
from service.record.before import settling
from service.record.chain import GENESIS, digest_of, hash_of
from service.record.entries import Entry, Excluded, Once, Repeated, Written
from service.record.reading import kinds
from service.record.store import Store
from service.record.tables import chain, held

Opened = Callable[..., Store]

CHILD, OTHER = b"c" * 32, b"o" * 32
MATTERS = ([("x", "score")], [("x", "score"), ("y", "challenge-outcome")])


def score(number: int, **more: object) -> Entry:
    """An entry with everything in it."""
    given = {"id": f"id-{number}", "about": "id-0", "bundle": "b" * 64, "subject": CHILD, "expires": 7} | more
    return Entry("score", "case-system", b'{"answer":%d}' % number, **given)


def once(key: bytes = b"k" * 32, asked: bytes = b"a" * 32) -> Once:
    """What makes a request repeatable."""
    return Once(key, asked)


def test_what_was_written_comes_back_by_its_id_its_subject_and_what_it_is_about(opened: Opened) -> None:
    """Every way to read gives back the entry as it was given, with its number and time."""

    async def story() -> tuple[Written | None, list[Written], list[Written], Written | None, dict[str, Written]]:
        async with opened() as record:
            await record.append(score(1), score(2, subject=OTHER, about=None))
            return (
                await record.one("id-1"),
                await record.about("id-0"),
                await record.of_subject(OTHER),
                await record.one("id-3"),
                await record.ones([f"id-{number}" for number in range(2, 1500)]),
            )

    first, about, other, none, some = asyncio.run(story())
    at = 1788264000_000_000
    expected = Written(1, at, "score", "case-system", "id-1", "id-0", "b" * 64, b'{"answer":1}', CHILD, 7)
    assert first == expected
    assert about == [expected]
    assert [entry.seq for entry in other] == [2]
    assert none is None
    assert some == {"id-2": other[0]}


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
    for number, ((*row, hash_), (seq, *kept_of_it)) in enumerate(zip(rows, kept, strict=True), 1):
        assert row[0] == seq == number
        assert row[8] == previous
        assert row[7] == digest_of(*kept_of_it)
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
    """One of fifty equal requests is recorded, and the others are told that it was."""

    async def story() -> tuple[list[object], int]:
        async with opened() as record:
            asked = (record.append(score(i, once=once())) for i in range(50))
            outcomes = await asyncio.gather(*asked, return_exceptions=True)
            return list(outcomes), await record.newest("score")

    outcomes, newest = asyncio.run(story())
    assert sum(isinstance(outcome, int) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Repeated) for outcome in outcomes) == 49
    assert newest == 1


def test_a_key_answers_once_more_and_only_to_the_same_question(opened: Opened) -> None:
    """All entries that the request made come back in their order; another question of that key is refused."""

    async def story() -> None:
        async with opened() as record:
            await record.append(score(1, once=once()), score(2, once=once()))
            assert [each.id for each in await record.repeated(once())] == ["id-1", "id-2"]
            assert await record.repeated(once(b"x" * 32)) == []
            with pytest.raises(Refused) as by_reading:
                await record.repeated(once(asked=b"b" * 32))
            with pytest.raises(Refused) as by_writing:
                await record.append(score(3, once=once(asked=b"b" * 32)))
            assert by_reading.value.kind == by_writing.value.kind == KEY_USED
            assert await record.append(score(4)) == 3

    asyncio.run(story())


def test_whoever_reads_can_be_cancelled(opened: Opened) -> None:
    """One who is told to end in whatever moment around that at which what it reads is there ends: or it would go on for ever."""

    async def told(record: Store, turns: int) -> bool:
        reading = asyncio.create_task(record.excluded())
        for _ in range(3):
            await asyncio.sleep(0)
        time.sleep(0.1)  # noqa: ASYNC251 - what was read is there, and the loop has not seen it yet
        for _ in range(turns):
            await asyncio.sleep(0)
        # What was done by then need not hear of it.
        heard = reading.cancel()
        await asyncio.wait({reading})
        return reading.cancelled() == heard

    async def story() -> list[bool]:
        async with opened() as record:
            return [await told(record, turns) for turns in range(6)]

    assert asyncio.run(story()) == [True] * 6


def test_what_is_settled_is_settled_once_whoever_writes(opened: Opened) -> None:
    """Of many entries at once that settle one thing, in one process or in another, the first is written and no other."""

    async def story() -> tuple[list[object], int, int]:
        async with opened() as record, opened() as elsewhere:
            both = (record, elsewhere)
            asked = (both[i % 2].append(score(i, about=f"id-{900 + i // 20}", settles=True)) for i in range(40))
            outcomes = await asyncio.gather(*asked, return_exceptions=True)
            # Of another kind, of another matter, or settling nothing: none of these is refused.
            await record.append(score(100, about="id-900"), score(101, about="id-902", settles=True))
            await record.append(Entry("read", "case-system", b"{}", about="id-900", settles=True))
            return list(outcomes), len(await record.about("id-900")), len(await record.about("id-901"))

    outcomes, first, second = asyncio.run(story())
    assert sum(isinstance(outcome, int) for outcome in outcomes) == 2
    assert {outcome.kind for outcome in outcomes if isinstance(outcome, Refused)} == {ALREADY_SETTLED}
    assert (first, second) == (3, 1)


def test_a_key_whose_request_was_refused_is_free(opened: Opened) -> None:
    """A request that settles what is settled leaves no answer to its key, though it came with others at one moment."""

    async def story() -> tuple[list[object], object]:
        async with opened() as record:
            await record.append(score(1, about="id-9", settles=True))
            asked = (record.append(score(i, about="id-9", settles=True, once=once())) for i in (2, 3))
            outcomes = await asyncio.gather(*asked, return_exceptions=True)
            return list(outcomes), await record.repeated(once())

    outcomes, kept = asyncio.run(story())
    assert [outcome.kind for outcome in outcomes if isinstance(outcome, Refused)] == [ALREADY_SETTLED] * 2
    assert kept == []


def test_the_reads_of_a_score_are_found_by_an_index(opened: Opened) -> None:
    """What is about one thing and of one kind is looked up by an index of both, however much is about it."""

    async def story() -> list[str]:
        async with opened() as record:
            with record.engine.connect() as connection:
                sqlite = connection.dialect.name == "sqlite"
                if not sqlite:
                    connection.exec_driver_sql("SET enable_seqscan = off")
                said = "EXPLAIN QUERY PLAN" if sqlite else "EXPLAIN"
                asked = ["SELECT seq FROM chain WHERE about = 'x' AND kind IN ('read', 'score')"]
                # What keeps all writers waiting.
                asked += [
                    str(settling(some).compile(connection, compile_kwargs={"literal_binds": True})) for some in MATTERS
                ]
                return [str(connection.exec_driver_sql(f"{said} {each}").all()) for each in asked]

    assert all("chain_about" in plan for plan in asyncio.run(story()))


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
            assert refused.value.headers == {"Retry-After": "1"}
            with record.starting("case-system", b"k"):
                pass

    asyncio.run(story())


def test_a_key_is_known_for_a_day_and_free_after_it(opened: Opened, clock: Callable[[], object]) -> None:
    """After a day and two hours a key may be used for something else, whether or not anything was written meanwhile."""

    async def story() -> tuple[int, list[Written], int, list[str | None]]:
        async with opened() as record:
            await record.append(score(1, once=once()))
            clock.move(24 * 3600)
            kept = len(await record.repeated(once()))
            clock.move(3 * 3600)
            free, newest = await record.repeated(once()), await record.append(score(2, once=once(asked=b"b" * 32)))
            return kept, free, newest, [each.id for each in await record.repeated(once(asked=b"b" * 32))]

    assert asyncio.run(story()) == (1, [], 2, ["id-2"])


def test_a_score_is_not_written_after_its_child_was_excluded_whoever_excluded(opened: Opened) -> None:
    """Of scores and exclusions at one moment, in one process or another, no score stands after its child's exclusion."""

    async def story() -> tuple[list[object], list[Written]]:
        async with opened() as record, opened() as elsewhere:
            both = (record, elsewhere)
            asked = [both[i % 2].append(score(i, unless_excluded=True)) for i in range(20)]
            asked.insert(7, elsewhere.append(Entry("exclusion", "another", b"{}", subject=CHILD)))
            outcomes = await asyncio.gather(*asked, return_exceptions=True)
            with pytest.raises(Excluded) as late:
                await record.append(score(50, subject=OTHER, unless_excluded=True), score(51, unless_excluded=True))
            assert late.value.subjects == {CHILD}
            await record.append(score(52), score(53, subject=OTHER, unless_excluded=True))
            return list(outcomes), await record.of_subject(CHILD)

    outcomes, entries = asyncio.run(story())
    kinds = [entry.kind for entry in entries]
    after = len(kinds) - kinds.index("exclusion") - 1
    assert after == 1  # the one that is not about to be kept back
    refused = [outcome for outcome in outcomes if isinstance(outcome, Excluded)]
    assert len(refused) == 20 - kinds.index("exclusion")


def test_who_is_excluded_no_more_is_scored(opened: Opened) -> None:
    """An exclusion that was ended, be it in the same moment, keeps nothing back."""

    async def story() -> list[object]:
        async with opened() as record:
            await record.append(Entry("exclusion", "another", b"{}", subject=CHILD))
            ended = record.append(Entry("exclusion-ended", "another", b"{}", subject=CHILD))
            return list(await asyncio.gather(ended, record.append(score(1, unless_excluded=True))))

    assert asyncio.run(story()) == [2, 3]


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
