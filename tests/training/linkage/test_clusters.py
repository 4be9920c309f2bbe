"""Joining pairs into children, beside a slow way that is plainly right: promises kept, decisions held, ties by record."""

import random
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.linkage.clusters import Clusters, cluster

QUICK = settings(derandomize=True, database=None, deadline=None, max_examples=80)
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Case:
    """Records by their promising agency (None: no promise), likely pairs, and what somebody decided."""

    agencies: list[int | None]
    pairs: dict[Pair, float]
    same: list[Pair]
    apart: list[Pair]

    def joined(self, order: list[Pair] | None = None) -> Clusters:
        """What linking makes of it, the pairs given in this order."""
        given_in = list(self.pairs) if order is None else order
        promised = np.array([0 if agency is None else 1 << agency for agency in self.agencies], dtype=np.int64)
        left, right = (np.array([pair[side] for pair in given_in], dtype=np.int64) for side in (0, 1))
        probability = np.array([self.pairs[pair] for pair in given_in], dtype=np.float64)
        return cluster(promised, left, right, probability, same=self.same, apart=self.apart)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A handful of records with many ties among the probabilities, so that the order must be settled."""
    agencies = draw(st.lists(st.sampled_from([None, 0, 1, 2]), min_size=2, max_size=9))
    every = list(combinations(range(len(agencies)), 2))
    pairs = draw(st.dictionaries(st.sampled_from(every), st.sampled_from([0.9, 0.93, 0.95, 0.99])))
    decided = draw(st.lists(st.tuples(st.sampled_from(every), st.booleans()), max_size=4))
    return Case(agencies, pairs, [p for p, same in decided if same], [p for p, same in decided if not same])


def slowly(case: Case) -> tuple[list[set[int]], list[Pair]]:
    """Join sets of records, looking at every two of their members each time; also returns the pairs refused."""
    children, refused = [{record} for record in range(len(case.agencies))], []
    ranked = sorted(case.pairs, key=lambda pair: (-case.pairs[pair], pair))
    for pair, decided in [*((pair, True) for pair in case.same), *((pair, False) for pair in ranked)]:
        one, other = (next(child for child in children if record in child) for record in pair)
        if one is other:
            continue
        across = [tuple(sorted((a, b))) for a in one for b in other]
        against = any(pair in case.apart for pair in across)
        promised = any(case.agencies[a] is not None and case.agencies[a] == case.agencies[b] for a, b in across)
        if against or (promised and not decided):
            refused.append(pair)
            continue
        children.remove(other)
        one |= other
    return children, refused


def likeliest_way(case: Case, child: set[int], start: int, end: int) -> float:
    """The most that the least likely step of a way from one record to another can be, over every way in the child."""
    steps = dict.fromkeys(case.same, 1.0) | {pair: p for pair, p in case.pairs.items() if pair not in case.same}
    best = {record: 1.0 if record == start else 0.0 for record in child}
    for _ in child:
        for (one, other), p in steps.items():
            if one in child and other in child:
                best[one] = max(best[one], min(best[other], p))
                best[other] = max(best[other], min(best[one], p))
    return best[end]


@QUICK
@given(case=cases())
def test_beside_the_slow_way(case: Case) -> None:
    """The children are those of the slow way, named by their lowest record, and the same pairs are refused."""
    found, (children, refused) = case.joined(), slowly(case)
    assert found.child.tolist() == [
        min(next(child for child in children if record in child)) for record in range(len(case.agencies))
    ]
    assert found.refused == refused


@QUICK
@given(case=cases())
def test_how_sure_a_record_is(case: Case) -> None:
    """A record's strength is the least probability on the likeliest way to the lowest record of its child."""
    found, (children, _) = case.joined(), slowly(case)
    expected = {record: likeliest_way(case, child, min(child), record) for child in children for record in child}
    assert found.strength.tolist() == [expected[record] for record in range(len(case.agencies))]


@QUICK
@given(case=cases())
def test_one_id_a_child(case: Case) -> None:
    """Two ids of a promising agency are never one child, unless a chain of decisions says so."""
    found = case.joined().child.tolist()
    decided = Case(case.agencies, {}, case.same, case.apart).joined().child.tolist()
    for one, other in combinations(range(len(found)), 2):
        if found[one] == found[other] and case.agencies[one] is not None and case.agencies[one] == case.agencies[other]:
            assert decided[one] == decided[other]


@QUICK
@given(case=cases())
def test_decisions_hold_through_third_records(case: Case) -> None:
    """Records decided to be two children are never one, whatever links each of them to a third."""
    found = case.joined()
    assert all(found.child[one] != found.child[other] for one, other in case.apart)
    assert all(found.child[one] == found.child[other] for one, other in case.same if (one, other) not in found.refused)


@QUICK
@given(case=cases(), seed=st.integers(0, 99))
def test_the_order_given_does_not_matter(case: Case, seed: int) -> None:
    """Pairs in any order, ties among them, give the same children, strengths and refusals."""
    shuffled = list(case.pairs)
    random.Random(seed).shuffle(shuffled)  # noqa: S311 (no secret)
    one, other = case.joined(), case.joined(shuffled)
    assert one.child.tolist() == other.child.tolist()
    assert one.strength.tolist() == other.strength.tolist()
    assert one.refused == other.refused


@pytest.mark.parametrize(
    ("case", "child", "strength", "refused"),
    [
        (Case([0, 1, 0], {(0, 1): 0.9, (1, 2): 0.95}, [], []), [0, 1, 1], [1.0, 1.0, 0.95], [(0, 1)]),
        (Case([0, 1, 2], {(0, 1): 0.99, (1, 2): 0.91}, [], []), [0, 0, 0], [1.0, 0.99, 0.91], []),
        (Case([0, 1, 2], {(0, 1): 0.99, (1, 2): 0.91}, [], [(0, 2)]), [0, 0, 2], [1.0, 0.99, 1.0], [(1, 2)]),
        (Case([0, 0], {}, [(0, 1)], []), [0, 0], [1.0, 1.0], []),
        (Case([None, None], {(0, 1): 0.9}, [], []), [0, 0], [1.0, 0.9], []),
        (Case([0, 1], {}, [(0, 1)], [(0, 1)]), [0, 1], [1.0, 1.0], [(0, 1)]),
    ],
)
def test_by_hand(case: Case, child: list[int], strength: list[float], refused: list[Pair]) -> None:
    """A likelier rival, a chain, a decision through a third, against a promise, no promise, and decisions that clash."""
    found = case.joined()
    assert (found.child.tolist(), found.strength.tolist(), found.refused) == (child, strength, refused)


def test_a_long_chain() -> None:
    """A chain of ten thousand records is joined without running out of stack or time."""
    count = 10_000
    pairs = {(record, record + 1): 0.9 for record in range(count - 1)}
    found = Case([None] * count, pairs, [], []).joined()
    assert (set(found.child.tolist()), float(found.strength.min())) == ({0}, 0.9)


def test_nobody() -> None:
    """Without records there are no children."""
    assert Case([], {}, [], []).joined().child.tolist() == []
