"""
The audit of a score in use: the score alone beside what people did, by group, with intervals and verdicts.

It reads two files that are held apart from each other and from the service (`fairness.in_use.record`, `fairness.in_use.groups`),
and joins them by pseudonym. What it returns may be told.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fairness.audited import VERDICTS
from fairness.disclosure.counts import partition
from fairness.disclosure.hiding import hiding
from fairness.group_shares import Grouping, grouping, shares_by_group
from fairness.in_use.differences import Differences, told_differences
from fairness.in_use.groups import read_groups
from fairness.in_use.joined import Used, used
from fairness.in_use.measures import measures_of
from fairness.in_use.record import read_record
from fairness.intervals import RESAMPLES
from fairness.policy.policy import Policy
from fairness.report import FIELDS
from models.errors import DataError, Problem
from models.small_numbers import FEWEST, NEAREST, nearest, rounded

Told = dict[str, Any]
Names = NDArray[np.str_]


def in_use(record: Path, groups: Path, policy: Policy) -> Told:
    """
    Return what may be told of a score in use, of each landmark and outcome of the record.

    Raises DataError with all that is wrong with either file.
    """
    answers, problems = read_record(record)
    outcomes = [] if problems else list(dict.fromkeys(answers["outcome"].tolist()))
    children, others = read_groups(groups, outcomes)
    if not (problems or others) and not answers["subject"].isin(children["subject"]).any():
        remedy = "Use the same pseudonyms in both."
        others = [Problem(groups.name, "holds no child of the record", remedy)]
    if problems or others:
        raise DataError("the score in use cannot be audited", (*problems, *others))
    return {
        "format": 1,
        "minimum_cell": FEWEST,
        "rounded_to": NEAREST,
        "small_group": policy.floors.children,
        "resamples": RESAMPLES,
        "fields": list(FIELDS),
        "verdicts": [verdict.value for verdict in VERDICTS],
        "margins": {name: getattr(policy.margins, name) for name in ("refused", "recall", "fdr")},
        "bundles": sorted(set(answers["bundle"].tolist())),
        "never_asked": rounded(int((~children["subject"].isin(answers["subject"])).sum())),
        "heads": [_head(each, policy) for each in used(answers, children)],
    }


def _head(of: Used, policy: Policy) -> Told:
    measures = measures_of(of, policy.margins)
    groupings = [grouping(name, groups, (), policy) for name, groups in of.groups.items()]
    told = shares_by_group(measures, of.family, groupings, policy)
    differences = Differences(of, measures)
    (everyone,) = differences.offsets(np.zeros(len(of.known), dtype=np.int64), 1)
    for attribute, each in zip(told["attributes"], groupings, strict=True):
        _add_differences(attribute, each, differences)
    return {
        "landmark": of.landmark,
        "outcome": of.outcome,
        "n": rounded(len(of.known)),
        "not_among_the_groups": rounded(int((~of.matched).sum())),
        "other_answers": rounded(of.passed_over),
        "steps": _steps(of),
        "refusals": _parts(of.why[~of.scored]),
        "override_reasons": _parts(of.reason[(of.reason != "") & (of.listed != of.offered)]),
        "figures": told["figures"],
        "differences": told_differences(told["figures"], everyone),
        "attributes": told["attributes"],
    }


def _add_differences(attribute: Told, each: Grouping, differences: Differences) -> None:
    """Add to an attribute's lines what people changed; the children of hidden groups are counted with the largest."""
    hidden, largest = hiding(each.sizes.tolist())
    place = each.place if largest is None else np.where(np.array(hidden)[each.place], largest, each.place)
    for line, offsets in zip(attribute["groups"], differences.offsets(place, len(each.groups)), strict=True):
        line["differences"] = told_differences(line["figures"], offsets) if line["figures"] else {}


def _steps(of: Used) -> Mapping[str, int | None]:
    """Return how many children each step reached, each to the nearest five."""
    steps = {
        "asked": len(of.known),
        "scored": int(of.scored.sum()),
        "listed": int(of.listed.sum()),
        "viewed": int((of.listed & of.viewed).sum()),
        "offered": int(of.offered.sum()),
        "accepted": int((of.offered & of.accepted).sum()),
        "outcome_known": int(of.known.sum()),
    }
    return {name: rounded(count) for name, count in steps.items()}


def _parts(found: Names) -> dict[str, int | None]:
    """Return how many there are of each, the most first; what fewer than ten share is not named, and counted as *other*."""
    names, counts = np.unique(found, return_counts=True)
    named = sorted(zip(names.tolist(), counts.tolist(), strict=True), key=lambda each: (-each[1], each[0]))
    few = int(counts[counts < FEWEST].sum())
    every = {name: count for name, count in named if count >= FEWEST} | ({"other": few} if few else {})
    return {name: None if count is None else nearest(count) for name, count in partition(every).items()}
