"""Starts the two servers that the HTTP benchmark compares, and stops the processes it started."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import lightgbm

START_SECONDS = 60
# Two servers of one home would write one record; what recording costs is measured elsewhere.
UNRECORDED = {"EARLYID_RECORD": "none"}
QUIET = {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"}

# One thread scores one row sooner than two that wait for each other.
PYFUNC = """
import lightgbm, mlflow

class Explained(mlflow.pyfunc.PythonModel):
    def load_context(self, context):
        self.booster = lightgbm.Booster(model_file=context.artifacts["booster"])

    def predict(self, context, model_input, params=None):
        return self.booster.predict(model_input, pred_contrib=True, num_threads=1)

mlflow.models.set_model(Explained())
"""


@contextlib.contextmanager
def service(bundle: Path) -> Iterator[int]:
    """Serve a bundle as `earlyid serve` does, and give the port."""
    port = _free_port()
    start = [sys.executable, "-c", "import earlyid; earlyid.main()"]
    with _running([*start, "serve", "--bundle", str(bundle), "--port", str(port)], port, UNRECORDED):
        yield port


@contextlib.contextmanager
def unrecorded(home: Path) -> Iterator[int]:
    """Serve what is live in a home to callers who are known, recording nothing; give the port."""
    port = _free_port()
    with _running([sys.executable, "-m", "benchmarks.serving.unrecorded", str(home), str(port)], port):
        yield port


@contextlib.contextmanager
def mlflow_server(folder: Path, booster: lightgbm.Booster, checked: Sequence[str] | None) -> Iterator[int]:
    """Serve a booster that explains itself as `mlflow models serve` does, its columns checked or not; give the port."""
    save_explained(folder, booster, checked)
    with serving_mlflow(folder) as (port, _):
        yield port


def save_explained(folder: Path, booster: lightgbm.Booster, checked: Sequence[str] | None) -> None:
    """Save a booster that explains itself as MLflow serves it, into a new folder, its columns checked or not."""
    folder.mkdir()
    booster.save_model(folder / "booster.txt")
    (folder / "explained.py").write_text(PYFUNC)
    _save_model(folder, checked)


@contextlib.contextmanager
def serving_mlflow(folder: Path) -> Iterator[tuple[int, int]]:
    """Serve what was saved, one worker, and give the port and the id of the process."""
    port = _free_port()
    start = [sys.executable, "-m", "mlflow", "models", "serve", "--env-manager", "local"]
    command = [*start, "--model-uri", str(folder / "model"), "--port", str(port), "--workers", "1"]
    with _running(command, port) as process:
        yield port, process


def _save_model(folder: Path, checked: Sequence[str] | None) -> None:
    os.environ |= QUIET
    # Loaded here, once it is quiet: it would tell of its use as soon as it is loaded.
    import mlflow  # noqa: PLC0415
    from mlflow.types import ColSpec, Schema  # noqa: PLC0415

    columns = Schema([ColSpec("double", name) for name in checked]) if checked is not None else None
    mlflow.pyfunc.save_model(
        folder / "model",
        python_model=folder / "explained.py",
        artifacts={"booster": str(folder / "booster.txt")},
        pip_requirements=[],
        signature=mlflow.models.ModelSignature(columns) if columns is not None else None,
    )


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        port: int = bound.getsockname()[1]
        return port


@contextlib.contextmanager
def _running(command: Sequence[str], port: int, environment: Mapping[str, str] = MappingProxyType({})) -> Iterator[int]:
    """Run a server in a process group of its own, until it is no longer needed, and give the id of its process."""
    programs = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    started = subprocess.Popen(
        command,
        env={**os.environ, **programs, **QUIET, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _await(started, port)
        yield started.pid
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGTERM)
        started.wait(timeout=30)


def _await(started: subprocess.Popen[bytes], port: int) -> None:
    """Return when the server accepts connections; raises RuntimeError when it ended, or took too long."""
    for _ in range(START_SECONDS * 10):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if started.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError(f"{started.args!r} did not start")
