"""Expected numbers by area: what is told adds up to the scores, and of small numbers nothing is told."""

import csv
import datetime
import json
import math
import stat
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.small_bundle import write_bundle
from models.errors import BadInput
from models.scope import NotScored
from models.small_numbers import nearest
from service.batch.areas import ALL_SHOWN, NOTES
from service.batch.parquet.score_matrix import MatrixScored
from service.live import Live, load_live

Row = dict[str, Any]
# Children, and children not scored, of each area; one area's name is not known.
CHILDREN: dict[str | None, tuple[int, int]] = {
    "North Ward": (43, 12),
    "South Ward": (27, 0),
    "Ynys Môn": (9, 11),
    "E01000001": (12, 3),
    None: (31, 30),
}


@dataclass(frozen=True, slots=True)
class Desk:
    """A folder to count a matrix in, and what is live."""

    live: Live
    folder: Path

    def count(self, rows: list[Row], name: str = "out.csv", **changed: Any) -> list[Row]:
        """Count these rows by area, and return what is told."""
        features = [feature.name for feature in self.live.bundle.contract.features]
        texts = [(column, pa.string()) for column in ("subject", "landmark", "area")]
        schema = pa.schema([*texts, *((feature, pa.float64()) for feature in features)])
        pq.write_table(pa.Table.from_pylist(rows, schema=schema), self.folder / "in.parquet")
        out = self.folder / name
        MatrixScored(replace(self.live, **changed), self.folder / "in.parquet", lambda _said: None, 40).areas(out)
        assert stat.S_IMODE(out.stat().st_mode) == 0o600
        if name.endswith(".parquet"):
            told: list[Row] = pq.read_table(out).to_pylist()
            return told
        lines = [line for line in out.read_text(encoding="utf-8").splitlines() if not line.startswith("# ")]
        return [{name: _held(name, text) for name, text in row.items()} for row in csv.DictReader(lines)]


def _held(name: str, text: str) -> str | int | None:
    if name in {"area", "landmark", "outcome", "stamp"}:
        return text
    return int(text) if text else None


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory, borough_text: str) -> Live:
    """A bundle of the borough whose scope refuses rows, too."""
    text = borough_text.replace("expires = 2020-01-01", "expires = 2031-08-31")
    text = text.replace("[scope]", "[scope]\nleast_known_share = 0.3")
    return load_live(write_bundle(tmp_path_factory.mktemp("strict") / "bundle", text), datetime.date(2026, 9, 1))


@pytest.fixture
def desk(strict: Live, tmp_path: Path) -> Desk:
    """A folder to count in."""
    return Desk(strict, tmp_path)


@pytest.fixture
def rows(desk: Desk) -> list[Row]:
    """Rows at the two-year review, so many of each area."""
    return _rows(desk, CHILDREN)


def _rows(desk: Desk, children: dict[str | None, tuple[int, int]]) -> list[Row]:
    features = [feature.name for feature in desk.live.bundle.contract.features]
    made: list[Row] = []
    for area, (scored, refused) in children.items():
        for n in range(scored + refused):
            values = dict.fromkeys(features, float(n % 30) if n < scored else None)
            made.append({"subject": f"child-{len(made)}", "landmark": "two_year", "area": area} | values)
    return made


@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
def test_what_is_told(desk: Desk, rows: list[Row], name: str) -> None:
    """By area and of all that are shown: children, expected number, its bounds and those not scored, in round figures."""
    told = {row["area"]: row for row in desk.count(rows, name)}
    shown = ("North Ward", "South Ward", "not known")
    assert set(told) == {*shown, "Ynys Môn", "E01000001", ALL_SHOWN}
    assert [told[area]["children"] for area in shown] == [45, 25, 30]
    assert told[ALL_SHOWN]["children"] == nearest(43 + 27 + 31)
    assert [told[area]["not_scored"] for area in sorted(told)] == [None, 10, None, 10, None, 30]


def test_the_sums(desk: Desk, rows: list[Row]) -> None:
    """The expected number and its bounds are the sums of the children's probabilities and of the ends of their intervals."""
    (told,) = (row for row in desk.count(rows) if row["area"] == "North Ward")
    contract, scorer = desk.live.bundle.contract, desk.live.bundle.scorer
    features = contract.features_at(contract.landmark("two_year"))
    sums = [0.0, 0.0, 0.0]
    for row in rows[:43]:
        answer = scorer.score_row(contract.landmark("two_year"), [row[feature.name] for feature in features])
        assert not isinstance(answer, NotScored)
        (score,) = answer.scores
        sums = [a + b for a, b in zip(sums, (score.probability, *score.interval[:2]), strict=True)]
    assert [told["expected"], told["low"], told["high"]] == [nearest(amount) for amount in sums]


