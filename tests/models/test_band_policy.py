"""Bands from the capacities a bundle keeps: no list longer than asked, one share for all landmarks, and plain refusals."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.band_policy import LEAST_SHARE, bands_of, capacities_of, share_of
from models.bands import AtCapacity, Band, Figure, Policy
from models.capacities import CAPACITIES, AtCapacities, Capacities, changes_on_refit
from models.errors import BadInput

NONE = Figure(value=None, low=None, high=None)
SLOTS = len(CAPACITIES) + 1


def _capacities(*months: int | None) -> Capacities:
    """Return lists of as many outcomes, thresholds falling from 2.0, whose refits move a tenth of children a slot down."""
    at = tuple(
        AtCapacity(
            capacity=c,
            log_odds=round(2.0 - k / 10, 1),
            flagged=c,
            left_out_tie=0,
            ppv=NONE,
            recall=NONE,
            recall_ceiling=1.0,
        )
        for k, c in enumerate(CAPACITIES)
    )
    moves = tuple(
        tuple(0.9 / SLOTS if a == b else 0.1 / SLOTS if b == (a + 1) % SLOTS else 0.0 for b in range(SLOTS))
        for a in range(SLOTS)
    )
    outcomes = tuple(
        AtCapacities(landmark=f"at_{i}", outcome="later", children_a_month=month, at=at, moves=moves)
        for i, month in enumerate(months)
    )
    return Capacities(outcomes=outcomes, audits=tuple({"capacity": c} for c in CAPACITIES), gates=((),) * 20)


def _policy(*capacities: float) -> Policy:
    bands = tuple(Band(code=f"band_{i}", label="A band", offer="An offer") for i in range(len(capacities) + 1))
    return Policy(team="a team", owner=None, agreed=None, children_a_month=None, capacities=capacities, bands=bands)


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0.20, (0.05, 0.10, 0.20)),
        (0.04, (0.01, 0.02, 0.04)),
        (0.05, (0.01, 0.02, 0.05)),
        (0.10, (0.02, 0.05, 0.10)),
        (0.19, (0.04, 0.08, 0.18)),
        (0.50, (0.12, 0.25, 0.50)),
    ],
)
def test_quarter_half_and_whole(share: float, expected: tuple[float, ...]) -> None:
    """The list is drawn at its quarter, its half and all of it, each taken down to a capacity that is kept."""
    assert capacities_of(share) == expected


@settings(derandomize=True, database=None, deadline=None, max_examples=200)
@given(share=st.floats(LEAST_SHARE, CAPACITIES[-1]))
def test_no_list_is_longer_than_asked(share: float) -> None:
    """Whatever share is asked there are three lists, each longer than the one before and none longer than its part."""
    first, second, whole = capacities_of(share)
    assert first < second < whole
    assert first <= share / 4 + 1e-9
    assert second <= share / 2 + 1e-9
    assert whole <= share + 1e-9
    assert {first, second, whole} <= set(CAPACITIES)


def test_children_a_month_are_one_share() -> None:
    """So many children a month are the share that they are of all who reach any of the landmarks in a month."""
    assert share_of(28, _capacities(200, 240, 120)) == 28 / 560
    assert capacities_of(share_of(112, _capacities(200, 240, 120))) == (0.05, 0.10, 0.20)
    assert capacities_of(share_of(100, _capacities(200))) == (0.12, 0.25, 0.50)


def test_more_children_than_there_are() -> None:
    """A team that could see more children than the largest list holds is told so: no list is cut in silence."""
    with pytest.raises(BadInput, match="about 200 children"):
        share_of(101, _capacities(200))
    with pytest.raises(BadInput):
        share_of(10**400, _capacities(200, 200))


@pytest.mark.parametrize("share", [float("nan"), float("inf"), float("-inf"), 10.0, 0.51, 0.0399, 0.0, -0.2])
def test_shares_that_are_none(share: float) -> None:
    """A share that no list was drawn for is refused, a percentage taken for a share most of all."""
    with pytest.raises(BadInput, match="a share such as"):
        capacities_of(share)


@pytest.mark.parametrize("months", [(None,), (200, None)])
def test_children_a_month_without_a_calendar(months: tuple[int | None, ...]) -> None:
    """Where nobody knows how many children reach a landmark in a month, a share is asked for instead."""
    with pytest.raises(BadInput, match="give a share"):
        share_of(12, _capacities(*months))


def test_thresholds_are_those_kept() -> None:
    """Bands take their thresholds and figures from the capacities kept, and from the moves how often a band changes."""
    capacities = _capacities(100, 100)
    bands = bands_of(_policy(0.05, 0.10, 0.20), capacities)
    assert [(one.landmark, one.outcome) for one in bands.thresholds] == [("at_0", "later"), ("at_1", "later")]
    for one in bands.thresholds:
        assert [at.log_odds for at in one.at] == [1.6, 1.2, 0.6]
        assert one.changes_on_refit == changes_on_refit(capacities.outcomes[0].moves, (0.05, 0.10, 0.20))
        # One in ten of the last slot of a band moves on: bands of 5, 4, 6 and 6 slots.
        assert one.changes_on_refit == (0.02, 0.025, 0.016667, 0.016667)


def test_a_capacity_that_is_not_kept() -> None:
    """A capacity that the bundle does not keep is refused, with those that it does."""
    with pytest.raises(BadInput, match=r"0\.01, 0\.02, .*0\.5$"):
        bands_of(_policy(0.05, 0.11), _capacities(100))
