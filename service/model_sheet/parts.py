"""A bundle taken apart for the page: for each landmark and outcome, all that the bundle holds of its estimator."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeVar

from pydantic import ValidationError

from models.bands import Thresholds
from models.bundle import Bundle
from models.calibration import Calibrations
from models.errors import IntegrityError
from models.feature import Feature, Landmark
from models.head import Head
from models.interval import IntervalTable
from models.refits import Curve, Refit, Refits
from models.terms import Calibration, EstimatorSpec, Input
from service.model_sheet.evaluated import Evaluated, read_evaluation
from service.model_sheet.figures import initial
from service.model_sheet.terms import Served, served


@dataclass(frozen=True)
class Part:
    """One landmark and outcome; `evaluated` and `refit` are None where the bundle has none of it."""

    landmark: Landmark
    head: Head
    features: tuple[Feature, ...]
    calibration: Calibration
    interval: IntervalTable
    evaluated: Evaluated | None
    refit: Refit | None

    @property
    def name(self) -> str:
        """What the page calls this part in its links."""
        return f"{self.landmark.name}-{self.head.outcome.name}"

    @property
    def title(self) -> str:
        """What people call it."""
        return initial(f"{self.landmark.label}: {self.head.outcome.label}")

    @property
    def spec(self) -> EstimatorSpec:
        """The estimator as the bundle holds it, before calibration."""
        return self.head.estimator.spec

    @property
    def thresholds(self) -> Thresholds:
        """Where its bands begin."""
        return self.head.banded.thresholds

    @cached_property
    def inputs(self) -> dict[str, Input]:
        """What was seen in training, of each feature."""
        return {given.feature: given for given in self.spec.inputs}

    @cached_property
    def terms(self) -> tuple[Served, ...]:
        """Every term as it is served, the one that matters most first."""
        every = [served(term, k, self.calibration.slope, self.inputs) for k, term in enumerate(self.spec.terms)]
        return tuple(sorted(every, key=lambda term: (-term.spread, term.place)))

    def curve(self, feature: str) -> Curve | None:
        """How far a feature's own term moved over the refits."""
        curves = self.refit.curves if self.refit is not None else ()
        return next((curve for curve in curves if curve.feature == feature), None)


def parts_of(bundle: Bundle) -> tuple[Part, ...]:
    """Return every landmark and outcome, in the contract's order; raises IntegrityError when some file is of no use."""
    calibrations = Calibrations.model_validate_json(bundle.files["calibration.json"])
    evaluated = read_evaluation(bundle.files["evaluation.json"]).evaluations
    refits = _refits(bundle.files["refits.json"]).refits
    contract = bundle.contract
    return tuple(
        Part(
            at,
            bundle.scorer.head(*place),
            contract.features_at(at),
            _one(calibrations.calibrations, place),
            _one(calibrations.intervals, place),
            _of(evaluated, place),
            _of(refits, place),
        )
        for at in contract.landmarks
        for place in ((at.name, outcome.name) for outcome in contract.outcomes_at(at))
    )


def _refits(data: bytes) -> Refits:
    try:
        return Refits.model_validate_json(data)
    except ValidationError:
        raise IntegrityError("its refits are not of this format") from None


class _Placed(Protocol):
    @property
    def landmark(self) -> str: ...
    @property
    def outcome(self) -> str: ...


_Some = TypeVar("_Some", bound=_Placed)


def _one(parts: Sequence[_Some], place: tuple[str, str]) -> _Some:
    """Return the part of a place that every bundle has, for its Scorer would not have been made without it."""
    return next(part for part in parts if (part.landmark, part.outcome) == place)


def _of(parts: Sequence[_Some], place: tuple[str, str]) -> _Some | None:
    return next((part for part in parts if (part.landmark, part.outcome) == place), None)
