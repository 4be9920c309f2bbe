"""What people changed: the difference of two shares of the same children, with the spread of families drawn again."""

import numpy as np
import pytest

from fairness.group_shares import Measured
from fairness.in_use.differences import Differences, told_differences
from fairness.in_use.joined import Used
from fairness.in_use.measures import measures_of
from fairness.policy.policy import Margins

N = 1_000


def _used(apart: int) -> Used:
    """Return a thousand children, so many of whom people treated otherwise than the list said: all of them added."""
    listed = np.arange(N) % 5 == 0
    offered = listed | np.isin(np.arange(N), np.flatnonzero(~listed)[:apart])
    yes = np.ones(N, dtype=np.bool_)
    names = np.array([str(number) for number in range(N)])
    return Used(
        "two_year", "it", np.full(N, ""), listed, yes, offered, ~yes, ~yes, np.arange(N) % 2 == 0, yes, np.full(N, ""), names, {}, yes, 0
    )  # fmt: skip


def test_spread() -> None:
    """Ends lie as far off as the paired difference of shares varies: of 100 added among 1,000, by .0095 either way."""
    used = _used(100)
    ((found),) = Differences(used, measures_of(used, Margins())).offsets(np.zeros(N, dtype=np.int64), 1)
    assert found["reached"] is not None
    low, high = found["reached"]
    assert (low, high) == pytest.approx((-1.96 * 0.0095, 1.96 * 0.0095), abs=0.0025)


def test_few_apart() -> None:
    """Where people and the list differ on fewer than ten there is no interval, in that group alone."""
    used = _used(100)
    place = (~(used.listed != used.offered)).astype(np.int64)
    place[np.flatnonzero(used.listed != used.offered)[:9]] = 1
    many, few = Differences(used, measures_of(used, Margins())).offsets(place, 2)
    assert many["reached"] is not None
    assert few == {"reached": None, "recall": None, "ppv": None}


def test_told() -> None:
    """A difference is that of told shares, its ends whole points away; where a share is not told there is none."""
    figures: dict[str, list[float | None]] = {name: [0.2] for name in ("listed", "recall_alone", "ppv_alone")}
    figures |= {"offered": [0.25], "recall_people": [None], "ppv_people": [0.2]}
    told = told_differences(figures, {"reached": (-0.0149, 0.0151), "recall": (-1.0, 1.0), "ppv": None})
    assert told == {"reached": [0.05, 0.04, 0.07], "recall": [None] * 3, "ppv": [0.0, None, None]}


def test_nobody_measured() -> None:
    """Where nobody has the outcome no draw makes a recall, and there is no interval."""
    used = _used(100)
    measures = measures_of(used, Margins())
    nobody = Measured(np.zeros(N, dtype=np.int64), np.zeros(N, dtype=np.int64))
    (found,) = Differences(used, {**measures, "recall_people": nobody}).offsets(np.zeros(N, dtype=np.int64), 1)
    assert found["recall"] is None
