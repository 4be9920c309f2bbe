"""Whom a list holds: at most so many, equal scores together, and everybody else counted."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.small_bundle import POLICY
from service.loaded.changes import Before, change, left
from service.loaded.choosing import choose
from service.loaded.ranking import Ranked, Standings
from service.loaded.worklist_form import Wanted
from service.problems import Refused

scores = st.lists(st.integers(0, 5), max_size=30)


def _standings(log_odds: list[int]) -> Standings:
    ranked = [Ranked(str(i), b"%d" % i, 800, "at", float(one), one == 0) for i, one in enumerate(log_odds)]
    ranked.sort(key=lambda one: (-one.log_odds, one.reference))
    return Standings({"o": ranked}, {b"n": ("n", "too-stale")}, {b"x": "x"})


def _wanted(children: int | None) -> Wanted:
    return Wanted("team", "purpose", "o", None, children, "summary")


@given(scores, st.integers(1, 10), st.sets(st.integers(0, 5)))
def test_equal_scores_stay_together(log_odds: list[int], asked: int, out: set[int]) -> None:
    """No list is longer than asked, nobody off it scores as high as anybody on it, and no shorter one would have to be."""
    excluded = {b"%d" % i for i in out if i < len(log_odds)}
    policy = POLICY.model_copy(update={"children_a_month": 10})
    chosen = choose(_standings(log_odds), _wanted(asked), excluded, policy)
    listed = [one.log_odds for one in chosen.listed]
    rest = [one.log_odds for one in chosen.below]
    assert len(listed) <= asked
    assert not rest or not listed or max(rest) < min(listed)
    assert Counter(listed + rest) == Counter(float(x) for i, x in enumerate(log_odds) if b"%d" % i not in excluded)
    assert len(listed) + chosen.tied > asked or len(listed) == min(asked, len(listed + rest))
    assert chosen.could_be_listed == rest.count(0)
    assert chosen.not_scored == Counter({"too-stale": 1, "not-available": len(excluded)}) - Counter()
    assert chosen.outside == 1


def test_the_most() -> None:
    """Where a policy says how many children a month, that is the most; else its share of those here, and one at least."""
    named = POLICY.model_copy(update={"children_a_month": 3})
    assert choose(_standings(list(range(20))), _wanted(None), (), named).most == 3
    assert choose(_standings(list(range(25))), _wanted(None), (), POLICY).most == 5
    assert choose(_standings([1]), _wanted(None), (), POLICY).most == 1
    with pytest.raises(Refused):
        choose(_standings(list(range(25))), _wanted(6), (), POLICY)


def test_why_children_left() -> None:
    """A child who is off the list is told with the one reason that holds now, in the order in which they stood."""
    standings = _standings([9, 8, 7])
    chosen = choose(standings, _wanted(1), {b"2"}, POLICY.model_copy(update={"children_a_month": 1}))
    before = {
        b"1": Before("s1", 5, 9.0),
        b"2": Before("s2", 4, 9.0),
        b"n": Before("s3", 3, 9.0),
        b"x": Before("s4", 2, 9.0),
        b"gone": Before("s5", 1, 9.0),
        b"0": Before("s6", 6, 9.0),
    }
    found = left(before, chosen, standings, {b"2"})
    assert [(one.subject, one.why) for one in found] == [
        (None, "not-with-team"),
        ("x", "outside-window"),
        ("n", "too-stale"),
        ("2", "not-available"),
        ("1", "score-fell"),
    ]
    assert left({b"1": Before("s1", 1, 8.0)}, chosen, standings, ())[0].why == "others-higher"
    assert [change(before.get(b"0"), place) for place in (6, 2)] == [("still", None), ("moved", 6)]
    assert change(None, 1) == ("new", None)
