"""The groups of an audit attribute as they were on record at a landmark: not as later rows would have them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb
import numpy as np
from numpy.typing import NDArray

from fairness.scored import NOT_RECORDED
from models.contract import Contract
from models.feature import AuditAttribute, Landmark
from training.cohort import CohortTable, groups_of
from training.extract_sql import quoted

# Of the children whose group is ever recorded, the share that must have one by then for it to be a feature of that age.
_MOST = 0.5


@dataclass(frozen=True, slots=True)
class KnownGroups:
    """
    A cohort's groups (children,), what share of those ever recorded were so by the landmark, and whether these are those.

    Where `then` is False too few were: the groups are as recorded later, which no score at the landmark could rest on.
    """

    groups: NDArray[np.str_]
    share: float
    then: bool


def known_groups(
    con: duckdb.DuckDBPyConnection, contract: Contract, attribute: AuditAttribute, cohort: CohortTable
) -> KnownGroups:
    """Return a cohort's groups as its landmark knew them, or as recorded later where it hardly knew any."""
    later = cohort.groups[attribute.name]
    with _as_known(con, attribute, cohort.matrix.landmark) as cut:
        found = groups_of(cut, contract, attribute)
    then = np.array([found.get(child, NOT_RECORDED) for child in cohort.matrix.children.tolist()], dtype=np.str_)
    ever = later != NOT_RECORDED
    share = float((then[ever] != NOT_RECORDED).mean()) if ever.any() else 0.0
    return KnownGroups(then, share, then=True) if share >= _MOST else KnownGroups(later, share, then=False)


@contextmanager
def _as_known(
    con: duckdb.DuckDBPyConnection, attribute: AuditAttribute, landmark: Landmark
) -> Iterator[duckdb.DuckDBPyConnection]:
    """
    Lend a connection on which the attribute's source has only the rows known at the landmark.

    A temporary view goes before the table of the same name, and is seen by its own connection alone: so the very question
    that the audit asks is asked of less.
    """
    events = quoted("events_" + attribute.source)
    ((catalog,),) = con.execute("SELECT current_database()").fetchall()
    with con.cursor() as cut:
        table = f"{quoted(catalog)}.main.{events}"
        cut.execute(f"CREATE TEMP VIEW {events} AS SELECT * FROM {table} WHERE known <= {landmark.age}")
        yield cut
