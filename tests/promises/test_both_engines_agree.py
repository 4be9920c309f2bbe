"""
One contract, two engines: the one-child engine and the SQL engine give the same matrix, to the bit.

They must agree because what is learned from is the SQL engine's matrix and what is served is the one-child engine's row:
wherever the two differ, a child is scored by an estimator that never saw such a child, and nobody would notice. So the
comparison is of the bytes of every number (*not known* equals *not known*), never of numbers that are close.
"""

import random
import struct
import tomllib
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.contract import Contract
from models.contract_reading import parse_contract
from models.exact import MAX_ROWS
from models.feature import Landmark
from models.features import FeatureSet
from models.record import MAX_AGE, MIN_AGE, ChildRecord, Event, Exact, Span
from models.scope import refusal
from models.snapshot import take_snapshot
from models.source import Column, Source
from training.extracts import columns_wanted
from training.ingest import connect, ingest, list_children
from training.records import read_record
from training.snapshots import in_scope, take_matrix

Document = dict[str, Any]
Records = Mapping[str, ChildRecord]
Types = Mapping[str, dict[str, str]]
QUICK = settings(derandomize=True, database=None, deadline=None)

STEPS = ("1", "0.01", "0.25", "5", "0.000001", "1000000")
TIES = ("max", "min", "not_known")
AGES = (365, 760)


# What both engines are given: tables as `training.ingest` leaves them, and child records.


def _types(contract: Contract, folder: Path) -> Types:
    """Return the type of every column that ingesting extracts of this contract leaves in its tables of events."""
    for source in contract.sources:
        names = columns_wanted(source)
        if source.file.endswith(".parquet"):
            pq.write_table(pa.table({name: pa.array([], pa.string()) for name in names}), folder / source.file)
        else:
            (folder / source.file).write_text(",".join(names) + "\n", encoding="utf-8")
    con, _ = ingest(contract, folder)
    described = {s.name: con.execute(f"DESCRIBE events_{s.name}").fetchall() for s in contract.sources}
    return {source: {name: kind for name, kind, *_ in columns} for source, columns in described.items()}


def _tables(contract: Contract, types: Types, records: Records) -> duckdb.DuckDBPyConnection:
    """Put the records into the tables that ingesting them would have left."""
    con = connect()
    for source, kinds in types.items():
        columns = ", ".join(f'"{name}" {kind}' for name, kind in kinds.items())
        con.execute(f"CREATE TABLE events_{source} ({columns})")
        rows = [(c, e) for c, record in records.items() for e in record.events.get(source, ())]
        arrived: dict[str, list[Any]] = {"child": [child for child, _ in rows]}
        arrived |= {"happened": [e.happened for _, e in rows], "known": [e.known for _, e in rows]}
        arrived |= {name: [e.values.get(name) for _, e in rows] for name in list(kinds)[3:]}
        _insert(con, f"events_{source}", kinds, arrived)
    spans = [(c, s, p) for c, record in records.items() for s, proven in record.coverage.items() for p in proven]
    kinds = {"child": "VARCHAR", "source": "VARCHAR", "start": "INTEGER", "end": "INTEGER", "known": "INTEGER"}
    con.execute('CREATE TABLE coverage (child VARCHAR, source VARCHAR, start INTEGER, "end" INTEGER, known INTEGER)')
    arrived = {"child": [c for c, _, _ in spans], "source": [s for _, s, _ in spans]}
    arrived |= {"start": [p.start for *_, p in spans], "end": [p.end for *_, p in spans]}
    _insert(con, "coverage", kinds, arrived | {"known": [p.known for *_, p in spans]})
    list_children(con, contract)
    return con


def _insert(con: duckdb.DuckDBPyConnection, table: str, kinds: Mapping[str, str], rows: dict[str, list[Any]]) -> None:
    held = {name: pa.string() if kind == "VARCHAR" else pa.int64() for name, kind in kinds.items()}
    con.register("arrived", pa.table({name: pa.array(rows[name], held[name]) for name in kinds}))
    con.execute(f"INSERT INTO {table} SELECT * FROM arrived")
    con.unregister("arrived")


def _bits(number: float) -> bytes:
    return b"not known" if number != number else struct.pack("<d", number)


