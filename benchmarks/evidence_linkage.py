"""
Evidence that records are linked as is promised (M11), measured on invented Englands at the default threshold.

At the default rates of mistakes: precision for every two agencies, pooled recall, recall of agencies that share only name,
date of birth and address, and how often the report's interval of a gap holds the gap in all of these Englands together. At
equal rates: no group is missed more than the rest.
"""

import sys
import tempfile
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

from models.contract_reading import load_contract
from models.secret import new_secret
from training.linkage.asked import Asked as ToLink
from training.linkage.link import link
from training.synthetic.area import NATION
from training.synthetic.foresight import ENGLAND
from training.synthetic.mistakes import load_mistakes
from training.synthetic.write import TRUTH, Asked, synthesise

BIRTHS, COHORTS = 1_500, tuple(range(2014, 2024))
DEFAULT_SEEDS, EQUAL_SEEDS = range(101, 109), range(201, 205)
# No number is held by these: whatever links them is a name, a date of birth and an address, or a third agency.
WITHOUT_NUMBERS = ("benefits", "family_hub", "early_help")
PRECISION, RECALL, RECALL_WITHOUT_NUMBERS, EXACT = 0.99, 0.95, 0.90, (0.75, 0.90)
# Intervals of 95 % in so many groups and Englands: fewer than this would say that they are too narrow.
HELD, GAP = 0.90, 0.03
# Groups of fewer pairs over all Englands are listed, and say too little to judge.
JUDGED_FROM = 1_000

Part = dict[str, Any]
Gap = tuple[str, str]


def linked(folder: Path) -> Iterator[Part]:
    """Link invented Englands and count."""
    yield _at_default([_report(folder, "default", seed) for seed in DEFAULT_SEEDS])
    yield _at_equal([_report(folder, "equal", seed) for seed in EQUAL_SEEDS])


