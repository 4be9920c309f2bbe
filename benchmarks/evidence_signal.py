"""
Evidence that nothing is learned from noise: real children with their outcomes permuted, or with noise for features.

Both are done to the extracts, and the whole of training is run on them. One landmark is learned, so that the level is shared
with no other: with more, noise would have to pass at each of them, and at a stricter level.
"""

import datetime
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.data import smocc_folder
from models.gates import Gate
from training.findings import NoBundle
from training.pipeline import train

CONTRACT = Path(__file__).parents[1] / "examples/smocc/contract.toml"
# Repeats and refits are fewer than in real use, for time: fewer repeats let noise pass more often, not less.
PLAN = 'landmarks = ["day_600"]\nrepeats = 1\nbootstrap = 200\nrefits = 2\n'
SEEDS, STOPPED_AT_LEAST, CHILDREN = 20, 19, 60
# Visits from this age on tell the outcome and nothing else.
OUTCOME_FROM = 670

Part = dict[str, Any]
Noise = Callable[[pd.DataFrame, np.random.Generator], pd.DataFrame]


def signal(folder: Path, seeds: int = SEEDS) -> Part:
    """Train on each kind of noise, on too few children, and on real children as they are."""
    kinds: dict[str, Noise] = {
        "outcomes_permuted": outcomes_permuted,
        "noise_for_features": noise_for_features,
        "sixty_children": sixty_children,
    }
    found = {name: _stopped(folder, name, noise, seeds) for name, noise in kinds.items()}
    real = signal_of(blocked_and_evaluated(folder / "as-they-are", smocc_folder() / "births.csv", _visits(), PLAN)[1])
    kept = [each["not_enough_signal"] >= STOPPED_AT_LEAST * seeds / SEEDS for each in found.values()]
    few = found["sixty_children"]["by_gate"] == {"events": seeds}
    return {"part": "signal", "passed": all(kept) and few and real["stopped"] is False, **found, "as_they_are": real}


def outcomes_permuted(visits: pd.DataFrame, chance: np.random.Generator) -> pd.DataFrame:
    """Return the visits with those that tell the outcome given, all of a child's together, to some child who had such."""
    late = visits["age_days"].astype(int) >= OUTCOME_FROM
    children = visits.loc[late, "child_id"].unique()
    other = dict(zip(children.tolist(), chance.permutation(children).tolist(), strict=True))
    return visits.assign(child_id=visits["child_id"].where(~late, visits["child_id"].map(other)))


def noise_for_features(visits: pd.DataFrame, chance: np.random.Generator) -> pd.DataFrame:
    """
    Return the visits with every earlier one given to any child, and a coin tossed for each milestone that was asked.

    Which milestones are asked, and how often a child is seen, say something of a child: so visits change hands too.
    """
    early = (visits["age_days"].astype(int) < OUTCOME_FROM).to_numpy()
    items = visits.columns.drop(["child_id", "age_days"])
    tossed = chance.integers(0, 2, (int(early.sum()), len(items))).astype(str)
    noise = visits.copy()
    noise.loc[early, "child_id"] = chance.choice(visits["child_id"].unique(), int(early.sum()))
    noise.loc[early, items] = np.where(visits.loc[early, items] == "", "", tossed)
    return noise


def sixty_children(visits: pd.DataFrame, chance: np.random.Generator) -> pd.DataFrame:
    """Return the visits of sixty children, just as they are."""
    return visits[visits["child_id"].isin(chance.choice(visits["child_id"].unique(), CHILDREN, replace=False))]


def blocked_and_evaluated(folder: Path, births: Path, visits: pd.DataFrame, plan: str) -> tuple[list[Gate], Part]:
    """Train on these births and visits; return the build gates that said no, and the evaluation of the one landmark."""
    folder.mkdir(parents=True)
    visits.to_csv(folder / "visits.csv", index=False)
    (folder / "births.csv").write_bytes(births.read_bytes())
    (folder / "plan.toml").write_text(plan, encoding="utf-8")
    try:
        found = train(
            CONTRACT,
            folder,
            folder / "releases",
            plan_path=folder / "plan.toml",
            key=None,
            today=datetime.datetime.now(tz=datetime.UTC).date(),
            progress=_progress,
        )
    except NoBundle as stopped:
        return list(stopped.findings.gates.blocked("build")), stopped.findings.evaluation["evaluations"][0]
    return [], found.evaluation["evaluations"][0]


def signal_of(evaluated: Part) -> Part:
    """Return what the gate saw of the signal, as far as anything was learned."""
    seen = evaluated.get("signal")
    return {"stopped": seen is None or seen["least"] <= 0.5} | (
        {name: seen[name] for name in ("auc", "z")} if seen else {}
    )


def _stopped(folder: Path, name: str, noise: Noise, seeds: int) -> Part:
    """Return how many runs ended as not enough signal, and how many by each of the two gates."""
    births, visits = smocc_folder() / "births.csv", _visits()
    stopped, largest = [], []
    for seed in range(seeds):
        chance = np.random.default_rng([29, seed])
        blocked, evaluated = blocked_and_evaluated(folder / f"{name}-{seed}", births, noise(visits, chance), PLAN)
        stopped.append({gate.code for gate in blocked} & {"events", "signal"})
        largest.append(signal_of(evaluated).get("z"))
    by_gate = {code: sum(code in codes for codes in stopped) for code in ("events", "signal")}
    return {
        "runs": seeds,
        "not_enough_signal": sum(map(bool, stopped)),
        "by_gate": {code: count for code, count in by_gate.items() if count},
        "largest_z": max((z for z in largest if z is not None), default=None),
    }


def _visits() -> pd.DataFrame:
    return pd.read_csv(smocc_folder() / "visits.csv", dtype=str, keep_default_na=False)


def _progress(step: str) -> None:
    print(f"· {step}", file=sys.stderr, flush=True)
