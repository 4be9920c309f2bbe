"""Counts of an outcome's rows and of the children they are of: by cohort, by site, with the rule of validity and without."""

from collections import defaultdict
from dataclasses import dataclass

import duckdb

from models.contract import Contract
from models.feature import Outcome
from models.source import Column
from training.alarms.odds_apart import too_few, too_many
from training.alarms.outcome_parts import judging_columns
from training.extract_sql import quoted
from training.outcomes import outcome_sql

# Children of one site beside all others: a school of the best placed families has a quarter of the usual odds.
HONEST_SITE = 4.0
# A cohort of whom fewer than this share have an outcome is not there yet, or was never assessed.
LEAST_KNOWN = 0.2
# Columns that say whose a row is, or when or where it was made, and nothing of what was found.
_NOT_FOUND = frozenset({"identifier", "cluster", "site", "weight"})


@dataclass(frozen=True, slots=True)
class Counted:
    """So many of the n children, or rows, of a cohort (the year it starts in)."""

    cohort: int
    count: int
    n: int


def judge(con: duckdb.DuckDBPyConnection, contract: Contract, outcome: Outcome) -> None:
    """Write the temporary table `judged` (child, happened): of whom the outcome is known, and whether they have it."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE judged AS SELECT * FROM ({outcome_sql(contract, outcome)})")


def never_valid(con: duckdb.DuckDBPyConnection, contract: Contract, outcome: Outcome) -> float:
    """Return the share, of the children who would have an outcome were all rows valid, who have none in `judged`."""
    anyhow = outcome_sql(contract, outcome.model_copy(update={"valid": None}))
    found = con.execute(f"""
        SELECT count(*), count(*) FILTER (WHERE child NOT IN (SELECT child FROM judged)) FROM ({anyhow})""").fetchall()
    whole, lost = found[0]
    return lost / whole if whole else 0.0


def by_cohort(con: duckdb.DuckDBPyConnection) -> tuple[list[Counted], list[Counted]]:
    """Return the children of `judged` who have the outcome, and those whose outcome is unknown, by cohort with outcomes."""
    found = con.execute("""
        SELECT cohort, count(*) FILTER (WHERE happened), count(happened), count(*) FROM birth LEFT JOIN judged USING (child)
        WHERE cohort IS NOT NULL AND child IN (SELECT child FROM children) GROUP BY cohort ORDER BY cohort""").fetchall()
    kept = [each for each in found if each[2] >= LEAST_KNOWN * each[3]]
    have = [Counted(cohort, events, known) for cohort, events, known, _ in kept]
    return have, [Counted(cohort, n - known, n) for cohort, _, known, n in kept]


def gaps_by_cohort(con: duckdb.DuckDBPyConnection, contract: Contract, outcome: Outcome) -> list[Counted]:
    """Return how many rows in the window lack some of what the outcome is judged by, of each cohort."""
    source = contract.source(outcome.source)
    judged_by = sorted(judging_columns(source, outcome))
    gap = " OR ".join(f"{quoted(name)} IS NULL" for name in judged_by) or "false"
    return [Counted(cohort, count, n) for cohort, _, count, n in _rows(con, outcome, "''", gap)]


def whole_rows_by_cohort(
    con: duckdb.DuckDBPyConnection, contract: Contract, outcome: Outcome, common: float
) -> list[list[Counted]]:
    """Return, for each row that is the same in every column in a `common` share of a cohort, how many are, by cohort."""
    found_in = [column for column in contract.source(outcome.source).columns if _says_what_was_found(column)]
    row = " || '|' || ".join(f"coalesce(CAST({quoted(column.name)} AS VARCHAR), '')" for column in found_in) or "''"
    counts: dict[str, dict[int, int]] = defaultdict(dict)
    whole: dict[int, int] = defaultdict(int)
    for cohort, pattern, _, n in _rows(con, outcome, row, "false"):
        counts[pattern][cohort] = n
        whole[cohort] += n
    frequent = [each for each in counts.values() if any(n >= common * whole[cohort] for cohort, n in each.items())]
    return [[Counted(cohort, each.get(cohort, 0), n) for cohort, n in whole.items()] for each in frequent]


def _says_what_was_found(column: Column) -> bool:
    return column.type != "date" and not _NOT_FOUND & set(column.roles)


def _rows(con: duckdb.DuckDBPyConnection, outcome: Outcome, pattern: str, gap: str) -> list[tuple[int, str, int, int]]:
    """Return (cohort, pattern, rows with a gap, all rows) of the rows in the outcome's window."""
    low, high = outcome.window
    return con.execute(f"""
        SELECT cohort, {pattern} AS pattern, count(*) FILTER (WHERE {gap}), count(*)
        FROM {quoted("events_" + outcome.source)} JOIN birth USING (child)
        WHERE happened BETWEEN {low} AND {high} AND cohort IS NOT NULL GROUP BY ALL ORDER BY ALL""").fetchall()


def in_one_valued_sites(con: duckdb.DuckDBPyConnection, contract: Contract) -> dict[tuple[str, str], float]:
    """
    Return, for each column (source, name) that says a child's site, the share of children in sites of one outcome alone.

    Of the children of `judged`; only sites where that is beyond chance count. A child is of the site recorded last.
    """
    sites = [(s.name, c.name) for s in contract.sources for c in s.columns if "site" in c.roles]
    return {(source, column): _share_in(con, source, column) for source, column in sites}


def _share_in(con: duckdb.DuckDBPyConnection, source: str, column: str) -> float:
    found = con.execute(f"""
        SELECT count(*) FILTER (WHERE judged.happened), count(*) FROM judged JOIN (
            SELECT child, max(struct_pack(day := happened, site := {quoted(column)})).site AS site
            FROM {quoted("events_" + source)} WHERE {quoted(column)} IS NOT NULL GROUP BY child) USING (child)
        WHERE judged.happened IS NOT NULL GROUP BY site ORDER BY ALL""").fetchall()
    events, n = sum(each for each, _ in found), sum(each for _, each in found)
    alone = [size for had, size in found if _one_valued(had, size, events - had, n - size)]
    return sum(alone) / n if n else 0.0


def _one_valued(events: int, n: int, others: int, others_n: int) -> bool:
    none = events == 0 and too_few(events, n, others, others_n, HONEST_SITE)
    return none or (events == n and too_many(events, n, others, others_n, HONEST_SITE))
