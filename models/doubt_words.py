"""The words for what makes an answer less sure: its reliability, its weakest link, its interval, a floor left open."""

from collections.abc import Sequence

from models.links import LinkDoubt
from models.plain_words import listed
from models.reliability import Ground, Reliability

NOMINAL = "A range made so holds the true number for 95 of 100 scores."
WIDENED = (
    "Some sources are not known, so the range was made wider than one that holds the true number for 95 of 100 scores."
)
NOT_COVERED = (
    "It does not cover children elsewhere or later, what learning again would change, or records that are wrong."
)
NEAR = "The range of the score reaches into another band."
FLOOR_OPEN = "Something that is not known could put this child in an earlier band."
CARE = "Rely on it with care."
SOME_NOT_KNOWN = "Some things are not known."
_GOOD = "Nothing found makes this score less reliable than others here."
_LEVELS = {
    "limited": "This score is less reliable than most here.",
    "poor": "This score is far less reliable than most here.",
}


def not_known_words(asked: int, not_known: int) -> str:
    """Return how much of all that is asked is not known."""
    return f"Not known: {not_known} of the {asked} things asked."


def reliability_words(reliability: Reliability) -> tuple[str, ...]:
    """Return, in sentences, how far to rely on a score, and why not further."""
    if not reliability.grounds:
        return (_GOOD,)
    return (_LEVELS[reliability.level], *(_ground(ground) for ground in reliability.grounds))


def _ground(ground: Ground) -> str:
    match ground.code:
        case "source-not-known":
            return f"Nothing at all is known from here, and it could move the child to another band: {listed(ground.about)}."
        case "nothing-learned-of-not-known":
            return f"Not known of this child, though it was of every child learned from: {listed(ground.about)}."
        case "outside-range-seen":
            return f"Outside what was seen of the children learned from: {listed(ground.about)}."
        case "link-not-certain":
            return f"These records may be of another child, and without them the band would be another: {listed(ground.about)}."
        case "little-known":
            return "Less than half of what is asked is known."


def link_words(link: LinkDoubt, k: int, place: int) -> str:
    """Return what taking out the weakest link does to the band of score `k`, which is at `place`; agencies are named."""
    agencies = listed(_once([source.agency for source in link.sources]))
    without = link.places[k]
    if without is None:
        then = "there would be no score"
    elif link.moves(k, place):
        then = f"the band would be {'an earlier' if without < place else 'a later'} one"
    else:
        then = "the band would be the same"
    return f"The least certain link is to the records of {agencies} ({_sure(link.probability)}). Without it {then}."


def _sure(probability: float) -> str:
    """Return how often such a link is right, rounded down: none that is uncertain is told as certain."""
    return f"of 100 such links, about {int(100 * probability)} are right"


def _once(names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(names))
