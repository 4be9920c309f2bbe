"""How the page writes figures: contributions, bounds, shares, intervals, and counts of children under protection."""

import math

from models.bands import Figure
from models.small_numbers import FEWEST, rounded

MINUS, SPACE = "\N{MINUS SIGN}", "\N{NO-BREAK SPACE}"
NOTHING = "not worked out"
FEW = f"fewer than {FEWEST}"


def signed(amount: float, places: int = 3) -> str:
    """Return an amount on the log-odds with its sign; what rounds to nothing has none."""
    shown = f"{amount:+.{places}f}"
    return shown.replace("-", MINUS) if float(shown) else f"{0:.{places}f}"


def bound(number: float) -> str:
    """Return the bound of a cell, or a value of a feature, with at most three decimals."""
    shown = f"{number:.3f}".rstrip("0").rstrip(".")
    return "0" if shown == "-0" else shown.replace("-", MINUS)


def precise(amount: float) -> str:
    """Return an amount to six figures, where it will be multiplied by a value of any size."""
    return f"{amount:.6g}".replace("-", MINUS)


def times(amount: float) -> str:
    """Return what a contribution multiplies the odds by."""
    return f"{math.exp(amount):.2f}"


def between(low: float, high: float, places: int = 3) -> str:
    """Return an interval on the log-odds."""
    return f"{signed(low, places)} to {signed(high, places)}"


def children(count: int) -> str:
    """Return a count of children to the nearest five; a small one is hidden."""
    return many(rounded(count))


def many(protected: int | None) -> str:
    """Return a count that is protected already."""
    return FEW if protected is None else f"{protected:,}"


def percent(share: float) -> str:
    """Return a share in whole per cent; what is not quite none, or not quite all, never reads as it."""
    if 0 < share < 0.005:
        return f"under 1{SPACE}%"
    return f"over 99{SPACE}%" if 0.995 <= share < 1 else f"{100 * share:.0f}{SPACE}%"


def shares(figure: Figure) -> str:
    """Return a share with its interval, in whole per cent."""
    if figure.value is None:
        return NOTHING
    if figure.low is None or figure.high is None:
        return percent(figure.value)
    return f"{percent(figure.value)} ({100 * figure.low:.0f} to {100 * figure.high:.0f})"


def measured(figure: Figure | None, places: int = 2) -> str:
    """Return a measure with its interval."""
    if figure is None or figure.value is None:
        return NOTHING
    shown = f"{figure.value:.{places}f}"
    if figure.low is not None and figure.high is not None:
        shown += f" ({figure.low:.{places}f} to {figure.high:.{places}f})"
    return shown.replace("-", MINUS)


def initial(words: str) -> str:
    """Return words that begin a line: their first letter is a capital."""
    return words[:1].upper() + words[1:]
