"""
What linking leaves behind for training: extracts under pseudonyms, in ages instead of dates, and how sure each link is.

A linked folder holds the extracts that the contract names, read by the same contract, and beside them: `linked.json`
(that it is one), `children.csv` (child, cohort, weakest_link), `links.csv` (child, agency, probability) and `coverage.csv`
(child, source, start, end: ages between which a feed covers the child). `birth_periods.csv` (child, period:
`models.birth_period`) is for `earlyid load` alone: training reads nothing that comes near to a date of birth.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from fairness.disclosure.linked import told_links
from models.birth_period import DAYS, FIRST
from models.canonical import canonical, digest
from models.contract import Contract
from models.errors import DataError, Problem
from models.feature import Cohort
from models.source import AGES
from training.extract_sql import literal

MARK, CHILDREN, LINKS, COVERAGE = "linked.json", "children.csv", "links.csv", "coverage.csv"
PERIODS = "birth_periods.csv"
REPORT, PAGE, CHANGES, MODEL = "link_report.json", "link_report.html", "changes.csv", "link_model.json"
FORMAT = 1
# What of the link report a board must see beside the audit.
AUDITED = (
    "labels",
    "agencies",
    "shared",
    "sources",
    "children",
    "threshold",
    "changes",
    "estimates",
    "linked_by_group",
    "outcomes",
    "truth",
)


def is_linked(folder: Path) -> bool:
    """Whether a folder holds linked extracts; raises DataError where it says so in a format that is not known."""
    path = folder / MARK
    if not path.is_file():
        return False
    try:
        known = json.loads(path.read_text(encoding="utf-8"))["format"] == FORMAT
    except (ValueError, KeyError, TypeError):
        known = False
    if not known:
        raise DataError(
            "the linked extracts cannot be read", (Problem(MARK, "is not of a known format", "Link again."),)
        )
    return True


def mark(folder: Path, contract: Contract, lost: Mapping[str, Mapping[str, int]]) -> None:
    """Say that a folder is linked: by which contract, and how many rows of each source were lost on the way, by reason."""
    told = {"format": FORMAT, "contract": linked_by(contract), "lost": lost}
    (folder / MARK).write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def linked_by(contract: Contract) -> str:
    """Return the digest of what a contract says that linking rests on; features, rules and labels may change after it."""
    document = contract.model_dump(mode="json", by_alias=True)
    kept = {name: document[name] for name in ("birth", "cohort", "family", "linkage")}
    timed = ("name", "file", "child", "happened", "known", "coverage", "date_format")
    sources = [
        {name: source[name] for name in timed} | {"columns": [[c["name"], c["type"]] for c in source["column"]]}
        for source in document["source"]
    ]
    return digest(canonical(kept | {"sources": sources, "last": max(part.age for part in contract.landmarks)}))


def rows_lost(contract: Contract, folder: Path) -> dict[str, dict[str, int]]:
    """
    Return how many rows of each source linking lost, by reason.

    Raises DataError where the folder was linked by a contract that says otherwise how records are linked or timed.
    """
    told = json.loads((folder / MARK).read_text(encoding="utf-8"))
    if told.get("contract") != linked_by(contract):
        problem = Problem(
            MARK, "another contract linked it, or this one before it was changed", "Link again by this one."
        )
        raise DataError("the linked extracts cannot be read by this contract", (problem,))
    lost: dict[str, dict[str, int]] = told["lost"]
    return lost


def linked_form(contract: Contract) -> Contract:
    """Return the contract as linked extracts keep it: dates are ages in days, and nobody's date of birth is told."""
    document = contract.model_dump(by_alias=True, exclude_none=True)
    document.pop("birth", None)
    document.pop("cohort", None)
    for source in document["source"]:
        source["date_format"] = AGES
    return Contract.model_validate(document)


def linked_report(folder: Path) -> dict[str, Any]:
    """Return the report of a linked folder; raises DataError where what linking wrote is gone."""
    try:
        found: dict[str, Any] = json.loads((folder / REPORT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise DataError(
            "the link report cannot be read", (Problem(REPORT, "missing or broken", "Link again."),)
        ) from None
    return found


def who_is_missing(folder: Path) -> dict[str, Any]:
    """
    Return what a bundle's audit says of linking, under `linkage`: whom the data lack, and how sure its links are.

    Nothing where the extracts were not linked. Raises DataError where the report that linking wrote is gone.
    """
    if not is_linked(folder):
        return {}
    report = linked_report(folder)
    return {"linkage": told_links({name: report.get(name) for name in AUDITED})}


def linked_files(folder: Path) -> list[str]:
    """Return the files beside the extracts that training reads from a linked folder; none where nothing was linked."""
    return [MARK, CHILDREN, LINKS, COVERAGE, REPORT] if is_linked(folder) else []


def cohort_sql(cohort: Cohort) -> str:
    """Return the SQL of the year in which the academic year began that a child (its date `born`) was born in."""
    return f"year(born) - CAST(month(born) < {cohort.year_starts_month} AS INTEGER)"


def read_links(con: duckdb.DuckDBPyConnection, folder: Path, *, linked: bool) -> None:
    """Write `links` (child, agency, probability) and `feeds` (child, source, start, end), and fill `birth` with cohorts."""
    con.execute("CREATE TABLE links (child VARCHAR, agency VARCHAR, probability DOUBLE)")
    con.execute('CREATE TABLE feeds (child VARCHAR, source VARCHAR, start INTEGER, "end" INTEGER)')
    if not linked:
        return
    try:
        con.execute(f"INSERT INTO birth SELECT child, NULL, cohort FROM {_table(folder, CHILDREN, _CHILDREN)}")
        con.execute(f"INSERT INTO links SELECT * FROM {_table(folder, LINKS, _LINKS)}")
        con.execute(f"INSERT INTO feeds SELECT * FROM {_table(folder, COVERAGE, _FEEDS)}")
    except duckdb.Error:
        place = f"{CHILDREN}, {LINKS}, {COVERAGE}"
        raise DataError(
            "the linked extracts cannot be read", (Problem(place, "missing or broken", "Link again."),)
        ) from None


_CHILDREN = {"child": "VARCHAR", "cohort": "INTEGER", "weakest_link": "DOUBLE"}
_LINKS = {"child": "VARCHAR", "agency": "VARCHAR", "probability": "DOUBLE"}
_PERIODS = {"child": "VARCHAR", "period": "INTEGER"}
_FEEDS = {"child": "VARCHAR", "source": "VARCHAR", "start": "INTEGER", "end": "INTEGER"}


def read_periods(con: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, int]:
    """Return the birth period of each child of a linked folder; raises DataError where linking wrote none."""
    try:
        return dict(con.execute(f"SELECT * FROM {_table(folder, PERIODS, _PERIODS)}").fetchall())
    except duckdb.Error:
        problem = Problem(PERIODS, "missing or broken", "Link again.")
        raise DataError("the linked extracts do not say when children were born", (problem,)) from None


def period_sql(born: str) -> str:
    """Return the SQL of the period (`models.birth_period`) that a date lies in."""
    return f"CAST(floor((CAST({born} AS DATE) - DATE '{FIRST}') / {DAYS}) AS INTEGER)"


def _table(folder: Path, name: str, columns: dict[str, str]) -> str:
    declared = ", ".join(f"{literal(column)}: {literal(kind)}" for column, kind in columns.items())
    return f"read_csv({literal(str(folder / name))}, auto_detect = false, header = true, columns = {{{declared}}})"
