"""
The answers of one landmark, judged: who is refused, how far the rest can be relied on, and what withdrawal would do.

What is counted by group is counted for every audit attribute of the contract.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from benchmarks.out_of_scope import scripted
from models.feature import Landmark
from models.record import ChildRecord
from models.scope import NotScored
from models.scorer import Scored, Scorer
from models.snapshot import take_snapshot
from models.withdrawal import Asked

SCRIPTED, SMALL_GROUP, FEW_FLAGGED = 100, 100, 20
WITHIN = 1e-12

Part = dict[str, Any]
Group = tuple[str, str]
EVERYONE: Group = ("everyone", "everyone")


@dataclass(frozen=True, slots=True)
class Resident:
    """A child, and the ages in days at which it came to live here and left (None: it did not), and which it is today."""

    key: str
    record: ChildRecord
    arrived: int
    left: int | None
    today: int

    def in_scope(self, at: Landmark) -> bool:
        """Whether the child has reached the landmark, and truly lived here from before until then, its birth on record."""
        here = self.today >= at.age and self.arrived < at.age and (self.left is None or self.left > at.age)
        return here and any(event.known <= at.age for event in self.record.events["births"])


@dataclass(slots=True)
class JudgedLandmark:
    """Judges the answers of one landmark; `groups` says, for each audit attribute, each child's group."""

    scorer: Scorer
    at: Landmark
    groups: dict[str, dict[str, object]]
    refused: dict[Group, list[bool]] = field(default_factory=lambda: defaultdict(list))
    unflagged: dict[str, dict[Group, list[bool]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    counts: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    grounds: Counter[str] = field(default_factory=Counter)
    levels: Counter[str] = field(default_factory=Counter)

    def judged(self, children: list[Resident]) -> Part:
        """Judge the answers to those of the children who are in scope."""
        within = [child for child in children if child.in_scope(self.at)]
        for number, child in enumerate(within):
            asked_at = self.at.age + number % (self.at.until - self.at.age)
            answer = self.scorer.score(child.record, asked_at)
            for group in self._groups_of(child.key):
                self.refused[group].append(isinstance(answer, NotScored))
            if isinstance(answer, Scored):
                self._relied_on(child, answer)
            else:
                self.codes[answer.code] += 1
        wrong = self._scripted([child.record for child in within][:SCRIPTED])
        return self._told(len(within), wrong)

    def _groups_of(self, key: str) -> Iterator[Group]:
        yield EVERYONE
        yield from ((name, str(found.get(key, "not recorded"))) for name, found in self.groups.items())

    def _relied_on(self, child: Resident, answer: Scored) -> None:
        for score in answer.scores:
            self.levels[score.reliability.level] += 1
            self.grounds.update(f"{ground.code}: {', '.join(ground.about)}" for ground in score.reliability.grounds)
        self.counts["good"] += all(score.reliability.level == "good" for score in answer.scores)
        self._withdraw(child, answer)

    def _withdraw(self, child: Resident, answer: Scored) -> None:
        """Withdraw each source in turn: count the flagged who would be unflagged, and any absence taken for safety."""
        asked = Asked(self.scorer.contract, self.at)
        covered = asked.proven(take_snapshot(child.record, self.at.age))
        last = len(self.scorer.policy.bands) - 1
        heads = [self.scorer.head(self.at.name, score.outcome.name) for score in answer.scores]
        before = [score.banding.place for score in answer.scores]
        for source, columns in asked.columns.items():
            if source in self.scorer.contract.scope.needs:
                continue
            row = [math.nan if i in columns else x for i, x in enumerate(answer.row)]
            after = [head.place(row) for head in heads]
            if any(later > place for later, place in zip(after, before, strict=True)):
                second = self.scorer.score_row(self.at, row, covered - {source})
                self.counts["fell"] += 1
                self.counts["taken for safety"] += _is_taken_for_safety(source, answer, second)
            if before[0] < last:
                for group in self._groups_of(child.key):
                    self.unflagged[source][group].append(after[0] == last)

    def _scripted(self, records: list[ChildRecord]) -> dict[str, int]:
        """Return how many children made out of scope in each way were not refused with the right code."""
        wrong: Counter[str] = Counter()
        for record in records:
            if isinstance(self.scorer.score(record, self.at.age), Scored):
                for code, altered, age in scripted(self.scorer.contract, self.at, record):
                    self.counts["scripted"] += 1
                    wrong[code] += self.scorer.score(altered, age) != NotScored(code)
        return {code: count for code, count in wrong.items() if count}

    def _told(self, within: int, wrong: dict[str, int]) -> Part:
        scores = self.levels.total()
        large = {group: _share(held) for group, held in self.refused.items() if len(held) >= SMALL_GROUP}
        return {
            "landmark": self.at.name,
            "in_scope": within,
            "refused": sum(self.refused[EVERYONE]),
            "refused_by_code": dict(self.codes),
            "refused_most_of_a_group": max(large.items(), key=lambda each: each[1]),
            "small_groups": [
                f"{n}: {g} ({len(held)})" for (n, g), held in self.refused.items() if len(held) < SMALL_GROUP
            ],
            "good": self.counts["good"],
            "good_share": round(self.counts["good"] / within, 4),
            "levels_of_scores": {level: round(count / scores, 4) for level, count in sorted(self.levels.items())},
            "grounds_of_scores": {ground: round(count / scores, 4) for ground, count in self.grounds.most_common()},
            "unflagged_by_withdrawal": {source: _shares(held) for source, held in self.unflagged.items()},
            "scripted": self.counts["scripted"],
            "scripted_wrong": wrong,
            "bands_lowered_by_withdrawal": self.counts["fell"],
            "absence_taken_for_safety": self.counts["taken for safety"],
        }


def _is_taken_for_safety(source: str, before: Scored, after: Scored | NotScored) -> bool:
    """Whether a band fell as a source was withdrawn, and the answer does not say all that it must."""
    if isinstance(after, NotScored):
        return False
    named = source in {each.name for each in after.unknown_sources}
    for first, second in zip(before.scores, after.scores, strict=True):
        if second.banding.place > first.banding.place:
            widths = [score.interval.high - score.interval.low for score in (first, second)]
            open_floor = second.reliability.level != "good" and not second.banding.floor_established
            if not (named and open_floor and widths[1] >= widths[0] - WITHIN):
                return True
    return False


def _share(held: list[bool]) -> float:
    return round(sum(held) / len(held), 4)


def _shares(held: dict[Group, list[bool]]) -> Part:
    """Return the shares of all and, by attribute, of every group with enough flagged children."""
    enough = {group: _share(each) for group, each in held.items() if len(each) >= FEW_FLAGGED}
    told: Part = {"flagged": len(held[EVERYONE]), "unflagged": enough.pop(EVERYONE, None)}
    by_group: dict[str, dict[str, float]] = defaultdict(dict)
    for (name, group), share in enough.items():
        by_group[name][group] = share
    return told | {"by_group": by_group}
