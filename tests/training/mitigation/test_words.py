"""Options have names that a board can read."""

import pytest

from models.blame import blaming
from models.readability import grade, measure
from training.mitigation.words import (
    NEVER_SERVED,
    NOT_LEARNED,
    NOT_SHORT,
    NOTE,
    TOO_FEW,
    in_weights,
    not_tried,
    of_length,
    without,
)

SAID = [NOTE, NOT_SHORT, TOO_FEW, NOT_LEARNED, *(each["why"] for each in NEVER_SERVED)]


def test_names() -> None:
    """An option's name says what it is; more than two groups are counted."""
    assert in_weights("Sex", ["Girls"], 3, 5) == "weights for Girls, step 3 of 5"
    assert in_weights("Sex", ["Girls", "Boys"], 1, 5) == "weights for Girls and Boys, step 1 of 5"
    assert in_weights("Ethnicity", ["A", "B", "C"], 1, 5) == "weights for 3 groups of Ethnicity, step 1 of 5"
    assert without(["birthweight", "gestation"]) == "without birthweight and gestation"
    assert of_length(0.05) == "a list of 5% of children"


def test_not_tried() -> None:
    """Why there are no weights for an attribute is said of it by name."""
    assert not_tried("sex", "Sex", TOO_FEW) == {"attribute": "sex", "label": "Sex", "why": TOO_FEW}


@pytest.mark.parametrize("said", SAID)
def test_plain(said: str) -> None:
    """Sentences are at most 25 words long, of a grade that most adults read, and blame nobody."""
    counted = measure(said)
    assert grade(*counted) <= 10
    assert all(len(sentence.split()) <= 25 for sentence in said.split(". "))
    assert blaming(said) is None
