"""How often a client may ask: what its agreement says, over any stretch of time, however it asks."""

import asyncio
import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.access.agreements import Client
from service.access.buckets import OwnBuckets, Taken, headers_of


def _client(per_minute: int, burst: int, name: str = "mosaic") -> Client:
    return Client(
        name=name,
        label="A case system",
        agreement="ISA-1",
        expires=datetime.date(2027, 3, 31),
        permissions=frozenset({"score"}),
        per_minute=per_minute,
        burst=burst,
    )


class _Asking:
    """Asks at times that a test chooses, and counts what is let through."""

    def __init__(self) -> None:
        self.time = 0.0
        self.buckets = OwnBuckets(lambda: self.time)

    def ask(self, client: Client) -> Taken:
        return asyncio.run(self.buckets.take(client))


@pytest.mark.parametrize("per_minute", [60, 600, 60_000])
def test_twice_the_limit(per_minute: int) -> None:
    """Of twice as many requests as the agreement allows half are let through, to five in a hundred."""
    seconds, times = 3600 // (per_minute // 60), 2 * per_minute / 60
    asking = _Asking()
    client = _client(per_minute, burst=max(1, per_minute // 600))

    async def run() -> int:
        passed = 0
        for number in range(round(seconds * times)):
            asking.time = number / times
            passed += not (await asking.buckets.take(client)).refused
        return passed

    assert asyncio.run(run()) == pytest.approx(seconds * per_minute / 60, rel=0.05)


@given(
    steps=st.lists(st.floats(0, 30), min_size=1, max_size=60),
    per_minute=st.integers(1, 600),
    burst=st.integers(1, 20),
)
def test_never_more(steps: list[float], per_minute: int, burst: int) -> None:
    """Between any two requests let through there are no more than the rate and the burst allow."""
    asking, client, passed = _Asking(), _client(per_minute, burst), []
    for step in steps:
        asking.time += step
        if not asking.ask(client).refused:
            passed.append(asking.time)
    for first in range(len(passed)):
        for last in range(first, len(passed)):
            assert last - first + 1 <= burst + (passed[last] - passed[first]) * per_minute / 60 + 1e-6


def test_wait() -> None:
    """Whoever waits as long as it is told is let through, and a moment before is not."""
    asking, client = _Asking(), _client(per_minute=30, burst=2)
    assert [asking.ask(client).left for _ in range(2)] == [1, 0]
    refused = asking.ask(client)
    assert (refused.refused, refused.wait) == (True, 2.0)
    asking.time += 1.99
    assert asking.ask(client).refused
    asking.time += 0.011
    assert not asking.ask(client).refused


def test_a_clock_set_back() -> None:
    """A clock that goes back fills no bucket and locks nobody out."""
    asking, client = _Asking(), _client(per_minute=60, burst=1)
    asking.time = 100.0
    assert not asking.ask(client).refused
    asking.time = 0.0
    assert asking.ask(client).wait == 1.0
    asking.time = 1.0
    assert not asking.ask(client).refused


def test_one_noisy_client() -> None:
    """One client that asks too often takes nothing from another."""
    asking, noisy, quiet = _Asking(), _client(60, 1), _client(60, 1, "board")
    assert [asking.ask(noisy).refused for _ in range(50)] == [False] + [True] * 49
    assert not asking.ask(quiet).refused


def test_headers() -> None:
    """The headers say the limit, what is left, and in how many whole seconds there will be more."""
    client = _client(per_minute=30, burst=5)
    assert headers_of(client, Taken(4)) == {
        "RateLimit-Policy": '"agreement";q=30;w=60',
        "RateLimit": '"agreement";r=4;t=2',
    }
    assert headers_of(client, Taken(0, 1.2))["RateLimit"] == '"agreement";r=0;t=2'
    assert headers_of(_client(6000, 5), Taken(0, 0.001))["RateLimit"] == '"agreement";r=0;t=1'
