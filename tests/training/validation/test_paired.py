"""Two models on the same children: the difference is paired, and a group's figures are those of the audit."""

import copy
import dataclasses

import numpy as np
import pytest

from models.contract import Contract
from training.judging import HeldOut, judge_by_time
from training.metrics import auc, cut, family_weights
from training.plan import Plan
from training.resampled import Figure
from training.study import Study
from training.validation.paired import Children, Model, by_group, differences, figures, recall_by_group, too_small


@pytest.fixture(scope="module")
def scores(left_out_study: Study, left_out_plan: Plan) -> HeldOut:
    """Scores of the children held out."""
    study = left_out_study
    assert study.split is not None
    return judge_by_time("logistic", study.task, study.rows, study.split, left_out_plan).held_out


@pytest.fixture(scope="module")
def children(borough: Contract, left_out_study: Study, left_out_plan: Plan, scores: HeldOut) -> Children:
    """The children held out."""
    return Children(borough, left_out_study, scores, left_out_plan)


@pytest.fixture(scope="module")
def model(children: Children, scores: HeldOut) -> Model:
    """What the scores say of them."""
    return Model(children, scores)


@pytest.fixture(scope="module")
def noisy(children: Children, scores: HeldOut) -> Model:
    """The same scores with so much noise that they are worse."""
    noise = np.random.default_rng(2).normal(0, 2, scores.log_odds.shape)
    return Model(children, dataclasses.replace(scores, log_odds=scores.log_odds + noise))


def test_a_model_beside_itself(children: Children, model: Model) -> None:
    """Nothing differs, and no resample does: the same families are drawn for both."""
    for figure in differences(model, model).values():
        assert set(figure.values()) == {0.0}
    for group in by_group(children, model, model, "sex")["groups"]:
        assert group["shipped"] == group["changed"]
        assert group["difference"] is None or {x for one in group["difference"].values() for x in one.values()} == {0.0}


def test_figures(left_out_study: Study, left_out_plan: Plan, scores: HeldOut, model: Model) -> None:
    """They are those of the measures themselves: the area under the curve, and what the list finds."""
    y, (log_odds,) = left_out_study.rows.y[scores.rows], scores.log_odds
    found = figures(model)
    drawn = auc(
        log_odds,
        y,
        family_weights(left_out_study.rows.families[scores.rows], left_out_plan.bootstrap, left_out_plan.seed),
    )
    assert found["auc"]["value"] == round(float(auc(log_odds, y, np.ones((1, len(y))))[0]), 6)
    assert found["auc"]["low"] == round(float(np.percentile(drawn, 2.5)), 6)
    flagged = cut(log_odds, 0.2).flagged
    assert found["recall"]["value"] == round(float(y[flagged].sum() / y.sum()), 6)
    assert found["ppv"]["value"] == round(float(y[flagged].mean()), 6)
    assert found["selection_rate"]["value"] == round(float(flagged.mean()), 6)


def _auc(told: dict[str, Figure]) -> tuple[float, float, float]:
    value, low, high = (told["auc"][name] for name in ("value", "low", "high"))
    assert value is not None
    assert low is not None
    assert high is not None
    return value, low, high


def test_paired(model: Model, noisy: Model) -> None:
    """A difference is first minus second, and surer than of two models on children of their own."""
    value, low, high = _auc(differences(noisy, model))
    (a, a_low, a_high), (b, b_low, b_high) = (_auc(figures(each)) for each in (noisy, model))
    assert value == pytest.approx(a - b, abs=2e-6)
    assert high < 0
    assert high - low < np.hypot(a_high - a_low, b_high - b_low)


def test_by_group(children: Children, model: Model, noisy: Model) -> None:
    """Rates are of rounded counts, as in the audit; the difference is of those told of with the group."""
    told = by_group(children, model, noisy, "sex")
    groups = {group["group"]: group for group in told["groups"]}
    largest = told["hidden_in"]
    assert groups[largest]["n"] == max(group["n"] or 0 for group in told["groups"])
    assert groups["Another"]["n"] is None
    assert groups["Another"]["difference"] is None
    assert set(groups["Another"]["shipped"].values()) == {None}
    of = children.study.cohort.groups["sex"][children.rows]
    told_of, y = np.isin(of, [largest, "Another"]), children.drawn.y
    assert groups[largest]["n"] == 5 * np.floor(told_of.sum() / 5 + 0.5)
    rates = [float((each.flagged * y)[told_of].sum() / y[told_of].sum()) for each in (noisy, model)]
    assert groups[largest]["difference"]["recall"]["value"] == round(rates[0] - rates[1], 2)


def test_small_groups(children: Children, model: Model, noisy: Model) -> None:
    """Of a group under a hundred children no difference is told, and it is named as too small."""
    small = too_small(model, "sex")
    assert small == ["Another", "not recorded"]
    assert [line["group"] for line in recall_by_group(children, model, noisy, "sex")] == ["Girls", "Boys"]
    groups = {group["group"]: group for group in by_group(children, model, noisy, "sex")["groups"]}
    assert all(groups[name]["difference"] is None for name in small)
    assert all(groups[name]["difference"] is not None for name in ("Girls", "Boys"))


def test_sampling_weights(borough: Contract, left_out_study: Study, left_out_plan: Plan, scores: HeldOut) -> None:
    """Children who stand for more of the population count for more."""
    weights = np.where(left_out_study.cohort.groups["sex"] == "Boys", 1.9, 0.1)
    study = dataclasses.replace(
        left_out_study,
        cohort=dataclasses.replace(left_out_study.cohort, weights=weights),
        rows=dataclasses.replace(left_out_study.rows, weights=weights[left_out_study.known]),
    )
    model = Model(Children(borough, study, scores, left_out_plan), scores)
    y, w = study.rows.y[scores.rows], study.rows.weights[scores.rows]
    assert figures(model)["recall"]["value"] == round(float((w * y * model.flagged).sum() / (w * y).sum()), 6)
    assert figures(model)["auc"]["value"] == round(float(auc(scores.log_odds[0], y, w[None, :])[0]), 6)


def test_a_difference_of_few(children: Children, model: Model) -> None:
    """Of a rate that rests on fewer than ten of either kind by either model, the difference is that of the two told rates."""
    everyone = np.ones(len(children.rows), dtype=np.bool_)
    assert model.rests_on_many("recall", everyone)
    found = np.flatnonzero(model.flagged * children.drawn.y)
    few = np.isin(np.arange(len(everyone)), found[:9]) | (model.flagged == 0)
    assert not model.rests_on_many("recall", few)
    hardly = copy.copy(model)
    hardly.flagged = np.where(few, model.flagged, 0.0)
    told = by_group(children, model, hardly, "sex")
    (group,) = (group for group in told["groups"] if group["group"] == told["hidden_in"])
    difference, gap = group["difference"]["recall"], group["changed"]["recall"] - group["shipped"]["recall"]
    assert difference["value"] == pytest.approx(gap, abs=0.0051)
    assert difference["low"] <= difference["value"] <= difference["high"]
