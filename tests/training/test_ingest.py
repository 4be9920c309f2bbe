"""Ingest: every row is kept or set aside by line and reason, nothing else is told of it, and the database is locked."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from models.contract_reading import parse_contract
from models.errors import DataError, exit_code
from models.exact import MAX_ROWS
from training.ingest import EXAMPLES_KEPT, SourceReport, ingest, refuse_above

Document = dict[str, Any]
Ingested = tuple[list[tuple[Any, ...]], SourceReport]
CANARY = "CANARY7319"
HEADER = "child,age,known,total,hours,code,flag\n"
TOTAL: list[Document] = [{"name": "total", "type": "integer", "missing": ["999"]}]


GOOD = "a,10,20,30,15.25,N1,Y\n"


def test_a_good_row(read: Callable[..., Ingested]) -> None:
    """A row that keeps the contract becomes one event of exact values: units of the step, and what codes stand for."""
    events, report = read(HEADER + GOOD)
    assert events == [("a", 10, 20, 30, 61, "neglect", 1)]
    assert (report.kept, report.set_aside, report.examples, report.share_set_aside) == (1, Counter(), [], 0.0)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f",10,20,30,1,N1,{CANARY}", "no_child_key"),
        ("  ,10,20,30,1,N1,Y", "no_child_key"),
        (f"a,{CANARY},20,30,1,N1,Y", "no_age_happened"),
        ("a,,20,30,1,N1,Y", "no_age_happened"),
        ("a,1.5,20,30,1,N1,Y", "no_age_happened"),
        (f"a,10,{CANARY},30,1,N1,Y", "no_age_known"),
        ("a,-3661,20,30,1,N1,Y", "age_out_of_range"),
        ("a,10,32768,30,1,N1,Y", "age_out_of_range"),
        ("a,20,19,30,1,N1,Y", "known_before_happened"),
        (f"a,10,20,{CANARY},1,N1,Y", "total: not_a_number"),
        ("a,10,20,1e1,1,N1,Y", "total: not_a_number"),
        ("a,10,20,0x10,1,N1,Y", "total: not_a_number"),
        ('a,10,20,"1,5",1,N1,Y', "total: not_a_number"),
        ("a,10,20,30.5,1,N1,Y", "total: off_step"),
        ("a,10,20,61,1,N1,Y", "total: out_of_range"),
        ("a,10,20,30,15.3,N1,Y", "hours: off_step"),
        ("a,10,20,30,99999999999,N1,Y", "hours: out_of_range"),
        (f"a,10,20,30,1,{CANARY},Y", "code: unknown_code"),
        ("a,10,20,30,1,n1,Y", "code: unknown_code"),
        ("a,10,20,30,1,neglect,Y", "code: unknown_code"),
        (f"a,10,20,30,1,N1,{CANARY}", "flag: unknown_code"),
        ("a,10,20,30,1,N1,1", "flag: unknown_code"),
        (f"a,10,20,30,1,N1,Y,{CANARY}", "too_many_columns"),
        (f"a,10,20,30,1,{CANARY}", "missing_columns"),
    ],
)
def test_a_bad_row(read: Callable[..., Ingested], row: str, reason: str) -> None:
    """A row that breaks the contract is set aside whole, by its line and the reason, and its values are never named."""
    events, report = read(HEADER + GOOD + GOOD + row + "\n" + GOOD)
    assert len(events) == report.kept == 3
    assert report.set_aside == Counter({reason: 1})
    assert report.examples == [(4, reason)]
    with pytest.raises(DataError) as refused:
        refuse_above([report], 0.2)
    assert CANARY not in repr(report) + str(refused.value)


def test_only_the_first_examples_are_kept(read: Callable[..., Ingested]) -> None:
    """Every row set aside is counted, and the first twenty are named, in the order of their lines."""
    bad = ["a,10\n", "a,10,20,61,1,N1,Y\n"] * 30
    _, report = read(HEADER + "".join(bad))
    assert report.set_aside == Counter({"missing_columns": 30, "total: out_of_range": 30})
    assert [line for line, _ in report.examples] == list(range(2, 2 + EXAMPLES_KEPT))
    assert report.share_set_aside == 1.0


def test_several_reasons(read: Callable[..., Ingested]) -> None:
    """A row that breaks the contract in several ways is counted once, by the first reason."""
    _, report = read(HEADER + "a,20,10,61,x,?,?\n")
    assert report.set_aside == Counter({"known_before_happened": 1})


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("999,1,N1,Y", (None, 4, "neglect", 1)),
        ("A,1,N1,Y", (None, 4, "neglect", 1)),
        ("-1,1,N1,Y", (None, 4, "neglect", 1)),
        ("-0.5,1,N1,Y", (None, 4, "neglect", 1)),
        ("0,999,U,N", (0, None, None, 0)),
        (",,,", (None, None, None, None)),
        ('"","","",""', (None, None, None, None)),
        (" 30 , 15.25 , N2 , N ", (30, 61, "disability", 0)),
        ("+5,.25,N2,N", (5, 1, "disability", 0)),
        ("5.,-0.50,N2,N", (5, -2, "disability", 0)),
        ("5.00,68719476735.75,N2,N", (5, 2**38 - 1, "disability", 0)),
        ("999.0,999.00,N2,N", (None, None, "disability", 0)),
    ],
)
def test_cells(read: Callable[..., Ingested], cells: str, expected: tuple[Any, ...]) -> None:
    """Missing codes, however the number is spelled, and empty cells are not known; spaces around a cell mean nothing."""
    events, report = read(HEADER + f"a,10,20,{cells}\n")
    assert report.set_aside == Counter()
    assert events[0][3:] == expected


@pytest.mark.parametrize("name", ["row", "reason", "born", "day", "staged"])
def test_columns_of_any_name(read: Callable[..., Ingested], name: str) -> None:
    """A column may be called what we call something inside: its values are kept, and stay out of the report."""
    columns = [{"name": name, "type": "integer"}, {"name": "total", "type": "integer"}]
    events, report = read(f"child,age,known,{name},total\na,1,1,7319,5\nb,2,2,7320,x\nc,3,3,,6\n", columns)
    assert events == [("a", 1, 1, 7319, 5), ("c", 3, 3, None, 6)]
    assert report == SourceReport("visits", 2, Counter({"total: not_a_number": 1}), [(3, "total: not_a_number")])


def test_codes_wider_than_their_range(read: Callable[..., Ingested]) -> None:
    """Codes that stand for large numbers are held as they are."""
    columns = [{"name": "total", "type": "integer", "codes": {"few": 3, "many": 70000}}]
    events, _ = read("child,age,known,total\na,1,1,many\n", columns)
    assert events == [("a", 1, 1, 70000)]


# One row a child.


@pytest.mark.parametrize(
    ("rows", "kept", "set_aside"),
    [
        (["10,20,5", "10,21,6"], [(10, 20, 5)], {"second_row": 1}),
        (["10,21,6", "10,20,5"], [(10, 20, 5)], {"second_row": 1}),
        (["10,20,5", "9,20,5"], [], {"rows_disagree": 2}),
        (["10,20,5", "10,20,6"], [], {"rows_disagree": 2}),
        (["10,20,5", "10,20,"], [], {"rows_disagree": 2}),
        (["10,20,5", "10,20,5"], [(10, 20, 5)], {"duplicate_row": 1}),
        (["10,20,5", "10,20,5", "10,20,6"], [], {"rows_disagree": 3}),
        (["10,20,5", "10,20,5", "10,22,6"], [(10, 20, 5)], {"duplicate_row": 1, "second_row": 1}),
        (["10,20,5", "10,20,6", "10,22,6"], [], {"rows_disagree": 2, "second_row": 1}),
        (["10,20,x", "10,21,6"], [(10, 21, 6)], {"total: not_a_number": 1}),
        (["10,20,", "10,20,999"], [(10, 20, None)], {"duplicate_row": 1}),
    ],
)
def test_one_row_a_child(
    read: Callable[..., Ingested], rows: list[str], kept: list[tuple[Any, ...]], set_aside: dict[str, int]
) -> None:
    """Of several rows the one known first is kept; where rows of that day disagree, none is: nobody knows which is right."""
    text = "child,age,known,total\n" + "".join(f"a,{row}\n" for row in rows) + "b,1,1,1\n"
    events, report = read(text, TOTAL, rows="one")
    assert events == [*(("a", *row) for row in kept), ("b", 1, 1, 1)]
    assert report.set_aside == Counter(set_aside)


def test_a_default_key(read: Callable[..., Ingested]) -> None:
    """A key with more rows than can be summed exactly is no child: its rows are set aside, and others are kept."""
    text = "child,age,known,total\n" + "unknown,1,1,1\n" * (MAX_ROWS + 1) + "a,1,1,1\n" * MAX_ROWS
    events, report = read(text, TOTAL)
    assert len(events) == MAX_ROWS
    assert report.set_aside == Counter({"too_many_rows_for_one_child": MAX_ROWS + 1})


# Dates.

DATED: dict[str, Any] = {"happened": {"date": "seen"}, "known": {"date": "entered"}}


@pytest.fixture
def read_dated(
    as_toml: Callable[[Document], str], one_source: Callable[..., Document], tmp_path: Path
) -> Callable[..., Ingested]:
    """Ingest a dated extract beside a birth record; the visits' events and report come back."""

    def ingested(births: str, visits: str, **source: Any) -> Ingested:
        born = {"name": "born_on", "type": "date", "roles": ["identifier"]}
        document = one_source([{"name": "closed", "type": "date"}], **(DATED | source))
        birth = one_source([born], name="births", file="births.csv", happened={"constant": 0}, known={"constant": 0})
        document["source"] += birth["source"]
        contract = parse_contract(as_toml(document | {"birth": {"source": "births", "column": "born_on"}}))
        (tmp_path / "births.csv").write_text("child,born_on\n" + births, encoding="utf-8")
        (tmp_path / "visits.csv").write_text("child,seen,entered,closed\n" + visits, encoding="utf-8")
        con, reports = ingest(contract, tmp_path)
        return con.execute("SELECT * FROM events_visits").fetchall(), reports[0]

    return ingested


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("nobody,2018-02-01,2018-02-01,", "no_date_of_birth"),
        ("twice,2018-02-01,2018-02-01,", "no_date_of_birth"),
        (f"a,2018-02-30,2018-02-01,{CANARY}", "no_age_happened"),
        ("a,01/02/2018,2018-02-01,", "no_age_happened"),
        ("a,,2018-02-01,", "no_age_happened"),
        (f"a,2018-02-01,{CANARY},", "no_age_known"),
        ("a,2018-02-02,2018-02-01,", "known_before_happened"),
        ("a,1016-01-01,2018-02-01,", "age_out_of_range"),
        (f"a,2018-02-01,2018-02-01,{CANARY}", "closed: not_a_date"),
    ],
)
def test_bad_dates(read_dated: Callable[..., Ingested], row: str, reason: str) -> None:
    """A date that is none, or a child of whom no one date of birth is known, sets a row aside."""
    births = "a,2018-01-01\ntwice,2018-01-01\ntwice,2018-01-02\nsame,2018-01-01\nsame,2018-01-01\n"
    events, report = read_dated(births, f"a,2018-01-31,2018-03-02,2018-01-01\nsame,2018-01-02,2018-01-02,\n{row}\n")
    assert events == [("a", 30, 60, 0), ("same", 1, 1, None)]
    assert report.examples == [(4, reason)]
    assert CANARY not in repr(report)