def _disagreements(contract: Contract, types: Types, records: Records) -> list[tuple[str, str, str, float, float]]:
    """Return (landmark, child, feature, one-child answer, SQL answer) wherever the bytes of the two answers differ."""
    con = _tables(contract, types, records)
    found: list[tuple[str, str, str, float, float]] = []
    for landmark in contract.landmarks:
        questions = FeatureSet(contract, landmark)
        matrix = take_matrix(con, contract, landmark, "SELECT child FROM children")
        assert matrix.names == questions.names
        assert matrix.children.tolist() == sorted(c for c, r in records.items() if any(r.events.values()))
        for child, numbers in zip(matrix.children.tolist(), matrix.numbers.tolist(), strict=True):
            row = questions.row(take_snapshot(records[child], landmark.age))
            answers = zip(questions.names, row, numbers, strict=True)
            found += [(landmark.name, child, name, one, sql) for name, one, sql in answers if _bits(one) != _bits(sql)]
        assert _scope_in_sql(con, contract, landmark) == _scope_of_one(contract, landmark, records)
    con.close()
    return found


def _scope_in_sql(con: duckdb.DuckDBPyConnection, contract: Contract, landmark: Landmark) -> set[str]:
    return {child for (child,) in con.execute(in_scope(contract, landmark)).fetchall()}


def _scope_of_one(contract: Contract, landmark: Landmark, records: Records) -> set[str]:
    here = {c: r for c, r in records.items() if any(r.events.values())}
    return {c for c, r in here.items() if refusal(contract.scope, take_snapshot(r, landmark.age)) is None}


# Invented records: ties, events known on the very day, late or never, spans that meet, overlap, leave a gap or come late.


def _records(contract: Contract, seed: int, children: int) -> dict[str, ChildRecord]:
    chance = random.Random(seed)
    return {f"child-{n}": _record(contract, chance) for n in range(children)}


def _record(contract: Contract, chance: random.Random) -> ChildRecord:
    sources = [source for source in contract.feature_sources if chance.random() < 0.9]
    crowded = chance.random() < 0.2
    return ChildRecord(
        {
            s.name: tuple(_event(s, chance) for _ in range(chance.choice((9, 14) if crowded else (0, 1, 2, 4))))
            for s in sources
        },
        {s.name: _spans(chance) for s in sources if s.coverage is not None and chance.random() < 0.9},
    )


def _event(source: Source, chance: random.Random) -> Event:
    happened = chance.choice((0, 0, 100, 182, 183, 364, 365, 365, 366, 578, 760, MIN_AGE, MAX_AGE, chance.randint(-9, 900)))
    delays = (0, 0, 0, 7, 365 - happened, 366 - happened, 760 - happened, 761 - happened)
    known = min(happened + max(0, chance.choice(delays)), MAX_AGE)
    return Event(happened, known, {c.name: _value(c, chance) for c in source.columns})


def _value(column: Column, chance: random.Random) -> Exact:
    if chance.random() < 0.2:
        return None
    if column.code_map:
        return chance.choice(list(column.code_map.values()))
    if column.type == "key":
        return chance.choice(("family 1", "family 2"))
    if column.type == "date":
        return chance.choice((0, 100, 365, 760, 761, 2000, -400, 40000))
    low, high = column.bounds
    usual = [units for units in (-3, -1, 0, 1, 2, 6, 7) if low <= units <= high]
    return chance.choice([*usual, *usual, low, low + 1, high - 1, high, chance.randint(low, high)])


def _spans(chance: random.Random) -> tuple[Span, ...]:
    age, known = chance.choice(AGES), chance.choice((MIN_AGE, 0, 364, 365, 366, 760, 761))
    whole, first, last = Span(0, age, known), Span(-5, 100, 0), Span(182, age, known)
    return chance.choice(
        (
            (),
            (whole,),
            (Span(MIN_AGE, MAX_AGE, MIN_AGE),),
            (Span(0, age - 1, known),),
            (Span(1, age, known),),
            (first, Span(101, age, known)),
            (first, Span(102, age, known)),
            (Span(50, age, known), first),
            (first, last, last, last),
            (whole, Span(10, 20, 0), Span(MIN_AGE, 40, known)),
            (Span(age, 0, 0), Span(500, 400, known)),
            (Span(0, 0, 0), Span(1, 1, 0), Span(2, age, 0), Span(2, age, known)),
        )
    )


# Invented questions: every take, of every kind of column, under every comparison.


def _number(name: str, step: str, tie: str) -> Document:
    return {"name": name, "type": "number", "step": step, "tie": tie}


