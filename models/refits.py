"""How far terms would move on learning again: the intervals of their curves, from refits; `refits.json`."""

from typing import Annotated, Literal, Self

from pydantic import Field, FiniteFloat, model_validator

from models.terms import Part

Finite = tuple[FiniteFloat, ...]


class Curve(Part):
    """
    The curve of one feature's own term: the contribution at values of the feature, and for *not known*, last.

    `low` and `high` are bounds over the refits, on the served log-odds, with one more place than `at`.
    """

    feature: str
    at: Finite
    low: Finite
    high: Finite

    @model_validator(mode="after")
    def _shape(self) -> Self:
        if not len(self.low) == len(self.high) == len(self.at) + 1:
            raise ValueError("a curve has bounds for each value, and for not known")
        return self


class Refit(Part):
    """The refits of one estimator: how many there were, and a curve for each term of one feature."""

    landmark: str
    outcome: str
    refits: Annotated[int, Field(ge=2)]
    curves: tuple[Curve, ...]


class Refits(Part):
    """The refits of every estimator."""

    format: Literal[1] = 1
    refits: tuple[Refit, ...]
