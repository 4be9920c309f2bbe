"""
The audit of 600,000 children against one frame of fairlearn's, of the same eight measures and one attribute's point values.

Ours is the whole audit: 21 attributes of two to six groups; of each group and of everyone else every measure, the gap between
them, its interval from 1,000 resamples of 400,000 families, and its verdict. Both are given the same columns in memory. Runs are
timed in turn; the line gives the median seconds of each and their ratio, the processor's seconds too, and the largest memory.
"""

import json
import resource
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from fairlearn.metrics import (
    MetricFrame,
    false_negative_rate,
    false_positive_rate,
    selection_rate,
    true_negative_rate,
    true_positive_rate,
)
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix

from fairness.engine.audit import audited
from fairness.policy.policy import Policy
from fairness.scored import audit_column

ROWS, FAMILIES, ATTRIBUTES, RUNS = 600_000, 400_000, 21, 3
CAPACITY = 0.2
# The attribute of fairlearn's frame: that of four groups, as many as attributes have on average.
BESIDE = 2

Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]


def main() -> None:
    """Print the line."""
    scored = children()
    place, names = np.where(scored["flagged"], 0, 1).astype(np.int64), [f"a{k}" for k in range(ATTRIBUTES)]
    seconds = _interleaved(
        {
            "audit": lambda: audited(scored, place, {name: [] for name in names}, (CAPACITY,), Policy()),
            "fairlearn": lambda: frame(scored, names[BESIDE]).by_group,
        }
    )
    ours, theirs = (seconds[name] for name in ("audit", "fairlearn"))
    print(
        json.dumps(
            {
                "benchmark": "audit_rows",
                "rows": ROWS,
                "families": FAMILIES,
                "attributes": ATTRIBUTES,
                "groups": sum(scored[audit_column(name)].nunique() for name in names),
                "measures": list(MEASURES),
                "audit_seconds": round(ours[0], 2),
                "fairlearn_seconds": round(theirs[0], 2),
                "ratio": round(ours[0] / theirs[0], 2),
                "ratio_of_processor_seconds": round(ours[1] / theirs[1], 2),
                "peak_megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
            }
        )
    )


def children() -> pd.DataFrame:
    """Return an invented scored table."""
    chance = np.random.default_rng(7)
    family = np.append(np.arange(FAMILIES), chance.integers(0, FAMILIES, ROWS - FAMILIES))
    probability = chance.beta(2, 5, ROWS)
    groups = {
        audit_column(f"a{k}"): chance.choice([f"group {i}" for i in range(2 + k % 5)], ROWS) for k in range(ATTRIBUTES)
    }
    return pd.DataFrame(
        {
            "landmark": "then",
            "outcome": "later",
            "probability": probability,
            "observed": (chance.random(ROWS) < probability).astype(np.int64),
            "repeat": 0,
            "flagged": probability >= np.quantile(probability, 1 - CAPACITY),
            "family": np.char.add("family ", family.astype(str)),
            **groups,
        }
    )


def frame(scored: pd.DataFrame, name: str) -> MetricFrame:
    """Return fairlearn's frame of the eight measures by one attribute: point values only."""
    return MetricFrame(
        metrics=MEASURES,
        y_true=scored["observed"],
        y_pred=scored["flagged"].astype(np.int64),
        sensitive_features=scored[audit_column(name)],
    )


def _among(said: int, was: int) -> Callable[[Any, Any], float]:
    """Return the share, of those who were said to be on the list or not, who had the outcome or not; fairlearn has none."""

    def share(observed: Any, flagged: Any) -> float:
        return float(confusion_matrix(observed, flagged, labels=[0, 1], normalize="pred")[was, said])

    return share


MEASURES: dict[str, Callable[[Any, Any], float]] = {
    "selection rate": selection_rate,
    "recall": true_positive_rate,
    "false negative rate": false_negative_rate,
    "false positive rate": false_positive_rate,
    "true negative rate": true_negative_rate,
    "positive predictive value": _among(1, 1),
    "false discovery rate": _among(1, 0),
    "false omission rate": _among(0, 1),
}


def _interleaved(work: dict[str, Callable[[], object]]) -> dict[str, tuple[float, float]]:
    """Return the median seconds of each, by the clock and of the processor."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in work}
    for _ in range(RUNS):
        for name, run in work.items():
            clock, processor = time.perf_counter(), time.process_time()
            run()
            taken[name].append((time.perf_counter() - clock, time.process_time() - processor))
    return {
        name: (statistics.median(a for a, _ in each), statistics.median(b for _, b in each))
        for name, each in taken.items()
    }


if __name__ == "__main__":
    main()
