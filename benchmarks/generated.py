"""A generated task for benchmarks: thirty numeric features, some not known, an outcome that depends on a third of them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.contract import Contract
from models.contract_reading import parse_contract

FEATURES = 30
PURPOSE, ASKED_AT, HAPPENED = "benchmark", 700, 650

_HEAD = """
format = 1
name = "generated"
label = "Generated"
description = "Thirty features of one source."
[scope]
needs = ["records"]
[[landmark]]
name = "then"
label = "then"
age = 700
until = 800
[[outcome]]
name = "later"
label = "later"
happens = "had it later"
source = "records"
window = [900, 1000]
take = "latest"
rule = "x0 > 0"
definition = "1"
[[source]]
name = "records"
label = "Records"
agency = "Anyone"
file = "records.csv"
child = "child"
rows = "many"
happened = { age = "age_days" }
known = { lag_days = 0 }
absence = "not_known"
gateway = { name = "None needed", purposes = ["benchmark"], expires = 2099-12-31 }
"""
_COLUMN = '[[source.column]]\nname = "x{i}"\ntype = "number"\nstep = "0.01"\n'
_FEATURE = """
[[feature]]
name = "f{i}"
label = "feature {i}"
source = "records"
take = "latest"
column = "x{i}"
raises = "Feature {i} raises it"
lowers = "Feature {i} lowers it"
not_known = "Feature {i} is not known"
correctable = true
"""


def contract_text() -> str:
    """Return the text of the generated task's contract."""
    parts = [part.format(i=i) for part in (_COLUMN, _FEATURE) for i in range(FEATURES)]
    return _HEAD + "".join(parts)


def contract() -> Contract:
    """Return the contract of the generated task."""
    return parse_contract(contract_text())


def sources_of(row: Sequence[float | None]) -> dict[str, object]:
    """Return the sources of a request whose one event holds the bare numbers of a matrix row."""
    return {"records": {"events": [{"happened": HAPPENED} | {f"x{i}": value for i, value in enumerate(row)}]}}


def children(count: int, seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return x (count, 30), a tenth not known, and y (count,)."""
    chance = np.random.default_rng(seed)
    x = np.round(chance.normal(size=(count, FEATURES)), 2)
    signal = x[:, :10] @ np.linspace(0.1, 0.5, 10) + 0.4 * x[:, 0] * x[:, 1] - 0.8
    y = (chance.random(count) < 1 / (1 + np.exp(-signal))).astype(np.float64)
    x[chance.random(x.shape) < 0.1] = np.nan
    return x, y
