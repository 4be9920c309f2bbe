"""Evaluation: which candidate ships, what a list can find, and measures that any number of repeats leave honest."""

import dataclasses
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

from models.canonical import canonical
from models.estimator import expit
from models.terms import Calibration
from training.evaluation import evaluate, without_siblings
from training.judging import CalibratedOn, HeldOut, Judged, Rows
from training.learning import CandidateName
from training.plan import Plan

Floats = NDArray[np.float64]
COUNT = 600
PLAN = Plan(bootstrap=200, capacities=(0.05, 0.5))
CALIBRATION = Calibration(landmark="then", outcome="later", intercept=0.0, slope=1.0, n=10, events=3)


@pytest.fixture(scope="module")
def signal() -> Floats:
    """What is really there to be seen of each child."""
    return np.random.default_rng(1).normal(size=COUNT)


@pytest.fixture(scope="module")
def rows(signal: Floats) -> Rows:
    """Children with an outcome that depends on the signal, two to a family."""
    y = (np.random.default_rng(2).random(COUNT) < 1 / (1 + np.exp(0.8 - signal))).astype(float)
    return Rows(np.zeros((COUNT, 1)), y, np.array([f"family {i // 2}" for i in range(COUNT)]), np.ones(COUNT))


def _judged(*log_odds: Floats, who: NDArray[np.int64] | None = None) -> Judged:
    scores = np.stack(log_odds)
    chosen = who if who is not None else np.arange(scores.shape[1])
    held_out = HeldOut(chosen, scores, np.zeros(scores.shape, dtype=np.int64))
    return Judged(None, CALIBRATION, held_out, CalibratedOn(chosen, scores))


def _candidates(logistic: Judged, glass_box: Judged, full: Judged | None = None) -> dict[CandidateName, Judged]:
    return {"logistic": logistic, "glass box": glass_box, "full booster": full or glass_box}


def test_a_tie_goes_to_the_simpler(rows: Rows, signal: Floats) -> None:
    """Where both score alike, the logistic regression ships, and the difference is none."""
    same = _judged(signal - 0.8)
    found = evaluate(_candidates(same, same), rows, PLAN)
    assert found["ships"] == "logistic"
    assert found["glass_box_minus_logistic_log_loss"] == {"value": 0.0, "low": 0.0, "high": 0.0}


def test_a_little_better_is_a_tie(rows: Rows, signal: Floats) -> None:
    """A glass box that is better, but within what chance does, does not ship."""
    noise = np.random.default_rng(3).normal(size=COUNT)
    found = evaluate(_candidates(_judged(signal - 0.8 + 0.2 * noise), _judged(signal - 0.8)), rows, PLAN)
    difference = found["glass_box_minus_logistic_log_loss"]
    assert difference["low"] < difference["value"] < 0 <= difference["high"]
    assert found["ships"] == "logistic"


def test_a_clear_difference(rows: Rows, signal: Floats) -> None:
    """A glass box that is clearly better ships; one that is clearly worse does not, nor does a still better yardstick."""
    good, poor = _judged(signal - 0.8), _judged(np.random.default_rng(5).normal(size=COUNT) - 0.8)
    assert evaluate(_candidates(poor, good), rows, PLAN)["ships"] == "glass box"
    assert evaluate(_candidates(good, poor), rows, PLAN)["ships"] == "logistic"
    best = _judged(6.0 * (rows.y - 0.5) + 0.1 * signal)
    found = evaluate(_candidates(good, poor, best), rows, PLAN)
    assert found["ships"] == "logistic"
    assert found["glass_box_minus_full_booster_auc"]["high"] < 0


def test_measures_are_the_usual_ones(rows: Rows, signal: Floats) -> None:
    """The point values are those of scikit-learn, each within its interval."""
    scores = signal - 0.8
    probability = [expit(x) for x in scores.tolist()]
    measures = evaluate(_candidates(_judged(scores), _judged(scores)), rows, PLAN)["candidates"]["logistic"]
    assert measures["auc"]["value"] == pytest.approx(roc_auc_score(rows.y, scores), abs=1e-6)
    assert measures["brier"]["value"] == pytest.approx(brier_score_loss(rows.y, probability), abs=1e-6)
    assert measures["log_loss"]["value"] == pytest.approx(log_loss(rows.y, probability), abs=1e-6)
    for name, interval in measures.items():
        if name != "at_capacity":
            assert interval["low"] <= interval["value"] <= interval["high"], name


def test_who_was_judged(rows: Rows, signal: Floats) -> None:
    """Children, events, families and prevalence are of the held-out children and no others."""
    who = np.arange(100, 301)
    found = evaluate(_candidates(*[_judged(signal[who], who=who)] * 2), rows, PLAN)
    assert (found["n"], found["events"]) == (201, int(rows.y[who].sum()))
    assert found["families"] == 101
    assert found["prevalence"] == pytest.approx(rows.y[who].mean(), abs=1e-6)


