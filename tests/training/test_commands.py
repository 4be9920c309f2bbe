"""The verb `train`, by the real command: what it prints, where it writes, and how it refuses."""

import csv
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.bundle import load_bundle
from models.signature import load_key, new_key
from training.findings import Run

ROOT = Path(__file__).parents[2]
Command = Callable[..., subprocess.CompletedProcess[str]]


def test_the_last_line_is_the_bundle(borough_command: Any, borough_run: Run) -> None:
    """The last line printed is the path of the bundle, which is that of the same run in another process."""
    assert borough_command.status == 0, borough_command.err
    bundle = Path(borough_command.out.splitlines()[-1])
    assert bundle == borough_command.bundle
    assert load_bundle(bundle).id == bundle.name == borough_run.bundle.name


def test_what_a_run_prints(borough_command: Any) -> None:
    """A run tells what was read and set aside, and every candidate with its interval; what it does now, on the side."""
    for said in ("births: 1,491 rows kept, 1 set aside", "logistic", "glass box", "full booster", "← ships"):
        assert said in borough_command.out
    assert "the figure to quote: learned 4 cohorts before (real use: 5)" in borough_command.out
    for step in (
        "· reading extracts",
        "· learning",
        "· auditing, and writing the bundle",
        "· recording the run in MLflow",
    ):
        assert step in borough_command.err
        assert step not in borough_command.out


def test_only_bundles_under_out(borough_command: Any) -> None:
    """Nothing but the bundle is written under --out; the run is recorded under --home, the scores where asked."""
    assert [path.name for path in (borough_command.home / "releases").iterdir()] == [borough_command.bundle.name]
    assert {path.name for path in borough_command.home.iterdir()} == {
        *("mlflow.db", "mlruns", "releases", "scores.parquet")
    }
    assert stat.S_IMODE((borough_command.home / "scores.parquet").stat().st_mode) == 0o600


def test_no_child_is_printed(borough_command: Any, canaries: tuple[str, ...]) -> None:
    """No key, family or date of birth of any child is printed, on either stream."""
    assert [text for text in canaries if text in borough_command.out + borough_command.err] == []


def test_signed_and_as_json(
    borough_extracts: Path, borough_contract: Path, quick_plan: Path, borough_run: Run, tmp_path: Path, earlyid: Command
) -> None:
    """Home and key may come from the environment; asked for JSON, a run prints that alone; the bundle is signed."""
    key = tmp_path / "key.pem"
    key_id = new_key(key)
    words = ["train", "--contract", borough_contract, "--data", borough_extracts, "--plan", quick_plan]
    done = subprocess.run(
        [sys.executable, "-c", "import earlyid; earlyid.main()", *map(str, words), "--out", tmp_path / "out", "--json"],
        cwd=ROOT,
        env=os.environ | {"EARLYID_HOME": str(tmp_path / "home"), "EARLYID_SIGNING_KEY": str(key)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert Path(said["bundle"]) == tmp_path / "out" / borough_run.bundle.name
    assert said["evaluations"] == borough_run.evaluation["evaluations"]
    assert (tmp_path / "home" / "mlflow.db").is_file()
    signature = load_bundle(Path(said["bundle"])).signature
    assert signature is not None
    assert signature.key_id == key_id
    assert f"signer unknown (key id {key_id})" in earlyid("verify", said["bundle"]).stdout
    assert load_key(key)


def test_a_gate_says_no(earlyid: Command, borough_extracts: Path, borough_contract: Path, tmp_path: Path) -> None:
    """Where there is nothing to learn a gate says no: exit 4, why and what to do, no bundle; the evidence stays in MLflow."""
    folder = tmp_path / "extracts"
    shutil.copytree(borough_extracts, folder)
    with (folder / "profile.csv").open(encoding="utf-8", newline="") as given:
        head, *rows = csv.reader(given)
    with (folder / "profile.csv").open("w", encoding="utf-8", newline="") as written:
        csv.writer(written).writerows([head, *([*row[:2], "2", "2"] for row in rows)])
    done = earlyid(
        *("train", "--contract", borough_contract, "--data", folder),
        *("--out", tmp_path / "out", "--home", tmp_path / "home"),
    )
    assert done.returncode == 4, done.stderr
    assert "earlyid: not enough signal: no bundle was written" in done.stderr
    assert "Enough children to learn" in done.stdout
    assert not list((tmp_path / "out").rglob("*"))
    with sqlite3.connect(tmp_path / "home" / "mlflow.db") as store:
        (status,) = {status for (status,) in store.execute("SELECT status FROM runs")}
    assert status == "FAILED"
    kept = {path.name for path in (tmp_path / "home" / "mlruns").rglob("*") if path.is_file()}
    assert {"evaluation.json", "gates.json", "plan.toml", "contract.toml"} <= kept


@pytest.mark.parametrize("option", ["--home", "--scores"])
def test_a_place_that_cannot_be_written(
    earlyid: Command, borough_extracts: Path, borough_contract: Path, quick_plan: Path, tmp_path: Path, option: str
) -> None:
    """A home, or a place for scores, that cannot be written is refused in words, exit 3, and no bundle is left."""
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    done = earlyid(
        *("train", "--contract", borough_contract, "--data", borough_extracts, "--plan", quick_plan),
        *("--out", tmp_path / "out", "--home", tmp_path / "home", option, tmp_path / "taken" / "inside"),
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == 3
    assert not list((tmp_path / "out").rglob("*"))