NUMBERS = {f"n_{STEPS.index(step)}_{tie}": step for step in STEPS for tie in TIES}
CODES = {"A1": "abuse or neglect", "O": "o'clock", "Q": 'a "quoted" word'}
COLUMNS: list[Document] = [
    *(_number(name, step, name.split("_", 2)[2]) for name, step in NUMBERS.items()),
    {"name": "code", "type": "code", "codes": CODES},
    {"name": "other_code", "type": "code", "codes": ["x", "y"]},
    {"name": "flag", "type": "flag", "tie": "max"},
    {"name": "coded_flag", "type": "flag", "codes": {"Y": 1, "N": 0}},
    {"name": "level", "type": "integer", "codes": {"low": -1, "middle": 0, "high": 7}, "tie": "min"},
    {"name": "opened", "type": "date", "tie": "min"},
    {"name": "closed", "type": "date", "tie": "max"},
    {"name": "order", "type": "integer", "range": [-3, 3], "tie": "max"},
]
DERIVED: list[Document] = [
    *(
        {"name": f"lead_{i}", "kind": "difference", "column": f"n_{i}_max", "minus": f"n_{i}_{'min' if i % 2 else 'max'}"}
        for i in range(len(STEPS))
    ),
    *({"name": f"under_{i}", "kind": "below", "column": f"n_{i}_min", "cut": 0} for i in range(len(STEPS))),
    {"name": "under_quarter", "kind": "below", "column": "n_2_max", "cut": 1.75},
    {"name": "open_for", "kind": "days_between", "from": "opened", "to": "closed"},
    {"name": "noughts", "kind": "count_equal", "columns": ["n_*", "order"], "values": [0]},
    {"name": "quoted", "kind": "count_equal", "columns": ["co*e"], "values": ["o'clock", 'a "quoted" word']},
]
# One of these at most, so that some age is always left open at both landmarks.
AGE_CONDITIONS: tuple[Document, ...] = (
    {"column": "age", "below": 100},
    {"column": "age", "at_most": 0},
    {"column": "age", "above": -1},
    {"column": "age", "at_least": 365},
    {"column": "age", "is": 365},
    {"column": "age", "is_not": 0},
    {"column": "age", "in": [0, 365, 760]},
    {"column": "age", "recorded": True},
    {"column": "days_before", "at_most": 182},
    {"column": "days_before", "below": 1},
    {"column": "days_before", "at_least": 30},
    {"column": "days_before", "above": 0},
    {"column": "days_before", "is": 0},
    {"column": "days_before", "recorded": False},
)


@st.composite
def _questions(draw: st.DrawFn) -> Document:
    take = draw(st.sampled_from(("latest", "first", "min", "max", "mean", "sum", "distinct", "count", "any", "days_since")))
    where = draw(st.lists(_conditions(), max_size=2)) + draw(st.lists(st.sampled_from(AGE_CONDITIONS), max_size=1))
    question: Document = {"source": draw(st.sampled_from(("facts", "notes"))), "take": take, "where": where}
    numeric = [*NUMBERS, *(d["name"] for d in DERIVED), "flag", "coded_flag", "level", "opened", "order", "age", "days_before"]
    if take not in {"count", "any", "days_since"}:
        question["column"] = draw(st.sampled_from([*numeric, "code"] if take == "distinct" else numeric))
    if draw(st.booleans()):
        question["landmarks"] = draw(st.sampled_from((["one_year"], ["two_year"], ["two_year", "one_year"])))
    return question


@st.composite
def _conditions(draw: st.DrawFn) -> Document:
    name = draw(st.sampled_from([*NUMBERS, *(d["name"] for d in DERIVED), "code", "flag", "level", "closed", "order"]))
    if draw(st.integers(0, 3)) == 0:
        return {"column": name, "recorded": draw(st.booleans())}
    values = [*CODES.values()] if name == "code" else _constants(name)
    operator = draw(st.sampled_from(("is", "is_not", "in", "at_least", "at_most", "above", "below")))
    if operator == "in" or (name == "code" and operator not in {"is", "is_not"}):
        return {"column": name, "in": draw(st.lists(st.sampled_from(values), min_size=1, max_size=3))}
    return {"column": name, operator: draw(st.sampled_from(values))}


def _constants(name: str) -> list[int | float]:
    """Return constants on the step of a column, the largest it can hold among them."""
    if name in NUMBERS or name.startswith("lead_"):
        step = Fraction(NUMBERS[name] if name in NUMBERS else STEPS[int(name[-1])])
        most = (2**38 - 1) // step.numerator
        counts = (-2, 0, 1, 7, most, 1 - most) if name in NUMBERS else (-2 * step.denominator, 0, step.denominator)
        return [int(x) if x.denominator == 1 else float(x) for x in (step * count for count in counts)]
    return [0, 1] if name == "flag" else [-1, 0, 1, 3, 7] if name != "closed" else [0, 365, 800]


