"""Scoring a matrix: every row has what the Scorer gives for it alone; what is no row of a matrix is set aside or refused."""

import datetime
import json
import math
import random
import stat
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.small_bundle import write_bundle
from models.errors import BadInput
from models.head import Score
from models.scope import NotScored
from models.telling import Teller
from models.withdrawal import Asked
from service.batch.parquet.score_matrix import MatrixScored
from service.batch.tally import Tally
from service.live import Live, load_live

Row = dict[str, Any]
CANARY = "kanarienvogel"


@dataclass(frozen=True, slots=True)
class Desk:
    """A folder to score a matrix in, and what is live."""

    live: Live
    folder: Path

    @property
    def out(self) -> Path:
        """Where the answers go."""
        return self.folder / "out.parquet"

    def score(self, rows: list[Row] | pa.Table, most: int = 7, **changed: Any) -> Tally:
        """Score these rows, so many at a time."""
        table = rows if isinstance(rows, pa.Table) else pa.Table.from_pylist(rows, schema=self.schema)
        pq.write_table(table, self.folder / "in.parquet", row_group_size=10)
        live = replace(self.live, **changed)
        return MatrixScored(live, self.folder / "in.parquet", lambda _said: None, most).children(self.out)

    @property
    def features(self) -> list[str]:
        """Every feature of the contract."""
        return [feature.name for feature in self.live.bundle.contract.features]

    @property
    def schema(self) -> pa.Schema:
        """The columns of a matrix."""
        texts = [(name, pa.string()) for name in ("subject", "landmark", "area")]
        numbers = [(name, pa.float64()) for name in self.features]
        return pa.schema([*texts, ("not_known_sources", pa.list_(pa.string())), *numbers])

    @property
    def answers(self) -> list[Row]:
        """What was answered."""
        found: list[Row] = pq.read_table(self.out).to_pylist()
        return found

    @property
    def aside(self) -> list[tuple[int, str, str]]:
        """The rows that were set aside, with the reason and the column."""
        text = (self.folder / "out.parquet.set-aside.jsonl").read_text(encoding="utf-8")
        assert CANARY not in text
        found = [json.loads(line) for line in text.splitlines()]
        return [(one["row"], one["reason"], one["faults"][0]["place"]) for one in found]

    @property
    def left(self) -> list[str]:
        """Every file of the folder, but the one that was scored."""
        return sorted(path.name for path in self.folder.iterdir() if path.name != "in.parquet")


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory, borough_text: str) -> Live:
    """A bundle of the borough whose scope refuses rows, too."""
    text = borough_text.replace("expires = 2020-01-01", "expires = 2031-08-31")
    text = text.replace("[scope]", "[scope]\nleast_known_share = 0.3\nbeyond_range = 0.1")
    return load_live(write_bundle(tmp_path_factory.mktemp("strict") / "bundle", text), datetime.date(2026, 9, 1))


@pytest.fixture
def desk(strict: Live, tmp_path: Path) -> Desk:
    """A folder to score in."""
    return Desk(strict, tmp_path)


@pytest.fixture
def rows(desk: Desk) -> list[Row]:
    """Thirty rows of both landmarks: values of all sizes, some not known (null or NaN), some of sources not known at all."""
    return _rows(desk, 30)


def _rows(desk: Desk, count: int) -> list[Row]:
    chance = random.Random(count)  # noqa: S311 (no secret)
    contract = desk.live.bundle.contract
    made = []
    for n in range(count):
        landmark = contract.landmarks[n % 3 % 2]
        values: Row = {
            name: chance.choice((0.0, 0.5, 0.6, 2.0, 20.0, 999.0, None, math.nan, chance.gauss(0, 9)))
            for name in desk.features
        }
        values |= {"birthweight": 9e9} if n % 11 == 10 else {}
        values |= dict.fromkeys(desk.features) if n % 7 == 6 else {}
        asked = Asked(contract, landmark).columns
        features = [feature.name for feature in contract.features_at(landmark)]
        lost = chance.sample(sorted(asked), 2)
        values |= {features[column]: None for source in lost for column in asked[source]}
        told = {"subject": f"child-{n}", "landmark": landmark.name, "area": None}
        made.append(told | {"not_known_sources": chance.choice((lost, lost[:1], [], None))} | values)
    return made


