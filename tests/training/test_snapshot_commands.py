"""The verb `snapshots`: every child in scope at a landmark as a matrix, which scores as the children's records do."""

import json
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from benchmarks.small_bundle import write_bundle
from models.bundle import load_bundle
from models.contract import Contract
from models.contract_reading import load_contract
from models.scope import NotScored
from models.snapshot import take_snapshot
from models.withdrawal import Asked
from training.ingest import ingest
from training.matrix_file import default_area
from training.records import read_record

ENGLAND = Path(__file__).parents[2] / "models/contracts/england.toml"
Row = dict[str, Any]
Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def matrix(
    tmp_path_factory: pytest.TempPathFactory, earlyid: Command, borough_contract: Path, borough_extracts: Path
) -> Path:
    """The matrix of the borough's two-year review."""
    out = tmp_path_factory.mktemp("matrix") / "matrix.parquet"
    words = ("--contract", borough_contract, "--data", borough_extracts, "--landmark", "two_year", "--out", out)
    done = earlyid("snapshots", *words)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == str(out)
    return out


def test_scored_as_the_record(
    earlyid: Command, matrix: Path, borough_contract: Path, borough_extracts: Path, tmp_path: Path
) -> None:
    """Of one child in eight: if in scope it is there, and scored to the bit as its record is, sources not known included."""
    text = borough_contract.read_text(encoding="utf-8")
    bundle = write_bundle(tmp_path / "bundle", text)
    done = earlyid("score", matrix, tmp_path / "out.parquet", "--evaluation", bundle)
    assert done.returncode == 0, done.stderr
    scorer, contract = load_bundle(bundle).scorer, load_contract(borough_contract)[0]
    landmark = contract.landmark("two_year")
    con, _ = ingest(contract, borough_extracts)
    scored = {row["subject"]: row for row in pq.read_table(tmp_path / "out.parquet").to_pylist()}
    told = {row["subject"]: row["not_known_sources"] for row in pq.read_table(matrix).to_pylist()}
    for (child,) in con.execute("SELECT child FROM children ORDER BY child").fetchall()[::8]:
        record = read_record(con, contract, child)
        answer = scorer.score(record, landmark.age)
        if isinstance(answer, NotScored):
            assert child not in scored
            continue
        row, (score,) = scored[child], answer.scores
        bounds = (score.probability, score.interval.low, score.interval.high, score.interval.widened)
        assert (row["probability"], row["low"], row["high"], row["widened"]) == bounds
        assert row["floor_established"] == score.banding.floor_established
        asked = Asked(contract, landmark)
        unknown = asked.unknown(answer.row, asked.proven(take_snapshot(record, landmark.age)))
        assert told[child] == [source.name for source in unknown]
    assert len(scored) == pq.read_metadata(matrix).num_rows
    assert any(told.values())


def test_private(matrix: Path) -> None:
    """The matrix is its owner's alone; it holds no NaN, which is written as null."""
    assert stat.S_IMODE(matrix.stat().st_mode) == 0o600
    numbers = [value for row in pq.read_table(matrix).to_pylist() for value in row.values()]
    assert None in numbers
    assert not [value for value in numbers if isinstance(value, float) and value != value]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"--landmark": "three_year"}, "the contract has no such landmark; it has one_year, two_year"),
        (
            {"--area": "births.birthweight"},
            '--area must be SOURCE.COLUMN, a column that the contract gives the role "site"',
        ),
        ({"--area": "nowhere"}, "--area must be SOURCE.COLUMN"),
        ({"--out": "absent/matrix.parquet"}, "matrix.parquet cannot be written there"),
        ({"--out": "taken"}, "taken exists already"),
    ],
)
def test_refusals(
    earlyid: Command, borough_contract: Path, borough_extracts: Path, tmp_path: Path, changed: dict[str, str], why: str
) -> None:
    """What cannot be written is refused in one line, with exit code 3, and nothing is left."""
    (tmp_path / "taken").touch()
    named: dict[str, object] = {
        "--contract": borough_contract,
        "--data": borough_extracts,
        "--landmark": "two_year",
        "--out": "new",
    } | changed
    named["--out"] = tmp_path / str(named["--out"])
    done = earlyid("snapshots", *(word for pair in named.items() for word in pair))
    (line,) = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (3, "")
    assert why in line
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_cohorts(
    earlyid: Command, matrix: Path, borough_contract: Path, borough_extracts: Path, tmp_path: Path
) -> None:
    """Asked for cohorts, only children born in those academic years are there, and all of them who are in scope."""
    con, _ = ingest(load_contract(borough_contract)[0], borough_extracts)
    years = sorted({year for (year,) in con.execute("SELECT cohort FROM birth").fetchall()})[:2]
    wanted = dict(con.execute(f"SELECT child, cohort FROM birth WHERE cohort IN ({years[0]}, {years[1]})").fetchall())
    asked = [word for year in years for word in ("--cohort", year)]
    words = ("--contract", borough_contract, "--data", borough_extracts, "--landmark", "two_year")
    done = earlyid("snapshots", *words, "--out", tmp_path / "some.parquet", *asked, "--json")
    assert done.returncode == 0, done.stderr
    found = [child for child in pq.read_table(matrix)["subject"].to_pylist() if child in wanted]
    assert pq.read_table(tmp_path / "some.parquet")["subject"].to_pylist() == found
    summary = {"out": str(tmp_path / "some.parquet"), "landmark": "two_year", "children": len(found)}
    assert json.loads(done.stdout) == summary
    assert len(set(wanted.values())) == 2


VISITS = """child,age,known,where
one,10,10,North
one,20,20,South
one,30,400,East
two,10,10,North
two,10,11,South
three,10,10,
four,10,10,West
four,20,20,
"""


@pytest.fixture
def placed(as_toml: Callable[[Row], str], one_source: Callable[..., Row], tmp_path: Path) -> Path:
    """A folder with a contract of one source that tells where a child is, and its extract."""
    column = {"name": "where", "type": "key", "roles": ["site"]}
    (tmp_path / "contract.toml").write_text(as_toml(one_source([column])), encoding="utf-8")
    (tmp_path / "visits.csv").write_text(VISITS, encoding="utf-8")
    return tmp_path


def test_where_a_child_was(earlyid: Command, placed: Path) -> None:
    """A child's area is the latest known at the landmark: none where none is on record, or two rows of a day disagree."""
    words = ("--contract", placed / "contract.toml", "--data", placed, "--landmark", "at_one", "--out")
    done = earlyid("snapshots", *words, placed / "with.parquet", "--area", "visits.where")
    assert done.returncode == 0, done.stderr
    table = pq.read_table(placed / "with.parquet", columns=["subject", "area"])
    found = {row["subject"]: row["area"] for row in table.to_pylist()}
    assert found == {"one": "South", "two": None, "three": None, "four": "West"}
    assert earlyid("snapshots", *words, placed / "without.parquet").returncode == 0
    assert "area" not in pq.read_schema(placed / "without.parquet").names


def test_the_area_of_england(borough: Contract) -> None:
    """Where nobody says otherwise the area is that of the source that tells where children live; some have none."""
    area = default_area(load_contract(ENGLAND)[0])
    assert area is not None
    assert (area.source, area.column) == ("addresses", "lsoa")
    assert default_area(borough) is None
