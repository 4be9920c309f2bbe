"""How children are divided into groups: by an attribute, by the pools of one, and by two attributes together."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fairness.audited import Kind
from fairness.cell import cell
from fairness.policy.policy import AttributePolicy, Policy
from fairness.scored import NOT_RECORDED, audit_column

# Of more combinations than this only those are listed that a child is in.
MOST_COMBINATIONS = 60
NOBODY = -1

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Division:
    """Rows divided into groups: `number` (rows,) is each row's place among the groups, NOBODY where it is in none."""

    name: str
    kind: Kind
    groups: tuple[str, ...]
    protected: tuple[bool, ...]
    number: Integers


def everyone(rows: int) -> Division:
    """Return all rows as one group."""
    return Division("everyone", "everyone", ("everyone",), (False,), np.zeros(rows, dtype=np.int64))


def divisions(part: pd.DataFrame, declared: Mapping[str, Sequence[str]], policy: Policy) -> list[Division]:
    """Return every attribute, each followed by its pools if it has any, and then the policy's intersections."""
    alone = {name: _attribute(part, name, groups, policy.of(name)) for name, groups in declared.items()}
    with_pools = [
        each for one in alone.values() for each in (one, *_pooled(one, policy.of(one.name))) if each is not None
    ]
    pairs = [each.attributes for each in policy.intersections]
    return [*with_pools, *(_crossed(alone[a], alone[b], declared[a], declared[b]) for a, b in pairs)]


def _attribute(part: pd.DataFrame, name: str, declared: Sequence[str], policy: AttributePolicy) -> Division:
    """
    Return those declared, then those found, then those protected whom nobody is in, then *not recorded*.

    A group that the policy protects has a line wherever it has children or not: what has none is never asked of, and not missed.
    """
    codes, found = pd.factorize(part[audit_column(name)].astype(str), sort=True)
    every = tuple(
        dict.fromkeys([*(each for each in [*declared, *found, *policy.protects] if each != NOT_RECORDED), NOT_RECORDED])
    )
    places = {group: i for i, group in enumerate(every)}
    number = np.array([places[group] for group in found], dtype=np.int64)[codes]
    return Division(name, "attribute", every, tuple(group in policy.protects for group in every), number)


def _pooled(alone: Division, policy: AttributePolicy) -> Iterator[Division]:
    """Yield the pools of an attribute, if it has any; one is protected that may stand for a protected group (`judging`)."""
    if policy.pools:
        pools = tuple(policy.pools)
        of_group = [policy.pool_of(group) for group in alone.groups]
        number = np.array([NOBODY if pool is None else pools.index(pool) for pool in of_group])[alone.number]
        protected = tuple(any(group in policy.protects for group in groups) for groups in policy.pools.values())
        yield Division(alone.name, "pooled", pools, protected, number)


def _crossed(a: Division, b: Division, declared_a: Sequence[str], declared_b: Sequence[str]) -> Division:
    """Return the groups of two attributes together: every combination that is declared, or that a child is in."""
    width = len(b.groups)
    children = np.bincount(a.number * width + b.number, minlength=len(a.groups) * width)
    all_pairs = list(itertools.product(a.groups, b.groups))
    named = [x in declared_a and y in declared_b for x, y in all_pairs]
    listed = np.flatnonzero((children > 0) | named)
    if len(listed) > MOST_COMBINATIONS:
        listed = np.flatnonzero(children > 0)
    place = np.full(len(all_pairs), NOBODY)
    place[listed] = np.arange(len(listed))
    groups = tuple(cell(*all_pairs[k]) for k in listed.tolist())
    name = f"{a.name} × {b.name}"
    return Division(name, "intersection", groups, (False,) * len(groups), place[a.number * width + b.number])
