"""Words that nobody should have to read of their family."""

import pytest

from models.blame import blaming, judging, protected


@pytest.mark.parametrize(
    "words",
    [
        "Failed to attend",
        "The mother REFUSED a visit",
        "A plan for neglect",
        "A problem family",
        "At risk of harm",
        "a high-risk child",
        "Non-compliant with the plan",
        "DNA'd twice",
        "hard to reach",
        "a lone mother",
        "lacks support at home",
        "a vulnerable child",
        "two no-shows",
        "disengaged from services",
        "at fault",
    ],
)
def test_blaming(words: str) -> None:
    """These are found in whatever people read, and so in what is told of one child."""
    assert blaming(words) is not None
    assert judging(words) == blaming(words)


@pytest.mark.parametrize("words", ["A poor area", "The most deprived tenth", "Behind other children", "A missed visit"])
def test_judging(words: str) -> None:
    """These may name a statistic, and are found only in what is told of one child."""
    assert blaming(words) is None
    assert judging(words) is not None


@pytest.mark.parametrize("words", ["The boy has", "ethnic group", "First language", "SEN support", "a disability"])
def test_protected(words: str) -> None:
    """Words that tell a protected characteristic are found."""
    assert protected(words) is not None


@pytest.mark.parametrize(
    "words",
    [
        "by default",
        "brisk walking",
        "black currants",
        "a faithful record of communication and language",
        "No skills were tried",
        "the sender of the record",
    ],
)
def test_others(words: str) -> None:
    """Words that only hold one of those within them are left alone."""
    assert (judging(words), protected(words)) == (None, None)
