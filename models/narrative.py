"""
The two texts of a score: what a practitioner reads, and what a family reads about their own child.

Each is an opening and a closing that are always said, and between them lists of points, given in the order of how much
they matter. A point that would make the text too long or too hard to read is left out whole: no sentence is ever cut.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from models.feature import Outcome
from models.plain_words import out_of_100
from models.readability import Measure, grade, measure


class Limits(NamedTuple):
    """The most letters a text may have, and the highest Flesch-Kincaid grade."""

    letters: int
    grade: float


PRACTITIONER = Limits(1200, 8.0)
FAMILY = Limits(700, 6.0)
SUMMARY = 140

BAND, HIGHER, LOWER, UNKNOWN = "band", "higher", "lower", "unknown"
_PRACTITIONER_HEADINGS = {
    BAND: "This is its band.",
    HIGHER: "These go with a higher score.",
    LOWER: "These go with a lower score.",
    UNKNOWN: "These are not known.",
}
_FAMILY_HEADINGS = {
    LOWER: "These things on record make the number lower.",
    HIGHER: "These make it higher.",
    UNKNOWN: "We do not know these things.",
}


# One thing a text may tell: under which heading, and its words without their full stop.
Point = tuple[str, str]


class Facts(NamedTuple):
    """What a text says of a score besides its reasons: counts of 100 in words, and sentences about what is not sure."""

    outcome: Outcome
    about: str
    knowing_nothing: str
    between: str
    doubts: tuple[str, ...]


class Fixed(NamedTuple):
    """What a text always says: the sentences of its opening and of its closing."""

    opening: tuple[str, ...]
    closing: tuple[str, ...]

    def within(self, limits: Limits) -> bool:
        """Whether this alone is short and easy enough."""
        sentences = (*self.opening, *self.closing)
        return len(" ".join(sentences)) <= limits.letters and grade(*measure_all(sentences)) <= limits.grade


def practitioner(facts: Facts, points: Iterable[Point]) -> str:
    """Return what a practitioner reads."""
    return _composed(PRACTITIONER, practitioner_fixed(facts), _PRACTITIONER_HEADINGS, points)


def practitioner_fixed(facts: Facts) -> Fixed:
    """Return what a practitioner always reads."""
    opening = (
        "This score suggests whom to offer support to. It can be wrong. It decides nothing. Your own judgement comes first.",
        f"Of 100 children here with records like these, {facts.about} {facts.outcome.happens}.",
        f"The true number may be {facts.between}.",
        f"With nothing known of a child, it is {facts.knowing_nothing}.",
        *facts.doubts,
    )
    return Fixed(opening, ("A family can ask to have a record checked or put right.",))


def family(facts: Facts, points: Iterable[Point], *, untold: bool) -> str:
    """Return what a family reads; `untold`: something private goes into the score, which people talk through instead."""
    return _composed(FAMILY, family_fixed(facts, untold=untold), _FAMILY_HEADINGS, points)


def family_fixed(facts: Facts, *, untold: bool) -> Fixed:
    """Return what a family always reads."""
    happens = facts.outcome.plainly or facts.outcome.happens
    opening = (
        f"Of 100 children here with records like your child's, {facts.about} {happens}.",
        f"Of all children here, it is {facts.knowing_nothing}.",
        "It can be wrong, and you know your child best.",
        "It only helps us think about who may like some help. It decides nothing.",
        *facts.doubts,
    )
    talk = ("Some things are best told by a person: you can ask us.",) if untold else ()
    return Fixed(opening, (*talk, "You can ask us to check or correct what is on record."))


def summary(label: str, probability: float) -> str:
    """Return a score in one line of fewer than 140 letters, given a label of at most `LONGEST_LABEL`."""
    about = out_of_100(probability)
    return f"{about[0].upper()}{about[1:]} of 100 with records like these: {label}. Your judgement first."


LONGEST_LABEL = SUMMARY - 1 - len(summary("", 0.0))


def _composed(limits: Limits, fixed: Fixed, headings: dict[str, str], points: Iterable[Point]) -> str:
    first, last = " ".join(fixed.opening), " ".join(fixed.closing)
    letters, (sentences, words, syllables) = len(first) + len(last) + 1, measure_all((*fixed.opening, *fixed.closing))
    told: dict[str, list[str]] = {}
    for heading, said in points:
        lines = _line(said) if heading in told else _headed(headings[heading], said)
        grown = (sentences + lines.sentences, words + lines.words, syllables + lines.syllables)
        if letters + lines.letters > limits.letters or grade(*grown) > limits.grade:
            continue
        letters, (sentences, words, syllables) = letters + lines.letters, grown
        told.setdefault(heading, []).append(lines.text)
    return "\n".join((first, *["\n".join(told[heading]) for heading in headings if heading in told], last))


class _Lines(NamedTuple):
    """Lines of a text, how many letters they add with the one that ends the line before, and their measure."""

    text: str
    letters: int
    sentences: int
    words: int
    syllables: int


def _lines(text: str) -> _Lines:
    return _Lines(text, len(text) + 1, *measure(text))


@lru_cache(maxsize=4096)
def _line(words: str) -> _Lines:
    return _lines(f"- {words.removesuffix('.')}.")


@lru_cache(maxsize=4096)
def _headed(heading: str, words: str) -> _Lines:
    return _lines(f"{heading}\n- {words.removesuffix('.')}.")


def measure_all(texts: Iterable[str]) -> Measure:
    """Return the measure of texts one after another."""
    sentences = words = syllables = 0
    for text in texts:
        more = measure(text)
        sentences += more.sentences
        words += more.words
        syllables += more.syllables
    return Measure(sentences, words, syllables)
