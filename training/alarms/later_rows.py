"""
`known_after_landmark`: a feature that saw what became known only after the landmark.

The features are compiled to keep that out. All the same, for some children of every landmark, everything that became known
later is thrown away first, and the other engine, which answers one child at a time, is asked the same questions of what is
left: it must give the very same numbers.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import duckdb
import numpy as np
from numpy.typing import NDArray

from models.contract import Contract
from models.features import FeatureSet
from models.record import ChildRecord, Event, Span
from models.snapshot import take_snapshot
from training.alarms.alarm import Alarm
from training.extract_sql import quoted
from training.plan import Plan
from training.snapshots import Matrix

ASKED = 100
THRESHOLD = (
    "the same numbers, to the bit, from records out of which all that became known later, by the days that the contract names, "
    "was taken"
)
RAW = "no extract with later days that the contract passes over"
LINKED = (
    "later days that the contract passes over were not looked for, as linked extracts no longer hold them: this is no proof that "
    "the contract names the right days"
)
Records = dict[str, ChildRecord]


def later_rows(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    matrices: Mapping[str, Matrix],
    plan: Plan,
    *,
    linked: bool = False,
) -> list[Alarm]:
    """
    Return an alarm for each landmark whose matrix holds what became known after it, or one that says that none does.

    The contract is believed as to when things became known; of extracts that are not `linked`, `passed_over` asks whether that
    may be wrong, and what is said where nothing rings tells the two apart.
    """
    found = [
        _ringing(name, wrong) for name, matrix in matrices.items() if (wrong := differing(con, contract, matrix, plan))
    ]
    asked = f"{THRESHOLD}; {LINKED if linked else RAW}"
    said = f"Of up to {2 * ASKED} children at each landmark, no feature changes when all that became known later is taken away."
    return found or [Alarm(code="known_after_landmark", rings=False, threshold=asked, found=said)]


def _ringing(landmark: str, features: Sequence[str]) -> Alarm:
    return Alarm(
        code="known_after_landmark",
        rings=True,
        threshold=THRESHOLD,
        found=f"Features rest on what became known only after the landmark: {', '.join(features)}.",
        advice="Correct in the contract when each row of their sources became known.",
        landmark=landmark,
    )


def differing(con: duckdb.DuckDBPyConnection, contract: Contract, matrix: Matrix, plan: Plan) -> tuple[str, ...]:
    """Return the features that differ, for some of the children, from those of records cut at the landmark."""
    rows = _asked(con, contract, matrix, plan)
    children = matrix.children[rows].tolist()
    records, questions = (
        cut_records(con, contract, children, matrix.landmark.age),
        FeatureSet(contract, matrix.landmark),
    )
    cut = np.array([questions.row(take_snapshot(records[child], matrix.landmark.age)) for child in children])
    apart = _apart(cut.reshape(len(children), -1), matrix.numbers[rows])
    return tuple(name for place, name in enumerate(matrix.names) if apart[:, place].any())


def _asked(con: duckdb.DuckDBPyConnection, contract: Contract, matrix: Matrix, plan: Plan) -> NDArray[np.int64]:
    """Return some children of any kind, and as many of whom something happened by then that was known only later."""
    chance, age = np.random.default_rng([plan.seed, 1]), matrix.landmark.age
    late = " UNION ".join(
        f"SELECT child FROM {quoted('events_' + source.name)} WHERE happened <= {age} AND known > {age}"
        for source in contract.feature_sources
    )
    told = np.array([child for (child,) in con.execute(late).fetchall()], dtype=np.str_)
    of_interest = np.flatnonzero(np.isin(matrix.children, told))
    drawn = [chance.permutation(rows)[:ASKED] for rows in (of_interest, np.arange(len(matrix.children)))]
    return np.unique(np.concatenate(drawn))


def _apart(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.asarray((first != second) & ~(np.isnan(first) & np.isnan(second)))


def cut_records(con: duckdb.DuckDBPyConnection, contract: Contract, children: list[str], age: int) -> Records:
    """Return the records of some children with nothing in them that became known after an age in days."""
    events: dict[str, dict[str, list[Event]]] = {child: defaultdict(list) for child in children}
    for source in contract.feature_sources:
        columns = sorted(contract.feature_columns[source.name])
        wanted = "".join(f", {quoted(column)}" for column in columns)
        table = quoted("events_" + source.name)
        asked = (
            f"SELECT child, happened, known{wanted} FROM {table} WHERE known <= {age} AND child IN (SELECT unnest(?))"
        )
        for child, happened, known, *values in con.execute(asked, [children]).fetchall():
            events[child][source.name].append(Event(happened, known, dict(zip(columns, values, strict=True))))
    spans = _cut_spans(con, contract, children, age)
    return {
        child: ChildRecord({name: tuple(rows) for name, rows in events[child].items()}, spans[child])
        for child in children
    }


def _cut_spans(
    con: duckdb.DuckDBPyConnection, contract: Contract, children: list[str], age: int
) -> dict[str, dict[str, tuple[Span, ...]]]:
    """Return the proven coverage known by an age: by child and source, each source by the one whose proof it shares."""
    found: dict[str, dict[str, list[Span]]] = {child: defaultdict(list) for child in children}
    asked = (
        f'SELECT child, source, start, "end", known FROM coverage WHERE known <= {age} AND child IN (SELECT unnest(?))'
    )
    for child, proof, *span in con.execute(asked, [children]).fetchall():
        found[child][proof].append(Span(*span))
    return {
        child: {name: tuple(proven.get(proof, ())) for name, proof in contract.proven_by.items()}
        for child, proven in found.items()
    }
