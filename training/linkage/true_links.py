"""Links beside the truth, where it is known: precision and recall by agencies, recall by group, what outcomes lose."""

from itertools import combinations
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from fairness.missed_matches import missed_matches, precision_of
from fairness.scored import NOT_RECORDED
from models.contract import Contract
from models.errors import DataError, Problem
from models.feature import Outcome
from models.linkage import Linkage
from training.extract_sql import literal
from training.outcomes import outcome_sql
from training.scores import declared_groups

COLUMNS = ("agency", "id", "child")
# Not an attribute of the contract: twins and siblings are told alone (M11), since they look alike.
RELATIVES = "brothers_and_sisters"
_PLACES = 6


def against_truth(
    con: duckdb.DuckDBPyConnection, contract: Contract, linkage: Linkage, events: duckdb.DuckDBPyConnection, path: Path
) -> dict[str, Any]:
    """
    Return how the links compare with a file of true identities (agency, id, child).

    Recall is over true pairs of records in two agencies, both of which exist; precision over linked ones (M11).
    """
    _read(con, path)
    _write_pairs(con)
    _write_groups(con, contract, linkage)
    names = [agency.name for agency in linkage.agencies]
    declared = {a.name: declared_groups(contract, a) for a in contract.audit} | {RELATIVES: list(_RELATIVES)}
    return {
        "exact_on_all_but_numbers": _exact(con, linkage),
        "precision": precision_of(_linked_pairs(con, names)),
        "recall_by_agencies": _recall_by_agencies(con, names),
        "recall": _by_group(con, declared, linkage.missed_match_margin),
        "outcomes": [_outcome(con, events, contract, linkage, outcome) for outcome in contract.outcomes],
    }


