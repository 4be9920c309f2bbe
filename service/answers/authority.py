"""
The authority whose service this is: who answers for a score, and how a family reads about it, challenges it or objects.

People write it (`authority.toml`, named by EARLYID_AUTHORITY), and every answer repeats it. Where a bundle is only
evaluated there may be none, and what it would say is null: nothing here is ever invented.
"""

import datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import to_json

from models.blame import judging
from models.errors import BadInput, Problem
from models.shaped import read_toml, refuse, shaped

Said = Annotated[str, Field(min_length=1, max_length=400, pattern=r"\S")]
_RESPONSIBILITY = ("controller", "owner", "enquiries", "data_protection_contact")
_RIGHTS = ("privacy_notice", "challenge", "human_contact", "how_to_object")
_PAPERS = ("atrs", "dpia", "eqia")
# A council need not publish a transparency record, and practitioners' own view may be noted elsewhere; nothing else is optional.
_NEEDED = (*_RESPONSIBILITY, *_RIGHTS, "decision_maker", "dpia", "eqia", "review_due")
# Read out to families and practitioners. Titles of offices are not held to it: "senior information risk owner" is one.
_READ_OUT = ("decision_maker", "how_to_object")


class AuthorityError(BadInput):
    """The authority file does not say what it must."""


class Fragments(NamedTuple):
    """What every answer repeats of the authority, each as JSON; `papers` are fields without their braces."""

    human_review: bytes
    responsibility: bytes
    rights: bytes
    review_due: bytes
    papers: bytes


class Authority(BaseModel):
    """
    Who answers for the scores. What is None is not known; `read_authority` insists on all that production needs.

    `owner` and `decision_maker` are roles, never names. `challenge` and `human_contact` say where a family turns to, and
    `atrs`, `dpia` and `eqia` where those papers are found. `own_view_first`: practitioners note their own view before they
    see a score. `review_due` is the day by which the model must be looked at again.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    controller: Said | None = None
    owner: Said | None = None
    enquiries: Said | None = None
    data_protection_contact: Said | None = None
    decision_maker: Said | None = None
    own_view_first: bool | None = None
    privacy_notice: Said | None = None
    challenge: Said | None = None
    human_contact: Said | None = None
    how_to_object: Said | None = None
    atrs: Said | None = None
    dpia: Said | None = None
    eqia: Said | None = None
    review_due: datetime.date | None = None

    @cached_property
    def fragments(self) -> Fragments:
        """Its parts of every answer, put together once."""
        review = {
            "required": True,
            "must_not_be_sole_basis": True,
            "decision_maker": self.decision_maker,
            "own_view_first": self.own_view_first,
        }
        said = self.model_dump(mode="json")
        return Fragments(
            to_json(review),
            to_json({name: said[name] for name in _RESPONSIBILITY}),
            to_json({name: said[name] for name in _RIGHTS}),
            to_json(said["review_due"]),
            to_json({name: said[name] for name in _PAPERS})[1:-1],
        )


# Of whom nothing is known.
NOBODY = Authority()


def read_authority(path: Path) -> Authority:
    """Read an authority file whole; raises AuthorityError, naming everything that is wrong or missing at once."""
    document, _ = read_toml(path, "authority", AuthorityError)
    found, problems = shaped(Authority, document, "authority file")
    missing = [Problem(name, "missing", "Add it.") for name in _NEEDED if name not in document]
    refuse(path, [*problems, *missing, *_badly_said(found)], AuthorityError)
    return found


def _badly_said(authority: Authority) -> list[Problem]:
    said = [(name, words) for name in _READ_OUT if (words := getattr(authority, name)) is not None]
    return [
        Problem(name, f'says "{word}", which blames or labels people', "Choose a word that does not.")
        for name, words in said
        if (word := judging(words)) is not None
    ]
