"""How many links are wrong and how many were missed, as the match probabilities foresee: estimates, not counts."""

import math
from itertools import combinations
from typing import Any

import duckdb

from models.linkage import Linkage

_PLACES = 6


def expected_errors(con: duckdb.DuckDBPyConnection, linkage: Linkage) -> dict[str, Any]:
    """
    Return expected precision and recall of the pairs of each two agencies, and of all.

    From `pairs`, `member` and `decided`. A linked pair is as sure as the two ways from its records to the first of the child, or as itself if that is surer.
    Pairs that no block tried, or that were too unlikely to keep, are in no sum; and the probabilities are the model's
    own, which lets parts go wrong one by one: a family that moves and takes another name is likelier one child than it
    says. So more is missed than is foreseen, and less is wrong.
    """
    con.execute("""
        CREATE OR REPLACE TEMP TABLE linked_pairs AS
        SELECT l.uid AS uid_l, r.uid AS uid_r, lp.agency AS agency_l, rp.agency AS agency_r,
            greatest(coalesce(probability, 0), least(l.strength, r.strength)) AS probability
        FROM member AS l JOIN member AS r ON l.child = r.child AND l.uid < r.uid
        JOIN people AS lp ON lp.uid = l.uid JOIN people AS rp ON rp.uid = r.uid
        LEFT JOIN pairs ON pairs.uid_l = l.uid AND pairs.uid_r = r.uid
        WHERE lp.agency <> rp.agency""")
    linked = _by_agencies(con, "SELECT agency_l, agency_r, count(*), sum(probability) FROM linked_pairs GROUP BY ALL")
    missed = _by_agencies(
        con,
        """
        SELECT agency_l, agency_r, count(*), sum(probability) FROM pairs
        JOIN member AS l ON l.uid = uid_l JOIN member AS r ON r.uid = uid_r
        WHERE l.child <> r.child AND agency_l <> agency_r AND (uid_l, uid_r) NOT IN (SELECT (uid_l, uid_r) FROM decided)
        GROUP BY ALL""",
    )
    names = [agency.name for agency in linkage.agencies]
    pairs = [{"agencies": list(two), **_expected(linked.get(two), missed.get(two))} for two in combinations(names, 2)]
    every = _expected(_total(linked), _total(missed))
    return {"these_are_estimates": True, "overall": every, "by_agencies": pairs}


def _by_agencies(con: duckdb.DuckDBPyConnection, sql: str) -> dict[tuple[str, str], tuple[int, float]]:
    return {(one, other): (n, total) for one, other, n, total in con.execute(sql).fetchall()}


def _total(found: dict[tuple[str, str], tuple[int, float]]) -> tuple[int, float]:
    return sum(n for n, _ in found.values()), math.fsum(total for _, total in found.values())


def _expected(linked: tuple[int, float] | None, missed: tuple[int, float] | None) -> dict[str, Any]:
    n, true = linked or (0, 0.0)
    lost = (missed or (0, 0.0))[1]
    return {
        "linked": n,
        "expected_wrong": round(n - true, 1),
        "expected_missed": round(lost, 1),
        "precision": round(true / n, _PLACES) if n else None,
        "recall": round(true / (true + lost), _PLACES) if n else None,
    }