def _source(name: str, columns: list[Document], **more: Any) -> Document:
    return {
        "name": name,
        "label": name,
        "agency": "Agency",
        "file": f"{name}.csv",
        "child": "child",
        "rows": "many",
        "happened": {"age": "age_happened"},
        "known": {"age": "age_known"},
        "gateway": {"name": "Agreement", "purposes": ["research"], "expires": tomllib.loads("d = 2099-12-31")["d"]},
        "column": columns,
    } | more


def _wide(questions: list[Document], scope: Document) -> Document:
    """Return the document of a contract with every kind of column, that asks these questions."""
    birth = {"name": "born_on", "type": "date", "roles": ["identifier"]}
    asked = [{"source": "facts", "take": "count", "where": []}, *questions]
    words = {"label": "asked", "raises": "more", "lowers": "less", "not_known": "not known", "correctable": True}
    return {
        "format": 1,
        "name": "wide",
        "label": "Wide",
        "description": "Every kind of column.",
        "birth": {"source": "births", "column": "born_on"},
        "scope": scope,
        "landmark": [
            {"name": "one_year", "label": "one year", "age": 365, "until": 500},
            {"name": "two_year", "label": "two years", "age": 760, "until": 1000},
        ],
        "outcome": [
            {"name": "outcome", "label": "outcome", "happens": "had it", "source": "births", "window": [1000, 1001]}
            | {"take": "latest", "rule": "age > 0", "definition": "1"}
        ],
        "source": [
            _source("births", [birth], absence="not_known"),
            _source("facts", COLUMNS, derived=DERIVED, absence="none", coverage={"ages": [0, 1000]}),
            _source("notes", COLUMNS, derived=DERIVED, absence="not_known"),
        ],
        "feature": [{"name": f"feature_{i}"} | words | question for i, question in enumerate(asked)],
    }


SCOPES = st.fixed_dictionaries(
    {"needs": st.lists(st.sampled_from(("births", "facts", "notes")), unique=True)},
    optional={"stale_after_days": st.sampled_from((1, 182, 365, 366, 800))},
)


@pytest.fixture(scope="module")
def wide_types(as_toml: Callable[[Document], str], tmp_path_factory: pytest.TempPathFactory) -> Types:
    """The types of the wide contract's tables, whatever is asked of them."""
    return _types(parse_contract(as_toml(_wide([], {}))), tmp_path_factory.mktemp("wide"))


@pytest.fixture(scope="module")
def borough_types(borough: Contract, tmp_path_factory: pytest.TempPathFactory) -> Types:
    """The types of the borough's tables."""
    return _types(borough, tmp_path_factory.mktemp("borough"))


# The promises.


@pytest.mark.parametrize("seed", range(4))
def test_the_borough(borough: Contract, borough_types: Types, seed: int) -> None:
    """Five hundred children of the borough have one matrix and one scope, whichever engine is asked."""
    assert _disagreements(borough, borough_types, _records(borough, seed, 500)) == []


@settings(QUICK, max_examples=60)
@given(questions=st.lists(_questions(), min_size=4, max_size=12), scope=SCOPES, seed=st.integers(0, 2**32))
def test_any_question(
    as_toml: Callable[[Document], str], wide_types: Types, questions: list[Document], scope: Document, seed: int
) -> None:
    """Whatever a contract asks, of numbers of any step, both engines answer the same."""
    contract = parse_contract(as_toml(_wide(questions, scope)))
    assert _disagreements(contract, wide_types, _records(contract, seed, 80)) == []


def _small_records() -> st.SearchStrategy[ChildRecord]:
    days = st.sampled_from((0, 100, 364, 365, 366, 760, 761))
    pairs = st.tuples(days, days).map(sorted)
    most = 2**38 - 1
    values = st.fixed_dictionaries(
        {
            "n_1_max": st.sampled_from((None, 0, 1, -1, most, -most)),
            "n_2_not_known": st.sampled_from((None, 0, 1, 7, most - 1)),
            "n_0_min": st.sampled_from((None, 0, 3, -3, -most)),
        }
    )
    event = st.builds(lambda pair, held: Event(pair[0], pair[1], held), pairs, values)
    span = st.builds(lambda pair, known: Span(pair[0], pair[1], known), pairs, days)
    return st.builds(
        lambda events, spans: ChildRecord({"facts": tuple(events)}, {"facts": tuple(spans)}),
        st.lists(event, max_size=4),
        st.lists(span, max_size=4),
    )


