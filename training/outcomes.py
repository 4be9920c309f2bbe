"""Outcomes: what later happened to each child, yes, no or not yet known, by the contract's rules."""

import duckdb

from models.contract import Contract
from models.errors import DataError, Problem
from models.exact import Step
from models.feature import Outcome
from models.features import step_of
from models.source import Source
from training.derived_sql import derived_column
from training.extract_sql import literal, quoted
from training.rules import rendered, rule_columns


def outcome_sql(contract: Contract, outcome: Outcome) -> str:
    """
    Return the SQL of an outcome: `child`, `happened` (BOOLEAN); a child who is not in it is *not yet known*.

    Rows outside the window and rows that are not valid are left out first; where rows of the day that counts disagree,
    or one cannot be judged, the outcome is not known.
    """
    source = contract.source(outcome.source)
    columns = rule_columns(source)
    valid = rendered(outcome.valid, columns) if outcome.valid is not None else "true"
    judged = f"""
        SELECT child, age, ({rendered(outcome.rule, columns)}) AS verdict FROM ({_real_rows(source)})
        WHERE age BETWEEN {outcome.window[0]} AND {outcome.window[1]} AND ({valid})"""
    if outcome.take == "any":
        return f"""
            SELECT child, bool_or(verdict) AS happened FROM ({judged}) GROUP BY child
            HAVING bool_or(verdict) OR count(verdict) = count(*)"""
    day = "max" if outcome.take == "latest" else "min"
    return f"""
        SELECT child, bool_or(verdict) AS happened
        FROM (SELECT *, {day}(age) OVER (PARTITION BY child) AS day FROM ({judged}))
        WHERE age = day GROUP BY child
        HAVING bool_or(verdict) = bool_and(verdict) AND count(verdict) = count(*)"""


def refuse_mixed_definitions(con: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """
    Raise DataError (`outcome_definition_mixed`) where valid rows of an outcome were made by another definition.

    An outcome whose definition changed has two meanings, and a model of both has none.
    """
    problems = tuple(
        Problem(
            f'outcome "{outcome.name}"',
            f"outcome_definition_mixed: {count:,} valid rows were not made by definition {outcome.definition}",
            "Leave those rows out of the extract, or say in valid which rows are of this definition.",
        )
        for outcome in contract.outcomes
        if outcome.definition_column is not None and (count := _of_another_definition(con, contract, outcome))
    )
    if problems:
        raise DataError("outcomes of different definitions cannot be learned together", problems)


def _of_another_definition(con: duckdb.DuckDBPyConnection, contract: Contract, outcome: Outcome) -> int:
    source = contract.source(outcome.source)
    valid = rendered(outcome.valid, rule_columns(source)) if outcome.valid is not None else "true"
    found = con.execute(f"""
        SELECT count(*) FROM ({_real_rows(source)}) WHERE age BETWEEN {outcome.window[0]} AND {outcome.window[1]}
        AND ({valid}) AND {quoted(outcome.definition_column or "")} IS DISTINCT FROM {literal(outcome.definition)}""")
    return int(found.fetchall()[0][0])


def _real_rows(source: Source) -> str:
    """Return the SQL of a source's events as rules see them: real units, held as exact decimals and never as floats."""
    names = [column.name for column in source.columns] + [derived.name for derived in source.derived]
    real = "".join(f", {_in_units(name, step_of(source, name))} AS {quoted(name)}" for name in names)
    derived = "".join(f", {derived_column(source, d)} AS {quoted(d.name)}" for d in source.derived)
    return f"SELECT child, happened AS age{real} FROM (SELECT *{derived} FROM {quoted('events_' + source.name)})"


def _in_units(name: str, step: Step) -> str:
    if step.numerator == step.denominator:
        return quoted(name)
    one = f"CAST({step.numerator}::DECIMAL(13, 6) / {step.denominator} AS DECIMAL(13, 6))"
    return f"(CAST({quoted(name)} AS DECIMAL(24, 0)) * {one})"
