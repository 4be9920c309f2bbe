"""
What the rows of one source decide (M5): who would fall to the last band without it, and what one more row changes.

Judged on held-out children by the estimator that ships, from their rows of the matrix.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from fairness.disclosure.hiding import hiding
from fairness.scored import audit_column
from models.capacities import CAPACITIES
from models.contract import Contract
from models.estimator import Estimator
from models.feature import Landmark
from models.small_numbers import FEWEST, nearest, rounded
from models.withdrawal import Asked
from training.capacities import places

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Members = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The first list that each held-out child is on, as things are and, by source, with all of that source not known."""

    now: Integers
    without: Mapping[str, Integers]


def withdraw(contract: Contract, landmark: Landmark, x: Floats, estimator: Estimator, at: Floats) -> Withdrawn:
    """Withdraw each source in turn from rows of the matrix (n, features); `at` are the thresholds of the lists."""
    without = {}
    for source, columns in Asked(contract, landmark).columns.items():
        rest = x.copy()
        rest[:, list(columns)] = np.nan
        without[source] = places(estimator.log_odds(rest), at)
    return Withdrawn(places(estimator.log_odds(x), at), without)


def unflagged(withdrawn: Withdrawn, scored: pd.DataFrame, attributes: list[str], capacity: float) -> dict[str, Any]:
    """
    Return, by source, the share of the children in any band but the last whom its withdrawal would move to the last.

    `scored` holds the same children in the same order, with their groups. Shares are of counts to the nearest five; those
    of fewer than ten are hidden, and their children counted with the group named in `hidden_in`, as in what is told of an
    audit.
    """
    last = CAPACITIES.index(capacity)
    listed = withdrawn.now <= last
    groups = {name: _groups(scored[audit_column(name)].to_numpy(dtype=object), listed) for name in attributes}
    return {
        "capacity": capacity,
        "listed": rounded(int(listed.sum())),
        "hidden_in": {name: hidden_in for name, (_, hidden_in) in groups.items()},
        "sources": [
            {
                "source": source,
                "unflagged": _share(place > last, listed),
                "groups": {
                    name: {group: _share(place > last, who) for group, who in members.items()}
                    for name, (members, _) in groups.items()
                },
            }
            for source, place in withdrawn.without.items()
        ],
    }


def one_more_row(contract: Contract, landmark: Landmark, x: Floats, estimator: Estimator) -> dict[str, float]:
    """Return, by source, the most that one more in one of its counts of rows changes any of these children's probability."""
    found: dict[str, float] = {}
    now = expit(estimator.log_odds(x))
    for column, feature in enumerate(contract.features_at(landmark)):
        if feature.take == "count":
            more = x.copy()
            more[:, column] += 1
            change = float(np.abs(expit(estimator.log_odds(more)) - now).max(initial=0.0))
            found[feature.source] = max(found.get(feature.source, 0.0), round(change, 6))
    return found


def _groups(of: NDArray[np.object_], listed: Members) -> tuple[dict[str, Members], str | None]:
    """Return who of the listed is told of with each group (nobody, with a hidden one), and where the hidden are counted."""
    names = sorted(set(of.tolist()))
    hidden, place = hiding([int((listed & (of == name)).sum()) for name in names])
    hidden_in = None if place is None else str(names[place])
    told = of.copy()
    told[np.isin(of, [name for name, is_hidden in zip(names, hidden, strict=True) if is_hidden])] = hidden_in
    return {str(name): listed & (told == name) for name in names}, hidden_in


def _share(falls: Members, listed: Members) -> float | None:
    count = int(listed.sum())
    return round(nearest(int((falls & listed).sum())) / nearest(count), 3) if count >= FEWEST else None