def test_dates_of_another_format(read_dated: Callable[..., Ingested]) -> None:
    """A source's own date format is used for all its dates, and no other is guessed at."""
    visits = "a,31/01/2018,02/03/2018,01/01/2018\na,2018-01-31,2018-03-02,\n"
    events, report = read_dated("a,2018-01-01\n", visits, date_format="%d/%m/%Y")
    assert events == [("a", 30, 60, 0)]
    assert report.examples == [(3, "no_age_happened")]


def test_a_date_where_no_birth_is_known(read_dated: Callable[..., Ingested]) -> None:
    """A date in a column is no bad date where it is the child's birth that is not known."""
    timings = {"happened": {"constant": 5}, "known": {"lag_days": 2}}
    events, report = read_dated("a,2018-01-01\n", "b,,,2018-02-01\na,,,2018-02-01\n", **timings)
    assert events == [("a", 5, 7, 31)]
    assert report.set_aside == Counter({"no_date_of_birth": 1})


@pytest.mark.parametrize("before", [1, 5000])
def test_a_badly_quoted_birth(read_dated: Callable[..., Ingested], before: int) -> None:
    """One badly quoted row of the birth record takes no other child's date of birth away."""
    births = "b,2018-01-01\n" * before + '"c"c,2018-01-01\n' + "a,2018-01-01\n"
    events, report = read_dated(
        births, "b,2018-01-02,2018-01-02,\nc,2018-01-02,2018-01-02,\na,2018-01-02,2018-01-02,\n"
    )
    assert [event[0] for event in events] == ["b", "a"]
    assert report.examples == [(3, "no_date_of_birth")]


