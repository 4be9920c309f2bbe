"""What the live model is, for people and programs: `GET /v1/model`; its bands are told by `service.model_bands`."""

import datetime
from typing import Literal

from pydantic import BaseModel, Field

from models.bundle import Bundle
from models.contract import Contract
from models.feature import Feature, Landmark, Outcome
from models.plain_words import STAMP
from models.signature import Signature
from service.model_bands import PolicyShown, ThresholdsShown, policy_shown, thresholds_shown
from service.released import Released


class LandmarkShown(BaseModel):
    """An age at which a score is defined, and the window after it in which it may be asked for."""

    name: str
    label: str
    age: int = Field(description="in days; the first day of the window")
    until: int = Field(description="in days; the first day after the window")


class OutcomeShown(BaseModel):
    """What is foreseen, from which landmarks, by estimators of which kind."""

    name: str
    label: str
    happens: str
    definition: str
    window: tuple[int, int] = Field(description="the ages in days at which it is observed")
    estimators: dict[str, Literal["logistic", "glass box"]] = Field(description="the kind of estimator by landmark")


class FeatureShown(BaseModel):
    """A named question asked of the record."""

    name: str
    label: str
    units: str | None
    direction: Literal["raises", "lowers", "none"] = Field(description="the direction it was held to in training")
    source: str
    landmarks: list[str]
    correctable: bool


class ReleasedShown(BaseModel):
    """How it came to be in use."""

    on: datetime.date = Field(description="the day on which it went live last")
    by: list[str] = Field(description="who signed its release, by name and role")


class ModelPage(BaseModel):
    """A model that is or was asked."""

    stamp: Literal["not approved, not for use"] | None = Field(description="null: it was released")
    standing: Literal["evaluation", "in use", "no longer in use"]
    bundle: str
    signature: str
    released: ReleasedShown | None = Field(description="null: it is only evaluated")
    name: str
    label: str
    description: str
    purposes: list[str]
    landmarks: list[LandmarkShown]
    outcomes: list[OutcomeShown]
    features: list[FeatureShown]
    policy: PolicyShown
    thresholds: list[ThresholdsShown]


def model_page(bundle: Bundle, released: Released | None = None, *, past: bool = False) -> ModelPage:
    """Return what a bundle is, released so (None: it is only evaluated); in the `past` it was live, and is not asked any more."""
    contract = bundle.contract
    return ModelPage(
        stamp=STAMP if released is None else None,
        standing="evaluation" if released is None else "no longer in use" if past else "in use",
        bundle=bundle.id,
        signature=_signed_by(bundle.signature, released),
        released=ReleasedShown(on=released.on, by=list(released.agreed)) if released is not None else None,
        name=contract.name,
        label=contract.label,
        description=contract.description,
        purposes=list(contract.purposes),
        landmarks=[_landmark(landmark) for landmark in contract.landmarks],
        outcomes=[_outcome(bundle, outcome) for outcome in contract.outcomes],
        features=[_feature(contract, feature) for feature in contract.features],
        policy=policy_shown(bundle.scorer.policy),
        thresholds=thresholds_shown(bundle.scorer),
    )


def _signed_by(signature: Signature | None, released: Released | None) -> str:
    if signature is None:
        return "unsigned"
    whose = f"that of {released.signer}" if released is not None else "signer not checked"
    return f"signed by key {signature.key_id}, {whose}"


def _landmark(landmark: Landmark) -> LandmarkShown:
    return LandmarkShown(name=landmark.name, label=landmark.label, age=landmark.age, until=landmark.until)


def _outcome(bundle: Bundle, outcome: Outcome) -> OutcomeShown:
    return OutcomeShown(
        name=outcome.name,
        label=outcome.label,
        happens=outcome.happens,
        definition=outcome.definition,
        window=outcome.window,
        estimators={
            landmark.name: bundle.scorer.estimator(landmark.name, outcome.name).spec.kind
            for landmark in bundle.contract.landmarks
            if outcome.used_at(landmark)
        },
    )


def _feature(contract: Contract, feature: Feature) -> FeatureShown:
    return FeatureShown(
        name=feature.name,
        label=feature.label,
        units=feature.units,
        direction=feature.direction,
        source=contract.source(feature.source).label,
        landmarks=[landmark.name for landmark in contract.landmarks if feature.used_at(landmark)],
        correctable=feature.correctable,
    )