def test_nothing_of_hidden_areas(desk: Desk, rows: list[Row]) -> None:
    """Of a hidden area, the small one and the one that hides it, nothing of children is told, and none else depends on it."""
    told = desk.count(rows)
    for row in told:
        if row["area"] in {"Ynys Môn", "E01000001"}:
            assert [row[name] for name in ("children", "expected", "low", "high")] == [None] * 4
    for count in (0, 1, 8):
        fewer = _rows(desk, CHILDREN | {"Ynys Môn": (count, 11)})
        assert desk.count(fewer, f"{count}.csv") == told


def test_what_stands_with_the_numbers(desk: Desk, rows: list[Row]) -> None:
    """What the numbers mean, the bundle and the stamp go with them, in either form; no child does."""
    desk.count(rows)
    desk.count(rows, "out.parquet")
    text = (desk.folder / "out.csv").read_text(encoding="utf-8")
    metadata = pq.read_schema(desk.folder / "out.parquet").metadata
    assert all(f"# {note}\n" in text for note in NOTES)
    assert metadata[b"notes"].decode() == "\n".join(NOTES)
    assert f"# bundle: {desk.live.bundle.id}\n" in text
    assert metadata[b"bundle"].decode() == desk.live.bundle.id
    assert text.count("not approved, not for use") == len(CHILDREN) + 1
    assert b"child-" not in (desk.folder / "out.csv").read_bytes() + (desk.folder / "out.parquet").read_bytes()


def test_an_objection(desk: Desk, rows: list[Row]) -> None:
    """A child of whom no score is given is counted among those not scored."""
    several = frozenset(f"child-{n}" for n in range(8))
    told = {row["area"]: row for row in desk.count(rows, excluded=several)}
    assert (told["North Ward"]["children"], told["North Ward"]["not_scored"]) == (35, 20)


@pytest.mark.parametrize("name", ["=1+1", "@x", "-1", "", " North", "a" * 65, "a\tb", 'a"b'])
def test_a_name_that_is_none(desk: Desk, rows: list[Row], name: str) -> None:
    """An area whose name could be a formula, or is none, is set aside, and not told."""
    told = desk.count([rows[0] | {"area": name}, *rows[1:]])
    (aside,) = (desk.folder / "out.csv.set-aside.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(aside) == {"row": 1, "reason": "not-a-name", "faults": [{"place": "area", "code": "not-a-name"}]}
    assert name not in {row["area"] for row in told}


def test_no_areas(desk: Desk, rows: list[Row]) -> None:
    """A matrix without areas is refused; one without subjects is not."""
    table = pa.Table.from_pylist([{n: v for n, v in row.items() if n != "subject"} for row in rows])
    pq.write_table(table, desk.folder / "in.parquet")
    matrix = MatrixScored(desk.live, desk.folder / "in.parquet", lambda _said: None)
    assert matrix.areas(desk.folder / "one.csv").rows == len(rows)
    pq.write_table(table.drop_columns(["area"]), desk.folder / "in.parquet")
    with pytest.raises(BadInput, match='has no column "area"'):
        matrix.areas(desk.folder / "two.csv")


def test_not_a_number(desk: Desk, rows: list[Row]) -> None:
    """NaN and null are one: not known."""
    table = pa.Table.from_pylist([row | {"decile": math.nan} for row in rows])
    other = [row | {"decile": None} for row in rows]
    pq.write_table(table, desk.folder / "in.parquet")
    MatrixScored(desk.live, desk.folder / "in.parquet", lambda _said: None).areas(desk.folder / "nan.csv")
    desk.count(other, "null.csv")
    assert (desk.folder / "nan.csv").read_bytes() == (desk.folder / "null.csv").read_bytes()


@pytest.mark.parametrize("name", ["not known", "all areas shown"])
def test_a_name_that_is_ours(desk: Desk, rows: list[Row], name: str) -> None:
    """An area cannot pass for the line of all areas, or for that of children whose area nobody knows."""
    desk.count([rows[0] | {"area": name}, *rows[1:]])
    (aside,) = (desk.folder / "out.csv.set-aside.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(aside)["reason"] == "not-a-name"
