"""Champion against challenger, in lines that a person can read."""

from collections.abc import Iterator
from typing import Any

from models.contract import Contract

_MEASURES = {
    "auc": "AUC",
    "log_loss": "log-loss (less is better)",
    "observed_over_expected": "observed / expected",
    "recall": "recall of the list",
    "ppv": "PPV of the list",
}


def comparison_lines(contract: Contract, comparison: dict[str, Any]) -> Iterator[str]:
    """Say how the two do on the same children, how sure the difference is, and who would move band."""
    yield f"Champion {comparison['champion'][:12]}, challenger {comparison['challenger'][:12]}"
    yield f"on children whom neither learned from; lists of {comparison['capacity']:.0%} of them"
    for part in comparison["compared"]:
        yield ""
        yield f"{part['outcome']}, seen from {contract.landmark(part['landmark']).label}"
        if part["measures"] is None:
            yield "  too few children whom neither learned from: nothing can be said"
            continue
        yield f"  {part['n']:,} children, of whom {part['events']:,} had it"
        yield from _measures(part["measures"])
        yield _moves(part["moves"])


def _measures(measures: dict[str, Any]) -> Iterator[str]:
    for name, label in _MEASURES.items():
        found = measures[name]
        difference = found["difference"]
        yield (
            f"  {label:<26}champion {_number(found['champion']['value'])}  challenger "
            f"{_number(found['challenger']['value'])}  difference {_signed(difference['value'])} "
            f"({_signed(difference['low'])} to {_signed(difference['high'])}){_sure(difference)}"
        )


def _sure(difference: dict[str, float | None]) -> str:
    low, high = difference["low"], difference["high"]
    return "" if low is None or high is None or low > 0 or high < 0 else ": cannot be told apart"


def _moves(moves: dict[str, Any] | None) -> str:
    if moves is None:
        return "  the two have not as many bands: who would move cannot be said"
    everyone = moves["everyone"]
    if everyone["share_moving"] is None:
        return "  so few would move one way or the other, or would stay, that it is not told how many"
    return (
        f"  {everyone['share_moving']:.0%} would move band: about {everyone['earlier']:,} would be offered something sooner, "
        f"{everyone['later']:,} later"
    )


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:.3f}"


def _signed(value: float | None) -> str:
    return "none" if value is None else f"{value:+.3f}"
