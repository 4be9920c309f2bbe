"""Refits: the intervals of terms' curves, as they stand in `refits.json`."""

import math

import pytest
from pydantic import ValidationError

from models.refits import Curve, Refit

CURVE = Curve(feature="asked", at=(1.5, 3.0), low=(-0.2, -0.1, -0.3), high=(0.0, 0.1, 0.3))


@pytest.mark.parametrize(
    "changes",
    [
        {"low": (-0.2, -0.1)},
        {"high": (0.0, 0.1)},
        {"at": (1.5, 3.0, 4.0)},
        {"low": (-0.2, -0.1, math.nan)},
        {"high": (0.0, 0.1, math.inf)},
    ],
)
def test_impossible_curves(changes: dict[str, object]) -> None:
    """A curve has finite bounds for each value and one more for *not known*."""
    with pytest.raises(ValidationError):
        Curve.model_validate(CURVE.model_dump() | changes)


def test_one_refit_is_none() -> None:
    """One refit has no spread: there are two or more, and a feature with no value of its own has bounds for not known."""
    alone = Curve(feature="asked", at=(), low=(-0.1,), high=(0.1,))
    Refit(landmark="at", outcome="outcome", refits=2, curves=(CURVE, alone))
    with pytest.raises(ValidationError):
        Refit(landmark="at", outcome="outcome", refits=1, curves=(CURVE,))
