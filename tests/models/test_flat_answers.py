"""A bundle's answers to rows of its matrices as flat columns."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from models.bundle import load_bundle
from models.estimator import LOG_ODDS_BOUND, logit
from models.flat_answers import FlatAnswers, columns_of
from models.scorer import NotScored, Scored, Scorer
from training.pipeline import Run

Floats = NDArray[np.float64]


@pytest.fixture(scope="module")
def scorer(borough_run: Run) -> Scorer:
    """The Scorer of a real bundle with two landmarks."""
    return load_bundle(borough_run.bundle).scorer


def rows_of(scorer: Scorer, n: int) -> tuple[list[str], dict[str, Floats]]:
    """Return n rows of either landmark, of which a third of what could be known is not; some values are far out of range."""
    chance = np.random.default_rng(5)
    names = [landmark.name for landmark in scorer.contract.landmarks]
    asked = [names[k] for k in chance.integers(len(names), size=n)]
    values = {}
    for feature in scorer.contract.features:
        x = chance.normal(20, 400, n).round()
        x[chance.random(n) < 0.33] = np.nan
        values[feature.name] = x
    return asked, values


def row(scorer: Scorer, landmark: str, values: dict[str, Floats], i: int) -> Sequence[float]:
    """Return one row as the Scorer takes it."""
    return [float(values[f.name][i]) for f in scorer.contract.features_at(scorer.contract.landmark(landmark))]


def test_it_says_what_the_scorer_says(scorer: Scorer) -> None:
    """Probability, interval and baseline are the Scorer's to the bit, and nothing is said of a row that it would not score."""
    asked, values = rows_of(scorer, 300)
    answers = FlatAnswers(scorer).answer(np.array(asked, dtype=object), values)
    scored = 0
    for i, landmark in enumerate(asked):
        answer = scorer.score_row(scorer.contract.landmark(landmark), row(scorer, landmark, values, i))
        if isinstance(answer, NotScored):
            assert all(math.isnan(column[i]) for column in answers.values())
            continue
        (score,) = answer.scores
        told = [answers[f"not_gld{end}"][i] for end in ("", ".low", ".high", ".baseline")]
        assert told == [score.probability, score.interval.low, score.interval.high, score.scored.baseline]
        scored += 1
    assert scored > 100


def test_the_columns_add_up(scorer: Scorer) -> None:
    """Baseline, contributions and what the bound takes off add up to the log-odds of the probability, row by row."""
    asked, values = rows_of(scorer, 300)
    answers = FlatAnswers(scorer).answer(np.array(asked, dtype=object), values)
    parts = [name for name in answers if ".contribution." in name]
    for i in np.flatnonzero(~np.isnan(answers["not_gld"])):
        total = math.fsum(
            [answers["not_gld.baseline"][i], answers["not_gld.beyond_bound"][i]]
            + [answers[name][i] for name in parts if not math.isnan(answers[name][i])]
        )
        assert total == pytest.approx(logit(answers["not_gld"][i]), abs=1e-9)
        assert abs(total) <= LOG_ODDS_BOUND + 1e-9


def test_a_landmark_has_its_own_terms(scorer: Scorer) -> None:
    """Of a term that a landmark's estimator has not, nothing is said there; every column is of some landmark's."""
    landmarks = [landmark.name for landmark in scorer.contract.landmarks]
    values = {feature.name: np.full(len(landmarks), np.nan) for feature in scorer.contract.features}
    answers = FlatAnswers(scorer).answer(np.array(landmarks, dtype=object), values)
    assert tuple(answers) == columns_of(scorer)
    for i, landmark in enumerate(landmarks):
        terms = scorer.estimator(landmark, "not_gld").spec.terms
        told = {name for name, column in answers.items() if ".contribution." in name and not math.isnan(column[i])}
        answer = scorer.score_row(scorer.contract.landmark(landmark), row(scorer, landmark, values, i))
        assert isinstance(answer, Scored)
        assert told == {f"not_gld.contribution.{'.'.join(term.features)}" for term in terms}
    assert all(not np.isnan(column).all() for column in answers.values())


def test_an_unknown_landmark_is_refused(scorer: Scorer) -> None:
    """A row that names no landmark of the contract is refused in words that say which there are, and not what was given."""
    values = {feature.name: np.zeros(1) for feature in scorer.contract.features}
    with pytest.raises(ValueError, match="one of one_year, two_year") as refused:
        FlatAnswers(scorer).answer(np.array(["Jane's birthday"], dtype=object), values)
    assert "Jane" not in str(refused.value)


def test_no_rows_no_answers(scorer: Scorer) -> None:
    """Of no rows every column is empty."""
    values = {feature.name: np.zeros(0) for feature in scorer.contract.features}
    answers = FlatAnswers(scorer).answer(np.array([], dtype=object), values)
    assert {len(column) for column in answers.values()} == {0}
