"""The shape of one score in a short answer."""

from pydantic import Field

from models.reliability import Level
from service.answers.score_shape import OutOf100, Part, Period, Probability, Strength


class ShortInterval(Part):
    """Where the event rate among children with this score lies, given this fitted model."""

    low: Probability
    high: Probability
    level: Probability = Field(description="the nominal level")
    widened: bool = Field(description="a source is not known, and the interval is wider than its nominal level asks")


class ShortBand(Part):
    """What a team may offer next."""

    code: str
    label: str
    near_threshold: bool = Field(description="a threshold lies within the interval")


class ShortReliability(Part):
    """How far the score can be relied on; a longer answer says why not further."""

    level: Level


class ShortReason(Part):
    """One term's push on the log-odds, in plain words."""

    features: list[str]
    words: str
    strength: Strength
    contribution: float


class ScoreInShort(Part):
    """
    The score for one outcome, in short.

    baseline + the contributions of raises and lowers + everything_else = log_odds, to 1e-9.
    """

    outcome: str
    label: str
    period: Period
    probability: Probability
    interval: ShortInterval
    band: ShortBand
    reliability: ShortReliability
    out_of_100: OutOf100
    summary: str = Field(max_length=140)
    raises: list[ShortReason] = Field(max_length=5, description="what raises the score most, largest first")
    lowers: list[ShortReason] = Field(max_length=5, description="what lowers the score most, largest first")
    not_known: list[str] = Field(description="the names of every feature that was not known at the landmark")
    everything_else: float = Field(description="the sum of every push that is not shown, of what is not known too")
    log_odds: float
    baseline: float = Field(description="the log-odds of the average child")
