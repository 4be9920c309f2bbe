"""
Terms: the parts of an estimator, as they stand in a bundle's `model.json`.

A cell `i` of a feature holds the values x with edges[i-1] < x <= edges[i]; one further cell is for *not known*. All
contributions are on the log-odds and centred on the training children, so that 0 is the average child.
"""

import math
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, model_validator

Edges = tuple[FiniteFloat, ...]


class Part(BaseModel):
    """Base of what stands in `model.json`: nothing extra, finite numbers only."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LinearTerm(Part):
    """`coefficient * (x - centre)` with x clipped to the trained range, or `not_known`."""

    kind: Literal["linear"] = "linear"
    feature: str
    coefficient: FiniteFloat
    centre: FiniteFloat
    low: FiniteFloat
    high: FiniteFloat
    not_known: FiniteFloat

    @property
    def features(self) -> tuple[str, ...]:
        """The one feature it is made of."""
        return (self.feature,)


class StepTerm(Part):
    """A step function of one feature; the last of `values` and of `n` (training children) is for *not known*."""

    kind: Literal["step"] = "step"
    feature: str
    edges: Edges
    values: tuple[FiniteFloat, ...]
    n: tuple[int, ...]

    @property
    def features(self) -> tuple[str, ...]:
        """The one feature it is made of."""
        return (self.feature,)

    @model_validator(mode="after")
    def _shape(self) -> Self:
        _ascending(self.edges)
        if not len(self.values) == len(self.n) == len(self.edges) + 2:
            raise ValueError("a step has one value and one n per cell, and one for not known")
        return self


class PairTerm(Part):
    """A step function of two features together; the last row and the last column are for *not known*."""

    kind: Literal["pair"] = "pair"
    features: tuple[str, str]
    edges: tuple[Edges, Edges]
    values: tuple[tuple[FiniteFloat, ...], ...]
    n: tuple[tuple[int, ...], ...]

    @model_validator(mode="after")
    def _shape(self) -> Self:
        rows, columns = (len(edges) + 2 for edges in self.edges)
        for edges in self.edges:
            _ascending(edges)
        for table in (self.values, self.n):
            if len(table) != rows or any(len(line) != columns for line in table):
                raise ValueError("a pair has one value and one n per cell, not known included")
        return self


def _ascending(edges: Edges) -> None:
    if any(low >= high for low, high in pairwise(edges)):
        raise ValueError("edges ascend")


Term = Annotated[LinearTerm | StepTerm | PairTerm, Field(discriminator="kind")]


class Input(Part):
    """
    One column of the matrix: the range seen in training, its median, and how many children it was known of.

    Where it was never missing in training, nothing was learned of *not known* (`learned_not_known` false): such an
    answer takes the average for it, and says so. `spread` is the standard deviation of the values known, and `n` the
    children between `edges` (tenths of the range), *not known* last, as a step's; empty where nobody counted.
    """

    feature: str
    low: FiniteFloat
    high: FiniteFloat
    typical: FiniteFloat
    n_known: int
    n_not_known: int
    spread: Annotated[FiniteFloat, Field(ge=0)] = 0.0
    edges: Edges = ()
    n: tuple[int, ...] = ()

    @model_validator(mode="after")
    def _counted(self) -> Self:
        _ascending(self.edges)
        if self.n and len(self.n) != len(self.edges) + 2:
            raise ValueError("an input has one n between each two edges, and one for not known")
        return self

    @property
    def learned_not_known(self) -> bool:
        """Whether training saw children of whom this was not known."""
        return self.n_not_known > 0


def mean_among_known(term: LinearTerm | StepTerm | PairTerm, given: Input) -> float:
    """
    Return what a term of one feature (`given`) adds on average to the training children of whom it was known.

    A term is centred on everybody, so that where *not known* adds something those known add the opposite between them. A
    pair says nothing of one feature alone: 0.
    """
    match term:
        case LinearTerm():
            return -term.not_known * given.n_not_known / given.n_known if given.n_known else 0.0
        case StepTerm():
            children = sum(term.n[:-1])
            weighed = math.fsum(value * n for value, n in zip(term.values[:-1], term.n[:-1], strict=True))
            return weighed / children if children else 0.0
        case PairTerm():
            return 0.0


_KINDS = ("linear", "step", "pair")


class EstimatorSpec(Part):
    """One estimator: an intercept and terms; its contributions sum to the (uncalibrated) log-odds."""

    landmark: str
    outcome: str
    kind: Literal["logistic", "glass box"]
    intercept: FiniteFloat
    inputs: tuple[Input, ...]
    terms: tuple[Term, ...]

    @model_validator(mode="after")
    def _terms_have_inputs(self) -> Self:
        known = {given.feature for given in self.inputs}
        if len(known) != len(self.inputs) or not {f for term in self.terms for f in term.features} <= known:
            raise ValueError("every term's features are inputs, each given once")
        if [term.kind for term in self.terms] != sorted((term.kind for term in self.terms), key=_KINDS.index):
            raise ValueError("terms come in the order linear, step, pair")
        return self


class Model(Part):
    """All estimators of one contract: `model.json`."""

    format: Literal[1] = 1
    estimators: tuple[EstimatorSpec, ...]


class Calibration(Part):
    """Affine on the log-odds: calibrated = intercept + slope * raw. `n` and `events` are its own children's."""

    landmark: str
    outcome: str
    intercept: FiniteFloat
    slope: Annotated[FiniteFloat, Field(gt=0)]
    n: Annotated[int, Field(gt=0)]
    events: Annotated[int, Field(ge=0)]

    @model_validator(mode="after")
    def _events_are_children(self) -> Self:
        if self.events > self.n:
            raise ValueError("no more children have the outcome than there are")
        return self
