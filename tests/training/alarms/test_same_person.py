"""One person under two ids is found; children who only look alike are not."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from benchmarks.leaks import COPIED, enter_twice, some_children
from models.contract_reading import load_contract
from training.alarms.look_alikes import days_of, look_alike, pairs_of, telling_columns
from training.alarms.same_person import same_person, twice
from training.ingest import ingest
from training.plan import Plan

PLAN = Plan()


@pytest.fixture
def again(as_read: Any) -> duckdb.DuckDBPyConnection:
    """The borough's events, read once more, to be changed."""
    return ingest(as_read.contract, as_read.folder)[0]


def test_nobody_is_there_twice(as_read: Any) -> None:
    """Where every child is there once, nothing rings."""
    assert not same_person(as_read.con, as_read.contract, PLAN).rings


@pytest.mark.parametrize(("missing", "least"), [(0.0, 20), (0.2, 15)])
def test_persons_entered_twice(as_read: Any, again: duckdb.DuckDBPyConnection, missing: float, least: int) -> None:
    """Of 40 persons entered twice most are found, a fifth of their rows missing or none, and nobody else."""
    entered = some_children(again, 40, 5)
    enter_twice(again, as_read.contract, entered, missing, seed=6)
    found = {frozenset(pair) for pair in twice(again, as_read.contract, PLAN)}
    assert found <= {frozenset((child, COPIED + child)) for child in entered}
    assert len(found) >= least
    alarm = same_person(again, as_read.contract, PLAN)
    assert (alarm.rings, alarm.code) == (True, "same_person_twice")
    assert not any(child in alarm.found for child in entered)


def test_few_pairs_are_not_counted_out(as_read: Any, again: duckdb.DuckDBPyConnection) -> None:
    """Fewer than ten pairs are told of as that, and in no number."""
    enter_twice(again, as_read.contract, _full_records(again), 0.0, seed=1)
    assert same_person(again, as_read.contract, PLAN).found.startswith("Fewer than ten pairs")


def test_one_difference_makes_two_children(as_read: Any, again: duckdb.DuckDBPyConnection) -> None:
    """The same record with another birthweight is of another child, as a twin's is."""
    entered = _full_records(again)
    enter_twice(again, as_read.contract, entered, 0.0, seed=1)
    before = twice(again, as_read.contract, PLAN)
    again.execute(f"UPDATE events_births SET birthweight = birthweight + 1 WHERE child LIKE '{COPIED}%'")
    assert before
    assert twice(again, as_read.contract, PLAN) == []


def _full_records(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Return children of whom birthweight and two reviews are on record."""
    found = con.execute("""
        SELECT child FROM events_births JOIN events_reviews USING (child)
        WHERE birthweight IS NOT NULL AND communication IS NOT NULL AND gross_motor IS NOT NULL
        GROUP BY child HAVING count(*) >= 2 ORDER BY child LIMIT 6""").fetchall()
    return [child for (child,) in found]


def test_where_a_family_lives_tells_nothing(as_read: Any) -> None:
    """What says where a family lives, whose it is or who a child is, is set beside nothing."""
    telling = telling_columns(as_read.contract)
    assert telling["births"] == ("sex", "birthweight")
    assert telling["reviews"] == ("communication", "problem_solving", "gross_motor")


def test_days_that_only_one_holds_are_no_difference(as_read: Any, again: duckdb.DuckDBPyConnection) -> None:
    """A row that one of two records lacks is no difference between them; the shorter one's days are what is shared."""
    (child, *_) = _full_records(again)
    enter_twice(again, as_read.contract, [child], 0.0, seed=1)
    again.execute(f"DELETE FROM events_reviews WHERE child = '{COPIED}{child}'")
    telling = telling_columns(as_read.contract)
    pair = (COPIED + child, child)
    days = days_of(again, telling, list(pair))
    found = look_alike(telling, pair, days[pair[0]], days[pair[1]])
    assert found is not None
    assert (found.like, found.apart) == (1.0, frozenset())
    assert ("births", "birthweight") in {cell.column for cell in found.cells}


def test_pairs_share_several_rare_rows(as_read: Any, again: duckdb.DuckDBPyConnection) -> None:
    """A child entered twice is a pair; one who shares a single rare row with another is none."""
    (child, other, *_) = _full_records(again)
    before = pairs_of(again, as_read.contract)
    again.execute(
        f"INSERT INTO events_reviews SELECT * REPLACE ('{other}' AS child) FROM events_reviews WHERE child = '{child}' LIMIT 1"
    )
    assert pairs_of(again, as_read.contract) == before
    enter_twice(again, as_read.contract, [child], 0.0, seed=1)
    assert (COPIED + child, child) in pairs_of(again, as_read.contract)


def test_real_children_are_there_once(smocc_data: Path) -> None:
    """Of real children, known by two extracts alone, nobody rings; of those entered twice most do."""
    contract, _ = load_contract(Path("examples/smocc/contract.toml"))
    con, _ = ingest(contract, smocc_data)
    assert twice(con, contract, PLAN) == []
    entered = some_children(con, 40, 5)
    enter_twice(con, contract, entered, 0.2, seed=6)
    found = {frozenset(pair) for pair in twice(con, contract, PLAN)}
    assert found <= {frozenset((child, COPIED + child)) for child in entered}
    assert len(found) >= 28
