"""Child records of a linked folder as JSON lines: whole, as a record is read for one child, and no nearer to a birthday than four weeks."""

import csv
import datetime
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from models.birth_period import period_of
from models.contract import Contract
from models.errors import BadInput, DataError
from models.record import ChildRecord, Event, Span
from models.record_form import record_form
from training.child_lines import BLOCK, write_child_lines
from training.ingest import ingest
from training.linked_folder import PERIODS
from training.records import read_record

DAY = datetime.date(2026, 9, 1)


def _written(contract: Contract, folder: Path, out: Path, block: int = BLOCK) -> list[dict[str, Any]]:
    write_child_lines(contract, folder, DAY, out, lambda _step: None, block)
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def written(linked: Any, town: Any, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The lines of the linked town."""
    return _written(town.contract, linked.out, tmp_path_factory.mktemp("lines") / "town.jsonl")


def test_the_first_line(written: list[dict[str, Any]], town: Any) -> None:
    """The first line says by which form of records the others are made, and of which day they are."""
    assert written[0] == {"format": 1, "form": record_form(town.contract), "extracted": "2026-09-01"}


def test_the_records(written: list[dict[str, Any]], linked: Any, town: Any) -> None:
    """Every child whose birth is known has one line, in order, with the very record that is read for it alone."""
    con, _ = ingest(town.contract, linked.out)
    with (linked.out / PERIODS).open(encoding="utf-8", newline="") as file:
        periods = {row["child"]: int(row["period"]) for row in csv.DictReader(file)}
    here = [child for (child,) in con.execute("SELECT child FROM children ORDER BY child").fetchall()]
    assert [line["child"] for line in written[1:]] == [child for child in here if child in periods]
    for line in written[1:]:
        assert line["period"] == periods[line["child"]]
        record = ChildRecord(
            {source: tuple(Event(*event) for event in events) for source, events in line["events"].items()},
            {source: tuple(Span(*span) for span in spans) for source, spans in line["coverage"].items()},
            line["links"],
        )
        assert record == read_record(con, town.contract, line["child"])
    con.close()


def test_blocks_change_nothing(written: list[dict[str, Any]], linked: Any, town: Any, tmp_path: Path) -> None:
    """However many children are put together at a time, the lines are the same."""
    assert _written(town.contract, linked.out, tmp_path / "again.jsonl", block=7) == written


def test_the_periods(town: Any, linked: Any) -> None:
    """Linking writes of each child the four weeks that its most agreed date of birth lies in, by the calendar of all."""
    with (linked.out / PERIODS).open(encoding="utf-8", newline="") as file:
        found = {row["child"]: int(row["period"]) for row in csv.DictReader(file)}
    with (town.folder / "people_clinic.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = linked.names()
    told = {
        names["clinic", row["clinic_id"]]: row["born"]
        for row in rows
        if ("clinic", row["clinic_id"]) in names and row["born"]
    }
    agreed = [
        found[name] == period_of(datetime.date.fromisoformat(born)) for name, born in told.items() if name in found
    ]
    assert len(agreed) > 100
    assert sum(agreed) / len(agreed) > 0.9


def test_the_file_is_private(linked: Any, town: Any, tmp_path: Path) -> None:
    """The file is for its owner alone, and never written over another."""
    out = tmp_path / "town.jsonl"
    _written(town.contract, linked.out, out)
    assert out.stat().st_mode & 0o777 == 0o600
    with pytest.raises(BadInput, match="exists already"):
        _written(town.contract, linked.out, out)


def test_who_has_no_date_of_birth(borough: Contract, borough_extracts: Path, tmp_path: Path) -> None:
    """Of extracts as they are, a child without a date of birth is counted and left out; where nobody has one, that is refused."""
    counts = write_child_lines(borough, borough_extracts, DAY, tmp_path / "all.jsonl", lambda _step: None)
    lines = (tmp_path / "all.jsonl").read_text(encoding="utf-8").splitlines()
    assert counts["written"] == len(lines) - 1
    assert counts["without_date_of_birth"] > 0
    nameless = borough.model_copy(update={"birth": None})
    with pytest.raises(DataError):
        write_child_lines(nameless, borough_extracts, DAY, tmp_path / "none.jsonl", lambda _step: None)
    assert not (tmp_path / "none.jsonl").exists()


def test_what_was_set_aside(borough: Contract, borough_extracts: Path, tmp_path: Path) -> None:
    """Rows that were set aside are counted in all, and by their source and the reason."""
    folder = shutil.copytree(borough_extracts, tmp_path / "extracts")
    file = folder / borough.sources[0].file
    rows = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([*rows, "," * rows[0].count(",")]) + "\n", encoding="utf-8")
    counts = write_child_lines(borough, folder, DAY, tmp_path / "all.jsonl", lambda _step: None)
    con, reports = ingest(borough, folder)
    con.close()
    told = {name.partition(", ")[2]: n for name, n in counts.items() if name.startswith("rows_set_aside, ")}
    assert told == {f"{report.source}: {why}": n for report in reports for why, n in report.set_aside.items()}
    assert sum(told.values()) == counts["rows_set_aside"] > 0


def test_linked_before_periods_were(linked: Any, town: Any, tmp_path: Path) -> None:
    """A folder that was linked without periods is refused with what to do."""
    folder = tmp_path / "linked"
    folder.mkdir()
    for path in linked.out.iterdir():
        if path.name != PERIODS:
            (folder / path.name).symlink_to(path)
    with pytest.raises(DataError, match="birth_periods"):
        _written(town.contract, folder, tmp_path / "town.jsonl")
