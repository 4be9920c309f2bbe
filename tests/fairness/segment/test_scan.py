"""Every segment of up to three characteristics."""

import itertools
import math

import numpy as np

from fairness.segment.marks import Mark
from fairness.segment.scan import LEAST, scan


def test_the_scan_is_what_looking_at_each_segment_alone_finds() -> None:
    """The number of segments and the one that stands out most are those of a plain loop over every segment, alone."""
    for seed in range(5):
        chance = np.random.default_rng(seed)
        n = 1_500
        marks = [
            Mark(name, tuple(str(i) for i in range(groups)), chance.integers(0, groups + 1, n))
            for name, groups in (("a", 2), ("b", 3), ("c", 4), (None, 5))
        ]
        rows, foreseen = chance.random(n) < 0.5, chance.uniform(0.1, 0.6, n)
        observed = (chance.random(n) < foreseen).astype(np.int64)
        found = scan(marks, rows, observed, foreseen)
        assert (found.searched, found.worst) == _one_by_one(marks, rows, observed, foreseen)


def _one_by_one(marks, rows, observed, foreseen):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    looked_at: dict[int, list[tuple[float, tuple[tuple[int, int], ...]]]] = {1: [], 2: [], 3: []}
    for count, segments in looked_at.items():
        for which in itertools.combinations(range(len(marks)), count):
            for groups in itertools.product(*(range(1, len(marks[i].groups) + 1) for i in which)):
                cell = tuple(zip(which, groups, strict=True))
                own = rows & np.all([marks[i].place == at for i, at in cell], axis=0)
                n, events, expected = int(own.sum()), int(observed[own].sum()), float(foreseen[own].sum())
                if min(events, n - events) >= LEAST:
                    segments.append((_ratio(n, events, expected), cell))
    standing = [(far - math.log(len(each)), cell) for each in looked_at.values() for far, cell in each]
    return sum(map(len, looked_at.values())), max(standing)[1]


def _ratio(n: int, events: int, expected: float) -> float:
    if events <= expected:
        return -math.inf
    return events * math.log(events / expected) + (n - events) * math.log((n - events) / (n - expected))


def test_nothing_stands_out_where_less_happened_than_was_foreseen() -> None:
    """Segments were looked at, and none is the worst."""
    place = np.tile([1, 2], 200)
    observed = np.tile([0, 0, 1, 1], 100)
    found = scan([Mark("a", ("x", "y"), place)], np.ones(400, dtype=bool), observed, np.full(400, 0.6))
    assert (found.searched, found.worst) == (2, None)


def test_a_segment_counts_only_with_enough_of_each_outcome() -> None:
    """Nineteen children with the outcome are too few to look at, and twenty are not; so of those without it."""
    for happened, searched in ((LEAST - 1, 0), (LEAST, 1), (100 - LEAST, 1), (101 - LEAST, 0)):
        observed = (np.arange(100) < happened).astype(np.int64)
        found = scan(
            [Mark("a", ("x",), np.ones(100, dtype=np.int64))], np.ones(100, dtype=bool), observed, np.full(100, 0.1)
        )
        assert found.searched == searched
