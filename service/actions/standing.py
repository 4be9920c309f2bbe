"""How a score stands now: current, superseded or expired; and the headers that tell which version of it is told."""

import hashlib
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple


class Challenges(NamedTuple):
    """How many challenges to a score nobody has settled yet, and what came of how many."""

    open: int = 0
    upheld: int = 0
    not_upheld: int = 0
    withdrawn: int = 0


NONE_YET = Challenges()


@dataclass(frozen=True, slots=True)
class Standing:
    """How a score stands; a new one is current, and nobody has challenged it."""

    superseded_by: str | None = None
    expired: bool = False
    challenges: Challenges = NONE_YET

    @property
    def word(self) -> Literal["current", "superseded", "expired"]:
        """The standing in a word: that there is a newer one is told first."""
        if self.superseded_by is not None:
            return "superseded"
        return "expired" if self.expired else "current"

    def told(self) -> dict[str, Any]:
        """Return what is told beside the stored answer."""
        return {"standing": self.word, "superseded_by": self.superseded_by, "challenges": self.challenges._asdict()}


def address(id_: str) -> str:
    """Return the permanent address of a score."""
    return f"/v1/scores/{id_}"


def etag(id_: str, standing: Standing, form: str = "application/json") -> str:
    """Return the strong tag of a score as it stands, in one of its forms."""
    said = f"{id_} {standing.word} {standing.superseded_by} {standing.challenges} {form}"
    return f'"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'


def related(corrects: str | None, superseded_by: str | None = None) -> dict[str, str]:
    """Return the header that names the score which a score corrects, and the one that took its place (RFC 5829)."""
    links = {"predecessor-version": corrects, "successor-version": superseded_by}
    told = [f'<{address(id_)}>; rel="{relation}"' for relation, id_ in links.items() if id_ is not None]
    return {"Link": ", ".join(told)} if told else {}


def made_headers(id_: str, standing: Standing, corrects: str | None = None) -> dict[str, str]:
    """Return the headers that tell where a new score is read, and the one that it corrects."""
    return {"Location": address(id_), "ETag": etag(id_, standing)} | related(corrects)
