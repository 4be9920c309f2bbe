"""Drafts of three authorities' extracts, each made once, and how far a draft is from the contract that people wrote."""

import dataclasses
import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.contract import Contract
from models.contract_reading import parse_contract
from models.source import Column, Source
from training.draft.draft import draft

ROOT = Path(__file__).parents[3]


@dataclasses.dataclass(frozen=True, slots=True)
class Drafted:
    """A draft: its folder, its text, the contract it is, and the one that people wrote for the same extracts."""

    folder: Path
    text: str
    contract: Contract
    written: Contract


@pytest.fixture(scope="session")
def drafted_from() -> Callable[[Path], str]:
    """Draft a contract from a folder; return its text."""
    return lambda folder: draft(folder, lambda _step: None)[0]


@pytest.fixture(scope="session")
def england_extracts(once: Callable[..., Any]) -> Path:
    """The extracts of an England of 2,100 births a cohort, as the tests of inventing share it."""
    size = ("--births", 2100, "--cohorts", "2014-2023", "--seed", 11)
    done = once("england-invented", "synth", "HOME/england", *size)
    assert done.status == 0, done.err
    extracts: Path = done.home / "england"
    return extracts


@pytest.fixture(scope="session")
def england(england_extracts: Path, drafted_from: Callable[[Path], str]) -> Drafted:
    """The draft from the invented England."""
    return _drafted(england_extracts, drafted_from, ROOT / "models/contracts/england.toml")


@pytest.fixture(scope="session")
def small_borough(borough_extracts: Path, drafted_from: Callable[[Path], str]) -> Drafted:
    """The draft from the invented borough."""
    return _drafted(borough_extracts, drafted_from, ROOT / "tests/contracts/borough.toml")


@pytest.fixture(scope="session")
def smocc(smocc_data: Path, drafted_from: Callable[[Path], str]) -> Drafted:
    """The draft from real children's visits."""
    return _drafted(smocc_data, drafted_from, ROOT / "examples/smocc/contract.toml")


@pytest.fixture(params=["england", "small_borough", "smocc"])
def drafted(request: pytest.FixtureRequest) -> Drafted:
    """Each of the three drafts in turn."""
    found: Drafted = request.getfixturevalue(request.param)
    return found


def _drafted(folder: Path, drafted_from: Callable[[Path], str], written: Path) -> Drafted:
    text = drafted_from(folder)
    assert tomllib.loads(text)["name"] == "draft"
    return Drafted(folder, text, parse_contract(text), parse_contract(written.read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def shares_right() -> Callable[[Drafted], dict[str, float]]:
    """Compare a draft with the contract that people wrote: of each kind of thing, the share that is the same."""
    return _shares_right


def _shares_right(drafted: Drafted) -> dict[str, float]:
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    by_file = {source.file: source for source in drafted.contract.sources}
    for source in drafted.written.sources:
        for kind, same in _of_source(source, by_file[source.file]):
            asked[kind] += 1
            right[kind] += same
    return {kind: right[kind] / asked[kind] for kind in sorted(asked)}


def _of_source(written: Source, guessed: Source) -> list[tuple[str, bool]]:
    told = [
        ("child key", written.child == guessed.child),
        ("rows a child", written.rows == guessed.rows),
        ("happened", written.happened == guessed.happened),
    ]
    if written.known.file_column is not None:
        column = guessed.known.file_column or (guessed.happened.file_column if guessed.known.lag_days == 0 else None)
        told.append(("known", written.known.file_column == column))
    for declared in written.columns:
        told += _of_column(declared, guessed.column(declared.name))
    return told


def _of_column(written: Column, guessed: Column | None) -> list[tuple[str, bool]]:
    if guessed is None:
        return [("column there", False)]
    told = [("column there", True), ("type", _type(written) == _type(guessed))]
    if written.type == "code":
        told.append(("codes", _codes(set(written.code_map), set(written.missing), set(guessed.code_map))))
    if written.characteristic is not None:
        told.append(("characteristic", written.characteristic == guessed.characteristic))
    if written.missing:
        told.append(("missing", set(written.missing) <= set(guessed.missing)))
    return told


def _codes(written: set[str], missing: set[str], guessed: set[str]) -> bool:
    """Whether codes are those written, some of which no child may have, or a published list that has them all."""
    return bool(guessed & written) and (guessed <= written | missing or written <= guessed)


def _type(column: Column) -> str:
    """A column of whole numbers, of numbers, and of 0 and 1 hold the same values; what differs is how they are told."""
    return "number" if column.type in {"integer", "number", "flag"} else column.type
