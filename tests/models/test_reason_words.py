"""Reasons in words: each told with what it rests on."""

from pathlib import Path

import pytest

from benchmarks.small_bundle import bundle_files
from models.bundle import scorer_of
from models.reason_words import ReasonWords, ToldReason
from models.reasons import Reason
from models.scorer import Scored, Scorer

BOROUGH = Path(__file__).parents[1] / "contracts/borough.toml"


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    """A Scorer of a contract with many agencies; its typical child has 2 of everything."""
    return scorer_of(bundle_files(BOROUGH.read_text()))


@pytest.fixture(scope="module")
def answer(scorer: Scorer) -> Scored:
    """An answer at the second landmark."""
    landmark = scorer.contract.landmarks[1]
    scored = scorer.score_row(landmark, [3.0] * len(scorer.contract.features_at(landmark)))
    assert isinstance(scored, Scored)
    return Scored(landmark, scored.row, scored.scores, (), (), (), (), as_of={"birthweight": 0, "recent_contacts": 690})


def _told(scorer: Scorer, answer: Scored, reason: Reason) -> ToldReason:
    return ReasonWords(scorer).told(reason, answer, answer.scores[0].outcome.name)


def test_of_one_feature(scorer: Scorer, answer: Scored) -> None:
    """A reason of one feature has its value, the typical child's, its age, its agency, and whether it can be checked."""
    told = _told(scorer, answer, Reason(("recent_contacts",), [1.0], "There were contacts", 0.2))
    assert told == ToldReason(
        features=("recent_contacts",),
        labels=("early help contacts in the last half year",),
        words="There were contacts",
        direction="raises",
        strength=2,
        contribution=0.2,
        values=[1.0],
        value="1 contact",
        typical="2 contacts",
        as_of=690,
        as_of_words="when the child was 22 months old",
        agencies=("Early help",),
        checkable=True,
    )


def test_of_two(scorer: Scorer, answer: Scored) -> None:
    """A reason of two features has both values, no typical one, the age of the older, and the agencies of both."""
    pair = next(
        term.features
        for term in scorer.estimator(answer.landmark.name, answer.scores[0].outcome.name).spec.terms
        if len(term.features) == 2 and "birthweight" in term.features
    )
    told = _told(scorer, answer, Reason(pair, [2500.0, None], "Together", -0.5))
    assert (told.value, told.typical, told.direction, told.strength) == ("2,500 g; not known", None, "lowers", 3)
    assert (told.as_of, told.as_of_words) == (0, "at birth")
    assert told.agencies == ("Maternity", "Health visiting")


@pytest.mark.parametrize("contribution", [0.0, 0.0049, -0.0049])
def test_a_push_of_nothing(scorer: Scorer, answer: Scored, contribution: float) -> None:
    """A push too small to show is told as none either way; what is not known is so, and of no age."""
    told = _told(scorer, answer, Reason(("communication",), [None], "Not on record", contribution))
    assert (told.direction, told.value, told.as_of, told.as_of_words) == ("none", "not known", None, None)


def test_never_known() -> None:
    """Where it was known of nobody in training there is no typical value."""
    files = bundle_files(BOROUGH.read_text())
    files["model.json"] = files["model.json"].replace(b'"n_known":960', b'"n_known":0')
    unseen = scorer_of(files)
    landmark = unseen.contract.landmarks[0]
    scored = unseen.score_row(landmark, [1.0] * len(unseen.contract.features_at(landmark)))
    assert isinstance(scored, Scored)
    assert all(
        ReasonWords(unseen).told(reason, scored, score.outcome.name).typical is None
        for score in scored.scores
        for reason in score.explanation.shown
    )
