"""Features that ask for what the outcome is judged by, found in the contract alone."""

import copy
import tomllib
from pathlib import Path
from typing import Any

import pytest

from models.contract import Contract
from models.contract_reading import load_contract
from training.alarms.outcome_parts import judging_columns, outcome_parts, resting_columns

FEATURE = {
    "name": "goal",
    "label": "a goal",
    "take": "latest",
    "column": "goal_1",
    "raises": "more",
    "lowers": "less",
    "not_known": "not known",
    "correctable": True,
}


@pytest.fixture
def document(borough_text: str) -> dict[str, Any]:
    """The borough's contract as a document, its profile's goals open to features."""
    found: dict[str, Any] = copy.deepcopy(tomllib.loads(borough_text))
    profile = next(source for source in found["source"] if source["name"] == "profile")
    for column in profile["column"]:
        column["roles"] = ["feature", "outcome"]
    return found


def _rung(document: dict[str, Any]) -> set[str | None]:
    return {alarm.about for alarm in outcome_parts(Contract.model_validate(document)) if alarm.rings}


def test_honest_contracts_are_quiet(as_read: Any, document: dict[str, Any]) -> None:
    """No alarm for the borough, nor for an earlier measurement of the outcome's own source, before its window."""
    assert [alarm.rings for alarm in outcome_parts(as_read.contract)] == [False]
    document["feature"].append(FEATURE | {"source": "profile"})
    assert _rung(document) == set()


def test_the_outcomes_window(document: dict[str, Any]) -> None:
    """A feature of the outcome's source rings once the outcome's window begins before the landmark, whatever it asks."""
    document["feature"] += [
        FEATURE | {"source": "profile"},
        {name: said for name, said in FEATURE.items() if name != "column"}
        | {"source": "profile", "name": "rows", "take": "count"},
    ]
    document["outcome"][0]["window"] = [700, 2100]
    assert _rung(document) == {"goal", "rows"}


def test_the_same_file_with_other_timings(document: dict[str, Any]) -> None:
    """A second source that reads the outcome's file as if it were known at birth rings where it rests on its columns."""
    profile = next(source for source in document["source"] if source["name"] == "profile")
    document["source"].append(profile | {"name": "early", "happened": {"constant": 0}, "known": {"constant": 0}})
    document["feature"].append(FEATURE | {"source": "early"})
    assert _rung(document) == {"goal"}


def test_columns_are_found_through_derived_ones(as_read: Any, smocc_contract: Contract) -> None:
    """Derived columns count as all that they are made of, in rules and in features."""
    outcome, visits = smocc_contract.outcomes[0], smocc_contract.source("visits")
    assert len(judging_columns(visits, outcome)) == len(visits.columns)
    fine = next(each for each in smocc_contract.features if each.name == "fine_motor_0_100")
    assert all(name.startswith("ddif") for name in resting_columns(visits, fine))
    uneven = next(each for each in as_read.contract.features if each.column == "uneven")
    assert resting_columns(as_read.contract.source("reviews"), uneven) >= {"problem_solving", "communication"}


@pytest.fixture(scope="module")
def smocc_contract() -> Contract:
    """The contract of the example."""
    return load_contract(Path("examples/smocc/contract.toml"))[0]