def test_every_row_as_if_alone(desk: Desk, rows: list[Row]) -> None:
    """In the order of the matrix, every row has the numbers, codes and reasons that the Scorer gives for it alone."""
    tally = desk.score(rows)
    expected = [answer for row in rows for answer in _alone(desk.live, row)]
    assert desk.answers == expected
    statuses = [answer["status"] for answer in expected]
    assert {answer["code"] for answer in expected} == {None, "too-little-known", "outside-range-seen"}
    assert {answer["widened"] for answer in expected} == {None, False, True}
    assert (tally.scored, tally.not_scored) == (statuses.count("scored"), statuses.count("not-scored"))
    assert stat.S_IMODE(desk.out.stat().st_mode) == 0o600
    assert desk.left == ["out.parquet"]


def _alone(live: Live, row: Row) -> list[Row]:
    contract, scorer = live.bundle.contract, live.bundle.scorer
    landmark = contract.landmark(row["landmark"])
    features = contract.features_at(landmark)
    numbers = [math.nan if row[feature.name] is None else row[feature.name] for feature in features]
    named = row["not_known_sources"]
    covered = {source for source in Asked(contract, landmark).columns if named is not None and source not in named}
    answer = scorer.score_row(landmark, numbers, covered)
    told = {"subject": row["subject"], "landmark": landmark.name, "stamp": "not approved, not for use"}
    if isinstance(answer, NotScored):
        none = dict.fromkeys(NUMBERS)
        outcomes = contract.outcomes_at(landmark)
        return [told | none | {"outcome": o.name, "status": "not-scored", "code": answer.code} for o in outcomes]
    return [told | _score(live, score) for score in answer.scores]


NUMBERS = (
    *(
        "probability",
        "low",
        "high",
        "widened",
        "band",
        "band_label",
        "near_threshold",
        "floor_established",
        "reliability",
    ),
    *("raises", "lowers"),
)


def _score(live: Live, score: Score) -> Row:
    banding, why = score.banding, score.explanation
    return {
        "outcome": score.outcome.name,
        "status": "scored",
        "code": None,
        "probability": score.probability,
        "low": score.interval.low,
        "high": score.interval.high,
        "widened": score.interval.widened,
        "band": live.bundle.scorer.policy.bands[banding.place].code,
        "band_label": Teller(live.bundle.scorer).band(score).label,
        "near_threshold": banding.near_threshold,
        "floor_established": banding.floor_established,
        "reliability": score.reliability.level,
        "raises": ["+".join(reason.features) for reason in why.raises],
        "lowers": ["+".join(reason.features) for reason in why.lowers],
    }


def test_how_many_at_once_changes_nothing(desk: Desk, rows: list[Row]) -> None:
    """However many rows are held at once, the answers and the rows set aside are the same."""
    rows[3]["subject"] = None
    found = []
    for most in (1, 10, 1000):
        desk.score(rows, most)
        found.append((desk.answers, desk.aside))
        for name in desk.left:
            (desk.folder / name).unlink()
    assert found[0] == found[1] == found[2]


BAD: list[tuple[str, Any, str]] = [
    ("subject", None, "not-a-reference"),
    ("subject", "", "not-a-reference"),
    ("subject", f"{CANARY} {CANARY}", "not-a-reference"),
    ("subject", "a" * 65, "not-a-reference"),
    ("subject", "child-1\n", "not-a-reference"),
    ("subject", "9434765919", "subject-is-an-identifier"),
    ("subject", "x.943-476-5919", "subject-is-an-identifier"),
    ("subject", "V80000000001B", "subject-is-an-identifier"),
    ("landmark", None, "unknown-landmark"),
    ("landmark", CANARY, "unknown-landmark"),
    ("birthweight", math.inf, "not-finite"),
    ("birthweight", -math.inf, "not-finite"),
    ("not_known_sources", [CANARY], "unknown-source"),
    ("not_known_sources", [None], "unknown-source"),
    ("not_known_sources", ["births"], "source-has-values"),
]


