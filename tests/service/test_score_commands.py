"""The verb `score`, by the real command: what it prints, how it refuses, and what it loads."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from models.bundle import Bundle
from service.live import Live

Done = subprocess.CompletedProcess[str]
Command = Callable[..., Done]
ROOT = Path(__file__).parents[2]
STAMP = "not approved, not for use"


@pytest.fixture
def requests(tmp_path: Path, request_body: dict[str, Any]) -> Path:
    """A file of three requests, one of them bad."""
    path = tmp_path / "in.jsonl"
    good = json.dumps(request_body)
    path.write_text(f"{good}\nno\n{good}\n", encoding="utf-8")
    return path


@pytest.fixture
def matrix(tmp_path: Path, bundle: Bundle) -> Path:
    """A matrix of forty rows in two areas."""
    path = tmp_path / "in.parquet"
    values = {feature.name: 2.0 for feature in bundle.contract.features}
    rows = [{"subject": f"child-{n}", "landmark": "two_year", "area": f"Area {n % 2}"} | values for n in range(40)]
    pq.write_table(pa.Table.from_pylist(rows), path)
    return path


def test_requests(earlyid: Command, small_bundle: Path, live: Live, requests: Path, tmp_path: Path) -> None:
    """Requests are answered as the door answers them; rows, reasons and the stamp are printed, the file last."""
    out = tmp_path / "out.jsonl"
    done = earlyid("score", requests, out, "--evaluation", small_bundle)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["3 rows: 2 scored, 0 not scored", "set aside: not-json × 1", STAMP, str(out)]
    good = requests.read_bytes().splitlines()[0]
    assert out.read_bytes() == (live.answer(good) + b"\n") * 2


def test_a_matrix_for_programs(
    earlyid: Command, small_bundle: Path, bundle: Bundle, matrix: Path, tmp_path: Path
) -> None:
    """Asked for JSON, the command prints the summary alone."""
    out = tmp_path / "out.parquet"
    done = earlyid("score", matrix, out, "--evaluation", small_bundle, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    counts = {"rows": 40, "scored": 40, "not_scored": 0, "set_aside": {}}
    assert json.loads(done.stdout) == {"out": str(out), "bundle": bundle.id, "stamp": STAMP} | counts
    assert pq.read_table(out).column("stamp").unique().to_pylist() == [STAMP]


def test_areas(earlyid: Command, small_bundle: Path, matrix: Path, tmp_path: Path) -> None:
    """Beside areas no total is printed, since a hidden one could be worked out from it."""
    out = tmp_path / "out.csv"
    done = earlyid("score", matrix, out, "--evaluation", small_bundle, "--area-only")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [STAMP, str(out)]
    assert "Area 1,two_year,not_gld,20," in out.read_text(encoding="utf-8")


def test_an_objection(earlyid: Command, small_bundle: Path, requests: Path, tmp_path: Path) -> None:
    """Of a child in the file of exclusions no score is given."""
    (tmp_path / "excluded.txt").write_text("child-1\n", encoding="utf-8")
    words = ("--evaluation", small_bundle, "--exclusions", tmp_path / "excluded.txt")
    done = earlyid("score", requests, tmp_path / "out.jsonl", *words)
    assert done.stdout.splitlines()[0] == "3 rows: 0 scored, 2 not scored"


def test_nothing_is_live(earlyid: Command, requests: Path, tmp_path: Path) -> None:
    """Without a bundle to evaluate nothing is scored, since nothing is live: a gate says no."""
    done = earlyid("score", requests, tmp_path / "out.jsonl")
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith("earlyid: nothing is live")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "status", "why"),
    [
        (["in.csv", "out.csv"], 2, "IN must end in .jsonl"),
        (["in.jsonl", "out.parquet"], 2, "OUT must end in .jsonl"),
        (["in.parquet", "out.csv"], 2, "OUT must end in .parquet"),
        (["in.jsonl", "out.csv", "--area-only"], 2, "requests do not say where a child lives"),
        (["in.parquet", "out.jsonl", "--area-only"], 2, "OUT must end in .csv or .parquet"),
        (["absent.jsonl", "out.jsonl"], 3, "absent.jsonl cannot be read"),
        (["absent.parquet", "out.parquet"], 3, "there is no file absent.parquet"),
        (["in.jsonl", "in.jsonl"], 3, "in.jsonl exists already"),
        (["in.jsonl", "absent/out.jsonl"], 3, "out.jsonl cannot be written there"),
    ],
)
def test_refusals(
    earlyid: Command, small_bundle: Path, requests: Path, matrix: Path, words: list[str], status: int, why: str
) -> None:
    """What cannot be done is refused in one line with its exit code, and nothing is written."""
    folder = requests.parent
    assert folder == matrix.parent
    places = [word if word.startswith("-") else folder / word for word in words]
    done = earlyid("score", *places, "--evaluation", small_bundle)
    (line,) = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (status, "")
    assert why in line
    assert sorted(path.name for path in folder.iterdir()) == ["in.jsonl", "in.parquet"]


def test_told_to_end(small_bundle: Path, request_body: dict[str, Any], tmp_path: Path) -> None:
    """A run that is told to end leaves nothing."""
    path = tmp_path / "in.jsonl"
    path.write_text((json.dumps(request_body) + "\n") * 200_000, encoding="utf-8")
    words = ["score", str(path), str(tmp_path / "out.jsonl"), "--evaluation", str(small_bundle)]
    script = "import earlyid; earlyid.main()"
    with subprocess.Popen([sys.executable, "-c", script, *words], cwd=ROOT, stderr=subprocess.PIPE, text=True) as run:
        assert run.stderr is not None
        assert "rows, " in run.stderr.readline()
        run.send_signal(signal.SIGTERM)
        assert run.wait(timeout=60) == 128 + signal.SIGTERM
    assert list(tmp_path.iterdir()) == [path]


WITHOUT = "import sys; sys.modules['pyarrow'] = None; import earlyid; earlyid.main()"


def test_without_pyarrow(small_bundle: Path, requests: Path, matrix: Path, tmp_path: Path) -> None:
    """Requests are scored where pyarrow is not installed; for a matrix the extra that has it is named."""
    lines = _run(WITHOUT, requests, tmp_path / "out.jsonl", small_bundle)
    assert lines.returncode == 0, lines.stderr
    refused = _run(WITHOUT, matrix, tmp_path / "out.parquet", small_bundle)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == "earlyid score: pyarrow is not installed; install early-identification[parquet]\n"


LOADED = (
    "import sys, earlyid\ntry:\n earlyid.main()\nfinally:\n print(sorted({n.partition('.')[0] for n in sys.modules}))"
)


def test_no_training_library(small_bundle: Path, matrix: Path, tmp_path: Path) -> None:
    """Scoring a matrix loads pyarrow (which itself loads pandas where that is installed), and nothing else of training."""
    done = _run(LOADED, matrix, tmp_path / "out.parquet", small_bundle)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.splitlines()[-1].strip("[]").replace("'", "").split(", "))
    assert "pyarrow" in loaded
    assert loaded & {"training", "fairness", "duckdb", "lightgbm", "mlflow", "scipy", "sklearn"} == set()


def _run(script: str, given: Path, out: Path, bundle: Path) -> Done:
    words = [sys.executable, "-c", script, "score", str(given), str(out), "--evaluation", str(bundle)]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
