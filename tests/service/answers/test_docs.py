"""What is written of an answer names every field that it has."""

import re
from pathlib import Path

from service.answers.score_shape import FullScore
from service.answers.shape import FullAnswer, NotScoredAnswer, ScoredInShort
from service.answers.summary_shape import ScoreInShort

TOLD = Path(__file__).parents[3] / "docs" / "answers.md"


def test_every_field_is_told() -> None:
    """Every field of every answer, and of every score, stands in a table of its own, and no other does."""
    answer, score = TOLD.read_text(encoding="utf-8").split("Each of `scores`:")
    first = "\n".join(re.findall(r"^\| (`[^|]*) \|", answer, re.MULTILINE))
    second = "\n".join(re.findall(r"^\| (`[^|]*) \|", score, re.MULTILINE))
    shapes = (FullAnswer, NotScoredAnswer, ScoredInShort)
    fields = {field.alias or name for shape in shapes for name, field in shape.model_fields.items()}
    assert set(re.findall("`([^`]+)`", first)) == fields
    assert set(re.findall("`([^`]+)`", second)) == {*FullScore.model_fields, *ScoreInShort.model_fields}
