"""
One child, matrix row to probability, contributions, interval, band and reasons, against LightGBM's `pred_contrib` of a row.

Two boosters: one of 300 trees and 31 leaves, and the very booster the glass box was compiled from. Blocks of each are
timed in turn; the line gives the median block of each and the ratios: with reason codes, and with all said in words and
the sum checked.
"""

import json
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

import lightgbm as lgb

from benchmarks.generated import children, contract
from benchmarks.small_bundle import POLICY, interval_table, thresholds
from models.bands import Banded, Banding
from models.estimator import Estimator, Floats, RowScore
from models.head import Head
from models.interval import Interval, Intervals
from models.reasons import Explainer, Picked
from models.terms import Calibration, EstimatorSpec, Input
from training.compile import compile_booster
from training.glass_box import fit_glass_box
from training.plan_parts import GlassBox

ROWS, BLOCKS, SLOW_CALLS, FAST_CALLS = 20_000, 15, 30, 2_000


def main() -> None:
    """Print the line."""
    x, y = children(ROWS, seed=1)
    small = fit_glass_box(x, y, [0] * x.shape[1], GlassBox(), seed=1)
    large = lgb.train(
        {"objective": "binary", "num_leaves": 31, "verbosity": -1, "num_threads": 1}, lgb.Dataset(x, y), 300
    )
    spec = spec_of(small, x)
    head = _head(spec)
    rows = x[:FAST_CALLS].tolist()
    answers: dict[str, Callable[[int], Any]] = {
        "codes": lambda i: _codes(head, rows[i]),
        "words": lambda i: head.score(rows[i], ()),
        "large": lambda i: large.predict(x[i : i + 1], pred_contrib=True, num_threads=1),
        "same": lambda i: small.predict(x[i : i + 1], pred_contrib=True, num_threads=1),
    }
    micro = _interleaved(answers, {"codes": FAST_CALLS, "words": FAST_CALLS, "large": SLOW_CALLS, "same": SLOW_CALLS})
    print(
        json.dumps(
            {
                "benchmark": "score_one",
                "terms": len(spec.terms),
                "score_with_reason_codes_us": round(micro["codes"], 1),
                "score_in_words_us": round(micro["words"], 1),
                "pred_contrib_300x31_us": round(micro["large"], 1),
                "pred_contrib_same_booster_us": round(micro["same"], 1),
                "ratio_300x31": round(micro["large"] / micro["codes"], 1),
                "ratio_same_booster": round(micro["same"] / micro["codes"], 1),
                "ratio_300x31_in_words": round(micro["large"] / micro["words"], 1),
            }
        )
    )


def _codes(head: Head, row: Sequence[float]) -> tuple[RowScore, Interval, Banding, Picked]:
    """Return probability, contributions, interval, band, and the reasons as codes."""
    scored = head.estimator.score(row)
    interval = head.intervals.at(scored.log_odds, scored.probability, widened=False)
    return scored, interval, head.banded.of(scored.log_odds, interval, None), head.explainer.pick(row, scored)


def _head(spec: EstimatorSpec) -> Head:
    calibration = Calibration(landmark="then", outcome="later", intercept=0.01, slope=0.98, n=9, events=3)
    asked = contract()
    return Head(
        asked.outcomes[0],
        Estimator(spec, calibration),
        Intervals(interval_table("then", "later")),
        Banded(POLICY, thresholds("then", "later")),
        Explainer(asked, spec, calibration.slope),
        calibration.events / calibration.n,
    )


def spec_of(booster: lgb.Booster, x: Floats) -> EstimatorSpec:
    """Return the estimator that a booster of the generated task compiles into; x (children, 30) it learned from."""
    inputs = [
        Input(feature=f"f{i}", low=-5.0, high=5.0, typical=0.0, n_known=len(x) - 1, n_not_known=1)
        for i in range(x.shape[1])
    ]
    compiled = compile_booster(booster, x, inputs)
    return EstimatorSpec(
        landmark="then",
        outcome="later",
        kind="glass box",
        intercept=compiled.intercept,
        inputs=tuple(inputs),
        terms=tuple(compiled.terms),
    )


def _interleaved(answers: dict[str, Callable[[int], Any]], calls: dict[str, int]) -> dict[str, float]:
    """Return the median microseconds a call of each, timed block by block in turn."""
    blocks: dict[str, list[float]] = {name: [] for name in answers}
    for _ in range(BLOCKS):
        for name, answer in answers.items():
            blocks[name].append(_microseconds(answer, range(calls[name])))
    return {name: statistics.median(times) for name, times in blocks.items()}


def _microseconds(answer: Callable[[int], Any], which: Sequence[int]) -> float:
    start = time.perf_counter()
    for i in which:
        answer(i)
    return (time.perf_counter() - start) / len(which) * 1e6


if __name__ == "__main__":
    main()
