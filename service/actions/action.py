"""One route as it is declared: who may ask it, what it does, and what the published document says of it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from service.access.caller import Permission
from service.call import JSON, Call, Reply
from service.problems import Kind

Handle = Callable[[Call], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Given:
    """What a route may answer with: the name of the shape of its JSON (None: of no shape that is told), and its headers."""

    shape: str | None = None
    media_type: str = JSON
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """
    A route. `permission` None lets anyone ask.

    `takes` names the shape of its body, `once` is whether it may be repeated under an Idempotency-Key, and `bundle` whether it
    may name the bundle to answer by; `described`, whether it may name any that was ever live, to read what that is. `gives` is what it answers by status, `refuses` the problems of its own: those that every
    such route can meet are added where the document is written.
    """

    method: str
    path: str
    permission: Permission | None
    summary: str
    handle: Handle
    takes: str | None = None
    once: bool = False
    bundle: bool = False
    described: bool = False
    gives: Mapping[int, Given] = field(default_factory=lambda: {200: Given()})
    refuses: tuple[Kind, ...] = ()