def test_ceilings_of_a_list(rows: Rows) -> None:
    """A list that held nobody but children with the outcome reaches the ceilings, and no list can pass them; one is not told of."""
    perfect = _judged(np.where(rows.y == 1, 3.0, -3.0) + np.linspace(0, 0.1, COUNT))
    prevalence = rows.y.mean()
    assert 0.05 < prevalence < 0.5
    short, long = evaluate(_candidates(perfect, perfect), rows, PLAN)["candidates"]["logistic"]["at_capacity"]
    assert (short["capacity"], short["flagged"], long["capacity"], long["flagged"]) == (0.05, 30, 0.5, 300)
    assert short["recall_ceiling"] == pytest.approx(0.05 / prevalence, abs=1e-6)
    assert short["ppv_ceiling"] == 1.0
    assert short["recall"] == short["ppv"] == {"value": None, "low": None, "high": None}
    assert long["recall_ceiling"] == 1.0
    assert long["ppv_ceiling"] == pytest.approx(prevalence / 0.5, abs=1e-6)
    assert long["recall"]["value"] == 1.0
    assert long["ppv"]["value"] == long["ppv_ceiling"]


@pytest.mark.parametrize(("having", "told"), [(9, False), (10, True), (20, True), (21, False)])
def test_a_list_of_few_is_not_told_of(rows: Rows, having: int, *, told: bool) -> None:
    """Recall and PPV of a list of thirty are told where ten on it have the outcome and ten have not, and else neither."""
    first = np.concatenate([np.flatnonzero(rows.y == 1)[:having], np.flatnonzero(rows.y == 0)[: 30 - having]])
    scores = np.full(COUNT, -1.0)
    scores[first] = 1.0
    judged = _judged(scores, scores)
    short, _ = evaluate(_candidates(judged, judged), rows, PLAN)["candidates"]["logistic"]["at_capacity"]
    expected = (having / rows.y.sum(), having / 30) if told else (None, None)
    assert short["flagged"] == 30
    for name, value in zip(("recall", "ppv"), expected, strict=True):
        assert short[name]["value"] == (None if value is None else pytest.approx(value, abs=1e-6))
        assert (short[name]["low"] is None) == (short[name]["high"] is None) == (not told)


def test_a_tie_at_the_cut(rows: Rows) -> None:
    """Children who tie at the cut are all left out, and their number is told: ties are never broken."""
    scores = np.full(COUNT, -1.0)
    scores[:20], scores[20:70] = 2.0, 1.0
    short, long = evaluate(_candidates(*[_judged(scores)] * 2), rows, PLAN)["candidates"]["logistic"]["at_capacity"]
    assert (short["flagged"], short["left_out_tie"]) == (20, 50)
    assert (long["flagged"], long["left_out_tie"]) == (70, 530)


def test_nobody_can_be_flagged(rows: Rows) -> None:
    """Where all tie and no list of that size can be made, the evaluation says so and can still be written."""
    same = _judged(np.full(COUNT, -0.8))
    found = evaluate(_candidates(same, same), rows, PLAN)
    short = found["candidates"]["logistic"]["at_capacity"][0]
    assert (short["flagged"], short["recall"]["value"]) == (0, 0)
    assert short["ppv"] == {"value": None, "low": None, "high": None}
    assert canonical(found)


def test_repeats_are_averaged(rows: Rows, signal: Floats) -> None:
    """With repeats every measure is taken repeat by repeat and averaged: the same twice is the same once."""
    once = evaluate(_candidates(*[_judged(signal)] * 2), rows, PLAN)
    assert evaluate(_candidates(*[_judged(signal, signal)] * 2), rows, PLAN) == once
    noise = np.random.default_rng(4).normal(size=COUNT)
    both = evaluate(_candidates(*[_judged(signal, noise)] * 2), rows, PLAN)["candidates"]["logistic"]["auc"]["value"]
    alone = [roc_auc_score(rows.y, scores) for scores in (signal, noise)]
    assert both == pytest.approx(np.mean(alone), abs=1e-6)


def test_families_widen_the_interval(rows: Rows, signal: Floats) -> None:
    """Intervals resample whole families: where each child stands ten times in one family, they are as wide as once."""
    ten = np.repeat(np.arange(COUNT), 10)
    crowd = Rows(rows.x[ten], rows.y[ten], np.array([f"family {i}" for i in ten]), np.ones(len(ten)))
    alone = dataclasses.replace(rows, families=np.array([f"family {i}" for i in range(COUNT)]))
    wide = evaluate(_candidates(*[_judged(signal[ten])] * 2), crowd, PLAN)["candidates"]["logistic"]["auc"]
    once = evaluate(_candidates(*[_judged(signal)] * 2), alone, PLAN)["candidates"]["logistic"]["auc"]
    assert wide["high"] - wide["low"] == pytest.approx(once["high"] - once["low"], rel=0.2)


