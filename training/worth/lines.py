"""What a model is worth, in lines a person can read."""

from collections.abc import Iterator
from typing import Any


def worth_lines(part: dict[str, Any]) -> Iterator[str]:
    """Say, of an evaluated landmark and outcome, what its list finds beside simpler ones, in at most four lines."""
    yield from _lists(part["worth"])
    yield from _six(part["worth"]["six_variables"])
    yield from _decisions(part["worth"]["net_benefit"])
    yield from _riley(part["signal"]["riley"])


def _lists(worth: dict[str, Any]) -> Iterator[str]:
    best = next((rule for rule in worth["rules"] if rule["rule"] == worth["best"]["rule"]), None)
    found = worth["by_chance"] if best is None else best["found"]
    yield (
        f"  of 100 on a list of {worth['capacity']:.0%}, {_tenths(worth['what_ships']['value'])} have it; by the best of the "
        f"others ({worth['best']['label']}), {_tenths(found['value'])}{_shorter(best, worth['capacity'])}; "
        f"more by {_interval(worth['gain'], 1)}"
    )


def _shorter(best: dict[str, Any] | None, capacity: float) -> str:
    """Say what is compared where a rule flags fewer than the team's list holds."""
    if best is None or best["length"] >= capacity:
        return ""
    return (
        f" on its own list of {best['length']:.0%}, and by as many of what ships {_tenths(best['what_ships']['value'])}"
    )


def _six(six: dict[str, Any] | None) -> Iterator[str]:
    if six is None:
        yield "  six variables alone say nothing"
        return
    more = six["what_ships_minus_six"]
    yield (
        f"  six variables alone: AUC {_interval(six['auc'], 3)}, {_tenths(six['found']['value'])} of 100; what ships less that: "
        f"AUC {_interval(more['auc'], 3)}, {_interval(more['found'], 1)} of 100"
    )


def _decisions(curve: list[dict[str, Any]]) -> Iterator[str]:
    above = [at["threshold"] for at in curve if at["gain"]["low"] is not None and at["gain"]["low"] > 0]
    if above:
        yield f"  net benefit above everyone, nobody and every rule at thresholds of {', '.join(map(_percent, above))}"
    else:
        yield "  net benefit above everyone, nobody and every rule at no threshold"


def _riley(riley: dict[str, Any]) -> Iterator[str]:
    if not riley["enough"]:
        yield (
            f"  warning: learned on {riley['learned_on']:,} children, where {max(riley['needed'].values()):,} are advised "
            f"({riley['effective_parameters']:.0f} effective parameters, AUC {riley['anticipated_auc']:.2f})"
        )


def _interval(figure: dict[str, float | None], places: int) -> str:
    value, low, high = (_number(figure[name], places) for name in ("value", "low", "high"))
    return f"{value} ({low} to {high})"


def _tenths(value: float | None) -> str:
    return _number(value, 1)


def _number(value: float | None, places: int) -> str:
    """Spell a number; nothing so small is spelt with a sign."""
    return "none" if value is None else f"{round(value, places) + 0.0:.{places}f}"


def _percent(share: float) -> str:
    return f"{share:.0%}"
