"""The verb `contract`, by the real command: every error at once, every broken row by line, and the schema that is kept."""

import csv
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def broken(borough_contract: Path, tmp_path: Path) -> Callable[..., Path]:
    """Write the borough's contract with some of its text replaced."""

    def write(*changes: tuple[str, str]) -> Path:
        text = borough_contract.read_text(encoding="utf-8")
        for before, after in changes:
            assert before in text
            text = text.replace(before, after, 1)
        path = tmp_path / "broken.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


SHAPE = (
    ('take = "mean"', 'take = "median"'),
    ('column = "decile"\nraises', 'column = "imd"\nraises'),
    (
        'correctable = true\n\n[[feature]]\nname = "communication"',
        'correctible = true\n\n[[feature]]\nname = "communication"',
    ),
)
RULE = ("NOT (goal_1 = 2 AND goal_2 = 2)", "goal_9 = 1")
EXPIRED = (
    'name = "Maternity agreement", purposes = ["early_help", "research"], expires = 2099-12-31',
    'name = "Maternity agreement", purposes = ["early_help", "research"], expires = 2020-01-01',
)
SAID = {
    "shape": ('feature "gross_motor_mean" › take', 'has no column "imd"', "correctible", "Did you mean"),
    "rule": ('outcome "not_gld" › rule', "goal_9"),
    "expired": ('source "births" › gateway', "expired on 2020-01-01"),
}


def test_a_contract_without_a_problem(earlyid: Command, borough_contract: Path) -> None:
    """A contract without a problem is told by what it declares, exit 0."""
    done = earlyid("contract", "check", borough_contract)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "borough.toml: no problem (sources 7, landmarks 2, features 14, outcomes 1)\n"


def test_every_error_of_its_shape_at_once(earlyid: Command, broken: Callable[..., Path]) -> None:
    """Every error of a contract's shape is named in one go, each on a line with its place and what to do, exit 3."""
    done = earlyid("contract", "check", broken(*SHAPE))
    assert (done.returncode, done.stdout) == (3, "")
    assert all(said in done.stderr for said in SAID["shape"]), done.stderr
    headline, *problems = done.stderr.splitlines()
    assert headline == "earlyid: broken.toml: 4 problems"
    assert len(problems) == 4


def test_a_bad_rule_and_an_expired_gateway_at_once(earlyid: Command, broken: Callable[..., Path]) -> None:
    """A rule that cannot be read and a gateway that has expired are named in one go."""
    done = earlyid("contract", "check", broken(RULE, EXPIRED))
    assert done.returncode == 3
    assert all(said in done.stderr for said in (*SAID["rule"], *SAID["expired"])), done.stderr


def test_every_error_at_once(earlyid: Command, broken: Callable[..., Path]) -> None:
    """Every error is named in one go, whatever kind it is of: shape, rule and gateway."""
    done = earlyid("contract", "check", broken(*SHAPE, RULE, EXPIRED))
    assert done.returncode == 3
    missed = [said for kind in SAID.values() for said in kind if said not in done.stderr]
    assert missed == []


def test_every_row_that_breaks_it(earlyid: Command, borough_contract: Path, borough_extracts: Path) -> None:
    """With extracts, every row that breaks the contract is counted by reason, the first by line, and no value is named."""
    done = earlyid("contract", "check", borough_contract, "--data", borough_extracts)
    assert done.returncode == 0
    with (borough_extracts / "reviews.csv").open(encoding="utf-8", newline="") as reviews:
        lines = [str(line) for line, row in enumerate(csv.reader(reviews), start=1) if row[3] == "7"]
    assert f"  6 × communication: off_step (lines {', '.join(lines[:4])}" in done.stdout
    assert "births: 1,491 rows kept, 1 set aside\n  1 × duplicate_row (line " in done.stdout
    assert "childcare: 1,750 rows kept, 0 set aside\n" in done.stdout


def test_the_check_as_json(earlyid: Command, borough_contract: Path, borough_extracts: Path) -> None:
    """Asked for JSON, the check says the same to a program."""
    done = earlyid("contract", "check", borough_contract, "--data", borough_extracts, "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["contract"] == "borough"
    assert [source["source"] for source in said["sources"]] == [
        *("births", "reviews", "contacts", "addresses", "hub", "childcare", "profile")
    ]
    assert said["sources"][1]["set_aside"]["communication: off_step"] == 6


def test_extracts_that_are_missing(
    earlyid: Command, borough_contract: Path, borough_extracts: Path, tmp_path: Path
) -> None:
    """Every file and every column that is missing is named in one go, exit 3."""
    folder = tmp_path / "extracts"
    shutil.copytree(borough_extracts, folder)
    (folder / "hub.csv").unlink()
    (folder / "childcare.parquet").unlink()
    (folder / "addresses.csv").write_text("child,moved_in,imd\n", encoding="utf-8")
    done = earlyid("contract", "check", borough_contract, "--data", folder)
    assert done.returncode == 3
    for said in ("hub.csv", "childcare.parquet", 'no column "moved_out"', 'no column "decile"'):
        assert said in done.stderr, done.stderr


def test_the_schema_is_kept(earlyid: Command) -> None:
    """The schema in `docs` is the one that the command prints, byte for byte; where not, write it again."""
    done = earlyid("contract", "schema")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.encode() == (ROOT / "docs" / "contract.schema.json").read_bytes()
