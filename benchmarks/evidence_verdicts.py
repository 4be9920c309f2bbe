"""Evidence that verdicts on missed matches keep their promise: invented audits of a known gap, judged many times."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fairness.intervals import Bounds, Comparison, NewcombeWilson, compare_groups, share_of
from fairness.missed_matches import FLOOR, MARGIN, finding_of
from fairness.verdicts import Verdict, judge

# Pooled over designs; in each alone, a few hundred audits leave a standard error of .01 to .02.
COVERED, COVERED_IN_EACH, FALSELY = 0.94, 0.92, 0.05
MISSED_BY_THE_REST = 0.03
MOST_CHILDREN, FEWEST_PAIRS, MOST_PAIRS = 4, 3, 15
SEED = 11

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Part = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Design:
    """
    Audits of so many families whose group, a share of all, is linked less often by a gap.

    `alike` is the correlation within a child, and within a family. Siblings may be of different groups, as by sex; then
    there is no gap.
    """

    audits: int
    families: int
    group: float
    gap: float
    alike: float = 0.2
    siblings_differ: bool = False


NO_GAP = (
    Design(250, families=150, group=0.2, gap=0),
    Design(150, families=600, group=0.3, gap=0),
    Design(150, families=600, group=0.4, gap=0, siblings_differ=True),
)
AT_THE_MARGIN = (
    Design(250, families=150, group=0.1, gap=MARGIN),
    Design(250, families=150, group=0.1, gap=MARGIN, alike=0.5),
    Design(250, families=150, group=0.4, gap=MARGIN),
    Design(250, families=600, group=0.05, gap=MARGIN),
    Design(150, families=600, group=0.3, gap=MARGIN),
    Design(100, families=3000, group=0.05, gap=MARGIN),
    Design(100, families=3000, group=0.4, gap=MARGIN),
)
OVER_TWICE_THE_MARGIN = (
    Design(100, families=600, group=0.1, gap=0.07),
    Design(50, families=3000, group=0.1, gap=0.07),
)


def verdicts() -> Part:
    """Intervals hold the true gap as often as they say; a gap of the margin is seldom called larger, or within."""
    none, margin, larger = (list(map(audited, each)) for each in (NO_GAP, AT_THE_MARGIN, OVER_TWICE_THE_MARGIN))
    designs = [*none, *margin, *larger]
    covered = _pooled(designs, "covered")
    falsely = {
        phrase.value: _pooled(margin, phrase.value) for phrase in (Verdict.LARGER_THAN_AGREED, Verdict.WITHIN_MARGIN)
    }
    passed = covered >= COVERED and min(each["covered"] for each in designs) >= COVERED_IN_EACH
    return {
        "part": "verdicts",
        "passed": passed and max(falsely.values()) <= FALSELY,
        "audits": sum(each["audits"] for each in designs),
        "covered": covered,
        "at_the_margin": falsely,
        "designs": designs,
    }


def audited(design: Design) -> Part:
    """Return how often the interval held the truth, and each verdict was given, in the audits that reach the floor."""
    print(f"· judging {design.audits} audits of {design.families} families", file=sys.stderr, flush=True)
    shared = ("families", "group", "gap", "alike", "siblings_differ")
    kept = list(_over_the_floor(design))
    given = [judge([finding_of(comparison)], MARGIN, FLOOR)[0] for comparison, _ in kept]
    return {
        **{name: getattr(design, name) for name in shared},
        "audits": len(kept),
        "covered": _share(_holds(comparison.gap.bounds, design) for comparison, _ in kept if comparison.gap),
        "covered_without_everyone_s_correlation": _share(_holds(alone.bounds, design) for _, alone in kept),
        **{phrase.value: _share(verdict == phrase for verdict in given) for phrase in Verdict},
    }


def invented_audit(design: Design, chance: np.random.Generator) -> tuple[Integers, Integers]:
    """Return each family's true pairs and linked pairs in the group and in the rest: (families, 2) each."""
    children = chance.integers(1, MOST_CHILDREN + 1, design.families)
    family = np.repeat(np.arange(design.families), children)
    of_family = chance.random(design.families) < design.group
    in_group = chance.random(len(family)) < design.group if design.siblings_differ else of_family[family]
    missed: Floats = np.where(of_family, MISSED_BY_THE_REST + design.gap, MISSED_BY_THE_REST)
    by_child = _alike(_alike(missed, design.alike, chance)[family], design.alike, chance)
    pairs = chance.integers(FEWEST_PAIRS, MOST_PAIRS + 1, len(family))
    linked = pairs - chance.binomial(pairs, by_child)
    place, size = 2 * family + ~in_group, 2 * design.families
    n, hits = (np.bincount(place, each, size).astype(np.int64).reshape(-1, 2) for each in (pairs, linked))
    return n, hits


def _alike(mean: Floats, correlation: float, chance: np.random.Generator) -> Floats:
    """Return a chance drawn about each mean, from the beta distribution whose draws are so alike."""
    worth = (1 - correlation) / correlation
    # A shape of 0 is not a distribution; this near to it, everything is a hit or a miss.
    return chance.beta(np.maximum(mean * worth, 1e-9), np.maximum((1 - mean) * worth, 1e-9))


def _over_the_floor(design: Design) -> Iterator[tuple[Comparison, NewcombeWilson]]:
    """Yield each comparison, and the interval at the design effect of each side's own bootstrap alone."""
    chance = np.random.default_rng(SEED)
    for _ in range(design.audits):
        n, linked = invented_audit(design, chance)
        comparison = compare_groups(n, linked)[0]
        if all(
            share.n >= FLOOR.n and share.families >= FLOOR.denominator for share in (comparison.group, comparison.rest)
        ):
            yield comparison, NewcombeWilson(share_of(n[:, 0], linked[:, 0]), share_of(n[:, 1], linked[:, 1]))


def _holds(bounds: Bounds, design: Design) -> bool:
    return bounds[0] <= -design.gap <= bounds[1]


def _share(each: Iterable[bool]) -> float:
    return round(float(np.mean(list(each))), 4)


def _pooled(designs: Sequence[Part], figure: str) -> float:
    """Return a figure over all audits of these designs, each audit counting once."""
    return round(float(np.average([each[figure] for each in designs], weights=[each["audits"] for each in designs])), 4)
