"""A comparison as MLflow takes it."""

from typing import Any

from training.tracking.comparing import comparison_metrics


def _comparison(champion: str) -> dict[str, Any]:
    measures = {"auc": {"difference": {"value": 0.02, "low": 0.01, "high": None}}}
    few = {"landmark": "then", "outcome": "other", "measures": None}
    return {"champion": champion, "compared": [{"landmark": "then", "outcome": "later", "measures": measures}, few]}


def test_each_champion_has_its_own() -> None:
    """A bundle that is compared with two champions keeps what was found beside each, under the champion's short id."""
    first, second = (comparison_metrics(_comparison(letter * 64)) for letter in "ab")
    place = "then.later.minus_champion.aaaaaaaaaaaa"
    assert first == {f"{place}.auc": 0.02, f"{place}.auc.low": 0.01}
    assert not first.keys() & second.keys()