def test_bad_rows(desk: Desk, rows: list[Row]) -> None:
    """Each bad row is set aside by its number, reason and column; the others are answered; no value is told."""
    for n, (column, value, _) in enumerate(BAD):
        rows[2 * n] |= {"birthweight": 3000.0, "not_known_sources": []} | {column: value}
    tally = desk.score(rows)
    assert desk.aside == [(2 * n + 1, reason, column) for n, (column, _, reason) in enumerate(BAD)]
    assert {answer["subject"] for answer in desk.answers} == {f"child-{n}" for n in range(1, 30, 2)}
    assert tally.rows == 30


def test_an_objection(desk: Desk, rows: list[Row]) -> None:
    """Of a child of whom no score is given there is none, and the answer is neutral."""
    desk.score(rows, excluded=frozenset({"child-2", "child-5", "child-99"}))
    expected = [answer for row in rows for answer in _alone(desk.live, row)]
    for answer in expected:
        if answer["subject"] in {"child-2", "child-5"}:
            answer.update(dict.fromkeys(NUMBERS) | {"status": "not-scored", "code": "not-available"})
    assert desk.answers == expected


def test_nothing_but_bad_rows(desk: Desk, rows: list[Row]) -> None:
    """A matrix of bad rows only is refused, and nothing is left."""
    with pytest.raises(BadInput, match=r"no row of in\.parquet can be scored"):
        desk.score([row | {"landmark": CANARY} for row in rows])
    assert desk.left == []


def test_no_row(desk: Desk) -> None:
    """A matrix of no row has no answer, and is not wrong."""
    assert desk.score([]).rows == 0
    assert desk.answers == []


def test_one_landmark_only(desk: Desk, rows: list[Row]) -> None:
    """A matrix may lack the sources not known, the areas, and the features of landmarks it has no row of."""
    first = desk.live.bundle.contract.landmarks[0]
    used = [feature.name for feature in desk.live.bundle.contract.features_at(first)]
    assert len(used) < len(desk.features)
    mine = [row | {"not_known_sources": None} for row in rows if row["landmark"] == first.name]
    desk.score(pa.Table.from_pylist(mine, schema=desk.schema).select(["subject", "landmark", *used]))
    assert desk.answers == [answer for row in mine for answer in _alone(desk.live, row)]


def _retyped(name: str, kind: pa.DataType) -> Callable[[pa.Table], pa.Table]:
    return lambda table: table.set_column(table.schema.get_field_index(name), name, table[name].cast(kind))


def _null(name: str) -> Callable[[pa.Table], pa.Table]:
    return lambda table: table.set_column(table.schema.get_field_index(name), name, pa.nulls(len(table)))


SAME: list[Callable[[pa.Table], pa.Table]] = [
    _retyped("subject", pa.large_string()),
    _retyped("landmark", pa.dictionary(pa.int32(), pa.string())),
    _retyped("not_known_sources", pa.large_list(pa.large_string())),
    _null("area"),
]


@pytest.mark.parametrize("change", SAME)
def test_other_types_of_the_same(desk: Desk, rows: list[Row], change: Callable[[pa.Table], pa.Table]) -> None:
    """Texts and lists may be held as other programs write them."""
    desk.score(change(pa.Table.from_pylist(rows, schema=desk.schema)))
    assert desk.answers == [answer for row in rows for answer in _alone(desk.live, row)]


