"""What is told of shares depends on rounded counts alone, and small groups are told of by name only."""

from typing import Any

import numpy as np
import pytest

from fairness.disclosure.counts import of_groups
from fairness.intervals import Comparison, compare_groups
from fairness.told_shares import Compared, told_attribute

GROUPS = ("Large", "Few", "Some", "Nobody")


def _comparisons(sizes: list[int], hits: list[int]) -> list[Comparison]:
    place = np.repeat(np.arange(len(sizes)), sizes)
    n = np.zeros((len(place), len(sizes)), dtype=np.int64)
    n[np.arange(len(place)), place] = 1
    hit = n.copy()
    for group, (size, few) in enumerate(zip(sizes, hits, strict=True)):
        hit[np.flatnonzero(place == group)[: size - few], group] = 0
    return compare_groups(n, hit)


def _told(sizes: list[int], hits: list[int]) -> list[dict[str, Any]]:
    counts = of_groups({"side": dict(zip(GROUPS, zip(sizes, hits, strict=True), strict=True))})["side"]
    compared = Compared(_comparisons(sizes, hits), [3] * len(sizes), 1, counts)
    told = told_attribute(GROUPS, [False] * len(sizes), sizes, {"it": compared}, 100)
    assert told["hidden_in"] == "Large"
    return list(told["groups"])


def test_small_groups_are_named_only() -> None:
    """A group of one to nine has no figure and is counted with the largest; a group of nobody has an n of nothing."""
    large, few, some, nobody = _told([300, 4, 52, 0], [90, 3, 13, 0])
    assert (large["n"], few["n"], some["n"], nobody["n"]) == (305, None, 50, 0)
    assert few["figures"] == nobody["figures"] == {}
    assert large["small"] is False
    assert some["small"] is True


@pytest.mark.parametrize("hits", [11, 12, 13])
def test_counts_that_round_alike_are_told_alike(hits: int) -> None:
    """Eleven hits are told as twelve are, if their rounded counts agree: the share, and its interval."""
    *_, some, _ = _told([300, 4, 52, 0], [90, 3, hits, 0])
    *_, other, _ = _told([300, 4, 52, 0], [90, 3, 12 if hits < 13 else 15, 0])
    assert _value(some) == _value(other)


def _value(line: dict[str, Any]) -> list[float | None]:
    return list(line["figures"]["it"][:3])


def test_few_are_no_share() -> None:
    """Of ten children or fewer no share is told, nor a gap."""
    *_, some, _ = _told([300, 4, 12, 0], [90, 3, 6, 0])
    assert some["figures"] == {"it": [None] * 7 + [3]}
