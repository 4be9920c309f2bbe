"""Declared rules beside what ships, on the same children and at the same length of list."""

import numpy as np
import pytest

from models.contract import Contract
from models.contract_reading import parse_contract
from training.declared_rules import against_rules
from training.judging import HeldOut, Rows

RULES = """
[[rule]]
name = "light"
label = "born light"
feature = "birthweight"
at_most = 2500
[[rule]]
name = "heavy"
label = "born very heavy"
feature = "birthweight"
at_least = 9000
"""


def _contract(text: str) -> Contract:
    return parse_contract(text + RULES)


def _rows(contract: Contract, weights: list[float], y: list[float], of_each: int) -> Rows:
    """Return so many children of each kind, kind by kind: of birthweight 3,000 g each."""
    kinds, features = len(y), contract.features_at(contract.landmarks[0])
    x = np.full((kinds * of_each, len(features)), 3000.0)
    children = np.arange(kinds * of_each).astype(str)
    return Rows(x, np.repeat(y, of_each), children, np.repeat(weights, of_each))


def _weights_at_birth(contract: Contract, rows: Rows, grams: list[float]) -> None:
    column = [feature.name for feature in contract.features_at(contract.landmarks[0])].index("birthweight")
    rows.x[:, column] = np.repeat(grams, len(rows.y) // len(grams))


def _scores(of_kinds: list[float], of_each: int) -> HeldOut:
    scores = np.repeat(of_kinds, of_each)[None, :]
    return HeldOut(np.arange(scores.shape[1]), scores, np.zeros(scores.shape, dtype=np.int64))


def test_a_rule_beside_what_ships(borough_text: str) -> None:
    """A rule flags by its feature alone, not where that is not known; what ships lists as many, the highest first."""
    contract = _contract(borough_text)
    rows = _rows(contract, [1] * 6, [1, 0, 1, 1, 0, 0], 20)
    _weights_at_birth(contract, rows, [2000, 2500, np.nan, 3000, 3000, 3000])
    rows.y[80:90] = 1
    light, heavy = against_rules(contract, contract.landmarks[0], rows, _scores([0.1, 0.0, -3.0, 3.0, 2.0, -2.0], 20))
    assert light == {
        "rule": "light",
        "label": "born light",
        "flagged": 40,
        "recall": round(20 / 70, 6),
        "ppv": 0.5,
        "what_ships": {"recall": round(30 / 70, 6), "ppv": 0.75},
    }
    assert (heavy["flagged"], heavy["recall"], heavy["ppv"]) == (None, None, None)
    assert heavy["what_ships"] == {"recall": None, "ppv": None}


def test_what_ships_has_as_long_a_list(borough_text: str) -> None:
    """Where scores tie at the cut, those who tie are drawn alike; and children count as they are weighted."""
    contract = _contract(borough_text)
    rows = _rows(contract, [1, 2, 0.5, 0.5], [1, 1, 0, 0], 40)
    _weights_at_birth(contract, rows, [2000, 3000, 3000, 3000])
    rows.y[:20] = 0
    light, _ = against_rules(contract, contract.landmarks[0], rows, _scores([0, 0, 0, 0], 40))
    assert (light["flagged"], light["recall"], light["ppv"]) == (40, 0.2, 0.5)
    assert light["what_ships"] == {"recall": 0.25, "ppv": 0.625}


@pytest.mark.parametrize(("having", "told"), [(9, False), (10, True), (20, True), (21, False)])
def test_a_rule_of_few_is_not_told_of(borough_text: str, having: int, *, told: bool) -> None:
    """Of a rule nothing is told but its name unless ten whom it flags have the outcome, and ten have not; nor is its length."""
    contract = _contract(borough_text)
    rows = _rows(contract, [1] * 4, [0, 1, 0, 1], 30)
    _weights_at_birth(contract, rows, [2000, 3000, 3000, 3000])
    rows.y[:having] = 1
    rows.y[30:45] = 0
    light, _ = against_rules(contract, contract.landmarks[0], rows, _scores([0, 3, 0, 0], 30))
    ships = {"recall": round(15 / rows.y.sum(), 6), "ppv": 0.5}
    assert light["flagged"] == (30 if told else None)
    assert (light["recall"] is None) == (light["ppv"] is None) == (not told)
    assert light["what_ships"] == (ships if told else {"recall": None, "ppv": None})


def test_what_ships_of_few_is_not_told_of(borough_text: str) -> None:
    """Where a list as long as a rule's holds nobody without the outcome, it is the rule alone that is told of."""
    contract = _contract(borough_text)
    rows = _rows(contract, [1] * 4, [0, 1, 0, 1], 30)
    _weights_at_birth(contract, rows, [2000, 3000, 3000, 3000])
    rows.y[:15] = 1
    light, _ = against_rules(contract, contract.landmarks[0], rows, _scores([0, 3, 0, 0], 30))
    assert (light["flagged"], light["ppv"]) == (30, 0.5)
    assert light["what_ships"] == {"recall": None, "ppv": None}
