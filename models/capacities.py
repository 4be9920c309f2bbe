"""
What a bundle keeps so that its bands can be drawn again for another capacity, with no data and no learning.

`capacities.json`: at each of twenty capacities, the threshold, its figures, the audit and the release gates that go by the
length of the list; and how refits move children.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, FiniteFloat, model_validator

from models.bands import AtCapacity, Count
from models.gates import Gate
from models.terms import Part

CAPACITIES = (
    0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.10, 0.12,
    0.14, 0.15, 0.16, 0.18, 0.20, 0.25, 0.30, 0.35, 0.40, 0.50,
)  # fmt: skip

Moves = tuple[tuple[Annotated[FiniteFloat, Field(ge=0, le=1)], ...], ...]


class AtCapacities(Part):
    """
    One landmark and outcome at every capacity.

    `children_a_month` is how many children reach the landmark in a month, in round figures (None without a calendar).
    `moves` is the share of all children who lie between two neighbouring thresholds now (down; first: above every
    threshold) and between two after learning again (across), averaged over the refits; it sums to 1.
    """

    landmark: str
    outcome: str
    children_a_month: Count | None
    at: tuple[AtCapacity, ...]
    moves: Moves

    @model_validator(mode="after")
    def _shape(self) -> Self:
        if tuple(at.capacity for at in self.at) != CAPACITIES:
            raise ValueError("there is one list for each of the capacities")
        if len(self.moves) != len(CAPACITIES) + 1 or any(len(line) != len(self.moves) for line in self.moves):
            raise ValueError("moves are between the slots that the capacities leave")
        return self


class Capacities(Part):
    """Every landmark and outcome; at each capacity the audit, as `audit.json` holds it, and what `gates.json` says of it."""

    format: Literal[1] = 1
    outcomes: tuple[AtCapacities, ...]
    audits: Annotated[tuple[dict[str, Any], ...], Field(min_length=len(CAPACITIES), max_length=len(CAPACITIES))]
    gates: Annotated[tuple[tuple[Gate, ...], ...], Field(min_length=len(CAPACITIES), max_length=len(CAPACITIES))]


def changes_on_refit(moves: Moves, capacities: tuple[float, ...]) -> tuple[float | None, ...]:
    """
    Return, for the bands that these capacities make, the share of each band's children who would be in another.

    Raises KeyError when a capacity is none of the twenty.
    """
    band_of = _bands_of_slots(capacities)
    inside, moved = [0.0] * (len(capacities) + 1), [0.0] * (len(capacities) + 1)
    for band, line in zip(band_of, moves, strict=True):
        for to, share in zip(band_of, line, strict=True):
            inside[band] += share
            if to != band:
                moved[band] += share
    return tuple(round(out / every, 6) if every > 0 else None for out, every in zip(moved, inside, strict=True))


def _bands_of_slots(capacities: tuple[float, ...]) -> list[int]:
    places = {capacity: i for i, capacity in enumerate(CAPACITIES)}
    last = [places[capacity] for capacity in capacities]
    return [sum(slot > end for end in last) for slot in range(len(CAPACITIES) + 1)]
