"""
What may be told of shares by group: nothing but what told counts make, each to the nearest five.

A group of one to nine children is told without any figure, and its children are counted with the attribute's largest group, so
that what is told of the groups makes up the whole; so it is with each measure's own children. Every interval is Wilson's, or Newcombe-Wilson's, of told counts. Verdicts are
those of the exact counts and, where there are enough, of the family bootstrap: by a point or so the two may differ.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from fairness.disclosure import rounding
from fairness.disclosure.hiding import hiding
from fairness.intervals import Comparison, NewcombeWilson, Share
from fairness.report import FIELDS
from fairness.verdicts import smallest_gap_seen
from models.small_numbers import FEWEST, rounded

NOTHING: list[float | None] = [None] * len(FIELDS)

Told = dict[str, Any]


class Compared(NamedTuple):
    """
    A measure of each group beside everyone else, and its verdict; `per` is of how many things of each child it is a share.

    `counts` are whole and part of each group as `fairness.disclosure.counts` tells them, in children.
    """

    comparisons: Sequence[Comparison]
    verdicts: Sequence[int | None]
    per: int
    counts: Mapping[str, tuple[int | None, int | None]]


def told_value(share: Share, per: int = 1) -> list[float | None]:
    """Return a share of everyone, with its interval, as it may be told."""
    whole, part = (int(rounding.told(np.array(count / per), np.array([False]))[0]) for count in (share.n, share.hits))
    return _value(_at(share, whole, min(part, whole), per))


def told_attribute(
    groups: Sequence[str],
    protected: Sequence[bool],
    sizes: Sequence[int],
    measures: Mapping[str, Compared],
    small_group: int,
) -> Told:
    """
    Return the lines of an attribute's groups: n, whether it is small, and for each measure the figures of FIELDS.

    `sizes` are the children of each group.
    """
    hidden, largest = hiding(sizes)
    together = _together(sizes, hidden, largest)
    told = {name: _figures(groups, compared) for name, compared in measures.items()}
    lines = [
        {
            "group": group,
            "protected": protected[g],
            "n": None if hidden[g] else rounded(together[g]) or 0,
            "small": hidden[g] or together[g] < small_group,
            "figures": {name: [*told[name][g], compared.verdicts[g]] for name, compared in measures.items()}
            if together[g] >= FEWEST and not hidden[g]
            else {},
        }
        for g, group in enumerate(groups)
    ]
    return {"hidden_in": None if largest is None else groups[largest], "groups": lines}


def _together(counts: Sequence[int], hidden: Sequence[bool], largest: int | None) -> list[int]:
    """Return the counts with those of hidden groups in the largest."""
    if largest is None:
        return list(counts)
    among = sum(count for count, is_hidden in zip(counts, hidden, strict=True) if is_hidden)
    return [count + among * (g == largest) for g, count in enumerate(counts)]


def _figures(groups: Sequence[str], compared: Compared) -> list[list[float | None]]:
    """Return all but the verdict of every group; everyone else is the other groups as they are told."""
    known = {
        group: (whole, part)
        for group, (whole, part) in compared.counts.items()
        if whole is not None and part is not None
    }
    everyone = [sum(counts[at] for counts in known.values()) for at in (0, 1)]
    found = []
    for group, comparison in zip(groups, compared.comparisons, strict=True):
        if group not in known:
            found.append(NOTHING[:-1])
            continue
        whole, part = known[group]
        share = _at(comparison.group, whole, min(part, whole), compared.per)
        rest = _at(comparison.rest, everyone[0] - whole, min(everyone[1] - part, everyone[0] - whole), compared.per)
        found.append([*_value(share), *_gap(share, rest, comparison)])
    return found


def _at(share: Share, n: int, hits: int, per: int) -> Share:
    """Return a share of so many children, at its own design effect to one decimal."""
    effect = round(share.n / share.effective_n, 1) if share.n else 1.0
    return replace(share, n=n, hits=hits, effective_n=n * per / effect)


def _value(share: Share) -> list[float | None]:
    """Return a told share and its interval; nothing of ten or fewer, which may be eight."""
    return NOTHING[:3] if share.n <= FEWEST else [round(number, 3) for number in (share.value, *share.bounds)]


def _gap(share: Share, rest: Share, comparison: Comparison) -> list[float | None]:
    """Return a told gap, its interval, and the smallest that could have been seen."""
    if comparison.gap is None or min(share.n, rest.n) <= FEWEST:
        return NOTHING[3:7]
    told = NewcombeWilson(share, rest)
    return [round(number, 3) + 0.0 for number in (told.value, *told.bounds, smallest_gap_seen(told))]
