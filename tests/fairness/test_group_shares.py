"""Shares by group: figures anyone can count, families taken together, verdicts of two families of groups."""

import numpy as np
import pytest

from fairness.audited import VERDICTS
from fairness.group_shares import Measured, grouping, shares_by_group
from fairness.policy.policy import Policy
from fairness.scored import NOT_RECORDED
from fairness.verdicts import Verdict

N = 4_000
POLICY = Policy.model_validate({"attribute": [{"name": "side", "protects": ["South"]}]})


def _told(share: float, measured: Measured | None = None) -> dict[str, list[float | None]]:
    """Return the figures of the south, of whom this share has it; of the north, one in ten."""
    side = np.array(["North", "South"] * (N // 2))
    part = np.zeros(N, dtype=np.int64)
    part[0 : N // 10 : 2], part[1 : int(share * N) : 2] = 1, 1
    found = measured or Measured(np.ones(N, dtype=np.int64), part, 0.05)
    family = np.array([f"f{number}" for number in range(N)])
    told = shares_by_group({"it": found}, family, [grouping("side", side, ["East"], POLICY)], POLICY)
    (attribute,) = told["attributes"]
    assert [line["group"] for line in attribute["groups"]] == ["East", "North", "South", NOT_RECORDED]
    assert [line["n"] for line in attribute["groups"]] == [0, 2000, 2000, 0]
    assert [line["protected"] for line in attribute["groups"]] == [False, False, True, False]
    return {line["group"]: line["figures"]["it"] for line in attribute["groups"] if line["figures"]}


@pytest.mark.parametrize(
    ("share", "verdict"),
    [(0.1, Verdict.WITHIN_MARGIN), (0.16, Verdict.KEEP_WATCHING), (0.3, Verdict.LARGER_THAN_AGREED)],
)
def test_verdicts(share: float, verdict: Verdict) -> None:
    """A share as it can be counted, its gap to everyone else, and the verdict that M8 gives it."""
    value, low, high, gap, gap_low, gap_high, smallest, judged = _told(share)["South"]
    assert value == pytest.approx(share)
    assert gap == pytest.approx(share - 0.1)
    assert None not in {low, high, gap_low, gap_high, smallest, judged}
    assert VERDICTS[int(judged or 0)] == verdict


def test_not_judged() -> None:
    """Where a measure has no margin there is a gap and no verdict."""
    everyone = np.ones(N, dtype=np.int64)
    figures = _told(0.1, Measured(everyone, everyone))["South"]
    assert figures[:4] == [1.0, pytest.approx(0.998, abs=0.001), 1.0, 0.0]
    assert figures[7] is None


def test_families_widen() -> None:
    """Children of a family who have it together make the interval wider than as many who do not."""
    everyone, part = np.ones(N, dtype=np.int64), (np.arange(N) // 4 % 3 == 0).astype(np.int64)
    groups = grouping("side", np.array(["North", "South"] * (N // 2)), [], POLICY)

    def width(family: "np.ndarray[tuple[int], np.dtype[np.str_]]") -> float:
        _, low, high, *_ = shares_by_group({"it": Measured(everyone, part)}, family, [groups], POLICY)["figures"]["it"]
        return float(high - low)

    number = np.arange(N)
    assert width((number // 4).astype(np.str_)) > 1.7 * width(number.astype(np.str_))


def test_things_of_a_child() -> None:
    """Where each child has several things the share is of things, and as sure as their families make it."""
    rng = np.random.default_rng(3)
    unknown = rng.binomial(10, 0.2, N)
    told = _told(0.1, Measured(np.full(N, 10, dtype=np.int64), unknown, per=10))["South"]
    value, low, high = told[:3]
    assert value == pytest.approx(0.2, abs=0.006)
    assert low is not None
    assert high is not None
    assert high - low < 0.016