def _report(folder: Path, mistakes: str, seed: int) -> Part:
    print(f"· linking an England of {mistakes} mistakes, seed {seed}", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(dir=folder) as name:
        place = Path(name)
        synthesise(Asked(NATION, BIRTHS, COHORTS, seed, load_mistakes(mistakes)), place / "raw", lambda _: None)
        new_secret(place / "key")
        identities = place / "raw" / TRUTH / "identities.csv"
        asked = ToLink(
            place / "raw", place / "key", place / "review.csv", place / "map.csv", place / "linked", identities
        )
        return link(load_contract(Path(str(ENGLAND)))[0], asked, lambda _: None)


def _at_default(reports: list[Part]) -> Part:
    truths = [report["truth"] for report in reports]
    exact = [truth["exact_on_all_but_numbers"] for truth in truths]
    precision = min(line["precision"]["value"] for truth in truths for line in truth["precision"] if line["precision"])
    without = _pooled([line for truth in truths for line in truth["recall_by_agencies"] if _no_numbers(line)])
    recall = _recall(truths)
    gaps, held = _gaps(truths), _held(truths)
    return {
        "part": "linking, default mistakes",
        "passed": EXACT[0] <= min(exact) <= max(exact) <= EXACT[1]
        and precision >= PRECISION
        and recall >= RECALL
        and without >= RECALL_WITHOUT_NUMBERS
        and held["held"] >= HELD * held["intervals"],
        "englands": len(reports),
        "births": BIRTHS * len(COHORTS),
        "exact_on_name_birth_postcode": [min(exact), max(exact)],
        "least_precision_of_two_agencies": precision,
        "recall": recall,
        "recall_without_numbers": without,
        "least_recall_of_two_agencies": min(
            _pooled([line for t in truths for line in t["recall_by_agencies"] if line["agencies"] == list(two)])
            for two in combinations(_agencies(reports), 2)
        ),
        "estimated": [reports[0]["estimates"]["overall"][name] for name in ("precision", "recall")],
        "gaps": {f"{attribute}: {group}": round(gap, 4) for (attribute, group), gap in gaps.items()},
        "intervals": held,
        "outcomes": _outcomes(reports),
    }


def _agencies(reports: list[Part]) -> list[str]:
    return [agency["agency"] for agency in reports[0]["agencies"]]


def _no_numbers(line: Part) -> bool:
    return set(line["agencies"]) <= set(WITHOUT_NUMBERS)


def _pooled(lines: list[Part]) -> float:
    pairs = sum(line["pairs"] for line in lines)
    return float(round(sum(line["pairs"] * line["recall"] for line in lines if line["pairs"]) / pairs, 5))


def _recall(truths: list[Part]) -> float:
    """Return recall over the pairs of all Englands together."""
    return _pooled(
        [{"pairs": o["pairs"], "recall": o["recall"]["value"]} for t in truths if (o := t["recall"]["overall"])]
    )


def _groups(truth: Part) -> dict[Gap, Part]:
    return {
        (line["attribute"], group["group"]): group
        for line in truth["recall"]["attributes"]
        for group in line["groups"]
        if group["recall"] is not None and group["gap"] is not None
    }


def _gaps(truths: list[Part]) -> dict[Gap, float]:
    """Return each group's recall minus everyone else's, over the pairs of all Englands together."""
    pairs, hits = _recall_of_all(truths)
    found: dict[Gap, tuple[float, float]] = {}
    for truth in truths:
        for key, group in _groups(truth).items():
            n, linked_pairs = found.get(key, (0.0, 0.0))
            found[key] = (n + group["pairs"], linked_pairs + group["pairs"] * group["recall"]["value"])
    return {
        key: of_group / n - (hits - of_group) / (pairs - n)
        for key, (n, of_group) in found.items()
        if n >= JUDGED_FROM and pairs > n
    }


def _recall_of_all(truths: list[Part]) -> tuple[float, float]:
    overall = [truth["recall"]["overall"] for truth in truths]
    return sum(o["pairs"] for o in overall), sum(o["pairs"] * o["recall"]["value"] for o in overall)


def _held(truths: list[Part]) -> Part:
    """
    Count the intervals, of each England and group, that hold the gap found in all the *other* Englands together.

    The other Englands' gap varies too, so that a little fewer than 95 % is what true intervals would hold.
    """
    held = intervals = 0
    for i, truth in enumerate(truths):
        others = _gaps(truths[:i] + truths[i + 1 :])
        for key, group in _groups(truth).items():
            if key in others:
                intervals += 1
                held += group["gap"]["low"] <= others[key] <= group["gap"]["high"]
    return {"intervals": intervals, "held": held, "share": round(held / intervals, 4)}


def _outcomes(reports: list[Part]) -> list[Part]:
    """Return by how many percentage points linked records differ from true identities, foreseen and found, at most."""
    found = []
    for report in reports:
        true = {told["outcome"]: told["share_on_true_identities"] for told in report["truth"]["outcomes"]}
        found += [
            (told["outcome"], told["foreseen_difference"], told["share_usable"] - true[told["outcome"]])
            for told in report["outcomes"]
        ]
    return [
        {
            "outcome": name,
            "largest_foreseen": round(100 * max((abs(f) for o, f, _ in found if o == name)), 4),
            "largest_found": round(100 * max((abs(d) for o, _, d in found if o == name)), 4),
            "furthest_apart": round(100 * max((abs(f - d) for o, f, d in found if o == name)), 4),
        }
        for name in dict.fromkeys(name for name, _, _ in found)
    ]


def _at_equal(reports: list[Part]) -> Part:
    gaps = _gaps([report["truth"] for report in reports])
    worst = min(gaps, key=lambda key: gaps[key])
    return {
        "part": "linking, equal mistakes",
        "passed": gaps[worst] >= -GAP,
        "englands": len(reports),
        "recall": _recall([report["truth"] for report in reports]),
        "worst_group": f"{worst[0]}: {worst[1]}",
        "worst_gap": round(gaps[worst], 5),
        "groups": len(gaps),
    }
