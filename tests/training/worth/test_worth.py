"""What a model is worth, put together and told."""

from typing import Any

import numpy as np
import pytest

from models.canonical import canonical
from models.contract import Contract
from models.contract_reading import parse_contract
from training.cohort import CohortTable
from training.evaluation import evaluate
from training.judging import Rows
from training.plan import Plan
from training.plan_parts import FullBooster, GlassBox
from training.snapshots import Matrix
from training.split import TimeSplit
from training.study import AllJudged, Study, judge_all, study_of
from training.worth.enough_signal import signal
from training.worth.lines import worth_lines
from training.worth.worth import worth

COUNT = 900
RULE = '[[rule]]\nname = "light"\nlabel = "born light"\nfeature = "birthweight"\nat_most = 2500\n'
PLAN = Plan(bootstrap=100, glass_box=GlassBox(trees=10, pairs=1), full_booster=FullBooster(trees=5))
SPLIT = TimeSplit(np.arange(400), np.arange(400, 600), np.arange(600, COUNT), lag=1)


@pytest.fixture(scope="module")
def contract(borough_text: str) -> Contract:
    """The borough's contract, with a rule."""
    return parse_contract(borough_text + RULE)


@pytest.fixture(scope="module")
def study(contract: Contract) -> Study:
    """Children whose outcome depends on their birthweight and on two other features."""
    chance, landmark = np.random.default_rng(12), contract.landmarks[0]
    names = [feature.name for feature in contract.features_at(landmark)]
    x = chance.normal(size=(COUNT, len(names)))
    light = names.index("birthweight")
    say = x[:, [light - 1, light + 1]].sum(axis=1) - x[:, light]
    y = (chance.random(COUNT) < 1 / (1 + np.exp(0.8 - say))).astype(float)
    x[:, light] = np.round(3300 + 600 * x[:, light])
    families = np.array([f"family {i // 2}" for i in range(COUNT)])
    matrix = Matrix(landmark, np.arange(COUNT).astype(str), tuple(names), x)
    (outcome,) = contract.outcomes_at(landmark)[:1]
    cohort = CohortTable(matrix, {outcome.name: y}, families, None, {}, np.ones(COUNT), {})
    made = study_of(contract, landmark, outcome, cohort, PLAN)
    return Study(landmark, outcome, cohort, made.known, made.rows, made.task, None, SPLIT)


@pytest.fixture(scope="module")
def judged(study: Study) -> AllJudged:
    """Every candidate, by time."""
    return judge_all(study, PLAN)


@pytest.fixture(scope="module")
def part(contract: Contract, study: Study, judged: AllJudged) -> dict[str, Any]:
    """What is known of the worth of the logistic regression."""
    return {
        "landmark": study.landmark.name,
        "outcome": study.outcome.name,
        **evaluate(judged, study.rows, PLAN),
        "signal": signal(study, judged, "logistic", PLAN, 1),
        "worth": worth(contract, study, judged, "logistic", PLAN),
    }


def test_all_of_it(part: dict[str, Any]) -> None:
    """The rule, chance, six variables and the decision curve are all there, of one list, and can be written."""
    found = part["worth"]
    assert found["capacity"] == 0.2
    assert [rule["rule"] for rule in found["rules"]] == ["light"]
    assert found["by_chance"]["value"] == pytest.approx(100 * part["prevalence"], abs=1e-4)
    (rule,) = found["rules"]
    assert rule["length"] < 0.2
    # Fewer than ten of one kind are on so short a list: it counts, and its figures are not told.
    assert rule["what_ships"] == rule["found"] == rule["gain"] == {"value": None, "low": None, "high": None}
    assert found["what_ships"]["value"] > found["by_chance"]["value"]
    assert found["best"] == found["use"] == {"rule": "light", "label": "born light", "length": rule["length"]}
    assert found["gain"]["low"] <= found["gain"]["value"]
    assert "birthweight" in found["six_variables"]["features"]
    assert found["six_variables"]["auc"]["value"] > 0.7
    assert {rule for at in found["net_benefit"] for rule in at["rules"]} == {"light"}
    assert canonical(found)


def test_six_against_all(part: dict[str, Any]) -> None:
    """What ships less the six is the difference of their AUCs and of what their lists find."""
    six = part["worth"]["six_variables"]
    auc = part["candidates"]["logistic"]["auc"]["value"]
    assert six["what_ships_minus_six"]["auc"]["value"] == pytest.approx(auc - six["auc"]["value"], abs=2e-6)
    more = part["worth"]["what_ships"]["value"] - six["found"]["value"]
    assert six["what_ships_minus_six"]["found"]["value"] == pytest.approx(more, abs=2e-6)


def test_lines(part: dict[str, Any]) -> None:
    """It is told in four lines: the lists, the six variables, the thresholds, and a warning where children are few."""
    lists, six, thresholds, warning = worth_lines(part)
    assert "of 100 on a list of 20%" in lists
    assert "(born light)" in lists
    assert f"on its own list of {part['worth']['best']['length']:.0%}, and by as many of what ships" in lists
    assert "six variables alone: AUC 0." in six
    assert "at thresholds of" in thresholds
    assert warning.startswith("  warning: learned on 400 children, where ")


def test_lines_of_nothing(part: dict[str, Any]) -> None:
    """Where six variables say nothing and no threshold gains, the lines say so; enough children are no news."""
    none = {"value": None, "low": None, "high": None}
    curve = [at | {"gain": none} for at in part["worth"]["net_benefit"]]
    best = {"rule": None, "label": "a list drawn by chance"}
    changed = part["worth"] | {"six_variables": None, "net_benefit": curve, "best": best, "gain": none}
    riley = part["signal"]["riley"] | {"enough": True}
    lists, six, thresholds = worth_lines(part | {"worth": changed, "signal": part["signal"] | {"riley": riley}})
    assert lists.endswith("more by none (none to none)")
    assert six == "  six variables alone say nothing"
    assert thresholds.endswith("at no threshold")


def test_weights_reach_it(contract: Contract, study: Study, judged: AllJudged, part: dict[str, Any]) -> None:
    """Where children with the outcome stand for more, chance finds more on the same list."""
    weights = np.where(study.rows.y == 1, 1.5, 0.75)
    rows = Rows(study.rows.x, study.rows.y, study.rows.families, weights)
    weighted = Study(study.landmark, study.outcome, study.cohort, study.known, rows, study.task, None, SPLIT)
    found = worth(contract, weighted, judged, "logistic", PLAN)
    test = rows.take(SPLIT.test)
    assert found["by_chance"]["value"] == pytest.approx(100 * np.average(test.y, weights=test.weights), abs=1e-5)
    assert found["what_ships"]["value"] > part["worth"]["what_ships"]["value"]


def test_next_to_nothing_has_no_sign(part: dict[str, Any]) -> None:
    """A difference that rounds to nothing is told as nothing, not as less than nothing."""
    six = part["worth"]["six_variables"]
    level = six | {
        "what_ships_minus_six": six["what_ships_minus_six"] | {"auc": {"value": -2e-4, "low": -0.01, "high": 0.01}}
    }
    line = list(worth_lines(part | {"worth": part["worth"] | {"six_variables": level}}))[1]
    assert "AUC 0.000 (-0.010 to 0.010)" in line
