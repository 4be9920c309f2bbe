"""
Scores a file of requests for use: by what is live, each answer recorded before it is written, as the door would.

Lines are taken in groups, and a group is one entry of the record for each child, durable together. What was promoted, rolled back or
objected to while the file is scored counts from the next group on.
"""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from models.errors import GateRefused
from service.actions.scored import ScoredChild, asked_of, scored_child
from service.batch.lines import too_long
from service.body import check_json
from service.call import Call
from service.excluded import read_excluded
from service.live import Live
from service.problems import Problem, RecordUnavailable, problem_of
from service.record.entries import Record

# So many children are recorded together: one wait for the disk, and little is held.
TOGETHER = 200
# While the record cannot be had the run waits so many seconds, again and again, before it gives up.
PAUSES = (1, 2, 5, 10, 20)

Answer = bytes | Problem


@dataclass(frozen=True, slots=True)
class InUse:
    """What is live, and the client (`call`) whose children a file is about; `released` is the newest entry of the ledger."""

    call: Call
    record: Record
    live: Live
    released: int

    def answers(self, lines: Iterable[bytes | None], runner: asyncio.Runner) -> Iterator[Answer]:
        """Yield the answer of each line, or why there is none; raises GateRefused when something else went live."""
        rest = iter(lines)
        while group := list(islice(rest, TOGETHER)):
            runner.run(self._follow())
            found = [self._answer(line) for line in group]
            runner.run(self._recorded([each for each in found if isinstance(each, ScoredChild)]))
            yield from (each.told if isinstance(each, ScoredChild) else each for each in found)

    async def _follow(self) -> None:
        if await self.record.newest("release-") != self.released:
            raise GateRefused("the ledger changed while the file was scored, so nothing was written; score it again")
        await read_excluded(self.call.service, self.record)

    def _answer(self, line: bytes | None) -> ScoredChild | Problem:
        if line is None:
            return too_long()
        try:
            check_json(line)
            return scored_child(self.call, self.live, asked_of(self.call, self.live, line))
        except Exception as error:  # noqa: BLE001 - whatever it is, its message could hold a child's value
            return problem_of(error)

    async def _recorded(self, children: list[ScoredChild]) -> None:
        """Record a group; one that was recorded though nobody said so in time is not recorded twice."""
        if not children:
            return
        for pause in PAUSES:
            try:
                await self.record.append(*(child.entry() for child in children))
            except RecordUnavailable:
                await asyncio.sleep(pause)
                if await self._stands(children[-1].id):
                    return
            else:
                return
        raise RecordUnavailable("the decision record cannot be written, so nothing was answered; score the file again")

    async def _stands(self, id_: str) -> bool:
        try:
            return await self.record.one(id_) is not None
        except RecordUnavailable:
            return False
