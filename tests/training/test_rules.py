"""Rules of outcomes: what is allowed is rendered by us, and everything else is refused in words."""

from collections.abc import Callable
from typing import Any

import duckdb
import pytest

from models.contract_reading import parse_contract
from training.rules import RuleError, rendered, rule_columns, rule_problems

Document = dict[str, Any]
COLUMNS = frozenset({"goal_1", "goal_2", "code", "age"})


@pytest.mark.parametrize(
    ("rule", "sql"),
    [
        ("goal_1 = 1", '"goal_1" = 1'),
        ('"goal_1" == 1', '"goal_1" = 1'),
        ("goal_1 <> 1", '"goal_1" <> 1'),
        ("goal_1 != 1", '"goal_1" <> 1'),
        ("goal_1 < 1 AND goal_2 <= 2", '"goal_1" < 1 AND "goal_2" <= 2'),
        ("goal_1 > 1 or goal_2 >= 2", '"goal_1" > 1 OR "goal_2" >= 2'),
        ("NOT (goal_1 = 2 AND goal_2 = 2)", 'NOT ("goal_1" = 2 AND "goal_2" = 2)'),
        ("goal_1 IN (1, 2)", '"goal_1" IN (1, 2)'),
        ("code NOT IN ('a', 'it''s')", "NOT \"code\" IN ('a', 'it''s')"),
        ("goal_1 BETWEEN 1 AND goal_2", '"goal_1" BETWEEN 1 AND "goal_2"'),
        ("goal_1 IS NULL", '"goal_1" IS NULL'),
        ("goal_1 IS NOT NULL", 'NOT "goal_1" IS NULL'),
        ("goal_1 + goal_2 - 1 > 2 * 3 / 4", '"goal_1" + "goal_2" - 1 > 2 * 3 / 4'),
        ("-goal_1 > -1.5", '-"goal_1" > -1.5'),
        ("age >= 600", '"age" >= 600'),
        ("TRUE", "TRUE"),
        ("goal_1 = 1;", '"goal_1" = 1'),
        ("goal_1 = 1 -- OR goal_2 = 1", '"goal_1" = 1'),
        ("goal_1 /* ; DROP TABLE children; */ = 1", '"goal_1" = 1'),
    ],
)
def test_allowed(rule: str, sql: str) -> None:
    """Comparison, arithmetic, AND, OR, NOT, IN, BETWEEN and IS NULL are allowed; what runs is our own spelling of them."""
    assert rendered(rule, COLUMNS) == sql


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("", "is not one expression"),
        ("   ", "is not one expression"),
        ("-- nothing", "is not one expression"),
        ("goal_1 = 1; goal_2 = 1", "is not one expression"),
        ("goal_1 = 1; DROP TABLE children", "is not one expression"),
        ("goal_1 =", "is not an expression that can be read"),
        ("goal_1 AND OR goal_2", "is not an expression that can be read"),
        ("goal_1 = 1 ORDER BY goal_1", "is not an expression that can be read"),
        ("goal_1 = 1) OR (TRUE", "is not an expression that can be read"),
        ("goal_3 = 1", 'names "goal_3", which is not a column of its source'),
        ("GOAL_1 = 1", 'names "GOAL_1", which is not a column of its source'),
        ("events_births.goal_1 = 1", 'names "goal_1", which is not a column of its source'),
        ("child = 'x'", 'names "child", which is not a column of its source'),
        ("goal_1 LIKE '1%'", "uses like, which a rule may not"),
        ("code SIMILAR TO 'a'", "uses"),
        ("code ~ 'a'", "uses regexplike, which a rule may not"),
        ("CASE WHEN goal_1 = 1 THEN TRUE END", "uses case, which a rule may not"),
        ("sum(goal_1) > 1", "uses sum, which a rule may not"),
        ("row_number() OVER () = 1", "uses window, which a rule may not"),
        ("coalesce(goal_1, 1) = 1", "uses coalesce, which a rule may not"),
        ("read_text('/etc/passwd') = 'x'", "uses anonymous, which a rule may not"),
        ("getenv('HOME') = 'x'", "uses anonymous, which a rule may not"),
        ("current_setting('threads') = 1", "uses"),
        ("CAST(goal_1 AS TEXT) = '1'", "uses cast, which a rule may not"),
        ("goal_1::TEXT = '1'", "uses cast, which a rule may not"),
        ("DATE '2020-01-01' > goal_1", "uses cast, which a rule may not"),
        ("(SELECT 1) = 1", "uses subquery, which a rule may not"),
        ("goal_1 = (SELECT max(goal_1) FROM events_births)", "uses subquery, which a rule may not"),
        ("EXISTS (SELECT 1)", "uses exists, which a rule may not"),
        ("goal_1 IN (SELECT 1)", "may list values after IN, and nothing else"),
        ("goal_1 IN goal_2", "may list values after IN, and nothing else"),
        ("goal_1 = ANY([1])", "uses any, which a rule may not"),
        ("SELECT TRUE", "uses select, which a rule may not"),
        ("DROP TABLE children", "uses drop, which a rule may not"),
        ("COPY children TO 'x'", "uses"),
        ("PRAGMA version", "uses pragma, which a rule may not"),
        ("SET threads = 1", "uses"),
        ("goal_1 = 1 UNION SELECT TRUE", "uses union, which a rule may not"),
        ("goal_1 AS verdict", "uses alias, which a rule may not"),
        ("*", "uses star, which a rule may not"),
        ("COLUMNS('goal.*') = 1", "uses columns, which a rule may not"),
        ("goal_1 % 2 = 0", "uses mod, which a rule may not"),
        ("goal_1 // 2 = 0", "uses intdiv, which a rule may not"),
        ("goal_1 ** 2 = 1", "uses pow, which a rule may not"),
        ("goal_1 & 1 = 1", "uses bitwiseand, which a rule may not"),
        ("code || 'a' = 'aa'", "uses dpipe, which a rule may not"),
        ("goal_1 IS NOT DISTINCT FROM 1", "uses nullsafeeq, which a rule may not"),
        ("goal_1 = $1", "uses placeholder, which a rule may not"),
        ("(goal_1, goal_2) = (1, 2)", "uses tuple, which a rule may not"),
        ("[1] = goal_1", "uses array, which a rule may not"),
        ("code[1] = 'a'", "uses bracket, which a rule may not"),
        ("code COLLATE nocase = 'a'", "uses collate, which a rule may not"),
        ("current_date > goal_1", "uses currentdate, which a rule may not"),
        ("INTERVAL 1 DAY > goal_1", "uses interval, which a rule may not"),
        ("lambda x : x", "is not an expression that can be read"),
    ],
)
def test_refused(rule: str, words: str) -> None:
    """Whatever is more than an expression over the source's own columns is refused, with what it was."""
    with pytest.raises(RuleError) as refused:
        rendered(rule, COLUMNS)
    assert str(refused.value).startswith(words)


