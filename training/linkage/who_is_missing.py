"""Who did not link: the share of an agency's children found elsewhere, by what it knows of them, and by outcome."""

from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from fairness.missed_matches import missed_matches
from fairness.scored import NOT_RECORDED
from models.contract import Contract
from models.feature import AuditAttribute, Outcome
from models.linkage import Linkage
from training.cohort import groups_of
from training.outcomes import outcome_sql
from training.scores import declared_groups

_PLACES = 6


def write_groups(con: duckdb.DuckDBPyConnection, events: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Write `groups` (attribute, name: a child's pseudonym, grp), of every audit attribute of the contract."""
    con.execute("CREATE TABLE groups (attribute VARCHAR, name VARCHAR, grp VARCHAR)")
    for attribute in contract.audit:
        found = {
            child: group for child, group in groups_of(events, contract, attribute).items() if isinstance(group, str)
        }
        con.register("found", pa.table({"name": list(found), "grp": list(found.values())}))
        con.execute("INSERT INTO groups SELECT ?, name, grp FROM found", [attribute.name])
        con.unregister("found")


def linked_by_group(con: duckdb.DuckDBPyConnection, contract: Contract, linkage: Linkage) -> list[dict[str, Any]]:
    """
    Return for each agency the share of its children found in another, by the attributes its own extracts tell.

    No truth is needed for it; but a child whom no other agency ever met is rightly found nowhere, so that these are
    shares and not recall.
    """
    found = []
    for agency in linkage.agencies:
        told = [a for a in contract.audit if a.source in agency.sources and a.absent is None]
        if told:
            found.append({"agency": agency.name, **_share_linked(con, contract, linkage, agency.name, told)})
    return found


def _share_linked(
    con: duckdb.DuckDBPyConnection, contract: Contract, linkage: Linkage, agency: str, told: list[AuditAttribute]
) -> dict[str, Any]:
    rows = con.execute(
        """
        SELECT name, children.family, count(DISTINCT people.agency) > 1 AS linked FROM children
        JOIN member USING (child) JOIN people USING (uid) WHERE child IN (
            SELECT child FROM member JOIN people USING (uid) WHERE agency = ?)
        GROUP BY name, children.family ORDER BY name""",
        [agency],
    ).fetchall()
    names = [name for name, _, _ in rows]
    return missed_matches(
        np.array([linked for _, _, linked in rows], dtype=np.bool_),
        np.array([family for _, family, _ in rows], dtype=np.str_),
        {attribute.name: groups_by(con, attribute.name, names) for attribute in told},
        {attribute.name: declared_groups(contract, attribute) for attribute in told},
        linkage.missed_match_margin,
    )


def groups_by(con: duckdb.DuckDBPyConnection, attribute: str, names: list[str]) -> Any:
    """Return the group of each of these children (pseudonyms, (n,)), *not recorded* where nothing tells."""
    found = dict(con.execute("SELECT name, grp FROM groups WHERE attribute = ?", [attribute]).fetchall())
    return np.array([found.get(name, NOT_RECORDED) for name in names], dtype=np.str_)


def outcomes_found(events: duckdb.DuckDBPyConnection, contract: Contract) -> list[dict[str, Any]]:
    """
    Return for each outcome how often it happened among all results, and among those that training can use.

    Training needs a child's records from the sources that the contract's scope names; a result that found none is lost.
    What is foreseen is the difference that this makes to the share, if the lost results belong to children of the area.
    """
    return [_outcome(events, contract, outcome) for outcome in contract.outcomes]


def _outcome(events: duckdb.DuckDBPyConnection, contract: Contract, outcome: Outcome) -> dict[str, Any]:
    in_scope = " AND ".join(f'child IN (SELECT child FROM "events_{name}")' for name in contract.scope.needs) or "true"
    results, happened, usable, usable_happened = events.execute(f"""
        SELECT count(*), count(*) FILTER (happened), count(*) FILTER ({in_scope}), count(*) FILTER (happened AND ({in_scope}))
        FROM ({outcome_sql(contract, outcome)})""").fetchall()[0]
    if not usable:
        return {
            "outcome": outcome.name,
            "results": results,
            "usable": usable,
            "share": None,
            "share_usable": None,
            "foreseen_difference": None,
        }
    share, found = happened / results, usable_happened / usable
    return {
        "outcome": outcome.name,
        "results": results,
        "usable": usable,
        "share": round(share, _PLACES),
        "share_usable": round(found, _PLACES),
        "foreseen_difference": round(found - share, _PLACES),
    }
