"""The plain words that a score is told in: natural frequencies, and what limits an answer."""

import math
from collections.abc import Sequence
from typing import Literal

from models.head import Score
from models.scorer import Scored

# On every answer of a bundle that no board has signed for.
STAMP: Literal["not approved, not for use"] = "not approved, not for use"

# The characteristics that a contract may only declare as audited (`models.source.PROTECTED`).
NOT_CONSIDERED = (
    "the child's sex",
    "the child's ethnic group",
    "the languages of the family",
    "the religion or belief of the family",
    "whether the child is disabled",
    "the child's special educational needs",
)

# What no score is for, on every answer that is longer than a summary.
NOT_FOR = (
    "It is not a diagnosis.",
    "It is not an assessment of whether a child is safe.",
    "It is not for decisions on benefits, housing, policing or immigration.",
)


def out_of_100(probability: float) -> str:
    """Return a probability as a count of 100 children: "about 31", "fewer than 1", "more than 99"."""
    if probability <= 0.005:
        return "fewer than 1"
    if probability >= 0.995:
        return "more than 99"
    return f"about {round(100 * probability)}"


def between(low: float, high: float) -> str:
    """Return bounds of a probability as counts of 100 children, rounded outwards: "between 24 and 31"."""
    least, most = math.floor(100 * low), math.ceil(100 * high)
    if most >= 100:
        return "any number" if least < 1 else f"{least} or more"
    return f"{most} or fewer" if least < 1 else f"between {least} and {most}"


def natural_frequency(score: Score) -> str:
    """Return what a score means among children like this one, beside what it is knowing nothing."""
    return (
        f"Of 100 children here with records like these, {out_of_100(score.probability)} {score.outcome.happens}; "
        f"knowing nothing of a child here, {out_of_100(score.base_rate)}."
    )


def limits(answer: Scored) -> tuple[str, ...]:
    """Return, in sentences, where this answer rests on less than it seems to."""
    never = tuple(
        [
            f"Nothing could be learned of children for whom this is not known, so the average is taken: {feature.label}."
            for feature in answer.never_learned
        ]
    )
    outside = tuple(
        [
            f"This lies outside what was seen in training, so the nearest value seen is taken: {feature.label}."
            for feature in answer.outside_range
        ]
    )
    return never + outside


def listed(names: Sequence[str]) -> str:
    """Return names as a person lists them: "a, b and c"."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
