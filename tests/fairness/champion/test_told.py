"""What is told of two models depends on rounded counts, and of few who moved on none."""

import numpy as np
import pytest

from fairness.champion.drawn import Line
from fairness.champion.new_gap import Change, Says
from fairness.champion.told import counts_of, hidden_line, told_group, told_line
from fairness.policy.policy import Policy

MOVES = {"on": 30, "off": 22, "stays_on": 61, "stays_off": 300}
STILL = {"on": 3, "off": 4, "stays_on": 61, "stays_off": 300}


def _line(n: float, events: float, listed: tuple[int, int], found: tuple[int, int]) -> Line:
    draws = np.concatenate([[1.0], np.linspace(0.9, 1.1, 1_000)])
    both = [np.array(each, dtype=np.float64)[:, None] * np.ones(1_001) for each in (listed, found)]
    both[1][1] *= draws
    foreseen, area = np.array([[100.0], [130.0]]), np.array([[0.712345], [0.733333]])
    return Line(n * np.ones(1_001), events * np.ones(1_001), both[0], both[1], foreseen * np.ones(1_001), area * draws)


def test_figures_of_rounded_counts() -> None:
    """Recall and PPV are shares of counts to the nearest five, an AUC has two places, ends are whole points away."""
    told = told_line(_line(413, 121, (82, 91), (41, 52)), MOVES, Policy())
    assert (told["n"], told["events"], told["small"]) == (415, 120, False)
    assert told["moves"] == {"on": 30, "off": 20, "stays_on": 60, "stays_off": 300}
    assert told["figures"]["recall"][:3] == [0.333, 0.417, 0.084]
    assert told["figures"]["ppv"][:2] == [0.5, round(50 / 90, 3)]
    assert told["figures"]["auc"][:3] == [0.71, 0.73, 0.02]
    assert told["figures"]["observed_over_expected"][:2] == [1.2, 0.92]
    for value, low, high in (told["figures"][name][2:] for name in ("recall", "ppv")):
        assert low < value < high
        assert round(100 * (high - value), 3) == round(100 * (high - value))
    assert (told["gap"], told["says"]) == (None, None)


@pytest.mark.parametrize("found", [(38, 52), (42, 48)])
def test_neighbours_are_told_alike(found: tuple[int, int]) -> None:
    """Counts that round alike make the same recall."""
    told, other = (
        told_line(_line(413, 121, (82, 91), each), MOVES, Policy())["figures"]["recall"][:3]
        for each in (found, (40, 50))
    )
    assert told == other


def test_few_who_moved() -> None:
    """Where fewer than ten moved they are not counted out, and a list's difference has no interval."""
    told = told_line(_line(413, 121, (82, 91), (41, 52)), STILL, Policy())
    assert (told["moves"]["on"], told["moves"]["off"]) == (None, None)
    assert told["figures"]["recall"][3:] == [None, None]
    assert None not in told["figures"]["auc"]


def test_a_gap_is_of_what_is_told() -> None:
    """A group's gap is that of told shares: of its own, and of what told counts leave of everyone."""
    group, everyone = _line(413, 121, (82, 91), (41, 52)), _line(2_013, 601, (402, 401), (201, 221))
    change = Change(-0.021, 0.013, (0.011, 0.052), Says.NONE)
    told = told_group(group, everyone, MOVES, change, Policy())
    before, after = 40 / 120 - 160 / 480, 50 / 120 - 170 / 480
    assert told["gap"] == pytest.approx(
        [before, after, after - before, after - before - 0.02, after - before + 0.02], abs=0.002
    )
    assert told["says"] == 1
    assert counts_of(everyone).without(counts_of(group)).events == 480


@pytest.mark.parametrize(
    ("listed", "found", "told"),
    [
        ((60, 60), (40, 9), ()),
        ((60, 60), (45, 40), ("recall", "ppv")),
        ((60, 60), (55, 40), ("recall",)),
        ((160, 160), (115, 40), ("ppv",)),
    ],
)
def test_a_share_of_few_is_not_told(listed: tuple[int, int], found: tuple[int, int], told: tuple[str, ...]) -> None:
    """Recall is not told where fewer than ten were found or missed by either model, nor PPV where so few were needless."""
    figures = told_line(_line(400, 120, listed, found), MOVES, Policy())["figures"]
    assert tuple(name for name in ("recall", "ppv") if figures[name][0] is not None) == told


def test_ten_or_fewer_tell_nothing() -> None:
    """Of ten children with the outcome or fewer no figure is told, and no gap; a hidden line has none at all."""
    group, everyone = _line(60, 9, (12, 12), (4, 4)), _line(2_013, 601, (402, 401), (201, 221))
    told = told_group(group, everyone, STILL, None, Policy())
    assert told["events"] is None
    assert {tuple(told["figures"][name]) for name in ("recall", "auc", "observed_over_expected")} == {(None,) * 5}
    assert (told["gap"], told["says"]) == (None, 2)
    assert hidden_line(None)["figures"] == {}
