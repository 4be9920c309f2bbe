"""
Chooses a team's list from where its children stand, by the rule of the bands: at most so many, and equal scores together.

Whoever is excluded is left out, without a trace of why. Children who could not be scored are counted, never dropped.
"""

import math
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from models.bands import Policy
from models.scope import WORDS
from service.exclusions import NOT_AVAILABLE
from service.exclusions import WORDS as UNAVAILABLE_WORDS
from service.loaded.ranking import Ranked, Standings
from service.loaded.worklist_form import Wanted, too_many
from service.problems import refused

# Why a child has no score, in words, by code.
NOT_SCORED: Mapping[str, str] = {
    **{str(code): words for code, words in WORDS.items()},
    NOT_AVAILABLE: UNAVAILABLE_WORDS,
}
# A product of a share and a count is a whole number where it is one, whatever floating point says.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Chosen:
    """
    The children listed, highest first, and what became of the others.

    `most` is how many the policy lets, `tied` those of the next score, who would have been too many. `below` have a score and
    are not listed; of `could_be_listed` among them so little is known that it could lift them into an earlier band.
    `not_scored` counts by code.
    """

    listed: list[Ranked]
    most: int
    asked: int
    tied: int
    below: list[Ranked]
    could_be_listed: int
    not_scored: Counter[str]
    outside: int


def choose(standings: Standings, wanted: Wanted, excluded: Collection[bytes], policy: Policy) -> Chosen:
    """Return the list of a team; raises Refused when more children are asked for than the policy lets a team see."""
    here = [
        one
        for one in standings.ranked[wanted.outcome]
        if wanted.landmark in {None, one.landmark} and one.hashed not in excluded
    ]
    most = policy.children_a_month or max(1, math.floor(policy.capacity * len(here) + _ROUNDING))
    asked = most if wanted.children is None else wanted.children
    if asked > most:
        raise refused([too_many(most)])
    length = _length(here, asked)
    below = here[length:]
    return Chosen(
        here[:length],
        most,
        asked,
        sum(one.log_odds == here[length].log_odds for one in below) if length < min(asked, len(here)) else 0,
        below,
        sum(one.could_be_higher for one in below),
        _not_scored(standings, excluded),
        sum(hashed not in excluded for hashed in standings.outside),
    )


def _length(here: list[Ranked], asked: int) -> int:
    """Return how many of the first are listed: those of one score all or none."""
    length = min(asked, len(here))
    if length < len(here):
        while length and here[length - 1].log_odds == here[length].log_odds:
            length -= 1
    return length


def _not_scored(standings: Standings, excluded: Collection[bytes]) -> Counter[str]:
    found = Counter[str](code for hashed, (_, code) in standings.not_scored.items() if hashed not in excluded)
    everybody = standings.references
    out = sum(hashed in everybody for hashed in excluded)
    return found + Counter({NOT_AVAILABLE: out})
