"""
How far an answer can be relied on, and why not further: *good*, *limited* or *poor*.

It is said of one score. What a score does not know matters where it could move the child to another band.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from models.bands import Banding
from models.feature import Feature
from models.source import Source

Level = Literal["good", "limited", "poor"]
Code = Literal[
    "source-not-known", "nothing-learned-of-not-known", "outside-range-seen", "link-not-certain", "little-known"
]

# Below this share of its features an answer speaks of other children more than of this one.
LITTLE = 0.5


class Ground(NamedTuple):
    """One ground on which an answer is not fully reliable, and what it is about: labels of sources or features."""

    code: Code
    about: tuple[str, ...]


class Reliability(NamedTuple):
    """How reliable one score is, and on which grounds it is not *good*."""

    level: Level
    grounds: tuple[Ground, ...]


class Doubts(NamedTuple):
    """
    What could make a score less reliable: of features, only those whose value its estimator goes by.

    What is not known since its whole source is not is a ground once, that of the source.
    """

    unknown_sources: tuple[Source, ...]
    never_learned: tuple[Feature, ...]
    outside_range: tuple[Feature, ...]
    known_share: float


GOOD = Reliability("good", ())


def reliability(doubts: Doubts, banding: Banding, weakest: Sequence[Source]) -> Reliability:
    """Return how reliable a score is; `weakest` are the sources of a link without which its band would be another."""
    grounds: list[Ground] = []
    if doubts.unknown_sources and banding.could_move:
        grounds.append(Ground("source-not-known", _labels(doubts.unknown_sources)))
    if doubts.never_learned:
        grounds.append(Ground("nothing-learned-of-not-known", _labels(doubts.never_learned)))
    if doubts.outside_range:
        grounds.append(Ground("outside-range-seen", _labels(doubts.outside_range)))
    if weakest:
        grounds.append(Ground("link-not-certain", _labels(weakest)))
    if doubts.known_share < LITTLE:
        grounds.append(Ground("little-known", ()))
    if not grounds:
        return GOOD
    poor = len(grounds) > 1 or doubts.known_share < LITTLE
    return Reliability("poor" if poor else "limited", tuple(grounds))


def _labels(parts: Sequence[Source | Feature]) -> tuple[str, ...]:
    return tuple(part.label for part in parts)
