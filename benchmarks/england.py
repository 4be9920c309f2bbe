"""An invented England for benchmarks and evidence: written once a process, and read by the shipped contract."""

import sys
from pathlib import Path

from models.contract import Contract
from training.synthetic.foresight import england
from training.synthetic.write import Asked, synthesise

COHORTS = tuple(range(2014, 2024))
SEED = 7


def invented_england(folder: Path, births: int, cohorts: tuple[int, ...] = COHORTS) -> tuple[Contract, Path]:
    """Invent England in a new folder of `folder`; returns the shipped contract and the folder of extracts."""
    out = folder / f"england-{births}"
    synthesise(Asked("england", births, cohorts, SEED), out, lambda step: print(f"· {step}", file=sys.stderr))
    return england(), out