@pytest.mark.parametrize(
    "rule", ["(" * 5000 + "goal_1 = 1" + ")" * 5000, "NOT " * 5000 + "goal_1 = 1"], ids=["(", "NOT"]
)
def test_a_rule_without_end(rule: str) -> None:
    """A rule too deep to be read is refused like any other, not left to exhaust the reader."""
    with pytest.raises(RuleError):
        rendered(rule, COLUMNS)


@pytest.fixture
def problems_of(as_toml: Callable[[Document], str], one_source: Callable[..., Document]) -> Callable[..., list[str]]:
    """Return the problems of one outcome's rules."""

    def found(rule: str, valid: str | None = None) -> list[str]:
        document = one_source(
            [{"name": "goal", "type": "integer"}, {"name": "code", "type": "code", "codes": ["a", "b"]}],
            derived=[{"name": "low", "kind": "below", "column": "goal", "cut": 2}],
        )
        document["outcome"][0] |= {"rule": rule} | ({"valid": valid} if valid is not None else {})
        return [str(problem) for problem in rule_problems(parse_contract(as_toml(document)))]

    return found


def test_problems(problems_of: Callable[..., list[str]]) -> None:
    """The rule and the validity rule of every outcome are checked, and each problem has its place and a remedy."""
    remedy = (
        ". Use columns of its source, numbers and words, comparison, arithmetic, AND, OR, NOT, IN, BETWEEN, IS NULL."
    )
    assert problems_of("low = 1 AND age > 3", "goal IS NOT NULL") == []
    assert problems_of("hello = 1", "f(goal)") == [
        'outcome "outcome" › valid: uses anonymous, which a rule may not' + remedy,
        'outcome "outcome" › rule: names "hello", which is not a column of its source' + remedy,
    ]


@pytest.mark.parametrize(
    "rule",
    [
        "goal",
        "goal + 1",
        "1",
        "code = 1",
        "code IN (1, 2)",
        "code < 5",
        "code + 1 = 2",
        "goal = 'a'",
        "goal IS 2",
    ],
)
def test_rules_that_cannot_be_judged(problems_of: Callable[..., list[str]], rule: str) -> None:
    """A rule that is no yes or no, or compares words with numbers, is refused when the contract is read."""
    (problem,) = problems_of(rule)
    assert problem.startswith('outcome "outcome" › rule: ')


@pytest.mark.parametrize("rule", ["goal = 1", "code = 'a'", "low = 1 OR goal BETWEEN 1 AND 2", "goal = 0.5"])
def test_rules_that_can(problems_of: Callable[..., list[str]], rule: str) -> None:
    """A rule over columns of its own kind has no problem."""
    assert problems_of(rule) == []


def test_what_is_rendered_runs() -> None:
    """What is rendered is what the database runs: it gives the answer the author wrote."""
    sql = rendered("NOT (goal_1 = 2 AND goal_2 IN (1, 2)) OR code IS NULL", COLUMNS)
    rows = "VALUES (2, 2, 'a'), (2, 3, 'a'), (2, 2, NULL)"
    found = duckdb.connect().execute(f"SELECT {sql} FROM ({rows}) AS t(goal_1, goal_2, code)").fetchall()
    assert found == [(False,), (True,), (True,)]


def test_rule_columns(as_toml: Callable[[Document], str], one_source: Callable[..., Document]) -> None:
    """A rule may name its source's columns, the derived ones and the age, and not the child or when it became known."""
    derived = [{"name": "low", "kind": "below", "column": "goal", "cut": 2}]
    contract = parse_contract(as_toml(one_source([{"name": "goal", "type": "integer"}], derived=derived)))
    assert rule_columns(contract.source("visits")) == {"goal", "low", "age"}
