"""
From nothing to the first answer, and what the process then holds, against `mlflow models serve`.

This service has its record and authentication on; MLflow serves a booster that explains itself. Each is started in turn in one run.
"""

import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path

import lightgbm
import numpy as np

from benchmarks.generated import children
from benchmarks.load import Target, ask
from benchmarks.servers import save_explained, serving_mlflow
from benchmarks.serving.asked import bundle_and_requests
from benchmarks.serving.office import Office
from benchmarks.serving.running import Running

ROUNDS = 5


def main() -> None:
    """Print the line."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rounds = [(_service(folder / f"service{i}"), _mlflow(folder / f"mlflow{i}")) for i in range(ROUNDS)]
    seconds, megabytes = ([statistics.median(one[side][i] for one in rounds) for side in (0, 1)] for i in (0, 1))
    line = {
        "benchmark": "cold_start",
        "seconds": round(seconds[0], 2),
        "mlflow_seconds": round(seconds[1], 2),
        "ratio": round(seconds[0] / seconds[1], 3),
        "megabytes": round(megabytes[0]),
        "mlflow_megabytes": round(megabytes[1]),
        "memory_ratio": round(megabytes[0] / megabytes[1], 3),
    }
    print(json.dumps(line))


def _service(folder: Path) -> tuple[float, float]:
    office = Office(folder)
    asyncio.run(office.open())
    _, bodies = bundle_and_requests(folder / "unused")
    service = Running(None, office.home)
    began = time.perf_counter()
    with service:
        ask(Target.of(service.port, "/v1/scores", bodies, office.headers))
        return time.perf_counter() - began, _megabytes(service.pid)


def _mlflow(folder: Path) -> tuple[float, float]:
    x, y = children(20_000, seed=1)
    parameters = {"objective": "binary", "num_leaves": 31, "verbosity": -1, "num_threads": 1}
    save_explained(folder, lightgbm.train(parameters, lightgbm.Dataset(x, y), 300), None)
    row = x[~np.isnan(x).any(axis=1)][:1].tolist()
    frame = json.dumps({"dataframe_split": {"columns": [f"f{i}" for i in range(x.shape[1])], "data": row}}).encode()
    began = time.perf_counter()
    with serving_mlflow(folder) as (port, process):
        ask(Target.of(port, "/invocations", [frame]))
        return time.perf_counter() - began, _megabytes(process)


def _megabytes(process: int) -> float:
    """Return the memory of a process and of those it began: each page counted once, shared ones by share."""
    own = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    kilobytes = next(int(line.split()[1]) for line in own.splitlines() if line.startswith("Pss:"))
    begun = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    return kilobytes / 1024 + sum(_megabytes(int(each)) for each in begun)


if __name__ == "__main__":
    main()
