"""Whose gaps the options are about: the groups that a policy protects, large enough to be told of, or the pools that stand for them."""

from collections.abc import Iterator

import numpy as np

from fairness.policy.policy import AttributePolicy, Floors, Policy
from models.contract import Contract
from training.mitigation.cells import Flags, Integers, Protected
from training.study import Study


def groups_asked(contract: Contract, study: Study, held_out: Integers, policy: Policy) -> list[Protected]:
    """
    Return each protected group; in place of one of whom too few are held out to be judged, its pool: as the gate asks of recall.

    `held_out` are the rows of the study that are judged.
    """
    labels = {attribute.name: attribute.label for attribute in contract.audit}
    return [
        Protected(asked.name, labels[asked.name], name, members)
        for asked in policy.attributes
        if asked.protects and asked.name in labels
        for name, members in _named(study, held_out, asked, policy.floors)
    ]


def _named(study: Study, held_out: Integers, asked: AttributePolicy, floors: Floors) -> Iterator[tuple[str, Flags]]:
    of = study.cohort.groups[asked.name][study.known]
    with_outcome = study.rows.y[held_out] == 1
    named: dict[str, Flags] = {}
    for group in asked.protects:
        alone, pool = of == group, asked.pool_of(group)
        if pool is not None and asked.by_pool(group, _enough(alone[held_out], with_outcome, floors)):
            named[pool] = np.isin(of, asked.pools[pool])
        else:
            named[group] = alone
    yield from named.items()


def _enough(who: Flags, with_outcome: Flags, floors: Floors) -> Flags:
    n, events = ((int((who & of).sum()), int((~who & of).sum())) for of in (np.ones_like(who), with_outcome))
    return floors.reached(n, events)
