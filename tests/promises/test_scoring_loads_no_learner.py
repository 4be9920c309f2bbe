"""
A scoring process loads no training library.

It must be so because what is not loaded cannot be attacked, needs no memory and no second to start, and cannot be asked
to learn from a request.
"""

import json
import subprocess
import sys
from pathlib import Path

from training.findings import Run

TRAINING_ONLY = ("duckdb", "fairlearn", "lightgbm", "mlflow", "pandas", "pyarrow", "scipy", "sklearn", "sqlglot")

# One process that does all that a scoring process does; the client is this machine, as the guard demands.
SCORING = """
import json, os, sys
from pathlib import Path
from models.bundle import load_bundle
from models.golden import read_cases

folder = Path(sys.argv[1])
bundle = load_bundle(folder)
case = next(case for case in read_cases(bundle.files["golden.jsonl"]) if case.scores)
bundle.scorer.score(case.record(), case.age)

from starlette.testclient import TestClient
from service.app import app

request = {"subject": "child-1", "purpose": bundle.contract.purposes[0], "as_of": case.age, "sources": {"births": {"events": [{}]}}}
os.environ |= {"EARLYID_BUNDLE": str(folder), "EARLYID_RECORD": "none", "EARLYID_HOME": sys.argv[2]}
with TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 50000)) as client:
    answer = client.post("/v1/scores", json=request)
roots = sorted({name.partition(".")[0] for name in sys.modules})
print(json.dumps({"status": answer.status_code, "answer": answer.json(), "loaded": roots}))
"""


def test_no_training_library(borough_run: Run, tmp_path: Path) -> None:
    """A process that loads a bundle, scores a child and answers a request has loaded nothing that training needs."""
    done = subprocess.run(
        [sys.executable, "-c", SCORING, str(borough_run.bundle), str(tmp_path)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["status"], said["answer"]["status"]) == (200, "scored")
    assert {"models", "service", "fastapi", "numpy"} <= set(said["loaded"])
    assert set(said["loaded"]) & {*TRAINING_ONLY, "training", "fairness"} == set()
