"""The unlearned rules that a contract declares, beside what ships at the same length of list."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.contract import Contract
from models.feature import Landmark, Rule
from training.judging import HeldOut, Rows
from training.metrics import cut, ppv, recall

Floats = NDArray[np.float64]


def against_rules(contract: Contract, landmark: Landmark, rows: Rows, shipped: HeldOut) -> list[dict[str, Any]]:
    """Return, for each rule, whom it flags among the held-out children, how rightly, and what ships at that length."""
    return list(_against(contract, landmark, rows, shipped))


def _against(contract: Contract, landmark: Landmark, rows: Rows, shipped: HeldOut) -> Iterator[dict[str, Any]]:
    names = [feature.name for feature in contract.features_at(landmark)]
    for rule in contract.rules_at(landmark):
        flagged = _flags(rule, rows.x[shipped.rows, names.index(rule.feature)])
        y = rows.y[shipped.rows]
        same = [cut(log_odds, float(flagged.mean())).flagged for log_odds in shipped.log_odds]
        yield {
            "rule": rule.name,
            "label": rule.label,
            "flagged": int(flagged.sum()),
            **_found(flagged, y),
            "what_ships": {name: _mean([_found(each, y)[name] for each in same]) for name in ("recall", "ppv")},
        }


def _flags(rule: Rule, values: Floats) -> NDArray[np.bool_]:
    return np.array([rule.flags(value) for value in values.tolist()], dtype=np.bool_)


def _found(flagged: NDArray[np.bool_], y: Floats) -> dict[str, float | None]:
    one = np.ones((1, len(y)))
    measured = {"recall": float(recall(flagged, y, one)[0]), "ppv": float(ppv(flagged, y, one)[0])}
    return {name: None if np.isnan(value) else round(value, 6) for name, value in measured.items()}


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(float(np.mean(known)), 6) if known else None
