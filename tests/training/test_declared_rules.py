"""Declared rules beside what ships, on the same children and at the same length of list."""

import numpy as np

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


def test_a_rule_beside_what_ships(borough_text: str) -> None:
    """A rule flags by its feature alone, not where that is not known; what ships lists as many, the highest first."""
    contract = _contract(borough_text)
    landmark = contract.landmarks[0]
    features = contract.features_at(landmark)
    x = np.zeros((6, len(features)))
    x[:, [f.name for f in features].index("birthweight")] = [2000, 2500, np.nan, 3000, 3000, 3000]
    y = np.array([1.0, 0.0, 1.0, 1.0, 0.0, 0.0])
    scores = HeldOut(np.arange(6), np.array([[0.1, 0.0, 2.0, 3.0, -1.0, -2.0]]), np.zeros((1, 6), dtype=np.int64))
    light, heavy = against_rules(contract, landmark, Rows(x, y, np.arange(6).astype(str), np.ones(6)), scores)
    assert light == {
        "rule": "light",
        "label": "born light",
        "flagged": 2,
        "recall": round(1 / 3, 6),
        "ppv": 0.5,
        "what_ships": {"recall": round(2 / 3, 6), "ppv": 1.0},
    }
    assert (heavy["flagged"], heavy["recall"], heavy["ppv"]) == (0, 0.0, None)
    assert heavy["what_ships"] == {"recall": 0.0, "ppv": None}


def test_what_ships_has_as_long_a_list(borough_text: str) -> None:
    """Where scores tie at the cut, those who tie are drawn alike; and children count as they are weighted."""
    contract = _contract(borough_text)
    landmark = contract.landmarks[0]
    features = contract.features_at(landmark)
    x = np.full((4, len(features)), 3000.0)
    x[0, [f.name for f in features].index("birthweight")] = 2000
    rows = Rows(x, np.array([1.0, 1.0, 0.0, 0.0]), np.arange(4).astype(str), np.array([1.0, 2.0, 0.5, 0.5]))
    scores = HeldOut(np.arange(4), np.zeros((1, 4)), np.zeros((1, 4), dtype=np.int64))
    light, _ = against_rules(contract, landmark, rows, scores)
    assert (light["flagged"], light["recall"], light["ppv"]) == (1, round(1 / 3, 6), 1.0)
    assert light["what_ships"] == {"recall": 0.25, "ppv": 0.75}
