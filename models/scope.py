"""
Who must not be scored: an honest refusal is an ordinary answer with a code, and never an error.

In this order: the age (`outside-window`), the snapshot (`identity-not-certain`, `too-little-known`, `moved-in-too-late`,
`too-stale`), and the matrix row (`too-little-known`, `outside-range-seen`). `training.snapshots` asks the same at scale.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from models.feature import Scope
from models.snapshot import Snapshot

Code = Literal[
    "outside-window",
    "identity-not-certain",
    "too-little-known",
    "too-stale",
    "moved-in-too-late",
    "outside-range-seen",
]

WORDS: dict[Code, str] = {
    "outside-window": "No score is defined at this age.",
    "identity-not-certain": "It is not certain enough that all of these records are of one child.",
    "too-little-known": "Too little was known about this child at this age for a score to mean anything.",
    "too-stale": "What was known about this child at this age is too old for a score to mean anything.",
    "moved-in-too-late": "The child had come to live here too short a time before this age for a score to mean anything.",
    "outside-range-seen": "A value on record lies far outside what was seen of other children; check that it is right.",
}


@dataclass(frozen=True, slots=True)
class NotScored:
    """An honest refusal."""

    code: Code

    @property
    def words(self) -> str:
        """The refusal in plain words."""
        return WORDS[self.code]


def refusal(scope: Scope, snapshot: Snapshot) -> NotScored | None:
    """Return why this snapshot must not be scored, or None when it is in scope."""
    if scope.least_link is not None and min(snapshot.links.values(), default=1.0) < scope.least_link:
        return NotScored("identity-not-certain")
    if any(not snapshot.events.get(source) for source in scope.needs):
        return NotScored("too-little-known")
    if scope.resident is not None and _moved_in(snapshot, scope.resident.source) > max(
        0, snapshot.age - scope.resident.days
    ):
        return NotScored("moved-in-too-late")
    if scope.stale_after_days is not None and snapshot.age - _latest(snapshot) > scope.stale_after_days:
        return NotScored("too-stale")
    return None


def _moved_in(snapshot: Snapshot, source: str) -> int:
    """Return the age at which the first spell of residence began; where none is on record nobody can say, and it is 0."""
    return min((event.happened for event in snapshot.events.get(source, ())), default=0)


def _latest(snapshot: Snapshot) -> float:
    """Return the latest age of which anything was known: an event, or a day proven to be covered."""
    age = snapshot.age
    events = [e.happened for events in snapshot.events.values() for e in events]
    covered = [min(end, age) for spans in snapshot.coverage.values() for start, end in spans if start <= age]
    return max([*events, *covered], default=float("-inf"))


def refusal_of_row(scope: Scope, row: Sequence[float], ranges: Sequence[tuple[float, float]]) -> NotScored | None:
    """
    Return why a matrix row must not be scored, or None; `ranges` are the values seen in training of each feature.

    A feature of which training saw one value only says nothing, and refuses nobody: the first looked-after child of a
    small authority is scored.
    """
    if scope.least_known_share is not None and sum(x == x for x in row) / len(row) < scope.least_known_share:
        return NotScored("too-little-known")
    if scope.beyond_range is not None:
        for x, (low, high) in zip(row, ranges, strict=True):
            margin = scope.beyond_range * (high - low)
            if high > low and (x < low - margin or x > high + margin):
                return NotScored("outside-range-seen")
    return None
