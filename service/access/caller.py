"""A caller: a client with a sharing agreement, what it may do, for which purposes, and on whose behalf it asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

# What a route may ask of a caller. `audit` reads what is no longer for callers; `operate` sees counts, never a child.
Permission = Literal[
    "score", "read", "feedback", "challenge", "correct", "exclude", "account", "worklist", "model", "audit", "operate"
]


@dataclass(frozen=True, slots=True)
class Caller:
    """
    Who asks: the client's name in the sharing agreements, and the person it asks for, where it said so.

    `purposes` are those of its agreement. `user` is the client's own opaque reference of a person.
    """

    client: str
    permissions: frozenset[Permission]
    purposes: frozenset[str]
    user: str | None = None

    def may(self, permission: Permission) -> bool:
        """Whether the caller may do that."""
        return permission in self.permissions


class Access(Protocol):
    """Tells callers apart and lets each ask so often."""

    async def caller(self, headers: Mapping[bytes, bytes]) -> Caller:
        """Return who asks, by the headers of the request; raises Refused (401)."""

    async def admit(self, caller: Caller) -> Mapping[str, str]:
        """Count one request of a caller; returns the headers that say what is left; raises Refused (429)."""
