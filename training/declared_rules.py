"""
The unlearned rules that a contract declares, beside what ships at the length of each rule's own list.

Of whom a rule flags nothing is told where fewer than ten of them have the outcome, or fewer than ten do not.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.contract import Contract
from models.feature import Landmark, Rule
from models.small_numbers import FEWEST
from training.judging import HeldOut, Rows
from training.worth.lists import shipped_chances

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
_NOTHING: dict[str, float | None] = {"recall": None, "ppv": None}


def against_rules(contract: Contract, landmark: Landmark, rows: Rows, shipped: HeldOut) -> list[dict[str, Any]]:
    """
    Return, for each rule, how many it flags among the held-out children, how rightly, and what ships at that length.

    All of it is None where the rule's list would tell of a few children; of what ships, where a list as long would.
    """
    held_out = rows.take(shipped.rows)
    return [
        _against(rule, flags, held_out, shipped) for rule, flags in flags_of(contract, landmark, held_out.x).items()
    ]


def flags_of(contract: Contract, landmark: Landmark, x: Floats) -> dict[Rule, Flags]:
    """Return whom each rule flags of x (children, the landmark's features)."""
    names = [feature.name for feature in contract.features_at(landmark)]
    return {rule: _flags(rule, x[:, names.index(rule.feature)]) for rule in contract.rules_at(landmark)}


def _flags(rule: Rule, values: Floats) -> Flags:
    return np.array([rule.flags(value) for value in values.tolist()], dtype=np.bool_)


def _against(rule: Rule, flags: Flags, held_out: Rows, shipped: HeldOut) -> dict[str, Any]:
    share = float(held_out.weights @ flags / held_out.weights.sum())
    listed, hidden = flags.astype(float), _tells_of_few(flags.astype(float), held_out)
    return {
        "rule": rule.name,
        "label": rule.label,
        "flagged": None if hidden else int(flags.sum()),
        **_found(listed, held_out),
        # A list as long as one that is not told of would tell how long that was.
        "what_ships": dict(_NOTHING) if hidden else _found(shipped_chances(shipped, held_out.weights, share), held_out),
    }


def _tells_of_few(listed: Floats, held_out: Rows) -> bool:
    """Whether fewer than ten children on a list have the outcome, or fewer than ten do not."""
    return bool(min(listed @ held_out.y, listed @ (1.0 - held_out.y)) < FEWEST)


def _found(listed: Floats, held_out: Rows) -> dict[str, float | None]:
    """Return recall and PPV of a list, given each child's chance to be on it; None where they would tell of a few children."""
    if _tells_of_few(listed, held_out):
        return dict(_NOTHING)
    found = float(held_out.weights @ (listed * held_out.y))
    parts = {"recall": float(held_out.weights @ held_out.y), "ppv": float(held_out.weights @ listed)}
    return {name: round(found / part, 6) for name, part in parts.items()}
