"""The values of features in words, and ages in words."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.contract import Contract
from models.contract_reading import load_contract, parse_contract
from models.value_words import age_words, sayer

Document = dict[str, Any]
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def england() -> Contract:
    """The contract as it ships."""
    return load_contract(ROOT / "models/contracts/england.toml")[0]


def _said(contract: Contract, name: str, value: float) -> str:
    feature = next(feature for feature in contract.features if feature.name == name)
    return sayer(feature, contract.source(feature.source))(value)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("gestation_weeks", 38.0, "38 weeks"),
        ("birthweight_grams", 3250.0, "3,250 g"),
        ("referral_count", 1.0, "1 referral"),
        ("referral_count", 0.0, "0 referrals"),
        ("addresses_ever", 1.0, "1 address"),
        ("asq3_communication", 52.5, "52.5 points of 60"),
        ("universal_hours", 1.0, "1 hour a week"),
        ("idaci_decile", 1.0, "1 of 10, where 1 has the lowest incomes"),
        ("month_of_birth", 0.0, "September"),
        ("month_of_birth", 11.0, "August"),
        ("month_of_birth", 5.5, "5.5 months after September"),
        ("days_at_address", 59.0, "59 days"),
        ("days_at_address", 1.0, "1 day"),
        ("days_at_address", 670.0, "about 22 months"),
        ("days_at_address", 60.0, "about 2 months"),
        ("new_birth_visit", 1.0, "yes"),
        ("mood_concern", 0.0, "no"),
        ("breast_milk_at_6_to_8_weeks", 1.0, "yes"),
        ("asq3_communication_below", 1.0, "yes"),
        ("asq3_communication_below", 0.5, "as often yes as no"),
        ("asq3_domains_below", 2.0, "2 domains"),
        ("sibling_prior_gld", 1.0, "yes"),
    ],
)
def test_england(england: Contract, name: str, value: float, words: str) -> None:
    """A value is told with its units, one of them said as one, or as yes, no, a label, or months where it is many days."""
    assert _said(england, name, value) == words


@pytest.mark.parametrize(
    ("take", "column", "words"),
    [
        ("latest", "flag", "yes"),
        ("sum", "flag", "1"),
        ("mean", "flag", "1"),
        ("distinct", "flag", "1"),
        ("latest", "number", "1"),
        ("max", "low", "yes"),
        ("max", "gap", "1"),
        ("max", "both", "1"),
    ],
)
def test_without_units(
    as_toml: Callable[[Document], str], one_source: Callable[..., Document], take: str, column: str, words: str
) -> None:
    """Only a feature whose value can be no other than yes or no is told so."""
    columns = [{"name": "flag", "type": "flag"}, {"name": "number", "type": "integer", "range": [0, 2]}]
    derived = [
        {"name": "low", "kind": "below", "column": "number", "cut": 1},
        {"name": "gap", "kind": "difference", "column": "number", "minus": "number"},
        {"name": "both", "kind": "count_equal", "columns": ["flag", "number"], "values": [1]},
    ]
    feature = {"name": "asked", "take": take, "column": column}
    contract = parse_contract(as_toml(one_source(columns, [feature], derived=derived)))
    assert _said(contract, "asked", 1.0) == words


@pytest.mark.parametrize(
    ("units", "one"),
    [
        ("addresses", "address"),
        ("churches", "church"),
        ("families", "family"),
        ("loss", "loss"),
        ("hours a week", "hour a week"),
        ("g", "g"),
    ],
)
def test_one(as_toml: Callable[[Document], str], one_source: Callable[..., Document], units: str, one: str) -> None:
    """Units are said of one as of one."""
    contract = parse_contract(as_toml(one_source([], [{"name": "asked", "take": "count", "units": units}])))
    assert (_said(contract, "asked", 1.0), _said(contract, "asked", 2.0)) == (f"1 {one}", f"2 {units}")


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (-1, "before the child was born"),
        (-250, "before the child was born"),
        (0, "at birth"),
        (1, "when the child was 1 day old"),
        (13, "when the child was 13 days old"),
        (14, "when the child was 2 weeks old"),
        (91, "when the child was 13 weeks old"),
        (92, "when the child was 3 months old"),
        (690, "when the child was 22 months old"),
    ],
)
def test_ages(age: int, words: str) -> None:
    """An age is told in the unit that people use for it, rounded down as ages are."""
    assert age_words(age) == words
