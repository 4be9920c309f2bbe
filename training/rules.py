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


class RuleError(ValueError):
    """A rule says something a rule may not; the message says what, in words for its author."""


def rendered(rule: str, columns: frozenset[str]) -> str:
    """Return a rule as SQL we rendered ourselves; raises RuleError when it is more than an allowed expression."""
    try:
        parsed = sqlglot.parse(rule, read="duckdb")
    except sqlglot.errors.SqlglotError:
        raise RuleError("is not an expression that can be read") from None
    if len(parsed) != 1 or parsed[0] is None:
        raise RuleError("is not one expression")
    for node in parsed[0].walk():
        _check(node, columns)
    return str(parsed[0].sql(dialect="duckdb", comments=False, identify=True))


def _check(node: exp.Expression, columns: frozenset[str]) -> None:
    if type(node) not in _ALLOWED:
        raise RuleError(f"uses {type(node).__name__.lower()}, which a rule may not")
    if isinstance(node, exp.Column) and (node.table or node.name not in columns):
        raise RuleError(f'names "{node.name}", which is not a column of its source')
    if isinstance(node, exp.In) and (node.args.get("query") or node.args.get("unnest") or node.args.get("field")):
        raise RuleError("may list values after IN, and nothing else")


def rule_columns(source: Source) -> frozenset[str]:
    """The columns a rule of that source may name: its own, its derived ones, and the age it happened at."""
    return frozenset({c.name for c in source.columns} | {d.name for d in source.derived} | {"age"})


def rule_problems(contract: Contract) -> list[Problem]:
    """Return what is wrong with the outcome rules of a contract."""
    return [problem for outcome in contract.outcomes for problem in _outcome_problems(contract, outcome)]


def _outcome_problems(contract: Contract, outcome: Outcome) -> list[Problem]:
    columns = rule_columns(contract.source(outcome.source))
    problems = []
    for place, rule in (("valid", outcome.valid), ("rule", outcome.rule)):
        try:
            if rule is not None:
                rendered(rule, columns)
        except RuleError as error:
            problems.append(
                Problem(
                    f'outcome "{outcome.name}" › {place}',
                    str(error),
                    "Use columns of its source, numbers and words, comparison, arithmetic, AND, OR, NOT, IN, BETWEEN, IS NULL.",
                )
            )
    return problems
