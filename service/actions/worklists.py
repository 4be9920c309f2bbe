"""Makes a team's worklist: chosen, compared with the last, and recorded with a score for every child before anybody sees it."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.plain_words import STAMP
from service.access.caller import check_purpose, check_team
from service.actions.asking import live_of
from service.actions.once import answered_once
from service.actions.recorded import microseconds, record_of
from service.actions.scored import ScoredChild, scored_child
from service.actions.worklist_reads import last_list, list_headers, repeated_list, standing_before
from service.body import check_json, read_body
from service.call import Call, Reply
from service.live import Live
from service.loaded.changes import Before, Left, change, left
from service.loaded.choosing import NOT_SCORED, Chosen, choose
from service.loaded.kept_list import KeptGone, KeptList, KeptRow, series
from service.loaded.ranking import Ranked, Standings
from service.loaded.store import Load
from service.loaded.told_list import LIMITS, Row, ToldList
from service.loaded.worklist_form import FORM, Wanted, no_such_team, wanted
from service.problems import NOTHING_LOADED, Refused, refused
from service.record.entries import Entry, Excluded, Once, Record, Written
from service.record.ids import new_id
from service.request_record import Asked
from service.turns import in_turns

# A list is of this month.
VALID = datetime.timedelta(days=31)


@dataclass(frozen=True, slots=True)
class _Child:
    """A listed child with the answer about it, its place, and where it stood on the last list."""

    ranked: Ranked
    scored: ScoredChild
    place: int
    before: Before | None

    def told(self) -> Row:
        what, moved_from = change(self.before, self.place)
        return Row(self.ranked.reference, self.place, what, moved_from, self.scored.answer.stored)

    def kept(self) -> KeptRow:
        what, moved_from = change(self.before, self.place)
        return KeptRow(self.scored.id, self.place, what, moved_from, self.ranked.log_odds)


@dataclass(frozen=True, slots=True)
class _Making:
    """One list on its way: what is asked, of which bundle and load, on which day, and the last list there was."""

    call: Call
    live: Live
    load: Load
    asked: Wanted
    today: datetime.date
    last: KeptList | None
    before: Mapping[bytes, Before]

    async def children(self, listed: Sequence[Ranked]) -> list[_Child]:
        """Answer about every child listed. One who was excluded just now has no score, and is not told."""
        found = []
        async for one in in_turns(listed):
            scored = self._scored(one)
            if scored.answer.scored:
                place = 1 + sum(other.log_odds > one.log_odds for other in listed)
                found.append(_Child(one, scored, place, self.before.get(one.hashed)))
        return found

    def _scored(self, one: Ranked) -> ScoredChild:
        child = self.load.child(one.reference)
        if child is None:
            raise AssertionError("a load does not change")
        asked = Asked(one.reference, self.asked.purpose, one.age, child.record, self.asked.detail)
        return scored_child(self.call, self.live, asked)

    def head(self, chosen: Chosen, listed: int) -> dict[str, Any]:
        """Return what is said of the whole list."""
        return {
            "id": new_id(self.call.service.now()),
            "stamp": STAMP if self.call.service.evaluation else None,
            **{name: getattr(self.asked, name) for name in ("team", "purpose", "outcome", "landmark")},
            "bundle": self.live.bundle.id,
            "day": self.today.isoformat(),
            "extracted": self.load.extracted.isoformat(),
            "asked_for": chosen.asked,
            "most": chosen.most,
            "limits": LIMITS,
            "counted": {
                "listed": listed,
                "tied": chosen.tied,
                "below": len(chosen.below),
                "could_be_listed": chosen.could_be_listed,
                "outside_windows": chosen.outside,
            },
            "not_scored": [
                {"code": code, "words": NOT_SCORED[code], "children": count}
                for code, count in sorted(chosen.not_scored.items())
            ],
            "compared_with": self._compared(),
        }

    def _compared(self) -> dict[str, Any] | None:
        if self.last is None:
            return None
        head = self.last.head
        return {"id": head["id"], "day": head["day"], "same_bundle": head["bundle"] == self.live.bundle.id}

    async def made(self, standings: Standings, excluded: frozenset[bytes]) -> "_Made":
        """Return the list without those who are excluded."""
        chosen = choose(standings, self.asked, excluded, self.live.bundle.scorer.policy)
        children = await self.children(chosen.listed)
        return _Made(self.head(chosen, len(children)), children, left(self.before, chosen, standings, excluded))

    def entry(self, kept: KeptList, once: Once | None) -> Entry:
        """Return the entry of the list itself."""
        call = self.call
        return Entry(
            "worklist",
            call.caller.client,
            kept.payload(self.asked, call.caller.user),
            id=kept.head["id"],
            about=series(call.caller.client, self.asked),
            bundle=self.live.bundle.id,
            expires=microseconds(call.service.now() + VALID),
            once=once,
        )


async def make(call: Call) -> Reply:
    """Answer with a team's list; every child's answer has an id of its own, like any other score."""
    record = record_of(call)
    body = await read_body(call.scope, call.receive)
    check_json(body)

    async def work(once: Once | None) -> Reply:
        return await _recorded(call, record, body, once)

    async def again(before: Sequence[Written]) -> Reply:
        return await repeated_list(call, record, before)

    return await answered_once(call, record, body, work, again)


async def _recorded(call: Call, record: Record, body: bytes, once: Once | None) -> Reply:
    """Make a list and record it, without those who are excluded by then."""
    making, standings = await _begun(call, record, body)
    excluded = call.service.excluded | {call.service.references.of(subject) for subject in making.live.excluded}
    while True:
        made = await making.made(standings, excluded)
        try:
            await record.append(*made.entries(making, once))
        except Excluded as found:
            excluded |= found.subjects
        else:
            return made.reply(making)


@dataclass(frozen=True, slots=True)
class _Made:
    """A list with the children on it and those who left it, not recorded yet."""

    head: dict[str, Any]
    children: list[_Child]
    gone: list[Left]

    def entries(self, making: _Making, once: Once | None) -> list[Entry]:
        """Return the entry of the list, and those of its children."""
        gone = [KeptGone(one.score, one.place, one.why) for one in self.gone]
        kept = KeptList(self.head, [one.kept() for one in self.children], gone)
        return [making.entry(kept, once), *(one.scored.entry(once) for one in self.children)]

    def reply(self, making: _Making) -> Reply:
        """Return what is told."""
        told = ToldList(self.head, [one.told() for one in self.children], self.gone)
        return Reply(
            told.json(),
            status=201,
            headers=list_headers(self.head["id"]),
            bundle=making.live.bundle.id,
            outcomes=("scored",) * len(self.children),
        )


async def _begun(call: Call, record: Record, body: bytes) -> tuple[_Making, Standings]:
    """Return what a list is made of, and where the team's children stand; raises Refused."""
    live, today, loaded = live_of(call), call.service.today(), call.service.loaded
    asked = _asked(call, live, body)
    if loaded is None:
        raise Refused(NOTHING_LOADED, "This service keeps no store of child records.")
    load = loaded.load(live.bundle, today)
    if not load.has_team(asked.team):
        raise refused([no_such_team()])
    standings = await loaded.rankings.of(live, load, asked.team, today)
    last = await last_list(record, call.caller.client, asked, today)
    return _Making(call, live, load, asked, today, last, await standing_before(record, last)), standings


def _asked(call: Call, live: Live, body: bytes) -> Wanted:
    asked = wanted(live.bundle.contract, FORM.decode(body))
    check_purpose(call.caller, asked.purpose)
    check_team(call.caller, asked.team)
    return asked
