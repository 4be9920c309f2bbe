"""Invented audits: many small groups, pools, two attributes together, and one attribute within another."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import pytest

from fairness.audited import HeadAudit
from fairness.disclosure.nested import nested
from fairness.engine.audit import audited
from fairness.policy.policy import Policy

AT = (0.02, 0.05, 0.1, 0.2, 0.4)
SIZES = {"A": 300, "B": 90, "C": 41, "D": 23, "E": 14, "F": 10, "G": 9, "H": 3, "not recorded": 1}
WIDER = {
    "A": "first",
    "B": "first",
    "C": "second",
    "D": "second",
    "E": "third",
    "F": "third",
    "G": "third",
    "H": "second",
}
Invented = tuple[list[HeadAudit], Policy, Mapping[tuple[str, str], Mapping[str, str]]]


def table(seed: int, repeats: int = 1) -> pd.DataFrame:
    """Return a scored table of 491 children in about 400 families; `place` is the first of the lists AT that a row is on."""
    chance = np.random.default_rng(seed)
    side = np.repeat(list(SIZES), list(SIZES.values()))
    n = len(side)
    p = chance.beta(2, 4, n)
    observed = (chance.random(n) < p).astype(np.int8)
    wide = np.array([WIDER.get(each, each) for each in side])
    sex = np.where(chance.random(n) < 0.5, "Boys", "Girls")
    family = chance.integers(0, 400, n).astype(str)
    rows = []
    for repeat in range(repeats):
        shown = np.clip(p + chance.normal(0, 0.05, n), 0.01, 0.99)
        place = np.searchsorted(AT, pd.Series(-shown).rank(pct=True).to_numpy())
        rows.append(pd.DataFrame({"probability": shown, "place": place, "repeat": repeat, "observed": observed}))
    groups = pd.DataFrame({"family": family, "audit_side": side, "audit_wide": wide, "audit_sex": sex})
    parts = [row.join(groups) for row in rows]
    children = pd.Series([f"k{i}" for i in range(n)], name="child")
    whole = pd.concat([part.join(children) for part in parts], ignore_index=True)
    return whole.assign(landmark="then", outcome="later", fold=0, weight=1.0, flagged=whole["place"] <= 3)


@pytest.fixture(scope="session")
def policy() -> Policy:
    """A policy with pools, and one pair of attributes."""
    return Policy.model_validate(
        {
            "attribute": [
                {"name": "side", "protects": ["B"], "pools": {"C and D": ["C", "D"], "E to H": ["E", "F", "G", "H"]}}
            ],
            "intersection": [{"attributes": ["sex", "wide"]}],
        }
    )


@pytest.fixture(scope="session")
def invented(policy: Policy) -> Callable[..., Invented]:
    """Return the exact audit of an invented table, by its seed; each is worked out once."""
    known: dict[tuple[int, int], Invented] = {}

    def audit(seed: int, repeats: int = 1) -> Invented:
        if (seed, repeats) not in known:
            scored = table(seed, repeats)
            declared = {"side": ["A", "B", "none"], "wide": ["first"], "sex": ["Girls", "Boys"]}
            heads = audited(scored, scored["place"].to_numpy(), declared, AT, policy)
            known[seed, repeats] = heads, policy, nested(scored, list(declared))
        return known[seed, repeats]

    return audit
