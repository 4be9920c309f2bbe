"""The bands of the live model: whose they are, where each begins, and what a list that long was found to be."""

import datetime

from pydantic import BaseModel, Field

from models.bands import AtCapacity, Figure, Policy, Thresholds
from models.estimator import expit
from models.scorer import Scorer


class BandShown(BaseModel):
    """One band, and what may be offered."""

    code: str
    label: str
    offer: str


class PolicyShown(BaseModel):
    """Whose bands these are, and how many children they are for."""

    team: str
    owner: str | None = Field(description="null: nobody has agreed to these bands yet")
    agreed: datetime.date | None
    children_a_month: int | None
    capacities: list[float] = Field(description="the share of children that each band and those before it hold at most")
    bands: list[BandShown] = Field(description="one more than there are capacities; the first is offered first")


class ListShown(BaseModel):
    """The children with the highest scores, at most so many: where the list ends, and how it did on held-out children."""

    capacity: float
    probability: float | None = Field(description="the least that is on the list; null: no list is short enough")
    flagged: float = Field(description="the share of children on the list")
    left_out_tie: float = Field(description="the share of those of the next score, who would have been too many")
    ppv: Figure = Field(description="the share of the list who have the outcome")
    recall: Figure = Field(description="the share of those with the outcome who are on the list")
    recall_ceiling: float = Field(description="what no list so short can pass")


class ThresholdsShown(BaseModel):
    """The thresholds of one landmark and outcome."""

    landmark: str
    outcome: str
    at: list[ListShown] = Field(description="one for each capacity of the policy")
    changes_on_refit: dict[str, float | None] = Field(
        description="by band, the share of its children who would be in another after learning again"
    )


def policy_shown(policy: Policy) -> PolicyShown:
    """Return the policy as it is told."""
    return PolicyShown.model_validate(policy.model_dump())


def thresholds_shown(scorer: Scorer) -> list[ThresholdsShown]:
    """Return the thresholds of every landmark and outcome, in the contract's order."""
    contract = scorer.contract
    places = [(at.name, outcome.name) for at in contract.landmarks for outcome in contract.outcomes_at(at)]
    codes = [band.code for band in scorer.policy.bands]
    return [_thresholds(scorer.head(*place).banded.thresholds, codes) for place in places]


def _thresholds(thresholds: Thresholds, codes: list[str]) -> ThresholdsShown:
    return ThresholdsShown(
        landmark=thresholds.landmark,
        outcome=thresholds.outcome,
        at=[list_shown(at) for at in thresholds.at],
        changes_on_refit=dict(zip(codes, thresholds.changes_on_refit, strict=True)),
    )


def list_shown(at: AtCapacity) -> ListShown:
    """Return a list as it is told."""
    return ListShown(
        probability=expit(at.log_odds) if at.log_odds is not None else None,
        **at.model_dump(exclude={"log_odds"}),
    )
