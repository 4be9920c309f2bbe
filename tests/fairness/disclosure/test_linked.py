"""What is told of linking beside an audit gives no small count back."""

from typing import Any

import pytest

from fairness.disclosure.linked import told_links


def _line(pairs: int, missed: int) -> dict[str, Any]:
    value = (pairs - missed) / pairs
    figure = {"value": value, "low": value - 0.0041, "high": value + 0.0039}
    gap = {"value": -0.0123, "low": -0.03, "high": 0.004, "method": "Newcombe-Wilson", "smallest_gap_seen": 0.02}
    return {
        "group": "A",
        "pairs": pairs,
        "families": pairs - 3,
        "recall": figure,
        "gap": gap,
        "verdict": "within margin",
    }


@pytest.mark.parametrize("pairs", [103, 480, 5003])
def test_few_missed_are_not_told_apart(pairs: int) -> None:
    """Three missed pairs are told as four, five, six and seven are; counts are to the nearest five."""
    told = [told_links({"lines": [_line(pairs, missed)]})["lines"][0] for missed in range(3, 8)]
    assert [each["recall"]["value"] for each in told] == [told[0]["recall"]["value"]] * 5
    assert told[0]["pairs"] % 5 == told[0]["families"] % 5 == 0
    assert told[0]["recall"]["low"] <= told[0]["recall"]["value"] <= told[0]["recall"]["high"]


def test_counts_elsewhere() -> None:
    """Counts are to the nearest five and hidden under ten, none at all is 0, and what was asked stays as it was."""
    report = {
        "floor": {"pairs": 100, "families": 10},
        "changes": {"merged": 3, "split": 0, "moved": 1201},
        "truth": None,
    }
    assert told_links(report) == {
        "floor": {"pairs": 100, "families": 10},
        "changes": {"merged": None, "split": 0, "moved": 1200},
        "truth": None,
    }


def test_a_hidden_line_stays_hidden() -> None:
    """A group of whom the report tells nothing is passed on as it is, with its verdict."""
    line = {
        "group": "B",
        "pairs": None,
        "families": None,
        "recall": None,
        "gap": None,
        "verdict": "not enough data to tell",
    }
    assert told_links({"lines": [line]}) == {"lines": [line]}
