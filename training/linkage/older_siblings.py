"""Works out, from family keys, what was found of older brothers and sisters: a source that no agency sends."""

from pathlib import Path

import duckdb
import pyarrow as pa

from models.contract import Contract
from models.linkage import OlderSiblings
from training.extract_sql import literal, quoted
from training.ingest import ingest_one
from training.outcomes import outcome_sql


def write_older_siblings(con: duckdb.DuckDBPyConnection, contract: Contract, told: OlderSiblings, out: Path) -> None:
    """
    Write the source into `out`, which holds the others, from `children` (name, family, born).

    A row for each older child of the family whose outcome is known, at the younger child's ages; the outcome is judged
    by the contract's own rule.
    """
    source = contract.source(told.source)
    happened, known = source.happened.file_column or "", source.known.file_column or ""
    path = out / source.file
    con.register("judged", _judged(contract, told, out))
    _copy(
        con,
        f"""
        SELECT y.name AS {quoted(source.child)}, (o.born + judged.happened) - y.born AS {quoted(happened)},
            (o.born + judged.known) - y.born AS {quoted(known)}, CAST(NOT judged.verdict AS INTEGER) AS {quoted(told.not_happened)}
        FROM judged JOIN children AS o ON o.name = judged.child JOIN children AS y ON y.family = o.family AND y.born > o.born
        ORDER BY ALL""",
        path,
    )
    con.unregister("judged")


def _judged(contract: Contract, told: OlderSiblings, out: Path) -> pa.Table:
    outcome = next(outcome for outcome in contract.outcomes if outcome.name == told.outcome)
    events = ingest_one(contract, out, outcome.source)
    table = events.sql(f"""
        SELECT judged.child, verdict, max(rows.happened) AS happened, max(rows.known) AS known
        FROM (SELECT child, happened AS verdict FROM ({outcome_sql(contract, outcome)})) AS judged
        JOIN {quoted("events_" + outcome.source)} AS rows ON rows.child = judged.child
        WHERE rows.happened BETWEEN {outcome.window[0]} AND {outcome.window[1]} GROUP BY judged.child, verdict""").to_arrow_table()
    events.close()
    return table


def _copy(con: duckdb.DuckDBPyConnection, sql: str, path: Path) -> None:
    form = "FORMAT parquet" if path.suffix == ".parquet" else "FORMAT csv, HEADER"
    con.execute(f"COPY ({sql}) TO {literal(str(path))} ({form})")