def test_lags_and_constants(read_dated: Callable[..., Ingested]) -> None:
    """A lag is counted from the day it happened, and a constant is one age for all."""
    events, _ = read_dated("a,2018-01-01\n", "a,2018-01-11,,\n", known={"lag_days": 30})
    assert events == [("a", 10, 40, None)]
    events, _ = read_dated("a,2018-01-01\n", "a,,,\n", happened={"constant": 5}, known={"lag_days": 2})
    assert events == [("a", 5, 7, None)]


# Refusals.


def test_refuse_above() -> None:
    """A share of rows set aside is refused only above what the plan allows, with the counts and the first line."""
    reports = [
        SourceReport("fine", 98, Counter({"total: off_step": 2}), [(7, "total: off_step")]),
        SourceReport("poor", 97, Counter({"total: off_step": 1, "no_child_key": 2}), [(9, "no_child_key")]),
        SourceReport("empty", 0),
    ]
    with pytest.raises(DataError) as refused:
        refuse_above(reports, 0.02)
    assert [str(problem) for problem in refused.value.problems] == [
        (
            'source "poor": 3 of 100 rows break the contract (no_child_key × 2, total: off_step × 1; first at line 9). '
            "Correct the extract or the contract; the plan allows a share of 0.02."
        )
    ]
    assert exit_code(refused.value) == 3
    refuse_above(reports, 0.03)


