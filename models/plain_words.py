"""The plain words that a score is told in: natural frequencies, values with their units, and what limits an answer."""

from typing import Literal

from models.reasons import Reason
from models.scorer import Score, Scored

# On every answer of a bundle that no board has signed for.
STAMP: Literal["not approved, not for use"] = "not approved, not for use"


def out_of_100(probability: float) -> str:
    """Return a probability as a count of 100 children: "about 31", "fewer than 1", "more than 99"."""
    if probability <= 0.005:
        return "fewer than 1"
    if probability >= 0.995:
        return "more than 99"
    return f"about {round(100 * probability)}"


def natural_frequency(score: Score) -> str:
    """Return what a score means among children like this one, beside what it is knowing nothing."""
    return (
        f"Of 100 children with records like these, {out_of_100(score.probability)} {score.outcome.happens}; "
        f"knowing nothing of a child here, {out_of_100(score.base_rate)}."
    )


def value_words(value: float | None, units: str | None) -> str:
    """Return a feature's value as written for people: "milestones: 2", "not known"."""
    if value is None:
        return "not known"
    number = f"{value:.0f}" if value == int(value) else f"{value:.2f}"
    return f"{units}: {number}" if units else number


def limits(answer: Scored) -> tuple[str, ...]:
    """Return, in sentences, where this answer rests on less than it seems to."""
    never = tuple(
        f"Nothing could be learned of children for whom this is not known, so the average is taken: {feature.label}."
        for feature in answer.never_learned
    )
    outside = tuple(
        f"This lies outside what was seen in training, so the nearest value seen is taken: {feature.label}."
        for feature in answer.outside_range
    )
    return never + outside


def effect_words(reason: Reason) -> str:
    """Return which way a reason pushes."""
    return "raises the score" if reason.contribution > 0 else "lowers the score"
