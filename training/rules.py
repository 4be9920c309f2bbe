"""
Rules of outcomes: expressions that a contract's author writes, and that must not be able to do anything else.

A rule is parsed, every part of it must be on a short list, its columns must be the source's own, and what runs is what
we rendered, in a database that can reach no file. (Unlocked, a rule can read any file.)
"""

import sqlglot
from sqlglot import exp

from models.contract import Contract
from models.errors import Problem
from models.feature import Outcome
from models.source import Source
from training.rule_kinds import Kind, KindError, check_rule

_ALLOWED = (
    exp.Column,
    exp.Identifier,
    exp.Literal,
    exp.Boolean,
    exp.Null,
    exp.Paren,
    exp.And,
    exp.Or,
    exp.Not,
    exp.EQ,
    exp.NEQ,
    exp.GT,
    exp.GTE,
    exp.LT,
    exp.LTE,
    exp.In,
    exp.Between,
    exp.Is,
    exp.Add,
    exp.Sub,
    exp.Mul,
    exp.Div,
    exp.Neg,
)


LONGEST_RULE = 1000


class RuleError(ValueError):
    """A rule says something a rule may not; the message says what, in words for its author."""


def rendered(rule: str, columns: frozenset[str]) -> str:
    """Return a rule as SQL we rendered ourselves; raises RuleError when it is more than an allowed expression."""
    return str(_parsed(rule, columns).sql(dialect="duckdb", comments=False, identify=True))


def _parsed(rule: str, columns: frozenset[str]) -> exp.Expression:
    if len(rule) > LONGEST_RULE:
        raise RuleError(f"is longer than {LONGEST_RULE} characters")
    try:
        parsed = sqlglot.parse(rule, read="duckdb")
    except (sqlglot.errors.SqlglotError, RecursionError):
        raise RuleError("is not an expression that can be read") from None
    if len(parsed) != 1 or parsed[0] is None:
        raise RuleError("is not one expression")
    for node in parsed[0].walk():
        _check(node, columns)
    return parsed[0]


def _check(node: exp.Expression, columns: frozenset[str]) -> None:
    if type(node) not in _ALLOWED:
        raise RuleError(f"uses {type(node).__name__.lower()}, which a rule may not")
    if isinstance(node, exp.Column) and (node.table or node.name not in columns):
        raise RuleError(f'names "{node.name}", which is not a column of its source')
    if isinstance(node, exp.In) and (node.args.get("query") or node.args.get("unnest") or node.args.get("field")):
        raise RuleError("may list values after IN, and nothing else")


def rule_columns(source: Source) -> frozenset[str]:
    """The columns a rule of that source may name: its own, its derived ones, and the age it happened at."""
    return frozenset(_kinds(source))


def _kinds(source: Source) -> dict[str, Kind]:
    own: dict[str, Kind] = {column.name: "number" if column.numeric else "word" for column in source.columns}
    return own | dict.fromkeys((derived.name for derived in source.derived), "number") | {"age": "number"}


def rule_problems(contract: Contract) -> list[Problem]:
    """Return what is wrong with the outcome rules of a contract."""
    known = {source.name for source in contract.sources}
    return [p for o in contract.outcomes if o.source in known for p in _outcome_problems(contract, o)]


def _outcome_problems(contract: Contract, outcome: Outcome) -> list[Problem]:
    kinds = _kinds(contract.source(outcome.source))
    problems = []
    for place, rule in (("valid", outcome.valid), ("rule", outcome.rule)):
        try:
            if rule is not None:
                check_rule(_parsed(rule, frozenset(kinds)), kinds)
        except (RuleError, KindError) as error:
            problems.append(
                Problem(
                    f'outcome "{outcome.name}" › {place}',
                    str(error),
                    "Use columns of its source, numbers and words, comparison, arithmetic, AND, OR, NOT, IN, BETWEEN, IS NULL.",
                )
            )
    return problems
