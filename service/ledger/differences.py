"""
What callers may send otherwise once another bundle is live.

Only an added field that may be left out is compatible: whoever calls as before is answered as before. Everything else is breaking,
also what only allows more: a caller's own checks may go by what was published.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import TypeAdapter

from service.slots import Slot


@dataclass(frozen=True, slots=True)
class Differences:
    """The fields of requests that were added and may be left out, and what breaks callers, each in words with its place."""

    added: tuple[str, ...]
    breaking: tuple[str, ...]


def differences(before: Slot, then: Slot) -> Differences:
    """Return how the requests of one bundle may differ from those of the one before."""
    found = list(_between(before, then, "request"))
    return Differences(
        tuple(words for words, breaks in found if not breaks), tuple(words for words, breaks in found if breaks)
    )


def _between(before: Slot, then: Slot, place: str) -> Iterator[tuple[str, bool]]:
    """Yield each difference in words, and whether it breaks callers."""
    if _shape(before) != _shape(then):
        yield f"{place}: other values", True
    for name in sorted(before.inside.keys() - then.inside.keys()):
        yield f"{place} › {name}: no longer taken", True
    for name, slot in sorted(then.inside.items()):
        inner = f"{place} › {name}"
        old = before.inside.get(name)
        if old is None:
            yield f"{inner}: {'needed' if slot.required else 'may be given'}", slot.required
            continue
        if slot.required and not old.required:
            yield f"{inner}: needed now", True
        yield from _between(old, slot, inner)


def _shape(slot: Slot) -> object:
    """Return what a place takes: of a leaf what it may hold, of an object no more than that it is one, or how many."""
    if slot.type is None:
        return slot.most
    return slot.rule, TypeAdapter(slot.type).json_schema(mode="validation")
