"""Unlearned rules: what they flag, and at which landmarks they may be applied."""

import math
import tomllib
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from models.contract_reading import parse_contract
from models.feature import Rule

Document = dict[str, Any]
WORDS: Document = {"name": "made", "label": "made", "feature": "decile"}


@pytest.mark.parametrize(
    ("limit", "flagged"),
    [
        ({"at_least": 1}, {1.0, 2.5, math.inf}),
        ({"at_least": 0}, {0.0, 1.0, 2.5, math.inf}),
        ({"at_least": 2.5}, {2.5, math.inf}),
        ({"at_most": 1}, {-1.0, 0.0, 1.0}),
        ({"at_most": 0}, {-1.0, 0.0}),
        ({"at_most": -0.5}, {-1.0}),
    ],
    ids=str,
)
def test_flags(limit: Document, flagged: set[float]) -> None:
    """A rule flags its number and whatever lies beyond it, and a value that is not known never."""
    rule = Rule(**WORDS, **limit)
    assert {value for value in (-1.0, 0.0, 1.0, 2.5, math.inf) if rule.flags(value)} == flagged
    assert rule.flags(math.nan) is False


@pytest.mark.parametrize("limit", [{}, {"at_least": 1, "at_most": 1}, {"at_least": 0, "at_most": 0}], ids=str)
def test_one_limit(limit: Document) -> None:
    """A rule has one number, from above or from below, of which 0 is one."""
    with pytest.raises(ValidationError, match="give exactly one of at_least, at_most"):
        Rule(**WORDS, **limit)


def test_where_rules_apply(borough_text: str, as_toml: Callable[[Document], str]) -> None:
    """A rule may be applied at the landmarks it lists, or at every one, in the order declared; a contract needs none."""
    document: Document = tomllib.loads(borough_text)
    assert parse_contract(borough_text).rules == ()
    document["rule"] = [
        WORDS | {"name": "later", "feature": "communication", "at_most": 20, "landmarks": ["two_year"]},
        WORDS | {"name": "always", "at_most": 2},
    ]
    contract = parse_contract(as_toml(document))
    named = {landmark.name: [rule.name for rule in contract.rules_at(landmark)] for landmark in contract.landmarks}
    assert named == {"one_year": ["always"], "two_year": ["later", "always"]}
