"""
Bands: what a team may offer next, by how many children it can see.

People own the thresholds: a policy says whose team it is, how many children it can see, who agreed to that and when.
A threshold is the smallest score that flags at most so many; children of equal score are never told apart.
"""

import datetime
from itertools import pairwise
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import Field, FiniteFloat, model_validator

from models.estimator import expit
from models.interval import Interval
from models.terms import Part

Share = Annotated[FiniteFloat, Field(gt=0, lt=1)]
Count = Annotated[int, Field(gt=0)]
Words = Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]


class Band(Part):
    """One band: its code, its name, and what may be offered."""

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
    label: Words
    offer: Words


class Policy(Part):
    """
    Whose bands these are: shares of children, each band's reach, smallest first; bands from the first offered to last.

    The shares are of the children at each landmark, and for each outcome apart; `children_a_month` are so many of one
    outcome at all landmarks together. `owner` and `agreed` are None until somebody has agreed to them.
    """

    team: Words
    owner: Words | None
    agreed: datetime.date | None
    children_a_month: Count | None
    capacities: Annotated[tuple[Share, ...], Field(min_length=1)]
    bands: tuple[Band, ...]

    @model_validator(mode="after")
    def _shape(self) -> Self:
        if any(smaller >= larger for smaller, larger in pairwise(self.capacities)):
            raise ValueError("capacities ascend")
        if len(self.bands) != len(self.capacities) + 1 or len({band.code for band in self.bands}) != len(self.bands):
            raise ValueError("there is one band more than there are capacities, each with a code of its own")
        if (self.owner is None) != (self.agreed is None):
            raise ValueError("owner and agreed are given together")
        return self

    @property
    def capacity(self) -> float:
        """The share of children who are offered anything beyond what every child is."""
        return self.capacities[-1]


class Figure(Part):
    """A figure found on held-out children, with its 95 % interval; None where it is not defined, or would tell of a few children."""

    value: FiniteFloat | None
    low: FiniteFloat | None
    high: FiniteFloat | None


class AtCapacity(Part):
    """
    A list of the children with the highest scores, at most so many: its threshold, on the served log-odds, and figures.

    `log_odds` is None where so many score alike that no list is short enough. `flagged` is the share on the list;
    `left_out_tie` those of the next score, who would have been too many. `ppv` is the share of the list who have the
    outcome, `recall` the share of those with the outcome who are on it, and `recall_ceiling` what no list so short can pass.
    """

    capacity: Share
    log_odds: FiniteFloat | None
    flagged: Annotated[FiniteFloat, Field(ge=0, le=1)]
    left_out_tie: Annotated[FiniteFloat, Field(ge=0, le=1)]
    ppv: Figure
    recall: Figure
    recall_ceiling: FiniteFloat


class Thresholds(Part):
    """
    The thresholds of one landmark and outcome, one for each capacity of the policy, in its order.

    `changes_on_refit` is, for each band, the share of its children who would be in another after learning again; None
    where that was not worked out or the band is empty.
    """

    landmark: str
    outcome: str
    at: tuple[AtCapacity, ...]
    changes_on_refit: tuple[FiniteFloat | None, ...]


class Bands(Part):
    """The policy and every threshold: `bands.json`."""

    format: Literal[1] = 1
    policy: Policy
    thresholds: tuple[Thresholds, ...]

    @model_validator(mode="after")
    def _shape(self) -> Self:
        wanted = self.policy.capacities
        if any(tuple(at.capacity for at in one.at) != wanted for one in self.thresholds):
            raise ValueError("every landmark and outcome has one threshold for each capacity of the policy")
        if any(len(one.changes_on_refit) != len(self.policy.bands) for one in self.thresholds):
            raise ValueError("every landmark and outcome has one figure of refitting for each band")
        return self


class Banding(NamedTuple):
    """
    Where a score lies: the place of its band (0: offered first), and whether a threshold lies within its interval.

    `first` and `last` are the places of the bands that what is not known could lift it to, or let it fall to: both its
    own, where it could do neither.
    """

    place: int
    near_threshold: bool
    first: int
    last: int

    @property
    def floor_established(self) -> bool:
        """Whether nothing that is not known could lift the child into an earlier band."""
        return self.first == self.place

    @property
    def could_move(self) -> bool:
        """Whether something that is not known could move the child into another band."""
        return self.first != self.last


class Banded:
    """Finds the band of one landmark and outcome's scores."""

    def __init__(self, policy: Policy, thresholds: Thresholds) -> None:
        self.policy = policy
        self.thresholds = thresholds
        self.log_odds = [at.log_odds if at.log_odds is not None else float("inf") for at in thresholds.at]
        self._probabilities = [expit(at.log_odds) for at in thresholds.at if at.log_odds is not None]

    def place(self, log_odds: float) -> int:
        """Return the place of the band that a served log-odds lies in; 0 is the first that is offered."""
        place = 0
        for threshold in self.log_odds:
            if log_odds >= threshold:
                return place
            place += 1
        return place

    def of(self, log_odds: float, interval: Interval, reach: tuple[float, float] | None) -> Banding:
        """
        Return where a score lies.

        `reach` is the least and the most that the log-odds could be were everything known; None where all is.
        """
        place = self.place(log_odds)
        near = False
        for probability in self._probabilities:
            if interval.low <= probability <= interval.high:
                near = True
        if reach is None:
            return Banding(place, near, place, place)
        return Banding(place, near, min(place, self.place(reach[1])), max(place, self.place(reach[0])))
