"""
How often a client may ask: a bucket of requests for each, which fills at an even rate up to what it may ask at once.

This is for one process; several share theirs through a database (`service.access.shared_buckets`).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from service.access.agreements import Client


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of requests: how many more may be made at once, and, where they are refused, in how many seconds they may."""

    left: int
    wait: float = 0.0

    @property
    def refused(self) -> bool:
        """Whether they are too many."""
        return self.wait > 0


class Buckets(Protocol):
    """Counts the requests of every client."""

    async def take(self, client: Client, count: int = 1) -> Taken:
        """Count requests of a client, all of them or, where they are too many, none."""

    async def close(self) -> None:
        """Let go of what they are kept in."""


@dataclass(slots=True)
class Bucket:
    """Requests that may still be made, as they were at a time in seconds."""

    tokens: float
    at: float

    def take(self, rate: float, burst: int, now: float, count: int = 1) -> Taken:
        """Take so many requests, where there are as many; `rate` is of requests a second."""
        # A clock that goes back fills nothing.
        self.tokens = min(burst, self.tokens + max(0.0, now - self.at) * rate)
        self.at = now
        # What a sum of fractions lacks of a whole is no reason to refuse.
        if self.tokens < count - 1e-9:
            return Taken(math.floor(self.tokens), (count - self.tokens) / rate)
        self.tokens -= count
        return Taken(math.floor(self.tokens + 1e-9))


class OwnBuckets:
    """The buckets of one process, of which there are as many as clients; `clock` counts seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._of: dict[str, Bucket] = {}

    async def take(self, client: Client, count: int = 1) -> Taken:
        """Count requests of a client, all of them or none."""
        now = self._clock()
        bucket = self._of.setdefault(client.name, Bucket(client.burst, now))
        return bucket.take(client.per_minute / 60, client.burst, now, count)

    async def close(self) -> None:
        """Let go of nothing: they end with the process."""


def headers_of(client: Client, taken: Taken) -> dict[str, str]:
    """
    Return the headers of draft-ietf-httpapi-ratelimit-headers: the agreement's limit, and what is left of it.

    `q` requests in `w` seconds; `r` may be made at once, and in `t` seconds there will be more.
    """
    soon = max(1, math.ceil(taken.wait or 60 / client.per_minute))
    return {
        "RateLimit-Policy": f'"agreement";q={client.per_minute};w=60',
        "RateLimit": f'"agreement";r={taken.left};t={soon}',
    }
