"""
Evidence that verdicts keep their promise (M8): invented scored tables whose true gap is known, through the whole audit.

Two groups differ in the primary measure by nothing, or by exactly the margin; how many children the measure rests on in the
smaller group is fixed. How often each verdict is given is counted over a thousand tables of each design, and told with its
standard error, the worst design first.
"""

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

import numpy as np

from benchmarks.invented_audits import CAPACITY, MARGIN, MEASURES, SIDES, Design, invented_scores
from fairness.audited import VERDICTS
from fairness.engine.audit import audited
from fairness.policy.policy import Policy, Primary, PrimaryMeasure
from fairness.verdicts import Verdict

AUDITS, SEED = 1_000, 61

Part = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Promise:
    """How often a verdict may be given, at most and at least, in each of these designs."""

    verdict: Verdict
    designs: tuple[Design, ...]
    most: float = 1.0
    least: float = 0.0

    def kept(self, judged: Callable[[Design], Part]) -> Part:
        """Return every design with how often the verdict was given, the worst first, and whether all are as promised."""
        found = sorted((judged(each) for each in self.designs), key=self._broken_by, reverse=True)
        said = {"verdict": self.verdict.value, "at_most": self.most, "at_least": self.least}
        return {**said, "passed": self._broken_by(found[0]) <= 0, "designs": found}

    def _broken_by(self, found: Part) -> float:
        given: float = found[self.verdict.value]
        # One of the two ends says nothing: never more than always, never less than never.
        return given - self.most if self.most < 1 else self.least - given


_BOTH: tuple[Primary, ...] = ("recall", "fdr")
# How large a part of all the group is, and how alike its families are: each goes with one gap, so that designs stay few.
_NO_GAP, _BELOW, _ABOVE = (0.0, 0.05, 0.3), (-MARGIN, 0.5, 0.0), (MARGIN, 0.2, 0.3)
_SMALL = tuple(
    # A twentieth of five hundred would be a table of thirty thousand that tells no more: there it is a fifth.
    Design(measure, rests_on, max(share, 0.2) if rests_on > 50 else share, gap, alike)
    for measure, rests_on, (gap, share, alike) in product(_BOTH, (10, 20, 50, 500), (_NO_GAP, _BELOW, _ABOVE))
)
_LARGE = tuple(
    Design(measure, rests_on, share, gap, alike)
    for measure, (rests_on, (gap, share, alike)) in product(_BOTH, ((2_500, _BELOW), (1_200, _ABOVE)))
)
_NINE = tuple(
    Design(measure, 9, share, gap, alike) for measure, (gap, share, alike) in product(_BOTH, (_NO_GAP, _BELOW))
)
PROMISES = {
    "a_gap_of_the_margin_is_not_within_it": Promise(
        Verdict.WITHIN_MARGIN, tuple(each for each in (*_LARGE, *_SMALL) if each.gap), most=0.04
    ),
    "no_gap_is_within_the_margin": Promise(Verdict.WITHIN_MARGIN, (Design("recall", 2_500, 0.5),), least=0.9),
    "no_gap_or_the_margin_is_not_larger": Promise(Verdict.LARGER_THAN_AGREED, (*_SMALL, *_LARGE), most=0.05),
    "nine_are_too_few": Promise(Verdict.CANNOT_TELL, _NINE, least=1.0),
}
# What as many children can tell where they have siblings, and where they are those on the list: less.
_ALSO = (Design("recall", 2_500, 0.5, alike=0.3), Design("fdr", 2_500, 0.5))


def audits() -> Part:
    """A gap is seldom called larger or smaller than it is; where there is none and the children are many, it is said."""
    once = cache(judged)
    promises = {name: promise.kept(once) for name, promise in PROMISES.items()}
    return {
        "part": "audits",
        "passed": all(each["passed"] for each in promises.values()),
        "margin": MARGIN,
        "capacity": CAPACITY,
        **promises,
        "not_promised": [once(design) for design in _ALSO],
    }


def judged(design: Design, audits: int = AUDITS) -> Part:
    """Return how often each verdict was given over the audits of a design, and how often the interval held the gap."""
    print(f"· {audits} audits of {design.rests_on} for {design.measure}", file=sys.stderr, flush=True)
    chance = np.random.default_rng([SEED, *design.numbers])
    found = [verdict_and_held(design, chance) for _ in range(audits)]
    shares = {phrase.value: float(np.mean([verdict == phrase for verdict, _ in found])) for phrase in Verdict}
    return {
        "measure": design.measure,
        "rests_on": list(design.sizes),
        "gap": design.gap,
        "alike": design.alike,
        "audits": audits,
        **{phrase: round(share, 4) for phrase, share in shares.items()},
        "standard_errors": {name: round(math.sqrt(p * (1 - p) / audits), 4) for name, p in shares.items()},
        "covered": round(float(np.mean([held for _, held in found])), 4),
    }


def verdict_and_held(design: Design, chance: np.random.Generator) -> tuple[Verdict, bool]:
    """Judge one invented table: the group's verdict on the primary measure, and whether its interval holds the true gap."""
    measure = MEASURES[design.measure]
    scored, place = invented_scores(design, chance)
    policy = Policy(primary=PrimaryMeasure(measure=design.measure))
    (head,) = audited(scored, place, {"side": SIDES}, (CAPACITY,), policy)
    (sides,) = head.grouped
    figures, group = sides.figures[measure.figure], sides.groups.index(SIDES[0])
    low, high = figures.gap_low[group, 0], figures.gap_high[group, 0]
    return VERDICTS[figures.verdict[group, 0]], bool(low <= measure.sign * design.gap <= high)
