"""
Slots: the tree of places where a request may hold something, each with its rule in words.

The tree is made from the live contract. Decoding, the words of a fault and the published schema all come from it, so
that they cannot disagree; a place that is not in the tree is never named, since its name is the caller's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.problems import Fault

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """
    One place of a request: what it must be, in words, and what decodes it.

    A leaf has the `type` that pydantic reads; an object has the slots `inside` it, or is a list of at most `most` such
    objects. `name` is what the published schema calls it.
    """

    rule: str
    type: Any = None
    required: bool = False
    name: str = ""
    inside: Mapping[str, "Slot"] = field(default_factory=dict)
    most: int | None = None


def fault_at(root: Slot, place: Place, code: str) -> Fault:
    """Return the fault of a place that breaks its rule; what lies outside the tree is left out of the pointer."""
    slot, pointer = _find(root, place)
    return Fault(pointer=pointer, code=code.replace("_", "-"), detail=f"must be {slot.rule}")


def missing_at(root: Slot, place: Place) -> Fault:
    """Return the fault of a place that must be filled and is not."""
    slot, pointer = _find(root, place)
    return Fault(pointer=pointer, code="missing", detail=f"is needed: {slot.rule}")


def unknown_in(root: Slot, place: Place) -> Fault:
    """Return the fault of an object that has a field which is not the contract's; the field itself is not named."""
    slot, pointer = _find(root, place)
    return Fault(pointer=pointer, code="unknown-field", detail=f"may hold only {', '.join(slot.inside)}")


def _find(root: Slot, place: Place) -> tuple[Slot, str]:
    slot, pointer = root, ""
    for part in place:
        if isinstance(part, str):
            if part not in slot.inside:
                break
            slot = slot.inside[part]
        pointer += f"/{part}"
    return slot, pointer