def test_the_same_seed_says_the_same(rows: Rows, signal: Floats) -> None:
    """One plan gives one evaluation; another seed moves the intervals and no value."""
    first, again = (evaluate(_candidates(*[_judged(signal)] * 2), rows, PLAN) for _ in range(2))
    assert first == again
    other = evaluate(_candidates(*[_judged(signal)] * 2), rows, PLAN.model_copy(update={"seed": 1}))
    assert _values(other) == _values(first)
    assert other != first


def _values(found: dict[str, Any]) -> dict[str, float]:
    measures = found["candidates"]["logistic"]
    return {name: interval["value"] for name, interval in measures.items() if name != "at_capacity"}


def test_without_siblings(rows: Rows, signal: Floats) -> None:
    """Only held-out children none of whose family was learned from are in the figure without siblings."""
    who, learned_on = np.arange(300, COUNT), np.arange(0, 301)
    found = without_siblings(_candidates(*[_judged(signal[who], who=who)] * 2), rows, learned_on, PLAN)
    alone = np.arange(302, COUNT)
    assert (found["n"], found["events"]) == (len(alone), int(rows.y[alone].sum()))
    assert found["candidates"]["logistic"]["auc"]["value"] == pytest.approx(
        roc_auc_score(rows.y[alone], signal[alone]), abs=1e-6
    )


def test_nobody_without_siblings(rows: Rows, signal: Floats) -> None:
    """Where every held-out child has a sibling among those learned from, the figure says that there is none."""
    found = without_siblings(_candidates(*[_judged(signal)] * 2), rows, np.arange(COUNT), PLAN)
    assert found == {"n": 0, "events": 0, "candidates": None}


def test_weights_are_repeated_rows(rows: Rows, signal: Floats) -> None:
    """A child that stands for three counts for three in every measure, list and share; counts are still of children."""
    times = np.random.default_rng(7).integers(1, 4, COUNT)
    weighted = dataclasses.replace(rows, weights=times.astype(float))
    found = evaluate(_candidates(*[_judged(signal)] * 2), weighted, PLAN)
    repeated = evaluate(
        _candidates(*[_judged(np.repeat(signal, times))] * 2), rows.take(np.repeat(np.arange(COUNT), times)), PLAN
    )
    assert (found["n"], found["events"]) == (COUNT, rows.y.sum())
    assert (
        found["prevalence"]
        == repeated["prevalence"]
        != evaluate(_candidates(*[_judged(signal)] * 2), rows, PLAN)["prevalence"]
    )
    said, expected = (one["candidates"]["logistic"] for one in (found, repeated))
    for name in said.keys() - {"at_capacity"}:
        assert said[name] == pytest.approx(expected[name], abs=2e-6)
    for short, long in zip(said["at_capacity"], expected["at_capacity"], strict=True):
        for name in ("recall", "ppv", "recall_ceiling", "ppv_ceiling"):
            assert short[name] == pytest.approx(long[name], abs=2e-6)


def test_weights_reach_those_without_siblings(rows: Rows, signal: Floats) -> None:
    """The figures of children without a sibling in training are weighted as the others are."""
    learned_on, judged = np.arange(100), _candidates(*[_judged(signal[200:], who=np.arange(200, COUNT))] * 2)
    plain = without_siblings(judged, rows, learned_on, PLAN)
    heavy = dataclasses.replace(rows, weights=np.where(rows.y == 1, 1.5, 0.5))
    weighted = without_siblings(judged, heavy, learned_on, PLAN)
    assert (plain["n"], plain["events"]) == (weighted["n"], weighted["events"])
    intercepts = [one["candidates"]["logistic"]["calibration_intercept"]["value"] for one in (plain, weighted)]
    assert intercepts[1] - intercepts[0] == pytest.approx(np.log(3), abs=0.05)


def test_candidates_that_were_not_judged(rows: Rows, signal: Floats) -> None:
    """The candidate that was judged alone ships, and a difference from one that was not is none."""
    for name in ("logistic", "glass box"):
        only: dict[CandidateName, Judged] = {name: _judged(signal)}
        found = evaluate(only, rows, PLAN)
        assert (found["ships"], list(found["candidates"])) == (name, [name])
        assert found["glass_box_minus_logistic_log_loss"] is None
        assert found["glass_box_minus_full_booster_auc"] is None
