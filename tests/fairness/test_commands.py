"""The verb `audit`, as a person uses it: scored children by a policy, a champion beside them, a score in use."""

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from fairness.commands import app
from models.errors import BadInput, DataError, PolicyError
from training.findings import Run
from training.scores import write_scores

Ask = Callable[..., Result]


@pytest.fixture(scope="module")
def scored(borough_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scored table of the borough's run, as `train --scores` writes it."""
    path = tmp_path_factory.mktemp("scored") / "scored.parquet"
    write_scores(path, borough_run)
    return path


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Run the verb where no Chromium is found; raises what it raises."""
    monkeypatch.setenv("EARLYID_CHROMIUM", "no-such-browser")
    return lambda *words: CliRunner().invoke(app, [*map(str, words)], catch_exceptions=False)


def test_scored_children(ask: Ask, scored: Path, borough_run: Run, tmp_path: Path) -> None:
    """The audit of a run's scored rows says of its list what the bundle's own audit says, by the words of its contract."""
    done = ask(scored, "--out", tmp_path / "audit")
    assert done.exit_code == 0
    assert "groups rest on enough children to be judged" in done.stdout
    written = {path.name for path in (tmp_path / "audit").iterdir()}
    assert written == {"audit.json", "pack.csv", "pack.html", "policy.toml"}
    found = json.loads((tmp_path / "audit" / "audit.json").read_text())
    held = json.loads((borough_run.bundle / "audit.json").read_text())
    assert (found["capacity"], found["labels"]["attributes"]) == (held["capacity"], held["labels"]["attributes"])
    told = [
        [(line["group"], line["n"], line["events"]) for part in head["attributes"] for line in part["groups"]]
        for audit in (found, held)
        for head in audit["audits"]
    ]
    assert told[: len(told) // 2] == told[len(told) // 2 :]


def test_no_chromium(ask: Ask, scored: Path, tmp_path: Path) -> None:
    """Where no Chromium is found everything else is written, and the remedy is told."""
    done = ask(scored, "--out", tmp_path / "audit")
    assert done.exit_code == 0
    assert "no pack.pdf: install a Chromium" in done.stderr


def test_a_champion(ask: Ask, scored: Path, tmp_path: Path) -> None:
    """Beside the scores of a champion, the same ones here, nobody moves and no gap is new."""
    assert ask(scored, "--champion", scored, "--out", tmp_path / "audit").exit_code == 0
    champion = json.loads((tmp_path / "audit" / "audit.json").read_text())["champion"]
    assert champion["new_gaps"] == 0
    assert champion["compared"]


def test_a_policy(ask: Ask, scored: Path, tmp_path: Path) -> None:
    """A policy is held against the attributes and groups of the table; one that asks of others is refused, and nothing is left."""
    policy = tmp_path / "policy.toml"
    policy.write_text("[[attribute]]\nname = 'sex'\nprotects = ['Girls']\n")
    assert ask(scored, "--policy", policy, "--out", tmp_path / "audit").exit_code == 0
    assert json.loads((tmp_path / "audit" / "audit.json").read_text())["policy"]["protects"] == {"sex": ["Girls"]}
    policy.write_text("[[attribute]]\nname = 'sex'\nprotects = ['Gals']\n")
    with pytest.raises(PolicyError, match="Use one of Girls, Boys"):
        ask(scored, "--policy", policy, "--out", tmp_path / "other")
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("words", [(), ("SCORED", "--in-use", "a", "b"), ("--in-use", "a", "b", "--champion", "c")])
def test_one_or_the_other(ask: Ask, words: tuple[str, ...], tmp_path: Path) -> None:
    """Either scored children or a score in use are audited, and a champion stands beside scored children alone."""
    assert ask(*words, "--out", tmp_path / "audit").exit_code == 2


def test_nothing_to_read(ask: Ask, tmp_path: Path) -> None:
    """Files that are not there are named, both of them; a folder that is there stays."""
    with pytest.raises(DataError, match=r"gone\.parquet"):
        ask(tmp_path / "gone.parquet", "--out", tmp_path / "audit")
    with pytest.raises(DataError, match=r"(?s)record\.csv.*groups\.csv"):
        ask("--in-use", tmp_path / "record.csv", tmp_path / "groups.csv", "--out", tmp_path / "audit")
    with pytest.raises(BadInput, match="exists already"):
        ask(tmp_path / "gone.parquet", "--out", tmp_path)


def test_a_name_that_nobody_has(ask: Ask, scored: Path, tmp_path: Path) -> None:
    """Of a table of another tool, which declares no group, a policy names groups that are in it; any other name is refused."""
    table, policy = tmp_path / "scored.csv", tmp_path / "policy.toml"
    pd.read_parquet(scored).astype({"flagged": int}).to_csv(table, index=False)
    policy.write_text("[[attribute]]\nname = 'sex'\nprotects = ['Girls']\n")
    assert "protected, " in ask(table, "--policy", policy, "--out", tmp_path / "audit").stdout
    policy.write_text("[[attribute]]\nname = 'sex'\nprotects = ['Grils']\n")
    with pytest.raises(PolicyError, match="protects › Grils"):
        ask(table, "--policy", policy, "--out", tmp_path / "other")


def test_a_name_that_nobody_has_in_use(ask: Ask, tmp_path: Path) -> None:
    """So of a score in use: names are checked against its groups, before anything is worked out."""
    groups, policy = tmp_path / "groups.csv", tmp_path / "policy.toml"
    groups.write_text("subject,family,audit_sex\na,f, Girls \nb,g,\n")
    policy.write_text("[[attribute]]\nname = 'sex'\nprotects = ['Girls', 'not recorded', 'Grils']\n")
    with pytest.raises(PolicyError) as raised:
        ask("--in-use", tmp_path / "record.csv", groups, "--policy", policy, "--out", tmp_path / "audit")
    assert [problem.place for problem in raised.value.problems] == ["attribute › sex › protects › Grils"]
    with pytest.raises(DataError, match=r"(?s)record\.csv.*gone\.csv"):
        ask("--in-use", tmp_path / "record.csv", tmp_path / "gone.csv", "--policy", policy, "--out", tmp_path / "audit")
