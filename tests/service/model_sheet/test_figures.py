"""How the page writes figures."""

import pytest

from models.bands import Figure
from service.model_sheet.figures import (
    FEW,
    between,
    bound,
    children,
    measured,
    percent,
    precise,
    shares,
    signed,
    times,
)

MINUS, SPACE = "\N{MINUS SIGN}", "\N{NO-BREAK SPACE}"
NONE = Figure(value=None, low=None, high=None)


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        (signed(0.12345), "+0.123"),
        (signed(-1.5), f"{MINUS}1.500"),
        (signed(-0.0004), "0.000"),
        (between(-0.1, 0.2), f"{MINUS}0.100 to +0.200"),
        (bound(3387.5), "3387.5"),
        (bound(1e-35), "0"),
        (bound(-0.0001), "0"),
        (bound(-20.0), f"{MINUS}20"),
        (precise(0.000123456789), "0.000123457"),
        (times(0.0), "1.00"),
        (children(9), FEW),
        (children(1063), "1,065"),
        (percent(0.0), f"0{SPACE}%"),
        (percent(0.001), f"under 1{SPACE}%"),
        (percent(0.999), f"over 99{SPACE}%"),
        (percent(1.0), f"100{SPACE}%"),
        (shares(Figure(value=0.513, low=0.421, high=0.608)), f"51{SPACE}% (42 to 61)"),
        (shares(Figure(value=0.513, low=None, high=None)), f"51{SPACE}%"),
        (shares(NONE), "not worked out"),
        (measured(Figure(value=-0.04, low=-0.1, high=0.02)), f"{MINUS}0.04 ({MINUS}0.10 to 0.02)"),
        (measured(NONE), "not worked out"),
        (measured(None), "not worked out"),
    ],
)
def test_figures(written: str, wanted: str) -> None:
    """Signs are said, what is nothing has none, small counts are hidden, and what is not quite all never reads as all."""
    assert written == wanted
