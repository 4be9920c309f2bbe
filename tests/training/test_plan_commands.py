"""The verb `plan`, as a person uses it: print the default, keep it, change it."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from models.contract import Contract
from models.contract_reading import load_contract
from models.errors import BadInput, ContractError
from training.plan_commands import app
from training.plan_reading import default_plan, read_plan

TODAY = datetime.date(2026, 9, 1)


@pytest.fixture
def asked(borough_contract: Path) -> Callable[..., str]:
    """What the verb prints for the borough's contract; raises what it raises."""

    def run(*words: object) -> str:
        done = CliRunner().invoke(app, [str(borough_contract), *map(str, words)], catch_exceptions=False)
        assert done.exit_code == 0
        return done.stdout

    return run


@pytest.fixture
def declared(borough_contract: Path) -> tuple[Contract, str]:
    """The borough's contract with every gateway in force, and its text."""
    return load_contract(borough_contract)


def test_printed(asked: Callable[..., str], declared: tuple[Contract, str]) -> None:
    """The default plan of the contract is printed to the byte as a run without a plan holds it."""
    assert asked() == default_plan(*declared)[1]


def test_kept(asked: Callable[..., str], declared: tuple[Contract, str], tmp_path: Path) -> None:
    """A plan written to a file is the one that a run without a plan has."""
    path = tmp_path / "plan.toml"
    assert asked("--out", path) == ""
    assert read_plan(path, *declared, TODAY) == read_plan(None, *declared, TODAY)


def test_what_is_there_stays(asked: Callable[..., str], tmp_path: Path) -> None:
    """A file that is there is refused, and stays to the byte."""
    path = tmp_path / "plan.toml"
    path.write_text("seed = 3\n", encoding="utf-8")
    with pytest.raises(BadInput, match="exists already"):
        asked("--out", path)
    assert path.read_text(encoding="utf-8") == "seed = 3\n"


def test_nowhere_to_write(asked: Callable[..., str], tmp_path: Path) -> None:
    """A place where no file can be is refused in words."""
    with pytest.raises(BadInput, match="cannot be written there"):
        asked("--out", tmp_path / "absent" / "plan.toml")


def test_of_no_contract(tmp_path: Path) -> None:
    """Without a contract there is no plan."""
    with pytest.raises(ContractError):
        CliRunner().invoke(app, [str(tmp_path / "absent.toml")], catch_exceptions=False)
