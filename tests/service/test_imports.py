"""What the commands of the door load."""

import subprocess
import sys
from pathlib import Path

LEARNERS = {"duckdb", "fairlearn", "lightgbm", "mlflow", "pandas", "pyarrow", "scipy", "sklearn", "sqlglot"}


def test_no_learner() -> None:
    """The commands and the application load no library of training, nor the training itself."""
    code = "import sys, service.commands, service.app; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    loaded = set(done.stdout.split())
    assert {"service", "models", "fastapi", "uvicorn"} <= loaded
    assert loaded & {*LEARNERS, "training", "fairness"} == set()
