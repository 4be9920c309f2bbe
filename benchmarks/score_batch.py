"""
A matrix in Parquet to explained scores in Parquet, by the functions of `earlyid score`, against LightGBM's `pred_contrib`.

Two boosters: one of 300 trees and 31 leaves, and the very booster the glass box was compiled from; they are given the same
rows in memory, many at once, and write nothing. One thread each. Blocks are timed in turn; the line gives the median rows
a second of each, the ratios, and the largest memory of a process that scores the matrix so many rows at a time.
"""

import datetime
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import lightgbm as lgb
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.generated import children, contract_text
from benchmarks.score_one import spec_of
from benchmarks.small_bundle import bundle_files, invented_cases
from models.bundle import MANIFEST, manifest_of, scorer_of
from models.canonical import canonical
from models.estimator import Floats
from models.golden import answered
from models.terms import EstimatorSpec, Model
from service.batch.parquet.score_matrix import ROWS_AT_ONCE, MatrixScored
from service.live import load_live
from training.glass_box import fit_glass_box
from training.plan_parts import GlassBox

LEARNED, ROWS, BLOCKS = 20_000, 100_000, 7
TODAY = datetime.date(2026, 11, 1)
LARGE_ROWS, SAME_ROWS = 1_000, 5_000
MEMORY_TIMES, MEMORY_AT_ONCE = 5, (ROWS_AT_ONCE // 4, ROWS_AT_ONCE, 5 * ROWS_AT_ONCE)

_SCORE = """
import sys
from pathlib import Path
import datetime
from service.live import load_live
from service.batch.parquet.score_matrix import MatrixScored
folder, most = Path(sys.argv[1]), int(sys.argv[2])
live = load_live(folder / "bundle", datetime.date(2026, 11, 1))
MatrixScored(live, folder / "large.parquet", lambda _: None, most).children(folder / f"{most}.parquet")
print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
"""


def main() -> None:
    """Print the line."""
    pa.set_cpu_count(1)
    x, y = children(ROWS, seed=1)
    small = fit_glass_box(x[:LEARNED], y[:LEARNED], [0] * x.shape[1], GlassBox(), seed=1)
    params = {"objective": "binary", "num_leaves": 31, "verbosity": -1, "num_threads": 1}
    large = lgb.train(params, lgb.Dataset(x[:LEARNED], y[:LEARNED]), 300)
    spec = spec_of(small, x[:LEARNED])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_bundle(folder / "bundle", spec)
        _write_matrices(folder, x)
        rates = _interleaved(
            {
                "ours": (lambda: _score(folder), ROWS),
                "large": (lambda: large.predict(x[:LARGE_ROWS], pred_contrib=True, num_threads=1), LARGE_ROWS),
                "same": (lambda: small.predict(x[:SAME_ROWS], pred_contrib=True, num_threads=1), SAME_ROWS),
            }
        )
        memory = {most: _peak_megabytes(folder, most) for most in MEMORY_AT_ONCE}
    print(
        json.dumps(
            {
                "benchmark": "score_batch",
                "rows": ROWS,
                "terms": len(spec.terms),
                "explained_rows_per_second": round(rates["ours"]),
                "pred_contrib_300x31_rows_per_second": round(rates["large"]),
                "pred_contrib_same_booster_rows_per_second": round(rates["same"]),
                "ratio_300x31": round(rates["ours"] / rates["large"], 1),
                "ratio_same_booster": round(rates["ours"] / rates["same"], 1),
                "rows_of_the_memory_run": ROWS * MEMORY_TIMES,
                **{f"peak_memory_mb_{most}_at_once": peak for most, peak in memory.items()},
            }
        )
    )


def _write_bundle(folder: Path, spec: EstimatorSpec) -> None:
    files = bundle_files(contract_text()) | {"model.json": canonical(Model(estimators=(spec,)).model_dump())}
    scorer = scorer_of(files)
    cases = [answered(case, scorer) for case in invented_cases(scorer.contract)]
    files["golden.jsonl"] = b"".join(canonical(case.model_dump()) for case in cases)
    folder.mkdir()
    for name, data in (files | {MANIFEST: manifest_of(files)}).items():
        (folder / name).write_bytes(data)


def _write_matrices(folder: Path, x: Floats) -> None:
    """Write the rows to `matrix.parquet`, and so many times over, as one group of rows, to `large.parquet`."""
    told = {"subject": pa.array([f"child-{i}" for i in range(len(x))]), "landmark": pa.array(["then"] * len(x))}
    numbers = {f"f{i}": pa.array(x[:, i], from_pandas=True) for i in range(x.shape[1])}
    table = pa.table(told | numbers)
    pq.write_table(table, folder / "matrix.parquet")
    pq.write_table(
        pa.concat_tables([table] * MEMORY_TIMES), folder / "large.parquet", row_group_size=len(x) * MEMORY_TIMES
    )


def _score(folder: Path) -> None:
    out = folder / "out.parquet"
    out.unlink(missing_ok=True)
    MatrixScored(load_live(folder / "bundle", TODAY), folder / "matrix.parquet", lambda _said: None).children(out)


def _interleaved(blocks: dict[str, tuple[Callable[[], object], int]]) -> dict[str, float]:
    """Return the median rows a second of each, timed block by block in turn."""
    rates: dict[str, list[float]] = {name: [] for name in blocks}
    for _ in range(BLOCKS):
        for name, (run, rows) in blocks.items():
            start = time.perf_counter()
            run()
            rates[name].append(rows / (time.perf_counter() - start))
    return {name: statistics.median(found) for name, found in rates.items()}


def _peak_megabytes(folder: Path, most: int) -> int:
    """Return what Linux tells of a process of its own; what `resource` tells begins with the memory of this one."""
    words = [sys.executable, "-c", _SCORE, str(folder), str(most)]
    return round(int(subprocess.run(words, capture_output=True, text=True, check=True).stdout) / 2**10)


if __name__ == "__main__":
    main()
