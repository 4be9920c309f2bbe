"""Who must not be scored: an honest refusal is an ordinary answer with a code, and never an error."""

from dataclasses import dataclass
from typing import Literal

from models.feature import Scope
from models.snapshot import Snapshot

Code = Literal["outside-window", "too-little-known", "too-stale"]

WORDS: dict[Code, str] = {
    "outside-window": "No score is defined at this age.",
    "too-little-known": "Too little was known about this child at this age for a score to mean anything.",
    "too-stale": "What was known about this child at this age is too old for a score to mean anything.",
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
    if any(not snapshot.events.get(source) for source in scope.needs):
        return NotScored("too-little-known")
    if scope.stale_after_days is not None:
        latest = max((e.happened for events in snapshot.events.values() for e in events), default=None)
        if latest is None or snapshot.age - latest > scope.stale_after_days:
            return NotScored("too-stale")
    return None
