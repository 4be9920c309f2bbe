"""Reasons for another view: each in words that a family could read over the shoulder."""

from models.blame import blaming, judging
from service.answers.override_reasons import OVERRIDE_REASONS


def test_their_words() -> None:
    """Every reason has words of its own, and none of them blames or judges anybody."""
    words = [reason.words for reason in OVERRIDE_REASONS]
    assert len(set(words)) == len(words) == 9
    assert not [said for said in words if blaming(said) or judging(said)]
