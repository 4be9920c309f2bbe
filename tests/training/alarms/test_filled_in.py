"""Outcomes that nobody observed: filled in for a cohort or a site, or mostly set aside as not valid."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from models.contract import Contract
from models.contract_reading import load_contract, parse_contract
from training.alarms.filled_in import outcome_values
from training.ingest import connect, ingest, list_children
from training.plan import Plan

Fill = Callable[..., list[tuple[str, str]]]


@pytest.fixture
def rung(borough: Contract) -> Fill:
    """Return (code, place) of what rings for 2,000 children of five cohorts, after some SQL has been run on them."""

    def asked(*changes: str, contract: Contract = borough, plan: Plan | None = None) -> list[tuple[str, str]]:
        con = _profiles(contract)
        for change in changes:
            con.execute(change)
        alarms = outcome_values(con, contract, plan or Plan())
        assert {alarm.code for alarm in alarms} == {"outcome_filled_in", "outcome_breaks_validity"}
        return [(alarm.code, alarm.place) for alarm in alarms if alarm.rings]

    return asked


def _profiles(contract: Contract) -> duckdb.DuckDBPyConnection:
    """Four hundred children a cohort, a third below a goal; one in ten was not assessed in one, as many have no profile."""
    con, chance = connect(), np.random.default_rng(1)
    for source in contract.feature_sources:
        con.execute(f"CREATE TABLE events_{source.name} (child VARCHAR, happened INTEGER, known INTEGER, sex VARCHAR)")
    con.execute("CREATE TABLE birth (child VARCHAR, born DATE, cohort INTEGER)")
    con.execute(
        "CREATE TABLE events_profile (child VARCHAR, happened INTEGER, known INTEGER, goal_1 INTEGER, goal_2 INTEGER)"
    )
    con.execute("INSERT INTO birth SELECT 'c' || i, NULL, 2012 + i % 5 FROM range(2000) AS r(i)")
    con.execute("INSERT INTO events_births SELECT child, 0, 0, NULL FROM birth")
    rows = [(f"c{i}", *_goals(chance)) for i in range(2000) if chance.random() < 0.9]
    held = [list(column) for column in zip(*rows, strict=True)]
    con.execute("INSERT INTO events_profile SELECT unnest(?), 1800, 1800, unnest(?), unnest(?)", held)
    list_children(con, contract)
    return con


def _goals(chance: np.random.Generator) -> Iterator[int | None]:
    yield None if chance.random() < 0.1 else 1 + int(chance.random() < 0.75)
    yield 1 + int(chance.random() < 0.75)


IN_2014 = "child IN (SELECT child FROM birth WHERE cohort = 2014)"


def test_honest_outcomes_are_quiet(rung: Fill) -> None:
    """Cohorts that differ by chance alone ring nothing."""
    assert rung() == []


@pytest.mark.parametrize(
    "change",
    [
        f"UPDATE events_profile SET goal_1 = 1 WHERE {IN_2014}",
        f"UPDATE events_profile SET goal_1 = 2, goal_2 = 2 WHERE {IN_2014}",
        f"UPDATE events_profile SET goal_1 = 2 WHERE goal_1 IS NULL AND {IN_2014}",
        f"""INSERT INTO events_profile SELECT child, 1800, 1800, 2, 1 + CAST(hash(child) % 4 > 0 AS INTEGER) FROM birth
        WHERE {IN_2014} AND child NOT IN (SELECT child FROM events_profile WHERE goal_1 IS NOT NULL)""",
    ],
    ids=["all have it", "none has it", "a missing code made a value", "nobody unknown"],
)
def test_a_cohort_filled_in_rings(rung: Fill, change: str) -> None:
    """One cohort with one outcome alone, without its missing codes, or without its unknown children, rings, once."""
    assert rung(change) == [("outcome_filled_in", "not_gld › cohort 2014")]


def test_only_cohorts_of_the_plan_are_asked(rung: Fill) -> None:
    """A cohort that the plan does not learn from rings nothing."""
    others = Plan(cohorts=(2012, 2013, 2015, 2016))
    assert rung(f"UPDATE events_profile SET goal_1 = 1 WHERE {IN_2014}", plan=others) == []


def test_what_could_be_asked(borough: Contract) -> None:
    """With two cohorts the comparison was made; with one, or no calendar, and no sites, it says that nothing was asked."""
    con = _profiles(borough)
    for contract, plan, asked in (
        (borough, Plan(), True),
        (borough, Plan(cohorts=(2014,)), False),
        (borough.model_copy(update={"cohort": None}), Plan(), False),
    ):
        alarm = outcome_values(con, contract, plan)[0]
        assert (alarm.code, alarm.rings, alarm.asked) == ("outcome_filled_in", False, asked)
        assert ("there are not two with outcomes" in alarm.threshold) is not asked
        assert ("this was not asked" in alarm.found) is not asked
        assert "no site was set beside others" in alarm.threshold


def test_validity_that_sets_most_aside_rings(rung: Fill, borough: Contract) -> None:
    """A rule of validity by which more than a quarter of the outcomes do not count rings."""
    outcome = borough.outcomes[0].model_copy(update={"valid": "goal_2 = 2"})
    narrow = borough.model_copy(update={"outcomes": (outcome,)})
    assert ("outcome_breaks_validity", "not_gld") in rung(
        "UPDATE events_profile SET goal_2 = 1 WHERE hash(child) % 2 = 0", contract=narrow
    )


@pytest.mark.parametrize(("alike", "rings"), [(0, False), (1, False), (3, True)])
def test_sites_of_one_outcome_ring(
    as_toml: Callable[..., str],
    one_source: Callable[..., Any],
    alike: int,
    rings: bool,  # noqa: FBT001
) -> None:
    """Sites where all have the same outcome, beyond chance, ring where they hold more than 1 in 50 of the children."""
    columns = [{"name": "total", "type": "integer"}, {"name": "school", "type": "key", "roles": ["site"]}]
    document = one_source(columns, features=[{"take": "latest", "column": "total"}], known={"lag_days": 0})
    document["outcome"][0]["rule"] = "total = 1"
    contract, con, chance = parse_contract(as_toml(document)), connect(), np.random.default_rng(2)
    rows = [(f"c{i}", int(i % 100 < alike or chance.random() < 0.3), f"s{i % 100}") for i in range(6000)]
    con.execute(
        "CREATE TABLE events_visits (child VARCHAR, happened INTEGER, known INTEGER, total INTEGER, school VARCHAR)"
    )
    held = [list(column) for column in zip(*rows, strict=True)]
    con.execute("INSERT INTO events_visits SELECT unnest(?), 650, 650, unnest(?), unnest(?)", held)
    list_children(con, contract)
    alarms = outcome_values(con, contract, Plan())
    assert alarms[0].asked
    found = [alarm.place for alarm in alarms if alarm.rings]
    assert found == (["outcome › visits school"] if rings else [])


def test_real_children_are_quiet(smocc_data: Path) -> None:
    """Of real visits at two years, fewer than 1 in 50 children have no outcome because it is not valid."""
    contract, _ = load_contract(Path("examples/smocc/contract.toml"))
    filled, valid = outcome_values(ingest(contract, smocc_data)[0], contract, Plan())
    assert not filled.rings
    assert not valid.rings
    assert valid.value is not None
    assert 0 < valid.value < 0.02
