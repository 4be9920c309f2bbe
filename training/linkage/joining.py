"""Joins likely pairs into children, decisions first, and finds the pairs that a person should look at."""

from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from models.errors import DataError, Problem
from models.linkage import Linkage
from training.extract_sql import literal
from training.linkage.clusters import Clusters, Ints, cluster
from training.linkage.review import Decisions
from training.linkage.tables import write_table

Pair = tuple[int, int]


def join_records(con: duckdb.DuckDBPyConnection, linkage: Linkage, decisions: Decisions, review: Path) -> Clusters:
    """Join records, and write `member` (uid, child from 0, strength of its link) and `decided` (uid_l, uid_r)."""
    same, apart = _decided(con, decisions)
    found = con.execute(
        f"SELECT uid_l, uid_r, probability FROM pairs WHERE probability >= {linkage.threshold}"
    ).fetchnumpy()
    left, right, probability = (np.asarray(found[name]) for name in ("uid_l", "uid_r", "probability"))
    clusters = cluster(_promised(con, linkage), left, right, probability, same=same, apart=apart)
    if set(clusters.refused) & set(same):
        what = "some records are the same by a chain of decisions, and different by another"
        problem = Problem(review.name, what, "Correct the pairs that were decided last.")
        raise DataError("the decisions contradict each other", (problem,))
    number = np.unique(clusters.child, return_inverse=True)[1].astype(np.int64)
    write_table(con, "member", {"uid": np.arange(len(number)), "child": number, "strength": clusters.strength})
    return clusters


def _decided(con: duckdb.DuckDBPyConnection, decisions: Decisions) -> list[list[Pair]]:
    """Return the pairs decided to be the same and to be different, by uid; ids that nobody has any more are left out."""
    named = sorted({record for pair in (*decisions.same, *decisions.different) for record in pair})
    columns = {name: pa.array([record[n] for record in named], pa.string()) for n, name in enumerate(("agency", "id"))}
    write_table(con, "named_in_decisions", columns)
    # Ids go when children leave; whoever reads the report is told how many decisions are about nobody now.
    rows = con.execute("SELECT uid, agency, id FROM people JOIN named_in_decisions USING (agency, id)").fetchall()
    uid = {(agency, own): n for n, agency, own in rows}
    found = [
        [(uid[a], uid[b]) for a, b in pairs if a in uid and b in uid] for pairs in (decisions.same, decisions.different)
    ]
    _write_pairs(con, "decided", [pair for pairs in found for pair in pairs])
    return found


def _write_pairs(con: duckdb.DuckDBPyConnection, name: str, pairs: list[Pair]) -> None:
    ordered = [sorted(pair) for pair in pairs]
    write_table(
        con, name, {f"uid_{side}": pa.array([p[n] for p in ordered], pa.int64()) for n, side in enumerate("lr")}
    )


def _promised(con: duckdb.DuckDBPyConnection, linkage: Linkage) -> Ints:
    bits = [f"WHEN {literal(a.name)} THEN {1 << n}" for n, a in enumerate(linkage.agencies) if a.one_id_a_child]
    promised = f"CASE agency {' '.join(bits)} ELSE 0 END" if bits else "0"
    return np.asarray(con.execute(f"SELECT {promised}::BIGINT AS bit FROM people ORDER BY uid").fetchnumpy()["bit"])


def pairs_to_review(
    con: duckdb.DuckDBPyConnection, linkage: Linkage, clusters: Clusters
) -> list[tuple[int, int, float]]:
    """
    Return the pairs that nobody has decided on yet and somebody should look at.

    They lie in the grey zone and are not one child anyway, or are likely but against an agency's promise.
    """
    _write_pairs(con, "refused", clusters.refused)
    return con.execute(f"""
        SELECT uid_l, uid_r, probability FROM pairs JOIN member AS l ON l.uid = uid_l JOIN member AS r ON r.uid = uid_r
        WHERE l.child <> r.child AND (uid_l, uid_r) NOT IN (SELECT (uid_l, uid_r) FROM decided)
            AND (probability BETWEEN {linkage.review} AND {linkage.threshold}
                OR (uid_l, uid_r) IN (SELECT (uid_l, uid_r) FROM refused))""").fetchall()
