"""A linked folder as training reads it: by the same contract, in ages, with how sure each link is; and refused if broken."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from models.contract import Contract
from models.contract_reading import parse_contract
from models.errors import DataError
from models.feature import Cohort
from models.source import AGES
from training.ingest import connect, ingest
from training.linked_folder import (
    AUDITED,
    MARK,
    REPORT,
    cohort_sql,
    is_linked,
    linked_files,
    linked_form,
    mark,
    read_links,
    who_is_missing,
)

CHILDREN = "child,cohort,weakest_link\na,2015,0.95\nb,,1.0\n"
LINKS = "child,agency,probability\na,clinic,1.0\na,school,0.95\nb,school,1.0\n"
COVERAGE = "child,source,start,end\na,visits,0,760\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What stands beside linked extracts, of two children."""
    tables = {MARK: '{"format": 1}', "children.csv": CHILDREN, "links.csv": LINKS, "coverage.csv": COVERAGE}
    for name, text in tables.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    report = dict.fromkeys(AUDITED, 1) | {"agencies": [{"agency": "clinic"}], "model": {}, "weights": []}
    (tmp_path / REPORT).write_text(json.dumps(report), encoding="utf-8")
    return tmp_path


def _links(folder: Path, *, linked: bool = True) -> duckdb.DuckDBPyConnection:
    con = connect()
    con.execute("CREATE TABLE birth (child VARCHAR, born DATE, cohort INTEGER)")
    read_links(con, folder, linked=linked)
    return con


def test_a_folder_that_was_not_linked(tmp_path: Path) -> None:
    """A folder without the mark was not linked: nothing is read beside its extracts, and the audit says nothing of it."""
    assert (is_linked(tmp_path), linked_files(tmp_path), who_is_missing(tmp_path)) == (False, [], {})
    con = _links(tmp_path, linked=False)
    assert [con.execute(f"SELECT * FROM {table}").fetchall() for table in ("birth", "links", "feeds")] == [[], [], []]
    con.close()


@pytest.mark.parametrize("mark", ["", "{}", "[]", "1", '"format"', '{"format": 2}', '{"format": "1"}', "\udcff"])
def test_a_mark_that_nobody_knows(tmp_path: Path, mark: str) -> None:
    """A folder linked in a format that is not known is refused with what to do: its ages could mean anything."""
    (tmp_path / MARK).write_bytes(mark.encode(errors="surrogateescape"))
    with pytest.raises(DataError, match=r"linked\.json: is not of a known format\. Link again"):
        is_linked(tmp_path)


def test_the_form_of_linked_extracts(borough: Contract) -> None:
    """In linked form every date is an age, and no date of birth is asked for; all else is as the contract says."""
    form = linked_form(borough)
    assert {source.date_format for source in form.sources} == {AGES}
    assert (form.birth, form.cohort) == (None, None)
    assert [source.file for source in form.sources] == [source.file for source in borough.sources]
    assert (form.features, form.outcomes, form.audit, form.family) == (
        *(borough.features, borough.outcomes),
        *(borough.audit, borough.family),
    )
    assert linked_form(form) == form


def test_what_is_read(folder: Path) -> None:
    """Links, the spans of feeds and cohorts are read; nobody's date of birth is known."""
    con = _links(folder)
    assert con.execute("SELECT * FROM birth ORDER BY child").fetchall() == [("a", None, 2015), ("b", None, None)]
    assert con.execute("SELECT * FROM links ORDER BY ALL").fetchall() == [
        ("a", "clinic", 1.0),
        ("a", "school", 0.95),
        ("b", "school", 1.0),
    ]
    assert con.execute("SELECT * FROM feeds").fetchall() == [("a", "visits", 0, 760)]
    con.close()


@pytest.mark.parametrize("name", ["children.csv", "links.csv", "coverage.csv"])
@pytest.mark.parametrize("text", [None, "child,more\na,b\n", "child,a,b,c\na,Zelphine,Zelphine,Zelphine\n"])
def test_what_is_broken(folder: Path, name: str, text: str | None) -> None:
    """Where one of the files is gone or broken, that is said with what to do, and nothing of it is repeated."""
    (folder / name).unlink()
    if text is not None:
        (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"children\.csv, links\.csv, coverage\.csv: missing or broken") as refused:
        _links(folder)
    assert "Zelphine" not in str(refused.value)


def test_what_a_board_sees(folder: Path) -> None:
    """The audit carries what the link report says of children and links, and not how each part weighs."""
    (said,) = who_is_missing(folder).values()
    assert set(said) == set(AUDITED)
    assert said["agencies"] == [{"agency": "clinic"}]


@pytest.mark.parametrize("report", [None, "", "{"])
def test_a_report_that_is_gone(folder: Path, report: str | None) -> None:
    """Without its report a linked folder cannot be audited, and that is said with what to do."""
    (folder / REPORT).unlink()
    if report is not None:
        (folder / REPORT).write_text(report, encoding="utf-8")
    with pytest.raises(DataError, match=r"link_report\.json: missing or broken\. Link again"):
        who_is_missing(folder)


def test_what_a_run_is_made_of(folder: Path) -> None:
    """All that training reads beside the extracts is named, so that its digest is part of the data's."""
    assert set(linked_files(folder)) == {path.name for path in folder.iterdir()}


@pytest.mark.parametrize(
    ("born", "starts", "cohort"),
    [("2016-08-31", 9, 2015), ("2016-09-01", 9, 2016), ("2016-01-01", 1, 2016), ("2016-12-31", 12, 2016)],
)
def test_cohorts(born: str, starts: int, cohort: int) -> None:
    """A child belongs to the year in which the academic year of its birth began."""
    con = connect()
    sql = cohort_sql(Cohort(year_starts_month=starts))
    assert con.execute(f"SELECT {sql} FROM (SELECT DATE '{born}' AS born)").fetchall() == [(cohort,)]
    con.close()


def test_ingesting_a_linked_folder(
    folder: Path, as_toml: Callable[[dict[str, Any]], str], one_source: Callable[..., dict[str, Any]]
) -> None:
    """One contract reads extracts with dates and linked ones with ages: events are the same, and what is no age is not."""
    columns = [{"name": "born", "type": "date", "roles": ["identifier"]}, {"name": "until", "type": "date"}]
    when = {"happened": {"date": "seen"}, "known": {"lag_days": 1}}
    document = one_source(columns, **when) | {"birth": {"source": "visits", "column": "born"}}
    contract = parse_contract(as_toml(document))
    (folder / "visits.csv").write_text("child,seen,until,born\na,10,20,\na,2016-01-01,,\na,-5,?,\n", encoding="utf-8")
    mark(folder, contract, {"visits": {"id_of_nobody": 3}})
    con, (report,) = ingest(contract, folder)
    assert con.execute("SELECT child, happened, known, until, born FROM events_visits").fetchall() == [
        ("a", 10, 11, 20, None)
    ]
    assert report.set_aside.total() == 2 + 3
    assert report.set_aside["id_of_nobody"] == 3
    con.close()
