"""
Who had help that the contract declares as an intervention.

Help counts where it began before the child's result, or before the outcome's window ends where there is none: what began
later cannot have changed it. Help that began before the landmark counts too, gone on or not: no feature tells of it, so that
nothing else would take it into account.
"""

from collections.abc import Mapping
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from models.contract import Contract
from models.feature import Feature, Landmark, Outcome
from models.intervention import Intervention
from models.record import MAX_AGE
from training.extract_sql import quoted
from training.snapshots import take_matrix

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
# By intervention and outcome, (n,) of the children of a cohort.
Helped = Mapping[str, Mapping[str, Flags]]
# Asked of a child at this age, a question is asked of all that was ever recorded.
_EVER = Landmark(name="ever", label="ever", age=MAX_AGE, until=MAX_AGE + 1)


def helped_by(
    con: duckdb.DuckDBPyConnection, contract: Contract, landmark: Landmark, children: NDArray[np.str_]
) -> dict[str, dict[str, Flags]]:
    """Return, for each intervention and each outcome at the landmark, who had it before the outcome; all in their order."""
    if not contract.interventions:
        return {}
    first = _first_days(con, contract, children)
    ends = {o.name: _ends(con, o, children) for o in contract.outcomes_at(landmark)}
    # A child without such help has no first day, which is NaN and before none.
    return {name: {outcome: days < end for outcome, end in ends.items()} for name, days in first.items()}


def left_out(contract: Contract, helped: Helped, outcome: str, count: int) -> Flags:
    """Return which of a cohort's `count` children are not learned from, for help they had."""
    apart = [helped[i.name][outcome] for i in contract.interventions if not i.learned_from]
    return np.asarray(np.any([np.zeros(count, dtype=np.bool_), *apart], axis=0))


def _first_days(con: duckdb.DuckDBPyConnection, contract: Contract, children: NDArray[np.str_]) -> dict[str, Floats]:
    """Return, for each intervention, the age in days at which each child first had it; NaN where it never did."""
    fields: dict[str, Any] = dict(contract) | {"features": tuple(map(_first_day, contract.interventions))}
    matrix = take_matrix(con, Contract.model_construct(**fields), _EVER, "SELECT child FROM children")
    place = np.searchsorted(matrix.children, children)
    return {name: matrix.numbers[place, i] for i, name in enumerate(matrix.names)}


def _first_day(intervention: Intervention) -> Feature:
    """Return help as a question that nobody is told of."""
    label = intervention.label
    return Feature(
        name=intervention.name,
        label=label,
        source=intervention.source,
        take="min",
        column="age",
        where=intervention.where,
        raises=label,
        lowers=label,
        not_known=label,
        correctable=False,
    )


def _ends(con: duckdb.DuckDBPyConnection, outcome: Outcome, children: NDArray[np.str_]) -> Floats:
    """Return the age in days before which help can have changed the outcome of each of these children."""
    day = "min" if outcome.take == "first" else "max"
    found = con.execute(f"""
        SELECT child, {day}(happened) FROM {quoted("events_" + outcome.source)}
        WHERE happened BETWEEN {outcome.window[0]} AND {outcome.window[1]} GROUP BY child""").fetchall()
    results = dict(found)
    return np.array([results.get(child, outcome.window[1] + 1) for child in children.tolist()], dtype=np.float64)
