"""Invented audits: children of three characteristics, in families, foreseen as well as can be until a segment is planted."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from fairness.scored import COLUMNS

Invented = Callable[..., pd.DataFrame]


@pytest.fixture(scope="session")
def invented() -> Invented:
    """Return what invents a table of so many children, their log-odds all more than foreseen by `everyone`."""
    return _invented


def _invented(children: int, seed: int, planted: float = 0.0, everyone: float = 0.0) -> pd.DataFrame:
    chance = np.random.default_rng(seed)
    plain = dict.fromkeys(COLUMNS, 0) | {"landmark": "review", "outcome": "later"}
    table = pd.DataFrame(plain, index=np.arange(children))
    table["family"] = np.char.add("family ", (np.arange(children) // 2).astype(np.str_))
    table["audit_sex"] = chance.choice(["Boys", "Girls"], children)
    table["audit_term"] = chance.choice(["Autumn-born", "Spring-born", "Summer-born"], children)
    table["audit_area"] = chance.choice(["A", "B", "C", "not recorded"], children, p=[0.4, 0.24, 0.3, 0.06])
    table["probability"] = chance.beta(2, 4, children)
    odds = table["probability"] / (1 - table["probability"]) * np.exp(everyone)
    truth = odds / (1 + odds) + planted * planted_in(table)
    table["observed"] = (chance.random(children) < truth).astype(np.int64)
    return table


def planted_in(table: pd.DataFrame) -> pd.Series:
    """Return which children are of the segment that is planted: about 4 %."""
    return (table["audit_sex"] == "Girls") & (table["audit_term"] == "Summer-born") & (table["audit_area"] == "B")
