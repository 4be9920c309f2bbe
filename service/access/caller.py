"""A caller: a client with a sharing agreement, what it may do, for which purposes, and on whose behalf it asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

from service.problems import NOT_ALLOWED, NOT_THE_PURPOSE, Refused

# What a route may ask of a caller. `audit` reads what is no longer for callers; `operate` sees counts, never a child.
Permission = Literal[
    "score", "read", "feedback", "challenge", "correct", "exclude", "account", "worklist", "model", "audit", "operate"
]
PERMISSIONS: tuple[Permission, ...] = get_args(Permission)


@dataclass(frozen=True, slots=True)
class Caller:
    """
    Who asks: the client's name in the sharing agreements, and the person it asks for, where it said so.

    `purposes` are those of its agreement; None is any, which only an evaluation has. `user` is the client's own opaque reference
    of a person. `teams` are those whose worklists it may ask for; None is any.
    """

    client: str
    permissions: frozenset[Permission]
    purposes: frozenset[str] | None
    user: str | None = None
    teams: frozenset[str] | None = None

    def may(self, permission: Permission) -> bool:
        """Whether the caller may do that."""
        return permission in self.permissions


class Access(Protocol):
    """Tells callers apart and lets each ask so often."""

    async def caller(self, headers: Mapping[bytes, bytes]) -> Caller:
        """Return who asks, by the headers of the request; raises Refused (401)."""

    async def admit(self, caller: Caller) -> Mapping[str, str]:
        """Count one request of a caller; returns the headers that say what is left; raises Refused (429)."""

    async def admit_batch(self, caller: Caller, size: int) -> Mapping[str, str]:
        """
        Count a batch of that size as as many requests, the first of which was admitted; returns the headers that say what is left.

        Raises Refused: 422 for a batch that is larger than the caller may ever send, 429 for one that it may send later.
        """


def check_team(caller: Caller, team: str) -> None:
    """Raise Refused (403) unless the caller's agreement has the team."""
    if caller.teams is not None and team not in caller.teams:
        raise Refused(NOT_ALLOWED, "The caller's sharing agreement lacks this team.")


def check_purpose(caller: Caller, purpose: str) -> None:
    """Raise Refused (403) unless the caller's agreement has the purpose; the refusal does not repeat it."""
    if caller.purposes is not None and purpose not in caller.purposes:
        raise Refused(NOT_THE_PURPOSE, "Send one of the purposes of the sharing agreement, or have it changed first.")
