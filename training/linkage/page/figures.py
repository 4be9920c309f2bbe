"""How the link report writes figures: counts, rates, differences, and the marks of figures that are not shown."""

from typing import Any

# The marks that official statistics in the United Kingdom use.
HIDDEN, NOTHING = "[c]", "[z]"
_MINUS = "\N{MINUS SIGN}"
# Less than one in a thousand says little as a percentage with one decimal.
_RARE = 0.001


def count(number: int | None) -> str:
    """Return a count with separators of thousands."""
    return HIDDEN if number is None else f"{number:,}"


def many(number: int, one: str, more: str) -> str:
    """Return a count with the word that suits it."""
    return f"{number:,} {one if number == 1 else more}"


def percent(share: float | None) -> str:
    """Return a share as a percentage with one decimal; what is not quite all, or not quite nothing, never reads as it."""
    return NOTHING if share is None else f"{_percentage(share)}\N{NO-BREAK SPACE}%"


def share_of(part: int, whole: int) -> str:
    """Return a part of a whole as a percentage."""
    return percent(part / whole if whole else None)


def interval(bounds: dict[str, Any]) -> str:
    """Return the bounds of a share, as percentages."""
    return f"{_percentage(bounds['low'])} to {_percentage(bounds['high'])}"


def points(difference: float | None) -> str:
    """Return a difference of shares in percentage points with its sign, and a second decimal where one would say nothing."""
    if difference is None:
        return NOTHING
    for places in (1, 2):
        shown = f"{100 * difference:+.{places}f}"
        if float(shown):
            return shown.replace("-", _MINUS)
    return "0.0"


def bits(weight: float) -> str:
    """Return a match weight in bits, with its sign and one decimal."""
    return f"{weight:+.1f}".replace("-", _MINUS)


def signed(figure: float) -> str:
    """Return a figure of a scale with its sign, 0 without one."""
    return f"{figure:+g}".replace("-", _MINUS) if figure else "0"


def chance(probability: float) -> str:
    """Return a probability as a percentage, or as one in so many (three figures) where it is rare."""
    if probability == 0 or probability >= _RARE:
        return percent(probability)
    return f"1 in {float(f'{1 / probability:.3g}'):,.0f}"


def spoken(name: str) -> str:
    """Return a name of the contract as words."""
    return name.replace("_", " ")


def _percentage(share: float) -> str:
    shown = f"{100 * share:.1f}"
    if shown == "100.0" and share < 1:
        return ">99.9"
    return "<0.1" if shown == "0.0" and share > 0 else shown
