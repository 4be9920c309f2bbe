"""
Scores a team's loaded children, and keeps where they stand for as long as that can be: one bundle, one load, one day.

Whoever is excluded stands here too, and is left out each time a list is made, since an objection counts at once.
"""

import asyncio
import datetime
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field

from models.scope import Code, NotScored
from models.scorer import Scorer
from service.live import Live
from service.loaded.store import Load, LoadedChild
from service.record.references import References
from service.turns import in_turns

# Teams whose children's scores are kept at a time: some hundred bytes for each child.
MOST_KEPT = 64


@dataclass(frozen=True, slots=True)
class Ranked:
    """
    One child's score for one outcome. `hashed` is what the record keeps of the reference.

    `could_be_higher`: what is not known could lift the child into a band that is offered earlier.
    """

    reference: str
    hashed: bytes
    age: int
    landmark: str
    log_odds: float
    could_be_higher: bool


@dataclass(slots=True)
class Standings:
    """
    Where a team's children stand: by outcome those who have a score, highest first.

    `not_scored` says why of those who have none, `outside` are those in no landmark's window, each by what the record keeps of
    the reference.
    """

    ranked: dict[str, list[Ranked]] = field(default_factory=dict)
    not_scored: dict[bytes, tuple[str, Code]] = field(default_factory=dict)
    outside: dict[bytes, str] = field(default_factory=dict)

    @property
    def references(self) -> Mapping[bytes, str]:
        """The reference of every child of the team, by what the record keeps of it."""
        scored = {one.hashed: one.reference for ranked in self.ranked.values() for one in ranked}
        return self.outside | {hashed: reference for hashed, (reference, _) in self.not_scored.items()} | scored


class Rankings:
    """The standings of the teams that were asked about last."""

    def __init__(self, references: References) -> None:
        self._references = references
        self._kept: OrderedDict[tuple[str, str, datetime.date, str], Standings] = OrderedDict()
        # One after another: however many lists are asked for, other callers wait for one slice of work and no more.
        self._working = asyncio.Lock()

    async def of(self, live: Live, load: Load, team: str, today: datetime.date) -> Standings:
        """Return where a team's children stand on a day."""
        key = live.bundle.id, load.id, today, team
        async with self._working:
            found = self._kept.get(key)
            if found is None:
                found = self._kept[key] = await self._rank(live.bundle.scorer, load, team, today)
            self._kept.move_to_end(key)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return found

    async def _rank(self, scorer: Scorer, load: Load, team: str, today: datetime.date) -> Standings:
        found = Standings({outcome.name: [] for outcome in scorer.contract.outcomes})
        async for child in in_turns(load.team(team)):
            self._place(found, scorer, child, child.youngest(today))
        for ranked in found.ranked.values():
            ranked.sort(key=lambda one: (-one.log_odds, one.reference))
        return found

    def _place(self, found: Standings, scorer: Scorer, child: LoadedChild, age: int) -> None:
        hashed = self._references.of(child.reference)
        landmark = scorer.contract.landmark_for(age)
        if landmark is None:
            found.outside[hashed] = child.reference
            return
        answer = scorer.score(child.record, age, dated=False)
        if isinstance(answer, NotScored):
            found.not_scored[hashed] = child.reference, answer.code
            return
        for score in answer.scores:
            higher = not score.banding.floor_established
            one = Ranked(child.reference, hashed, age, landmark.name, score.scored.log_odds, higher)
            found.ranked[score.outcome.name].append(one)