def _read(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Write `truth` (uid, true_child), of the records whose truth is told, and told once."""
    try:
        con.execute(f"""
            CREATE TABLE truth AS SELECT uid, min(child) AS true_child
            FROM read_csv({literal(str(path))}, all_varchar = true, header = true) AS told
            JOIN people ON people.agency = told.agency AND people.id = told.id
            GROUP BY uid HAVING min(child) = max(child)""")
    except duckdb.Error:
        problem = Problem(path.name, f"is not a table of {', '.join(COLUMNS)}", "Name the file of true identities.")
        raise DataError("the truth cannot be read", (problem,)) from None


def _write_pairs(con: duckdb.DuckDBPyConnection) -> None:
    """Write `true_pairs` (true_child, agency_l, agency_r, linked), and `true_children` (true_child, family, born)."""
    con.execute("""
        CREATE TABLE true_pairs AS
        SELECT true_child, lp.uid AS uid_l, rp.uid AS uid_r, lp.agency AS agency_l, rp.agency AS agency_r, lm.child = rm.child AS linked
        FROM truth AS l JOIN truth AS r USING (true_child)
        JOIN people AS lp ON lp.uid = l.uid JOIN people AS rp ON rp.uid = r.uid
        JOIN member AS lm ON lm.uid = l.uid JOIN member AS rm ON rm.uid = r.uid
        WHERE l.uid < r.uid AND lp.agency <> rp.agency""")
    con.execute("""
        CREATE TABLE true_children AS
        SELECT true_child, arg_min(family, uid) AS family, arg_min(born, uid) AS born
        FROM truth JOIN member USING (uid) JOIN children USING (child) GROUP BY true_child""")


def _write_groups(con: duckdb.DuckDBPyConnection, contract: Contract, linkage: Linkage) -> None:
    """Write `true_groups` (attribute, true_child, grp), from the groups that linked children are in."""
    con.execute("CREATE TABLE true_groups (attribute VARCHAR, true_child VARCHAR, grp VARCHAR)")
    for attribute in contract.audit:
        # The attribute is told by one agency's record, which belongs to one true child whatever it was linked to.
        agency = linkage.agency_of[attribute.source].name if attribute.source in linkage.agency_of else ""
        con.execute(
            """
            INSERT INTO true_groups SELECT ?, true_child, min(grp) FROM groups JOIN children USING (name)
            JOIN member USING (child) JOIN people USING (uid) JOIN truth USING (uid)
            WHERE attribute = ? AND people.agency = ? GROUP BY true_child HAVING min(grp) = max(grp)""",
            [attribute.name, attribute.name, agency],
        )
        if attribute.absent is not None:
            con.execute(
                """INSERT INTO true_groups SELECT ?, true_child, ? FROM true_children
                WHERE true_child NOT IN (SELECT true_child FROM true_groups WHERE attribute = ?)""",
                [attribute.name, attribute.absent, attribute.name],
            )
    con.execute(f"INSERT INTO true_groups SELECT '{RELATIVES}', true_child, grp FROM ({_RELATIVES_SQL})")


_RELATIVES = ("A twin", "A brother or sister, not a twin", "No brother or sister on record")
_RELATIVES_SQL = f"""
    SELECT true_child, CASE WHEN count(*) OVER (PARTITION BY family, born) > 1 THEN '{_RELATIVES[0]}'
        WHEN count(*) OVER (PARTITION BY family) > 1 THEN '{_RELATIVES[1]}' ELSE '{_RELATIVES[2]}' END AS grp
    FROM true_children"""


def _exact(con: duckdb.DuckDBPyConnection, linkage: Linkage) -> float | None:
    """Return the share of true pairs that are the same in every name, date and postcode: how hard the records are."""
    same = []
    for part in linkage.parts:
        if part.kind in {"name", "date"}:
            same.append(f"l.{part.name} = r.{part.name}")
        if part.kind == "postcode":
            same.append(f"list_has_any(l.{part.name}__held, r.{part.name}__held)")
    found = con.execute(f"""
        SELECT avg(CAST(coalesce({" AND ".join(same) or "true"}, false) AS INTEGER)) FROM true_pairs
        JOIN people AS l ON l.uid = uid_l JOIN people AS r ON r.uid = uid_r""").fetchall()[0][0]
    return round(found, _PLACES) if found is not None else None


def _linked_pairs(con: duckdb.DuckDBPyConnection, names: list[str]) -> dict[tuple[str, str], tuple[int, int]]:
    """Return of each two agencies how many pairs were linked whose truth is told, and how many of them are one child."""
    found = con.execute("""
        SELECT agency_l, agency_r, count(*), count(*) FILTER (l.true_child = r.true_child) FROM linked_pairs
        JOIN truth AS l ON l.uid = uid_l JOIN truth AS r ON r.uid = uid_r GROUP BY ALL""").fetchall()
    counts = {(one, other): (linked, true) for one, other, linked, true in found}
    return {two: counts.get(two, (0, 0)) for two in combinations(names, 2)}


def _recall_by_agencies(con: duckdb.DuckDBPyConnection, names: list[str]) -> list[dict[str, Any]]:
    found = con.execute(
        "SELECT agency_l, agency_r, count(*), count(*) FILTER (linked) FROM true_pairs GROUP BY ALL"
    ).fetchall()
    counts = {(one, other): (pairs, linked) for one, other, pairs, linked in found}
    return [
        {"agencies": list(two), "pairs": pairs, "recall": round(linked / pairs, _PLACES) if pairs else None}
        for two in combinations(names, 2)
        for pairs, linked in [counts.get(two, (0, 0))]
    ]


def _by_group(con: duckdb.DuckDBPyConnection, declared: dict[str, list[str]], margin: float) -> dict[str, Any]:
    rows = con.execute(
        "SELECT true_child, family, linked FROM true_pairs JOIN true_children USING (true_child) ORDER BY ALL"
    ).fetchall()
    groups = {}
    for attribute in declared:
        found = dict(con.execute("SELECT true_child, grp FROM true_groups WHERE attribute = ?", [attribute]).fetchall())
        groups[attribute] = np.array([found.get(child, NOT_RECORDED) for child, _, _ in rows], dtype=np.str_)
    linked = np.array([linked for _, _, linked in rows], dtype=np.bool_)
    family = np.array([family for _, family, _ in rows], dtype=np.str_)
    return missed_matches(linked, family, groups, declared, margin)


def _outcome(
    con: duckdb.DuckDBPyConnection,
    events: duckdb.DuckDBPyConnection,
    contract: Contract,
    linkage: Linkage,
    outcome: Outcome,
) -> dict[str, Any]:
    """Return the share of an outcome among children who truly have the records that the scope needs, linked or not."""
    agency_of = linkage.agency_of
    needed = {agency_of[source].name for source in contract.scope.needs if source in agency_of}
    con.register("told", events.sql(outcome_sql(contract, outcome)).to_arrow_table())
    agency = agency_of[outcome.source].name if outcome.source in agency_of else ""
    has = " AND ".join(
        f"true_child IN (SELECT true_child FROM truth JOIN people USING (uid) WHERE agency = {literal(need)})"
        for need in sorted(needed)
    )
    share = con.execute(
        f"""
        SELECT avg(CAST(told.happened AS INTEGER)) FROM told JOIN children ON children.name = told.child
        JOIN member ON member.child = children.child JOIN people USING (uid) JOIN truth USING (uid)
        WHERE people.agency = ? AND {has or "true"}""",
        [agency],
    ).fetchall()[0][0]
    con.unregister("told")
    return {"outcome": outcome.name, "share_on_true_identities": round(share, _PLACES) if share is not None else None}
