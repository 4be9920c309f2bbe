"""The verb `policy`, as a person uses it: print the default, keep it, agree on it."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fairness.policy.reading import read_policy
from fairness.policy.text import default_policy
from models.canonical import digest
from models.contract_reading import load_contract
from models.errors import BadInput
from training.policy_commands import app
from training.scores import groups_of_audit


@pytest.fixture
def asked(borough_contract: Path) -> Callable[..., str]:
    """What the verb prints for the borough's contract; raises what it raises."""

    def run(*words: object) -> str:
        done = CliRunner().invoke(app, [str(borough_contract), *map(str, words)], catch_exceptions=False)
        assert done.exit_code == 0
        return done.stdout

    return run


def test_printed(asked: Callable[..., str], borough_contract: Path) -> None:
    """The policy of the contract is printed to the byte as a run without a policy holds it."""
    declared, text = load_contract(borough_contract)
    assert asked() == default_policy(groups_of_audit(declared), digest(text.encode()))[1]


def test_kept(asked: Callable[..., str], borough_contract: Path, tmp_path: Path) -> None:
    """A policy written to a file can be used, and a file that is there stays."""
    path = tmp_path / "policy.toml"
    assert asked("--out", path) == ""
    declared, text = load_contract(borough_contract)
    assert read_policy(path, groups_of_audit(declared), digest(text.encode()), datetime.date(2026, 9, 1))[0].attributes
    with pytest.raises(BadInput, match="exists already"):
        asked("--out", path)
