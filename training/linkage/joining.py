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


def join_records(con: duckdb.DuckDBPyConnection, linkage: Linkage, decisions: Decisions, review: Path) -> Clusters:
    """Join records, and write `member` (uid, child from 0, strength of its link) and `decided` (uid_l, uid_r)."""
    uid = {(agency, own): n for n, agency, own in con.execute("SELECT uid, agency, id FROM people").fetchall()}
    same, apart = (
        [(uid[a], uid[b]) for a, b in pairs if a in uid and b in uid] for pairs in (decisions.same, decisions.different)
    )
    found = con.execute(
        f"SELECT uid_l, uid_r, probability FROM pairs WHERE probability >= {linkage.threshold}"
    ).fetchnumpy()
    left, right, probability = (np.asarray(found[name]) for name in ("uid_l", "uid_r", "probability"))
    pairs = [sorted(pair) for pair in (*same, *apart)]
    write_table(
        con, "decided", {f"uid_{side}": pa.array([p[n] for p in pairs], pa.int64()) for n, side in enumerate("lr")}
    )
    clusters = cluster(_promised(con, linkage), left, right, probability, same=same, apart=apart)
    if set(clusters.refused) & set(same):
        what = "decisions contradict each other: some records are the same by a chain of decisions, and different by another"
        raise DataError(
            "the decisions cannot be used", (Problem(review.name, what, "Correct the pairs decided last."),)
        )
    number = np.unique(clusters.child, return_inverse=True)[1].astype(np.int64)
    write_table(con, "member", {"uid": np.arange(len(number)), "child": number, "strength": clusters.strength})
    return clusters


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
    refused = [sorted(pair) for pair in clusters.refused]
    write_table(
        con, "refused", {f"uid_{side}": pa.array([p[n] for p in refused], pa.int64()) for n, side in enumerate("lr")}
    )
    return con.execute(f"""
        SELECT uid_l, uid_r, probability FROM pairs JOIN member AS l ON l.uid = uid_l JOIN member AS r ON r.uid = uid_r
        WHERE l.child <> r.child AND (uid_l, uid_r) NOT IN (SELECT (uid_l, uid_r) FROM decided)
            AND (probability BETWEEN {linkage.review} AND {linkage.threshold}
                OR (uid_l, uid_r) IN (SELECT (uid_l, uid_r) FROM refused))""").fetchall()
