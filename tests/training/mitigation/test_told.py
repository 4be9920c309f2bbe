"""What is told of a list: rounded counts, and nothing that rests on an exact one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairness.intervals import Z95, Comparison, FamilyBootstrap, NewcombeWilson, Share, newcombe_wilson
from training.judging import HeldOut
from training.mitigation.cells import Children, Listed, Protected
from training.mitigation.told import Counts, counts, everyone_else, figure, gap, minus

FEW = settings(derandomize=True, database=None, deadline=None, max_examples=60)
LISTS = st.tuples(st.integers(0, 30), st.integers(30, 60), st.integers(0, 30), st.integers(30, 60))


def _listed(found: int, missed: int, needless: int, left: int, of_group: tuple[int, int, int, int]) -> Listed:
    """Return a list of which everyone and one group have so many found, missed, listed needlessly, and neither."""
    cells = np.array([found, missed, needless, left])
    y = np.repeat([1.0, 1.0, 0.0, 0.0], cells)
    on = np.repeat([1.0, 0.0, 1.0, 0.0], cells)
    inside = np.concatenate([np.arange(n) < m for n, m in zip(cells, of_group, strict=True)])
    who = np.arange(len(y))
    children = Children(who, y, np.ones(len(y)), who, np.ones((2, len(y))), [Protected("sex", "Sex", "Girls", inside)])
    # Whoever scores 1 is on the list of a half of all children, as long as they are no more than that.
    listed = Listed(children, HeldOut(who, on[None, :], np.zeros((1, len(y)), dtype=np.int64)), 0.5)
    assert (listed.flagged == on).all()
    return listed


def test_to_the_nearest_five() -> None:
    """Counts from ten on are told to the nearest five; those under ten are hidden."""
    listed = _listed(43, 58, 22, 200, (9, 13, 10, 30))
    assert counts(listed, listed, 0) == Counts(325, 45, 60, 20)
    assert counts(listed, listed, 1) == Counts(60, None, 15, 10)


def test_everyone_else() -> None:
    """Everyone else is what the told counts leave: never a count of their own, and hidden with either."""
    listed = _listed(43, 58, 22, 200, (12, 13, 14, 30))
    assert everyone_else(listed, listed, 1) == Counts(255, 35, 45, None)
    few = _listed(43, 58, 22, 200, (9, 13, 11, 30))
    assert everyone_else(few, few, 1).found is None
    nine_left = _listed(43, 58, 22, 200, (34, 13, 11, 30))
    assert (counts(nine_left, nine_left, 1).found, everyone_else(nine_left, nine_left, 1).found) == (35, None)


def test_beside_what_ships() -> None:
    """Of another list it is told by how many more or fewer to the nearest five: two children more are no change."""
    shipped = _listed(43, 58, 22, 200, (12, 13, 10, 30))
    assert counts(_listed(45, 56, 20, 202, (12, 13, 10, 30)), shipped, 0) == Counts(325, 45, 60, 20)
    assert counts(_listed(46, 55, 19, 203, (12, 13, 10, 30)), shipped, 0) == Counts(325, 50, 55, 15)
    assert counts(_listed(46, 55, 9, 213, (12, 13, 9, 30)), shipped, 0) == Counts(325, 50, 55, None)


@FEW
@given(LISTS, LISTS)
def test_small_counts_stay_hidden(now: tuple[int, int, int, int], before: tuple[int, int, int, int]) -> None:
    """No count under ten is told, of a list or of what it changes; any other is at most four children off."""
    nobody = (0, 0, 0, 0)
    told = counts(_listed(*now, nobody), _listed(*before, nobody), 0)
    for exact, count in zip(now[:3], (told.found, told.missed, told.needless), strict=True):
        assert (count is None) == (exact < 10)
        assert count is None or (count % 5 == 0 and abs(count - exact) <= 4)


def test_of_100() -> None:
    """Of 100 children so many; what rests on a hidden count is hidden."""
    assert Counts(325, 45, 60, 20).of_100 == {"flagged": 20.0, "found": 13.8, "missed": 18.5, "needless": 6.2}
    assert Counts(60, None, 15, 10).of_100 == {"flagged": None, "found": None, "missed": 25.0, "needless": 16.7}
    assert (Counts(60, 10, 30, None).recall, Counts(60, 10, 30, None).ppv) == (0.25, None)


def test_figure() -> None:
    """An interval's ends are told as far from the told value as they are from the exact one, to half a point."""
    drawn = np.linspace(0.3, 0.5, 1001)
    assert figure(0.42, 0.4, drawn) == {"value": 0.42, "low": 0.325, "high": 0.515}
    assert figure(None, 0.4, drawn) is None
    assert figure(0.42, 0.4, np.array([np.nan])) is None


def test_gap() -> None:
    """The gap and its interval are those of the told counts, each worth as many fewer children as the exact ones."""
    group, rest = Counts(200, 20, 60, 10), Counts(800, 100, 200, 50)
    exact = (Share(82, 19, 70, 82 / 1.26), Share(301, 102, 280, 301 / 1.04))
    told = gap(Comparison(*exact, NewcombeWilson(*exact)), group, rest)
    low, high = newcombe_wilson(Share(80, 20, 70, 80 / 1.3), Share(300, 100, 280, 300 / 1.0), Z95)
    assert told == {"value": round(20 / 80 - 100 / 300, 3), "low": round(low, 3), "high": round(high, 3)}


def test_gap_by_bootstrap() -> None:
    """Where the exact interval is the bootstrap's, its ends are told as distances from the told gap."""
    exact = (Share(820, 190, 700, 820.0), Share(3010, 1020, 2800, 3010.0))
    value = exact[0].value - exact[1].value
    drawn = value + np.linspace(-0.04, 0.04, 1001)
    told = gap(Comparison(*exact, FamilyBootstrap(value, drawn)), Counts(1, 200, 600, 90), Counts(1, 1000, 2000, 90))
    assert told == {"value": -0.083, "low": pytest.approx(-0.123, abs=1e-9), "high": pytest.approx(-0.043, abs=1e-9)}


def test_hidden() -> None:
    """Nothing is told of a gap one side of which is hidden, nor of a difference."""
    exact = (Share(20, 5, 20, 20.0), Share(300, 100, 280, 300.0))
    compared = Comparison(*exact, NewcombeWilson(*exact))
    assert gap(compared, Counts(60, None, 15, 10), Counts(800, 100, 200, 50)) is None
    assert minus(None, 0.2) is minus(0.2, None) is None
    assert minus(0.5, 0.2) == 0.3
