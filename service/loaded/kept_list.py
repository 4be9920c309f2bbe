"""
A list as the decision record keeps it: what was asked, what is said of the whole, and the ids of the scores that stand on it.

Every child's answer is an entry of its own, about that child, so that an account of a child shows it and retention erases
it alone. The list itself holds no reference and nothing made of one.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pydantic_core import to_json

from service.loaded.changes import Before, What, Why
from service.loaded.worklist_form import Wanted

# Names the series of lists that are compared with each other.
_SERIES = uuid.UUID("0b1c9ab4-5b3f-4f0e-9a52-6f0d2f0a7c11")


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A listed child by the id of its score."""

    score: str
    place: int
    change: What
    moved_from: int | None
    log_odds: float

    @property
    def before(self) -> Before:
        """What the next list is compared with."""
        return Before(self.score, self.place, self.log_odds)


@dataclass(frozen=True, slots=True)
class KeptGone:
    """A child who left the list, by the id of its score on the list before."""

    score: str
    place: int
    why: Why


@dataclass(frozen=True, slots=True)
class KeptList:
    """A list as it was kept; `head` is what `ToldList` has."""

    head: Mapping[str, Any]
    rows: Sequence[KeptRow]
    gone: Sequence[KeptGone]

    def payload(self, wanted: Wanted, user: str | None) -> bytes:
        """Return the payload of the list's entry."""
        asked = asdict(wanted) | {"user": user}
        told = {
            "head": self.head,
            "rows": [asdict(row) for row in self.rows],
            "gone": [asdict(one) for one in self.gone],
        }
        return to_json({"asked": asked, "answer": told})


def read_list(payload: bytes) -> KeptList:
    """Return the list that a payload keeps."""
    told = json.loads(payload)["answer"]
    return KeptList(told["head"], [KeptRow(**row) for row in told["rows"]], [KeptGone(**one) for one in told["gone"]])


def series(client: str, wanted: Wanted) -> str:
    """Return the id of all lists that a client asks for a team, an outcome and a landmark."""
    return str(uuid.uuid5(_SERIES, json.dumps([client, wanted.team, wanted.outcome, wanted.landmark])))