def test_whole_numbers(desk: Desk, rows: list[Row]) -> None:
    """A feature of whole numbers, or of none at all, may be held as such."""
    rows = [row | {"decile": n % 10 + 1, "birthweight": None} for n, row in enumerate(rows)]
    rows = [row | {"not_known_sources": None} for row in rows]
    table = _null("birthweight")(_retyped("decile", pa.int8())(pa.Table.from_pylist(rows, schema=desk.schema)))
    desk.score(table)
    assert desk.answers == [answer for row in rows for answer in _alone(desk.live, row)]


def _first_value(name: str, value: Any, kind: pa.DataType) -> Callable[[pa.Table], pa.Table]:
    def changed(table: pa.Table) -> pa.Table:
        column = pa.array([value] + [None] * (len(table) - 1), kind)
        return table.set_column(table.schema.get_field_index(name), name, column)

    return changed


WRONG: list[tuple[Callable[[pa.Table], pa.Table], str]] = [
    (lambda table: table.drop_columns(["subject"]), 'has no column "subject"'),
    (lambda table: table.drop_columns(["landmark"]), 'has no column "landmark"'),
    (lambda table: table.drop_columns(["birthweight"]), 'has no column "birthweight"'),
    (lambda table: table.append_column("shoe_size", table["decile"]), 'column "shoe_size" is no feature'),
    (lambda table: table.append_column("decile", table["decile"]), 'column "decile" stands there twice'),
    (_first_value("decile", CANARY, pa.string()), 'column "decile" is of another type'),
    (_first_value("decile", 1.5, pa.float32()), 'column "decile" is of another type'),
    (_first_value("decile", True, pa.bool_()), 'column "decile" is of another type'),
    (_first_value("landmark", 760, pa.int64()), 'column "landmark" is of another type'),
    (_first_value("not_known_sources", "births", pa.string()), 'column "not_known_sources" is of another type'),
    (_first_value("decile", 2**53 + 1, pa.int64()), "a whole number that no double holds"),
]


@pytest.mark.parametrize(("change", "why"), WRONG)
def test_no_matrix(desk: Desk, rows: list[Row], change: Callable[[pa.Table], pa.Table], why: str) -> None:
    """A file whose columns are not those of a matrix is refused by the column, and nothing is left."""
    with pytest.raises(BadInput) as refused:
        desk.score(change(pa.Table.from_pylist(rows, schema=desk.schema)))
    assert why in str(refused.value)
    assert CANARY not in str(refused.value)
    assert desk.left == []


def test_a_text_that_is_none(desk: Desk, rows: list[Row]) -> None:
    """A text that is not UTF-8 is refused, and nothing is left."""
    table = pa.Table.from_pylist(rows, schema=desk.schema)
    broken = pa.array([b"\xff" + CANARY.encode()] * len(rows), pa.binary()).view(pa.string())
    with pytest.raises(BadInput, match="not UTF-8") as refused:
        desk.score(table.set_column(0, "subject", broken))
    assert CANARY not in str(refused.value)
    assert desk.left == []


@pytest.mark.parametrize("cut", [0, 3, 0.5, -1])
def test_a_broken_file(desk: Desk, rows: list[Row], cut: float) -> None:
    """A file that is cut short, or empty, is refused, and nothing is left."""
    desk.score(rows)
    desk.out.unlink()
    path = desk.folder / "in.parquet"
    data = path.read_bytes()
    path.write_bytes(data[: int(cut * len(data)) if isinstance(cut, float) else cut])
    with pytest.raises(BadInput, match=r"in\.parquet cannot be read"):
        MatrixScored(desk.live, path, lambda _said: None).children(desk.out)
    assert desk.left == []


def test_no_file(desk: Desk) -> None:
    """Without a file there is one clear line."""
    with pytest.raises(BadInput, match=r"there is no file in\.parquet"):
        MatrixScored(desk.live, desk.folder / "in.parquet", lambda _said: None).children(desk.out)
    assert desk.left == []
