"""What is told of groups where no interval is asked for."""

import numpy as np
import pandas as pd
import pytest

from fairness.disclosure.rates import RATES, rates


def _table() -> pd.DataFrame:
    """Return 200 of one side, 40 of another and 4 of a third; of each fifty in a hundred are on the list, and every fourth has it."""
    side = np.repeat(["a", "b", "c"], [200, 40, 4])
    place = np.arange(len(side))
    return pd.DataFrame(
        {"audit_side": side, "observed": place % 4 == 0, "flagged": place % 2 == 0, "probability": 0.2, "repeat": 0}
    )


def test_by_hand() -> None:
    """Rates are of told counts; a small group has none and is counted with the largest; a declared one of nobody is there."""
    told = rates(_table(), {"side": ["none"]}, small_group=100)["side"]
    lines = {line["group"]: line for line in told["groups"]}
    assert told["hidden_in"] == "a"
    assert lines["a"] == {
        "group": "a",
        "n": 205,
        "events": 50,
        "small": False,
        "selection_rate": 0.488,
        "recall": 1.0,
        "fpr": pytest.approx(50 / 155, abs=6e-4),
        "ppv": 0.5,
        "calibration_gap": 0.04,
    }
    assert (lines["b"]["n"], lines["b"]["events"], lines["b"]["small"], lines["b"]["ppv"]) == (40, 10, True, 0.5)
    assert (lines["c"]["n"], lines["none"]["n"]) == (None, 0)
    assert all(lines[name][rate] is None for name in ("c", "none") for rate in RATES)