SMALL: list[Document] = [
    {"source": "facts", "take": take, "column": column, "where": []}
    for take in ("latest", "first", "sum", "mean", "distinct")
    for column in ("n_1_max", "n_2_not_known", "n_0_min")
] + [{"source": "facts", "take": "count", "where": [{"column": "age", "at_least": 100}, {"column": "n_0_min", "is": 3}]}]


@settings(QUICK, max_examples=60)
@given(records=st.lists(_small_records(), min_size=1, max_size=40))
def test_small_records(as_toml: Callable[[Document], str], wide_types: Types, records: list[ChildRecord]) -> None:
    """Records of a few events and spans, small enough to read when they are a counterexample, have one matrix."""
    contract = parse_contract(as_toml(_wide(SMALL, {"needs": [], "stale_after_days": 365})))
    named = {f"child-{i}": record for i, record in enumerate(records)}
    assert _disagreements(contract, wide_types, named) == []


@pytest.mark.parametrize("name", ["n_0_max", "n_1_max", "n_2_max", "n_3_max", "n_4_max", "n_5_max", "lead_1", "lead_4"])
def test_the_largest_sums(as_toml: Callable[[Document], str], wide_types: Types, name: str) -> None:
    """A child with as many rows as may be, each the largest number that is held, has an exact sum and mean in both."""
    takes = ("sum", "mean", "latest", "first", "min", "max")
    asked = [{"source": "facts", "take": take, "column": name, "where": []} for take in takes]
    contract = parse_contract(as_toml(_wide(asked, {})))
    first = f"n_{name.split('_')[1]}_max"
    column = contract.source("facts").column(first)
    assert column is not None
    most = column.grid.max_units
    values = {first: most, first.replace("max", "min"): -most}
    records = {"all": ChildRecord({"facts": (Event(10, 20, values),) * MAX_ROWS})}
    records["odd"] = ChildRecord({"facts": (*(Event(10, 20, values),) * (MAX_ROWS - 1), Event(11, 20, {first: 1}))})
    assert _disagreements(contract, wide_types, records) == []
    row = FeatureSet(contract, contract.landmarks[0]).row(take_snapshot(records["all"], 365))
    each = Fraction(column.step) * (2 * most if name.startswith("lead") else most)
    assert row[1] == float(each * MAX_ROWS)
    assert row[2] == float(each)


def test_spans_that_stand_twice(as_toml: Callable[[Document], str], wide_types: Types) -> None:
    """Thousands of children whose later span stands several times over are not proven to be covered before it."""
    contract = parse_contract(as_toml(_wide([], {})))
    spans = (Span(0, 100, 0), *(Span(200, 400, known) for known in (0, 300, 100, 200)))
    records = {f"child-{n}": ChildRecord({"facts": (Event(900, 900),)}, {"facts": spans}) for n in range(5000)}
    con = _tables(contract, wide_types, records)
    matrix = take_matrix(con, contract, contract.landmarks[0], "SELECT child FROM children")
    assert matrix.numbers.shape == (5000, 1)
    assert all(number != number for number in matrix.numbers[:, 0].tolist())


def test_records_read_back(borough: Contract, borough_types: Types) -> None:
    """A record read back from the tables, holding only what features rest on, still has the matrix row of the whole."""
    records = _records(borough, 11, 60)
    con = _tables(borough, borough_types, records)
    for landmark in borough.landmarks:
        questions = FeatureSet(borough, landmark)
        for child, record in records.items():
            read = questions.row(take_snapshot(read_record(con, borough, child), landmark.age))
            whole = questions.row(take_snapshot(record, landmark.age))
            assert list(map(_bits, read)) == list(map(_bits, whole))


def test_real_children(smocc_data: Path) -> None:
    """Real children, from their extract to the matrix, have one row in both engines at every landmark."""
    contract = parse_contract(Path("examples/smocc/contract.toml").read_text(encoding="utf-8"))
    con, _ = ingest(contract, smocc_data)
    for landmark in contract.landmarks:
        questions = FeatureSet(contract, landmark)
        matrix = take_matrix(con, contract, landmark, "SELECT child FROM children WHERE hash(child) % 20 = 0")
        assert len(matrix.children) > 50
        for child, numbers in zip(matrix.children.tolist(), matrix.numbers.tolist(), strict=True):
            row = questions.row(take_snapshot(read_record(con, contract, child), landmark.age))
            assert list(map(_bits, row)) == list(map(_bits, numbers))
