"""Where pairs are scored: in DuckDB, on this machine; or in Spark, where people are too many for one."""

from collections.abc import Callable
from typing import Any

import duckdb
from splink import DuckDBAPI, Linker
from splink.internals.splink_dataframe import SplinkDataFrame

from models.errors import BadInput
from models.linkage import Linkage
from training.extract_sql import literal
from training.linkage.learning import learn, settings

# Splink's own floor; the floor of `training.linkage.pairs` is applied after relatives and rivals are weighed.
_FLOOR = 0.001
SCORED = "scored"
Backend = Callable[[duckdb.DuckDBPyConnection, Linkage, dict[str, Any] | None], dict[str, Any]]


def score_in_duckdb(con: duckdb.DuckDBPyConnection, linkage: Linkage, model: dict[str, Any] | None) -> dict[str, Any]:
    """Write `scored` (Splink's columns) from `people`, learning the model unless one is given; returns the model."""
    people = registered(con, linkage)
    model = model or learn(linkage, people)
    write_scored(con, linkage, people, model)
    return model


def registered(con: duckdb.DuckDBPyConnection, linkage: Linkage) -> list[SplinkDataFrame]:
    """Return the people of each agency as Splink's DuckDB backend knows them."""
    api = DuckDBAPI(con)
    for agency in linkage.agencies:
        con.execute(f"CREATE TABLE people_{agency.name} AS {people_of(agency.name)}")
    return [api.register(f"people_{agency.name}") for agency in linkage.agencies]


def write_scored(
    con: duckdb.DuckDBPyConnection, linkage: Linkage, people: list[SplinkDataFrame], model: dict[str, Any]
) -> None:
    """Write `scored` from registered people by a model."""
    found = score(linkage, people, model).physical_name
    con.execute(f"CREATE VIEW {SCORED} AS {with_agencies(linkage, found)}")


def people_of(agency: str) -> str:
    """Return the SQL of an agency's people, less what scoring does not need."""
    return f"SELECT * EXCLUDE (id, family) FROM people WHERE agency = {literal(agency)}"


def score(linkage: Linkage, people: list[SplinkDataFrame], model: dict[str, Any]) -> SplinkDataFrame:
    """Return Splink's table of scored pairs, in the database that holds the people."""
    linker = Linker(people, weighed(linkage, model, people[0].db_api.sql_dialect.sql_dialect_str), log_level=None)
    return linker.inference.predict(threshold_match_probability=_FLOOR, warning_mode="never")


def weighed(linkage: Linkage, model: dict[str, Any], dialect: str) -> dict[str, Any]:
    """
    Return the contract's own comparisons in a dialect of SQL, with a learned model's probabilities alone.

    A model's SQL is that of the backend it was learned in, and no file that is given may bring SQL. Raises BadInput
    where the model was learned for other comparisons.
    """
    own = settings(linkage).create_settings_dict(dialect)
    levels = _levels(own)
    try:
        learned = {name: _probabilities(level) for name, level in _levels(model).items()}
        prior = float(model["probability_two_random_records_match"])
    except (KeyError, TypeError, ValueError):
        learned, prior = {}, 0.0
    if learned.keys() != levels.keys():
        raise BadInput("the model was learned for other comparisons; leave it out to learn one")
    for name, level in levels.items():
        level.update(learned[name])
    return own | {"probability_two_random_records_match": prior}


def _levels(model: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (one["output_column_name"], level["label_for_charts"]): level
        for one in model["comparisons"]
        for level in one["comparison_levels"]
    }


def _probabilities(level: dict[str, Any]) -> dict[str, float]:
    names = () if level.get("is_null_level") else ("m_probability", "u_probability")
    found = {name: float(level[name]) for name in names}
    if not all(0 < value <= 1 for value in found.values()):
        raise ValueError("no probability")
    return found


def with_agencies(linkage: Linkage, found: str) -> str:
    """Return the SQL of scored pairs with the agencies of both records, which Splink leaves out where there is one."""
    if len(linkage.agencies) > 1:
        return f"SELECT * FROM {found}"
    only = literal(linkage.agencies[0].name)
    return f"SELECT *, {only} AS agency_l, {only} AS agency_r FROM {found}"


def backend_of(linkage: Linkage) -> Backend:
    """Return the backend that the contract names; raises BadInput where Spark is named and not installed."""
    if linkage.backend == "duckdb":
        return score_in_duckdb
    try:
        from training.linkage.spark import score_in_spark  # noqa: PLC0415 (an extra that most do not install)
    except ImportError:
        raise BadInput(
            "the contract links in Spark, which is not installed; install early-identification[spark]"
        ) from None
    return score_in_spark
