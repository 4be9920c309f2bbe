"""What changed since a team's last list: who is new, who moved, and who is no longer on it and why."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Literal, cast

from models.scope import WORDS as NOT_SCORED_WORDS
from models.scope import Code
from service.exclusions import NOT_AVAILABLE, Unavailable
from service.exclusions import WORDS as NOT_AVAILABLE_WORDS
from service.loaded.choosing import Chosen
from service.loaded.ranking import Standings

What = Literal["new", "still", "moved"]
Why = Code | Unavailable | Literal["score-fell", "others-higher", "not-with-team"]

WHY_WORDS: Mapping[Why, str] = {
    **cast("dict[Why, str]", NOT_SCORED_WORDS),
    "outside-window": "The child is past the ages at which this list is made.",
    NOT_AVAILABLE: NOT_AVAILABLE_WORDS,
    "score-fell": "The score is lower than it was, and others are higher.",
    "others-higher": "The score is not lower than it was, and others are higher.",
    "not-with-team": "The child is no longer loaded as one of this team's.",
}


@dataclass(frozen=True, slots=True)
class Before:
    """A child on the last list: the id of its score there, its place (the first is 1), and its log-odds."""

    score: str
    place: int
    log_odds: float


@dataclass(frozen=True, slots=True)
class Left:
    """A child who is no longer on the list: its reference where the team still has it, its score and place then, and why."""

    subject: str | None
    score: str
    place: int
    why: Why

    def told(self) -> dict[str, object]:
        """Return it as JSON tells it."""
        return {**asdict(self), "words": WHY_WORDS[self.why]}


def change(before: Before | None, place: int) -> tuple[What, int | None]:
    """Return what became of a listed child, and the place that it moved from."""
    if before is None:
        return "new", None
    return ("still", None) if before.place == place else ("moved", before.place)


def left(
    before: Mapping[bytes, Before], chosen: Chosen, standings: Standings, excluded: Collection[bytes]
) -> list[Left]:
    """Return who was on the last list and is not on this one, in the order they stood; keys are what the record keeps."""
    listed = {one.hashed for one in chosen.listed}
    references = standings.references
    gone = {hashed: one for hashed, one in before.items() if hashed not in listed}
    below = {one.hashed: one.log_odds for one in chosen.below}
    return [
        Left(references.get(hashed), one.score, one.place, _why(hashed, one, below, standings, excluded))
        for hashed, one in sorted(gone.items(), key=lambda item: item[1].place)
    ]


def _why(
    hashed: bytes, before: Before, below: Mapping[bytes, float], standings: Standings, excluded: Collection[bytes]
) -> Why:
    if hashed in excluded:
        return NOT_AVAILABLE
    if hashed in below:
        return "score-fell" if below[hashed] < before.log_odds else "others-higher"
    if hashed in standings.not_scored:
        return standings.not_scored[hashed][1]
    # Of another landmark by now, or of none.
    return "outside-window" if hashed in standings.references else "not-with-team"
