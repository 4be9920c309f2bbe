"""What linking found, as data: coverage, weights, how sure links are, who is missing, what outcomes lose."""

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from models.contract import Contract
from models.linkage import Linkage
from training.extract_sql import literal
from training.ingest import ingest
from training.linkage.estimates import expected_errors
from training.linkage.people import AgencyReport
from training.linkage.pseudonyms import Change
from training.linkage.review import Decisions
from training.linkage.true_links import against_truth
from training.linkage.who_is_missing import linked_by_group, outcomes_found, write_groups
from training.linkage.writing import Written

FORMAT = 1
_PLACES = 6


@dataclass(frozen=True, slots=True)
class Evidence:
    """What linking went through, for its report."""

    agencies: list[AgencyReport]
    tried: list[int]
    model: dict[str, Any]
    relatives: dict[str, float]
    written: list[Written]
    changes: list[Change]
    decisions: Decisions
    to_review: int
    private: tuple[str, str]


def report_of(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    linkage: Linkage,
    folder: Path,
    evidence: Evidence,
    truth: Path | None,
) -> dict[str, Any]:
    """Return the report, ready for JSON: counts, rates and parameters; nothing in it identifies anybody."""
    events, _ = ingest(contract, folder)
    write_groups(con, events, contract)
    try:
        return {
            "format": FORMAT,
            "contract": contract.label,
            "labels": {a.name: a.label for a in contract.audit} | {o.name: o.label for o in contract.outcomes},
            "backend": linkage.backend,
            "threshold": linkage.threshold,
            "review_from": linkage.review,
            "agencies": [_agency(con, linkage, report) for report in evidence.agencies],
            "shared": _shared(con, linkage),
            "sources": [_source(written) for written in evidence.written],
            "model": _model(linkage, evidence),
            "weights": _histogram(con, linkage),
            "children": _children(con),
            "changes": {kind: sum(c.kind == kind for c in evidence.changes) for kind in ("merged", "split", "moved")},
            "review": _review(con, evidence),
            "estimates": expected_errors(con, linkage),
            "linked_by_group": linked_by_group(con, contract, linkage),
            "outcomes": outcomes_found(events, contract),
            "truth": against_truth(con, contract, linkage, events, truth) if truth is not None else None,
        }
    finally:
        events.close()


def _agency(con: duckdb.DuckDBPyConnection, linkage: Linkage, report: AgencyReport) -> dict[str, Any]:
    agency = next(agency for agency in linkage.agencies if agency.name == report.agency)
    linked, children = con.execute(f"""
        SELECT count(*) FILTER (agencies > 1), count(DISTINCT child) FROM member JOIN people USING (uid) JOIN (
            SELECT child, count(DISTINCT agency) AS agencies FROM member JOIN people USING (uid) GROUP BY child) USING (child)
        WHERE agency = {literal(agency.name)}""").fetchall()[0]
    return {
        **dataclasses.asdict(report),
        "label": agency.label,
        "one_id_a_child": agency.one_id_a_child,
        "children": children,
        "linked": linked,
    }


def _shared(con: duckdb.DuckDBPyConnection, linkage: Linkage) -> list[dict[str, Any]]:
    """Of each agency's children, how many another agency has too."""
    names = [agency.name for agency in linkage.agencies]
    found = {
        (one, other): n
        for one, other, n in con.execute("""
            WITH held AS (SELECT DISTINCT child, agency FROM member JOIN people USING (uid))
            SELECT l.agency, r.agency, count(*) FROM held AS l JOIN held AS r USING (child) GROUP BY ALL""").fetchall()
    }
    return [
        {"agency": one, "of": found.get((one, one), 0), "also": {other: found.get((one, other), 0) for other in names}}
        for one in names
    ]


def _source(written: Written) -> dict[str, Any]:
    return dataclasses.asdict(written)


def _model(linkage: Linkage, evidence: Evidence) -> dict[str, Any]:
    return {
        "two_random_records_match": evidence.model["probability_two_random_records_match"],
        "relatives_a_child": {name: round(value, _PLACES) for name, value in evidence.relatives.items()},
        "parts": [_comparison(one) for one in evidence.model["comparisons"]],
        "pairs_tried_where": [" and ".join(block.on) for block in linkage.tried],
        "pairs_tried_at_most": evidence.tried,
    }


def _comparison(comparison: dict[str, Any]) -> dict[str, Any]:
    levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
    return {"part": comparison["output_column_name"], "levels": [_level(level) for level in levels]}


def _level(level: dict[str, Any]) -> dict[str, Any]:
    m, u = level["m_probability"], level["u_probability"]
    return {
        "level": level["label_for_charts"],
        "among_one_child": round(m, _PLACES),
        "among_strangers": float(f"{u:.3g}"),
        "weight": round(float(np.log2(m / u)), 3),
    }


def _histogram(con: duckdb.DuckDBPyConnection, linkage: Linkage) -> list[dict[str, int]]:
    """Pairs kept, by the whole bits of their match weight: how many became links."""
    rows = con.execute(f"""
        SELECT CAST(floor(weight) AS INTEGER) AS bits, count(*), count(*) FILTER (l.child = r.child),
            count(*) FILTER (l.child <> r.child AND probability >= {linkage.review})
        FROM pairs JOIN member AS l ON l.uid = uid_l JOIN member AS r ON r.uid = uid_r GROUP BY bits ORDER BY bits""").fetchall()
    return [dict(zip(("bits", "pairs", "linked", "to_review"), row, strict=True)) for row in rows]


def _children(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    children, families, undated = con.execute(
        "SELECT count(*), count(DISTINCT family), count(*) FILTER (born IS NULL) FROM children"
    ).fetchall()[0]
    weakest = con.execute("""
        SELECT CASE WHEN agencies = 1 THEN 'one agency only' WHEN least < 0.95 THEN 'under 0.95'
            WHEN least < 0.99 THEN '0.95 to 0.99' WHEN least < 0.999 THEN '0.99 to 0.999' ELSE '0.999 and above' END AS band, count(*)
        FROM (SELECT child, min(probability) AS least, count(*) AS agencies FROM links GROUP BY child) GROUP BY band""").fetchall()
    by_agencies = con.execute(
        "SELECT n, count(*) FROM (SELECT count(*) AS n FROM links GROUP BY child) GROUP BY n ORDER BY n"
    ).fetchall()
    return {
        "children": children,
        "families": families,
        "without_date_of_birth": undated,
        "by_number_of_agencies": {str(n): count for n, count in by_agencies},
        "by_weakest_link": dict(sorted(weakest)),
    }


def _review(con: duckdb.DuckDBPyConnection, evidence: Evidence) -> dict[str, Any]:
    review, known = evidence.private
    decided = len(evidence.decisions.same) + len(evidence.decisions.different)
    held = con.execute("SELECT count(*) FROM decided").fetchall()[0][0]
    return {
        "pairs_to_look_at": evidence.to_review,
        "decided_about_nobody": decided - held,
        "decided_same": len(evidence.decisions.same),
        "decided_different": len(evidence.decisions.different),
        "files_that_identify_children": [review, known],
    }
