"""One landmark and outcome as `audit.json` has it: a line for everyone and for each group, from what may be told of its counts."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from fairness.audited import LISTED, STANDING, Grouped, HeadAudit, Integers
from fairness.disclosure import judged
from fairness.disclosure.again import again
from fairness.disclosure.curves import Point, curve
from fairness.disclosure.net_benefit import net_benefit, odds
from fairness.disclosure.recovered import PARTS, every_tally
from fairness.disclosure.shares import Counts, Exactly, Flags, Floats, Seven, shares
from fairness.disclosure.standing import standing
from fairness.disclosure.tallies import EVERYONE, Block
from fairness.disclosure.telling import Telling
from fairness.disclosure.verdicts import verdicts
from fairness.policy.policy import Policy

Part = dict[str, Any]
_PLACES = {**dict.fromkeys(LISTED, 3), **dict.fromkeys(STANDING, 2)}


class Lines:
    """The lines of one landmark and outcome, everyone's and every group's."""

    def __init__(self, head: HeadAudit, policy: Policy, labels: Mapping[str, str], how: Telling) -> None:
        self._head, self._policy, self._labels, self._how = head, policy, labels, how
        n, events, flagged, found = how.counts()
        self._counts = Counts(n[:, None], events[:, None], flagged, found)
        self._lists = flagged.shape[1]
        of = how.tallies
        self._exact = every_tally(of.n, of.events, of.flagged, of.found)
        self._verdicts = verdicts(head, policy, how)

    def audits(self) -> list[Part]:
        """Return the head's part of each list's audit."""
        head, of = self._head, self._how.tallies
        everyone = Block(head.everyone, EVERYONE, (False,), None, (EVERYONE,))
        few = [judged.not_alone(block.grouped, head.everyone, self._policy) for block in of.blocks]
        alone = [(b.grouped, each) for b, each in zip(of.blocks, few, strict=True) if b.grouped.kind == "attribute"]
        reach_of = judged.reaching(alone, self._policy, self._lists)
        whole = self._lines(everyone, np.zeros((1, self._lists), dtype=np.bool_))
        lines = [self._lines(block, each) for block, each in zip(of.blocks, few, strict=True)]
        return [
            {
                "landmark": head.landmark,
                "outcome": head.outcome,
                "reach": reach_of[k],
                "overall": whole[k][0],
                "attributes": [
                    {**self._names(block), "groups": each[k]} for block, each in zip(of.blocks, lines, strict=True)
                ],
            }
            for k in range(self._lists)
        ]

    def foresight(self) -> Part:
        """Return what no list changes."""
        head = self._head
        everyone = Block(head.everyone, EVERYONE, (False,), None, (EVERYONE,))
        return {
            "landmark": head.landmark,
            "outcome": head.outcome,
            "overall": self._standing_lines(everyone)[0],
            "attributes": [
                {**self._names(block), "groups": self._standing_lines(block)} for block in self._how.tallies.blocks
            ],
        }

    def _names(self, block: Block) -> Part:
        grouped = block.grouped
        label = " × ".join(self._labels.get(name, name) for name in grouped.name.split(" × "))
        hidden_in = None if block.hidden_in is None else grouped.groups[block.hidden_in]
        return {"attribute": grouped.name, "kind": grouped.kind, "label": label, "hidden_in": hidden_in}

    def _of(self, block: Block) -> tuple[Counts, Counts]:
        """Return the told counts of a block's groups, and of everyone else."""
        lines, all_of = list(block.line), self._counts
        own, every = (
            Counts(all_of.n[at], all_of.events[at], all_of.flagged[at], all_of.found[at])
            for at in (lines, [EVERYONE] * len(lines))
        )
        return own, every.less(own)

    def _lines(self, block: Block, few: Flags) -> list[list[Part]]:
        """Return the lines of a block's groups at each list."""
        grouped, (own, rest) = block.grouped, self._of(block)
        rounded = ~self._how.left[list(block.line)][:, : self._lists]
        told_of = shares(own, rest, grouped.figures, self._exactly(block), rounded)
        told_of["net_benefit"] = net_benefit(own, rest, grouped.figures["net_benefit"], odds(self._head.everyone))
        said = self._verdicts.of(block, grouped.figures)
        figures = {name: _listed(told_of[name], said[name], _PLACES[name]) for name in LISTED}
        second = again(told_of, grouped, self._policy)
        beyond = self._verdicts.beyond[list(block.lines)]
        counts = [_whole(each) for each in (own.flagged, own.found)]
        return [
            [
                {
                    **self._head_of(block, g, _int(own.n[g, 0]), _int(own.events[g, 0])),
                    "flagged": counts[0][g][k],
                    "found": counts[1][g][k],
                    "pool": self._pool(grouped, g) if few[g, k] else None,
                    "beyond": bool(beyond[g, k]),
                    "figures": {name: values[g][k] for name, values in figures.items()} if own.n[g, 0] > 0 else {},
                    "again": second[g][k],
                }
                for g in range(len(grouped.groups))
            ]
            for k in range(self._lists)
        ]

    def _exactly(self, block: Block) -> dict[str, Exactly]:
        """Return the exact counts of each share, and where it is told by them."""
        lines = list(block.line)
        return {
            measure: Exactly(
                self._how.exact[i][lines],
                *(self._exact[tally, lines] for tally in (hits, whole)),
                *(self._exact[tally, [EVERYONE]] - self._exact[tally, lines] for tally in (hits, whole)),
            )
            for i, (measure, (hits, _, whole)) in enumerate(PARTS.items())
        }

    def _standing_lines(self, block: Block) -> list[Part]:
        grouped, (own, rest) = block.grouped, self._of(block)
        of = self._how.tallies
        # How many are foreseen is a sum of probabilities and no count of children: to a whole child.
        foreseen = np.round(of.foreseen[list(block.line)])[:, None]
        rest_foreseen = np.round(of.foreseen[[EVERYONE]])[:, None] - foreseen
        told_of = standing(own, rest, foreseen, rest_foreseen, grouped.figures)
        figures = {name: _listed(told_of[name], grouped.figures[name].verdict, _PLACES[name]) for name in STANDING}
        return [
            {
                **self._head_of(block, g, _int(own.n[g, 0]), _int(own.events[g, 0])),
                "figures": {name: values[g][0] for name, values in figures.items()} if own.n[g, 0] > 0 else {},
                "curve": self._curve(block, g) if own.n[g, 0] >= self._policy.floors.children else None,
            }
            for g in range(len(grouped.groups))
        ]

    def _head_of(self, block: Block, g: int, n: int | None, events: int | None) -> Part:
        nobody = block.grouped.n[g] == 0
        return {
            "group": block.grouped.groups[g],
            "protected": block.grouped.protected[g],
            "n": 0 if nobody else n,
            "events": events,
            "small": n is None or n < self._policy.floors.children,
        }

    def _pool(self, grouped: Grouped, g: int) -> str | None:
        return self._policy.of(grouped.name).pool_of(grouped.groups[g]) if grouped.kind == "attribute" else None

    def _curve(self, block: Block, g: int) -> list[Point] | None:
        together = [block.grouped.groups.index(group) for group in block.together] if g == block.hidden_in else [g]
        return curve(block.grouped.curve, together)


def _listed(seven: Seven, said: Integers, places: int) -> list[list[list[float | None]]]:
    """Return, for each group and list, the eight numbers of `fairness.report.FIELDS`; a verdict where one is told."""
    numbers = np.stack([np.round(each, places) + 0.0 for each in np.broadcast_arrays(*seven)], axis=-1)
    verdicts = np.broadcast_to(said, numbers.shape[:2])
    return [
        [[*_plain(one), verdict if verdict >= 0 else None] for one, verdict in zip(line, of, strict=True)]
        for line, of in zip(numbers.tolist(), verdicts.tolist(), strict=True)
    ]


def _plain(numbers: list[float]) -> list[float | None]:
    return [None if number != number else number for number in numbers]


def _whole(counts: Floats) -> list[list[int | None]]:
    return [[_int(count) for count in line] for line in counts.tolist()]


def _int(count: float) -> int | None:
    return None if count != count else int(count)
