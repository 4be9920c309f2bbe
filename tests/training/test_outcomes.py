"""Outcomes: yes, no or not yet known, by window, validity, take and rule, in real units."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from models.contract import Contract
from models.contract_reading import parse_contract
from models.errors import DataError, exit_code
from training.ingest import ingest
from training.outcomes import outcome_sql, refuse_mixed_definitions
from training.rules import rule_problems

Document = dict[str, Any]
Judge = Callable[..., dict[str, bool]]
Refused = Callable[..., DataError | None]
COLUMNS: list[Document] = [
    {"name": "goal_1", "type": "integer", "range": [1, 2], "missing": ["A"]},
    {"name": "goal_2", "type": "integer", "range": [1, 2], "missing": ["A"]},
    {"name": "score", "type": "number", "step": "0.01"},
    {"name": "fives", "type": "number", "step": "5"},
    {"name": "millions", "type": "number", "step": "1000000"},
    {"name": "code", "type": "code", "codes": {"N1": "neglect", "N2": "disability"}},
]
DERIVED: list[Document] = [
    {"name": "under_one", "kind": "below", "column": "score", "cut": 1},
    {"name": "ones", "kind": "count_equal", "columns": ["goal_*"], "values": [1]},
    {"name": "twice", "kind": "difference", "column": "fives", "minus": "fives"},
    {
        "name": "low",
        "kind": "count_below",
        "by": "code",
        "cuts": {"score": {"neglect": 0.995}, "fives": {"neglect": 7}},
    },
]


@pytest.fixture
def judge(as_toml: Callable[[Document], str], one_source: Callable[..., Document], tmp_path: Path) -> Judge:
    """Ingest rows of `child,age,goal_1,goal_2,score,fives,millions,code`, and return the outcome of those who have one."""

    def judged(rows: list[str], **outcome: Any) -> dict[str, bool]:
        document = one_source(COLUMNS, derived=DERIVED, known={"lag_days": 0})
        document["outcome"][0] |= {"rule": "goal_1 = 1"} | outcome
        contract = parse_contract(as_toml(document))
        assert rule_problems(contract) == []
        header = "child,age,goal_1,goal_2,score,fives,millions,code"
        lines = [row + "," * (header.count(",") - row.count(",")) for row in rows]
        (tmp_path / "visits.csv").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        con, (report,) = ingest(contract, tmp_path)
        assert report.set_aside.total() == 0
        found: duckdb.DuckDBPyConnection = con.execute(outcome_sql(contract, contract.outcomes[0]))
        return dict(found.fetchall())

    return judged


@pytest.mark.parametrize(
    ("take", "rows", "expected"),
    [
        ("latest", ["a,610,1", "a,620,2"], False),
        ("first", ["a,610,1", "a,620,2"], True),
        ("any", ["a,610,1", "a,620,2"], True),
        ("any", ["a,610,2", "a,620,2"], False),
        ("latest", ["a,620,1", "a,620,1"], True),
        ("latest", ["a,620,1", "a,620,2"], None),
        ("first", ["a,610,1", "a,610,2", "a,620,1"], None),
        ("any", ["a,620,1", "a,620,2"], True),
        ("latest", ["a,620,A"], None),
        ("latest", ["a,610,1", "a,620,A"], None),
        ("first", ["a,610,A", "a,620,1"], None),
        ("latest", ["a,620,1", "a,620,A"], None),
        ("any", ["a,610,A", "a,620,1"], True),
        ("any", ["a,610,A"], None),
        ("any", ["a,610,A", "a,620,2"], None),
        ("latest", [], None),
    ],
)
def test_takes(judge: Judge, take: str, rows: list[str], expected: bool | None) -> None:  # noqa: FBT001 (a table's column)
    """The row that counts is judged; where rows of its day disagree or one is not assessed, it is not yet known."""
    assert judge([*rows, "other,620,1"], take=take).get("a") is expected


@pytest.mark.parametrize(
    ("age", "expected"), [(599, None), (600, True), (650, True), (700, True), (701, None)], ids=str
)
def test_window(judge: Judge, age: int, expected: bool | None) -> None:  # noqa: FBT001 (a table's column)
    """The window holds its first and its last day, and no other day counts."""
    assert judge([f"a,{age},1"]).get("a") is expected


def test_rows_outside_the_window(judge: Judge) -> None:
    """A later row outside the window neither counts nor stands in the way of one inside."""
    assert judge(["a,620,1", "a,701,2", "a,599,2"]) == {"a": True}


@pytest.mark.parametrize(
    ("rows", "take", "expected"),
    [
        (["a,610,1,1", "a,620,2,A"], "latest", {"a": True}),
        (["a,610,1,A", "a,620,2,1"], "first", {"a": False}),
        (["a,620,1,1", "a,620,2,A"], "latest", {"a": True}),
        (["a,610,1,A", "a,620,2,2"], "any", {"a": False}),
        (["a,620,1,A"], "latest", {}),
    ],
)
def test_validity_first(judge: Judge, rows: list[str], take: str, expected: dict[str, bool]) -> None:
    """Rows that are not valid are left out before one is taken, so that the latest valid row counts."""
    assert judge(rows, take=take, valid="goal_2 IS NOT NULL") == expected


def test_validity_that_cannot_be_judged(judge: Judge) -> None:
    """A row of which validity is not known is not valid."""
    assert judge(["a,610,1,1", "a,620,2,A"], valid="goal_2 >= 1") == {"a": True}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("score >= 0.99", {"a": True, "b": False}),
        ("score = 0.99", {"a": True, "b": False}),
        ("score * 3 = 2.97", {"a": True, "b": False}),
        ("score > 0.98 AND score < 1", {"a": True, "b": False}),
        ("fives = 10", {"a": True, "b": False}),
        ("fives + score = 10.99", {"a": True, "b": False}),
        ("millions = 2000000", {"a": True, "b": False}),
        ("code = 'neglect'", {"a": True, "b": False}),
        ("under_one = 1", {"a": True, "b": True}),
        ("ones = 2", {"a": True, "b": False}),
        ("twice = 0", {"a": True, "b": True}),
        ("low = 1", {"a": True}),
        ("age = 620", {"a": True, "b": True}),
    ],
)
def test_real_units(judge: Judge, rule: str, expected: dict[str, bool]) -> None:
    """A rule sees the numbers as the agency wrote them, exactly, derived columns and codes by what they stand for."""
    assert judge(["a,620,1,1,0.99,10,2000000,N1", "b,620,1,2,0.98,5,1000000,N2"], rule=rule) == expected


@pytest.fixture
def refused(as_toml: Callable[[Document], str], one_source: Callable[..., Document], tmp_path: Path) -> Refused:
    """Ingest rows of `child,age,made_by,goal`, whose definition is in `made_by`, and return the refusal, if any."""
    made_by = {"name": "made_by", "type": "code", "codes": {"FSP21": "2021", "FSP12": "2012"}, "missing": ["U"]}
    goal = {"name": "goal", "type": "integer", "range": [1, 2], "missing": ["A"]}

    def found(rows: list[str], *outcomes: Document) -> DataError | None:
        document = one_source([made_by, goal], known={"lag_days": 0})
        given = document["outcome"][0] | {"rule": "goal = 1", "definition": "2021", "definition_column": "made_by"}
        document["outcome"] = [
            {name: value for name, value in (given | changes).items() if value is not None}
            for changes in outcomes or ({},)
        ]
        contract: Contract = parse_contract(as_toml(document))
        assert rule_problems(contract) == []
        (tmp_path / "visits.csv").write_text("\n".join(["child,age,made_by,goal", *rows]) + "\n", encoding="utf-8")
        con, (report,) = ingest(contract, tmp_path)
        assert report.set_aside.total() == 0
        try:
            refuse_mixed_definitions(con, contract)
        except DataError as error:
            return error
        return None

    return found


@pytest.mark.parametrize(
    ("rows", "valid", "count"),
    [
        (["canary,620,FSP21,1", "b,620,FSP12,2"], None, 1),
        (["canary,620,FSP12,1", "b,620,FSP12,2"], None, 2),
        (["canary,620,,1"], None, 1),
        (["canary,620,U,1"], None, 1),
        (["canary,600,FSP12,1", "b,700,FSP12,1"], None, 2),
        (["canary,620,FSP12,1", "canary,650,FSP21,1"], None, 1),
        (["canary,620,FSP12,1", "b,620,FSP12,A"], "goal IS NOT NULL", 1),
        (["canary,620,FSP12,1", "b,620,FSP12,A"], "goal = 2 OR goal = 1", 1),
    ],
)
def test_mixed_definitions(refused: Refused, rows: list[str], valid: str | None, count: int) -> None:
    """Valid rows in the window of another definition, or of none, are counted and refused, and none is repeated."""
    error = refused(rows, {"valid": valid})
    assert error is not None
    assert exit_code(error) == 3
    said = str(error)
    assert f'outcome "outcome": outcome_definition_mixed: {count} valid rows were not made by definition 2021.' in said
    assert "Leave those rows out of the extract" in said
    assert [value for value in ("canary", "FSP", "2012", "620", "650") if value in said] == []


@pytest.mark.parametrize(
    ("rows", "outcome"),
    [
        ([], {}),
        (["a,620,FSP21,1", "b,620,FSP21,2"], {}),
        (["a,599,FSP12,1", "a,701,FSP12,1", "a,620,FSP21,1"], {}),
        (["a,620,FSP12,A", "b,620,,A", "c,620,FSP21,1"], {"valid": "goal IS NOT NULL"}),
        (["a,620,FSP12,A", "b,620,FSP21,1"], {"valid": "goal >= 1"}),
        (["a,620,FSP12,1", "b,620,,2", "c,620,FSP21,1"], {"valid": "made_by = '2021'"}),
        (["a,620,FSP12,1", "b,620,FSP21,2"], {"definition_column": None}),
    ],
    ids=["no row", "one", "outside the window", "not valid", "validity not known", "told apart", "nothing to go by"],
)
def test_one_definition(refused: Refused, rows: list[str], outcome: Document) -> None:
    """Rows of the definition, rows outside the window and rows that `valid` leaves out are no mixture."""
    assert refused(rows, outcome) is None


def test_every_mixed_outcome_is_named(refused: Refused) -> None:
    """Every outcome whose rows are mixed is named in one refusal, each with its own count, and no other outcome is."""
    rows = ["a,620,FSP21,1", "b,620,FSP12,1", *(f"c{n},620,FSP12,2" for n in range(1200))]
    outcomes = [{"name": "one"}, {"name": "two", "valid": "goal = 2"}, {"name": "three", "valid": "made_by = '2021'"}]
    error = refused(rows, *outcomes)
    assert error is not None
    assert [(problem.place, problem.what.partition(" valid")[0]) for problem in error.problems] == [
        ('outcome "one"', "outcome_definition_mixed: 1,201"),
        ('outcome "two"', "outcome_definition_mixed: 1,200"),
    ]


def test_a_quoted_definition(
    as_toml: Callable[[Document], str], one_source: Callable[..., Document], tmp_path: Path
) -> None:
    """A definition is compared as it is written, whatever marks it holds."""
    made_by = {"name": "made_by", "type": "code", "codes": {"a": 'teacher\'s "own"'}}
    document = one_source([made_by], known={"lag_days": 0})
    document["outcome"][0] |= {"definition": 'teacher\'s "own"', "definition_column": "made_by"}
    contract = parse_contract(as_toml(document))
    (tmp_path / "visits.csv").write_text("child,age,made_by\nc,620,a\n", encoding="utf-8")
    con, _ = ingest(contract, tmp_path)
    refuse_mixed_definitions(con, contract)


def test_the_borough(borough_text: str, tmp_path: Path) -> None:
    """A child assessed in both goals has the borough's outcome; one with code A in either is not yet known, never no."""
    contract = parse_contract(borough_text)
    for source in contract.sources:
        names = ["child", *(t.file_column for t in (source.happened, source.known) if t.file_column)]
        header = ",".join(dict.fromkeys([*names, *(column.name for column in source.columns)]))
        rows = {
            "births": "yes,2018-01-01,,F,\nno,2018-01-01,,F,\nunassessed,2018-01-01,,F,\n",
            "profile": "yes,2023-01-01,2,1\nno,2023-01-01,2,2\nunassessed,2023-01-01,A,1\n",
        }
        path = tmp_path / source.file
        if path.suffix == ".csv":
            path.write_text(f"{header}\n{rows.get(source.name, '')}", encoding="utf-8")
        else:
            empty = ", ".join(f"'' AS {name}" for name in header.split(","))
            duckdb.connect().execute(f"COPY (SELECT {empty} WHERE false) TO '{path}' (FORMAT parquet)")
    con, _ = ingest(contract, tmp_path)
    assert dict(con.execute(outcome_sql(contract, contract.outcomes[0])).fetchall()) == {"yes": True, "no": False}
