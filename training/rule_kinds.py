"""What kind of thing each part of a rule is: a rule must be a yes or no, and compares like with like."""

from collections.abc import Mapping
from typing import Literal

from sqlglot import exp

Kind = Literal["number", "word", "truth", "nothing"]

_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.In, exp.Between)
_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Neg)


class KindError(ValueError):
    """A rule mixes kinds; the message says how."""


def check_rule(rule: exp.Expression, columns: Mapping[str, Kind]) -> None:
    """Raise KindError unless a parsed rule, over columns of these kinds, is a yes or no."""
    if _kind(rule, columns) not in {"truth", "nothing"}:
        raise KindError("is no yes or no: compare it with something")


def _kind(node: exp.Expression, columns: Mapping[str, Kind]) -> Kind:
    match node:
        case exp.Column():
            return columns[node.name]
        case exp.Literal():
            return "word" if node.is_string else "number"
        case exp.Boolean():
            return "truth"
        case exp.Null():
            return "nothing"
        case exp.Paren():
            return _kind(node.this, columns)
        case exp.And() | exp.Or() | exp.Not():
            return _all_of("truth", node, columns, "joins something that is no yes or no with AND, OR or NOT")
        case exp.Is():
            return _is(node, columns)
        case _ if isinstance(node, _COMPARISONS):
            return _compared(node, columns)
        case _ if isinstance(node, _ARITHMETIC):
            return _all_of("number", node, columns, "calculates with something that is no number")
        case _:
            raise KindError(f"uses {type(node).__name__.lower()}, which a rule may not")


def _parts(node: exp.Expression) -> list[exp.Expression]:
    return [part for part in node.iter_expressions() if isinstance(part, exp.Expression)]


def _all_of(kind: Kind, node: exp.Expression, columns: Mapping[str, Kind], otherwise: str) -> Kind:
    if any(_kind(part, columns) not in {kind, "nothing"} for part in _parts(node)):
        raise KindError(otherwise)
    return kind


def _compared(node: exp.Expression, columns: Mapping[str, Kind]) -> Kind:
    kinds = {_kind(part, columns) for part in _parts(node)} - {"nothing"}
    if len(kinds) > 1 or "truth" in kinds:
        raise KindError("compares numbers with words, or a yes or no with something")
    return "truth"


def _is(node: exp.Expression, columns: Mapping[str, Kind]) -> Kind:
    first, second = _parts(node)
    _kind(first, columns)
    if not isinstance(second, exp.Null):
        raise KindError("says IS of something other than NULL")
    return "truth"
