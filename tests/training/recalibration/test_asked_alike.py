"""Whether an authority's own contract asks what the bundle was learned to answer."""

import copy
import datetime
import tomllib
from collections.abc import Callable
from typing import Any

import pytest

from fairness.policy.policy import Policy
from models.contract import Contract
from models.contract_reading import parse_contract
from models.errors import ContractError
from training.recalibration.asked_alike import refuse_another

Document = dict[str, Any]


@pytest.fixture
def document(borough_text: str) -> Document:
    """The borough's contract, to be changed."""
    return copy.deepcopy(tomllib.loads(borough_text))


@pytest.fixture
def places(borough: Contract, as_toml: Callable[[Document], str]) -> Callable[..., list[str]]:
    """Return where a contract does not ask what the borough's does."""

    def found(changed: Document, **policy: Any) -> list[str]:
        own = parse_contract(as_toml(changed))
        try:
            refuse_another(borough, own, Policy.model_validate(policy), "own.toml")
        except ContractError as error:
            return [problem.place for problem in error.problems]
        return []

    return found


def _named(document: Document, kind: str, name: str) -> Document:
    return next(part for part in document[kind] if part["name"] == name)


def test_where_a_fact_is_read_from_is_its_own(document: Document, places: Callable[..., list[str]]) -> None:
    """Files, columns, codes, gateways, rules over columns and whom it audits are each authority's own."""
    births = _named(document, "source", "births")
    births["file"], births["column"][3]["name"] = "maternity.csv", "weight"
    births["derived"][0]["column"] = "weight"
    _named(document, "feature", "birthweight")["column"] = "weight"
    _named(document, "source", "contacts")["column"][0]["codes"]["N9"] = "other"
    _named(document, "outcome", "not_gld")["rule"] = "goal_1 = 1 OR goal_2 = 1"
    document["audit"] = document["audit"][:1]
    assert places(document) == []


@pytest.mark.parametrize(
    ("kind", "name", "field", "value"),
    [
        ("landmark", "one_year", "age", 366),
        ("landmark", "one_year", "until", 501),
        ("outcome", "not_gld", "definition", "2013"),
        ("outcome", "not_gld", "happens", "did something else"),
        ("outcome", "not_gld", "window", [1600, 2101]),
        ("feature", "birthweight", "units", "kg"),
        ("feature", "birthweight", "direction", "raises"),
        ("feature", "birthweight", "take", "first"),
        ("feature", "birthweight", "raises", "Birthweight was another"),
        ("feature", "gross_motor_mean", "labels", {"3": "three"}),
    ],
)
def test_what_is_asked_is_the_bundle_s(
    document: Document, places: Callable[..., list[str]], kind: str, name: str, field: str, value: Any
) -> None:
    """Ages, windows, units, directions, takes, labels and words are the bundle's: each difference is named by its place."""
    _named(document, kind, name)[field] = value
    assert places(document) == [f'{kind} "{name}" › {field}']


def test_conditions_on_ages(document: Document, places: Callable[..., list[str]]) -> None:
    """When something must have happened is part of what is asked; which column else is filtered is not."""
    _named(document, "feature", "neglect_contact")["where"] = [{"column": "urgent", "is": 1}]
    assert places(document) == []
    _named(document, "feature", "recent_contacts")["where"] = [{"column": "days_before", "at_most": 365}]
    assert places(document) == ['feature "recent_contacts" › where']


def test_everything_at_once(document: Document, places: Callable[..., list[str]]) -> None:
    """Every difference is named at once: a feature too many, one in another place, a landmark that is not there."""
    document["landmark"][0]["name"] = "first_year"
    document["outcome"][0]["label"] = "something else"
    document["feature"].append(dict(_named(document, "feature", "birthweight")) | {"name": "weight_again"})
    found = places(document)
    assert 'landmark "one_year"' in found
    assert 'outcome "not_gld" › label' in found
    assert 'landmark "two_year" › features' in found


def test_the_order_of_features(document: Document, places: Callable[..., list[str]]) -> None:
    """The bundle takes its features in an order, at every landmark."""
    document["feature"].reverse()
    assert places(document) == ['landmark "one_year" › features', 'landmark "two_year" › features']


def test_foreseen_from_the_same_landmarks(document: Document, places: Callable[..., list[str]]) -> None:
    """An outcome is foreseen from the landmarks that the bundle foresees it from."""
    document["outcome"].append(dict(document["outcome"][0]) | {"name": "another"})
    document["outcome"][0]["landmarks"] = ["two_year"]
    assert places(document) == ['outcome "not_gld" › landmarks']


def test_more_is_not_in_the_way(document: Document, places: Callable[..., list[str]]) -> None:
    """A contract may declare outcomes besides: the bundle does not answer them."""
    document["outcome"].append(dict(document["outcome"][0]) | {"name": "another", "rule": "goal_1 = 1"})
    assert places(document) == []


def test_whom_the_policy_protects(document: Document, places: Callable[..., list[str]]) -> None:
    """The groups that the bundle's policy protects are audited, or the gate could not be asked."""
    policy = {
        "owner": "The board",
        "agreed": datetime.date(2026, 1, 1),
        "attribute": [{"name": "sex", "protects": ("Girls",)}, {"name": "light"}],
    }
    assert places(document, **policy) == []
    document["audit"][0]["labels"] = {"F": "Women", "M": "Boys"}
    assert places(document, **policy) == ["audit › attribute › sex › protects › Girls"]
    document["audit"] = document["audit"][1:]
    assert places(document, **policy) == ["audit › attribute › sex"]