# The lock.


@pytest.fixture(scope="module")
def locked(
    as_toml: Callable[[Document], str], one_source: Callable[..., Document], tmp_path_factory: pytest.TempPathFactory
) -> tuple[duckdb.DuckDBPyConnection, Path]:
    """A database as ingest leaves it, and a folder with a secret in it."""
    folder = tmp_path_factory.mktemp("locked")
    (folder / "visits.csv").write_text(HEADER + GOOD, encoding="utf-8")
    (folder / "secret.csv").write_text("secret\n1\n", encoding="utf-8")
    con, _ = ingest(parse_contract(as_toml(one_source(TOTAL))), folder)
    return con, folder


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_csv('{folder}/secret.csv')",
        "SELECT * FROM '{folder}/secret.csv'",
        "SELECT * FROM '{folder}/visits.csv'",
        "SELECT * FROM read_text('{folder}/secret.csv')",
        "SELECT * FROM read_blob('{folder}/*')",
        "SELECT * FROM glob('{folder}/*')",
        "SELECT * FROM read_parquet('{folder}/x.parquet')",
        "COPY events_visits TO '{folder}/out.csv'",
        "COPY events_visits FROM '{folder}/visits.csv'",
        "EXPORT DATABASE '{folder}/out'",
        "ATTACH '{folder}/out.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "RESET enable_external_access",
        "SET threads = 1",
        "PRAGMA enable_logging",
        "SET allowed_directories = ['{folder}']",
        "SELECT * FROM read_csv('https://example.org/x.csv')",
    ],
)
def test_the_lock(locked: tuple[duckdb.DuckDBPyConnection, Path], statement: str) -> None:
    """After ingest the database can read no file, write none, reach no network, load nothing and change no setting."""
    con, folder = locked
    before = sorted(path.name for path in folder.iterdir())
    with pytest.raises(duckdb.Error):
        con.execute(statement.format(folder=folder)).fetchall()
    assert sorted(path.name for path in folder.iterdir()) == before


def test_what_the_lock_leaves(locked: tuple[duckdb.DuckDBPyConnection, Path]) -> None:
    """The locked database still answers for the events it holds."""
    con, _ = locked
    assert con.execute("SELECT count(*) FROM events_visits").fetchall() == [(1,)]
