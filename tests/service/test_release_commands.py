"""`earlyid release reband`: the same model for another capacity, in a bundle of its own."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from models.bundle import load_bundle
from models.capacities import CAPACITIES
from models.signature import new_key
from training.findings import Run

Command = Callable[..., CompletedProcess[str]]
SAME = {
    "contract.toml",
    "plan.toml",
    "model.json",
    "calibration.json",
    "capacities.json",
    "refits.json",
    "evaluation.json",
}


@pytest.fixture
def reband(earlyid: Command, borough_run: Run, tmp_path: Path) -> Command:
    """Reband the borough's bundle into a folder of the test's own."""
    return lambda *words: earlyid("release", "reband", borough_run.bundle, "--out", tmp_path / "releases", *words)


def test_another_capacity(reband: Command, borough_run: Run) -> None:
    """The new bundle has the same model to the byte, its own bands, audit and golden cases, and is nobody's until agreed."""
    done = reband("--capacity", "0.12")
    assert done.returncode == 0, done.stderr
    new, old = load_bundle(Path(done.stdout.splitlines()[-1])), load_bundle(borough_run.bundle)
    assert new.id != old.id
    assert all(new.files[name] == old.files[name] for name in SAME)
    bands, audit = json.loads(new.files["bands.json"]), json.loads(new.files["audit.json"])
    gained = [gate for gate in json.loads(new.files["gates.json"])["gates"] if gate["code"] == "gain_over_rules"]
    assert all(gate["words"].startswith("Of 100 children on a list of 12%") for gate in gained)
    assert bands["policy"]["capacities"] == [0.03, 0.06, 0.12]
    assert (bands["policy"]["owner"], bands["policy"]["agreed"]) == (None, None)
    kept = json.loads(new.files["capacities.json"])["audits"][CAPACITIES.index(0.12)]
    assert (audit["capacity"], audit["audits"]) == (0.12, kept["audits"])
    assert new.signature is None
    assert "agreed by nobody yet" in done.stdout


def test_owned_and_dated(reband: Command, tmp_path: Path) -> None:
    """Who agreed to what a team can see in a month, and when, stands in the bundle, which may be signed."""
    key = tmp_path / "key"
    new_key(key)
    asked = ("--children-a-month", "9", "--team", "the northern team", "--owner", "head of early help")
    done = reband(*asked, "--agreed", "2026-09-14", "--key", key)
    assert done.returncode == 0, done.stderr
    bundle = load_bundle(Path(done.stdout.splitlines()[-1]))
    policy = bundle.scorer.policy
    assert (policy.team, policy.owner, str(policy.agreed)) == ("the northern team", "head of early help", "2026-09-14")
    assert policy.children_a_month == 9
    assert bundle.signature is not None
    outcomes = json.loads(bundle.files["capacities.json"])["outcomes"]
    reaching = sum({one["landmark"]: one["children_a_month"] for one in outcomes}.values())
    assert policy.capacity == max(capacity for capacity in CAPACITIES if capacity <= 9 / reaching)


def test_the_bundle_is_left_as_it_is(reband: Command, borough_run: Run) -> None:
    """Rebanding changes nothing in the bundle it was asked of, and to the bands it has it makes the same bundle."""
    before = {path.name: path.read_bytes() for path in borough_run.bundle.iterdir()}
    capacity = load_bundle(borough_run.bundle).scorer.policy.capacity
    done = reband("--capacity", str(capacity))
    assert done.returncode == 0, done.stderr
    assert {path.name: path.read_bytes() for path in borough_run.bundle.iterdir()} == before
    assert Path(done.stdout.splitlines()[-1]).name == borough_run.bundle.name


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ((), 2, "exactly one of"),
        (("--capacity", "0.1", "--children-a-month", "5"), 2, "exactly one of"),
        (("--capacity", "0.1", "--owner", "somebody"), 2, "together"),
        (("--capacity", "0.01"), 3, "such as 0.10"),
        (("--capacity", "10"), 3, "such as 0.10"),
        (("--capacity", "nan"), 3, "such as 0.10"),
        (("--children-a-month", "100000"), 3, "children reach a landmark in a month"),
        (("--capacity", "0.1", "--team", "the troubled families team"), 3, "blames or labels"),
        (("--capacity", "0.1", "--team", ""), 3, "team"),
        (("--capacity", "0.1", "--owner", "x" * 201, "--agreed", "2026-09-14"), 3, "owner"),
    ],
)
def test_what_cannot_be_done(reband: Command, words: tuple[str, ...], status: int, said: str, tmp_path: Path) -> None:
    """What cannot be done is said in a line, and nothing is written."""
    done = reband(*words)
    assert done.returncode == status
    assert said in re.sub(r"\s+", " ", done.stderr.replace("│", " "))
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "releases").exists()


def test_a_length_that_was_not_audited(reband: Command) -> None:
    """A list between two of the twenty lengths is drawn at the shorter of them, and that is said."""
    done = reband("--capacity", "0.11")
    assert done.returncode == 0, done.stderr
    assert "11.0% was asked; 10% is the longest list under it of the twenty that were audited" in done.stdout
