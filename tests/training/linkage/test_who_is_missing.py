"""Who did not link, by what their own agency knows of them, and what that does to outcomes: counts, no truth needed."""

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from fairness.scored import NOT_RECORDED
from training.ingest import connect
from training.linkage.who_is_missing import groups_by, linked_by_group, outcomes_found, write_groups


@pytest.fixture
def events() -> Iterator[duckdb.DuckDBPyConnection]:
    """Ingested events of the three children of `joined`: births of `a` and `b`, results of `a` and `c`."""
    con = connect()
    con.execute("""CREATE TABLE events_births AS SELECT * FROM (VALUES ('a', 0, 3, 'F'), ('b', 0, 3, 'M'))
        AS t (child, happened, known, sex)""")
    con.execute("""CREATE TABLE events_profile AS SELECT * FROM (VALUES ('a', 2000, 2000, 1), ('c', 2000, 2000, 0))
        AS t (child, happened, known, goal)""")
    yield con
    con.close()


def test_groups(joined: duckdb.DuckDBPyConnection, events: duckdb.DuckDBPyConnection, town: Any) -> None:
    """Each child is in the group that its record tells, by the words of the contract; others are not recorded."""
    write_groups(joined, events, town.contract)
    assert groups_by(joined, "sex", ["a", "b", "c"]).tolist() == ["Girls", "Boys", NOT_RECORDED]


def test_who_is_found_elsewhere(
    joined: duckdb.DuckDBPyConnection, events: duckdb.DuckDBPyConnection, town: Any
) -> None:
    """
    Each agency's children are counted by what its own extracts tell, those found in another agency beside all.

    Only the clinic tells sex; of its two children one is known elsewhere. So few families show no rate.
    """
    write_groups(joined, events, town.contract)
    (clinic,) = linked_by_group(joined, town.contract, town.contract.linkage)
    assert clinic["agency"] == "clinic"
    assert {key: clinic["overall"][key] for key in ("pairs", "families")} == {"pairs": 2, "families": 1}
    told = {line["group"]: line["pairs"] for line in clinic["attributes"][0]["groups"]}
    assert told == {"Girls": None, "Boys": None, NOT_RECORDED: 0}


def test_what_outcomes_lose(events: duckdb.DuckDBPyConnection, town: Any) -> None:
    """A result without the records that the scope needs is lost to training: the share with and without is told."""
    assert outcomes_found(events, town.contract) == [
        {
            "outcome": "not_gld",
            "results": 2,
            "usable": 1,
            "share": 0.5,
            "share_usable": 0.0,
            "foreseen_difference": -0.5,
        }
    ]


@pytest.mark.parametrize(("table", "results"), [("events_births", 2), ("events_profile", 0)])
def test_nothing_usable(events: duckdb.DuckDBPyConnection, town: Any, table: str, results: int) -> None:
    """Where no result can be used, or there is none, no share is told."""
    events.execute(f"DELETE FROM {table}")
    (found,) = outcomes_found(events, town.contract)
    assert (found["results"], found["usable"], found["share"], found["foreseen_difference"]) == (results, 0, None, None)
