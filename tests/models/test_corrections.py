"""What would change a score: data that a family could have put right, and nothing else."""

from pathlib import Path

import pytest

from benchmarks.small_bundle import bundle_files
from models.bundle import scorer_of
from models.corrections import Change, Corrections
from models.reason_words import ReasonWords
from models.reasons import Explanation, Reason
from models.scorer import Scored, Scorer

ENGLAND = Path(__file__).parents[2] / "models/contracts/england.toml"


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    """England's, in which the area of the home is the one thing that no family could have put right."""
    return scorer_of(bundle_files(ENGLAND.read_text()))


def _changes(scorer: Scorer, missing: tuple[str, ...], *shown: Reason) -> tuple[Change, ...]:
    landmark = scorer.contract.landmarks[0]
    scored = scorer.score_row(landmark, [1.0] * len(scorer.contract.features_at(landmark)))
    assert isinstance(scored, Scored)
    features = tuple(feature for feature in scorer.contract.features if feature.name in missing)
    answer = Scored(landmark, scored.row, scored.scores, features, (), (), ())
    score = scored.scores[0]._replace(explanation=Explanation(list(shown[:1]), list(shown[1:]), [], 0.0))
    return Corrections(scorer, ReasonWords(scorer).asked).changes(answer, score)


def test_missing(scorer: Scorer) -> None:
    """What is not known, and could be put on record, could change a score; the area of the home is not among it."""
    assert _changes(scorer, ("gestation_weeks", "idaci_decile")) == (
        Change(
            "not_known",
            ("gestation_weeks",),
            "Weeks of pregnancy at birth are not on record. If it were known, the score could change.",
        ),
    )


def test_on_record(scorer: Scorer) -> None:
    """What a shown reason rests on could be wrong, each feature told once with its value; what is not known is not wrong."""
    alone = Reason(("gestation_weeks",), [36.0], "Early", 0.5)
    pair = Reason(("gestation_weeks", "birthweight_grams"), [36.0, None], "Together", -0.2)
    assert _changes(scorer, (), alone, pair) == (
        Change(
            "could_be_wrong",
            ("gestation_weeks",),
            "On record: weeks of pregnancy at birth, 36 weeks. If that is wrong, the score could change.",
        ),
    )


def test_not_correctable(scorer: Scorer) -> None:
    """A reason that no family could have put right is never told as what would change a score."""
    assert _changes(scorer, (), Reason(("idaci_decile",), [1.0], "Area", 0.5)) == ()
