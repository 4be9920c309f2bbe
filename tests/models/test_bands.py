"""Bands: thresholds by capacity, and where a score lies among them, with and without all being known."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from benchmarks.small_bundle import POLICY, thresholds
from models.bands import AtCapacity, Banded, Bands, Policy, Thresholds
from models.estimator import expit
from models.interval import Interval

QUICK = settings(derandomize=True, database=None, deadline=None)
Document = dict[str, Any]
log_odds = st.floats(-12, 12)
# A list that no score is short enough for has no threshold; it can only be among the shortest.
drawn_cuts = st.tuples(
    st.integers(0, 3), st.lists(st.sampled_from((-2.0, 0.0, 0.1, 1.5)) | log_odds, min_size=3, max_size=3)
)
cuts = drawn_cuts.map(lambda drawn: (*(None,) * drawn[0], *sorted(drawn[1], reverse=True))[:3])


def banded(cut: tuple[float | None, ...]) -> Banded:
    """Bands with these thresholds."""
    made = thresholds("at", "outcome")
    lists = tuple(AtCapacity(**(at.model_dump() | {"log_odds": x})) for at, x in zip(made.at, cut, strict=True))
    return Banded(POLICY, made.model_copy(update={"at": lists}))


def around(x: float, apart: float = 0.0) -> Interval:
    """An interval of so many log-odds to either side."""
    return Interval(expit(x - apart), expit(x + apart), widened=False)


@pytest.mark.parametrize(
    ("x", "place"), [(9.0, 0), (1.5, 0), (1.4999, 1), (0.8, 1), (0.7999, 2), (0.1, 2), (0.0999, 3), (-9.0, 3)]
)
def test_a_score_on_the_threshold_is_on_the_list(x: float, place: int) -> None:
    """The threshold is the smallest score of its list; the first band is that of the shortest list."""
    assert banded((1.5, 0.8, 0.1)).place(x) == place


@settings(QUICK, max_examples=300)
@given(cut=cuts, x=log_odds)
def test_place(cut: tuple[float | None, ...], x: float) -> None:
    """A score is in as late a band as there are thresholds above it; where there is no threshold nobody is on the list."""
    assert banded(cut).place(x) == sum(at is None or x < at for at in cut)


@settings(QUICK, max_examples=300)
@given(cut=cuts, lower=log_odds, higher=log_odds)
def test_a_higher_score_is_in_no_later_band(cut: tuple[float | None, ...], lower: float, higher: float) -> None:
    """Of two scores the higher is never offered less."""
    lower, higher = sorted((lower, higher))
    assert banded(cut).place(higher) <= banded(cut).place(lower)


@settings(QUICK, max_examples=300)
@given(cut=cuts, x=log_odds, apart=st.floats(0, 3), below=st.floats(0, 9), above=st.floats(0, 9))
def test_where_it_could_lie(cut: tuple[float | None, ...], x: float, apart: float, below: float, above: float) -> None:
    """First and last are the bands of the most and the least it could be, and hold the band that it is in."""
    bands, interval = banded(cut), around(x, apart)
    known = bands.of(x, interval, None)
    assert (known.first, known.place, known.last) == (bands.place(x),) * 3
    assert (known.floor_established, known.could_move) == (True, False)
    banding = bands.of(x, interval, (x - below, x + above))
    assert (banding.first, banding.last) == (bands.place(x + above), bands.place(x - below))
    assert banding.first <= banding.place <= banding.last
    assert banding.floor_established is (banding.first == banding.place)
    assert banding.could_move is (banding.first < banding.last)
    assert banding.near_threshold is known.near_threshold


@settings(QUICK, max_examples=300)
@given(cut=cuts, x=log_odds, apart=st.floats(0, 3))
def test_near_a_threshold(cut: tuple[float | None, ...], x: float, apart: float) -> None:
    """A score is near a threshold exactly when some threshold, as a probability, lies within its interval."""
    interval = around(x, apart)
    near = any(at is not None and interval.low <= expit(at) <= interval.high for at in cut)
    assert banded(cut).of(x, interval, None).near_threshold is near


def test_on_a_threshold_is_near_it() -> None:
    """A score on a threshold is near it however narrow its interval is, and one between two need not be."""
    bands = banded((1.5, 0.8, 0.1))
    assert bands.of(0.8, around(0.8), None).near_threshold
    assert not bands.of(0.5, around(0.5, 0.2), None).near_threshold


def _policy(**changes: object) -> Document:
    return POLICY.model_dump() | changes


@pytest.mark.parametrize(
    "changes",
    [
        {"capacities": (0.1, 0.05, 0.2)},
        {"capacities": (0.05, 0.05, 0.2)},
        {"capacities": (0.05, 0.2)},
        {"capacities": (0.0, 0.1, 0.2)},
        {"capacities": (0.05, 0.1, 1.0)},
        {"capacities": ()},
        {"bands": POLICY.bands[:3]},
        {"bands": (*POLICY.bands[:3], POLICY.bands[0])},
        {"owner": "Head of early help"},
        {"agreed": datetime.date(2026, 9, 1)},
        {"children_a_month": 0},
        {"team": ""},
    ],
)
def test_impossible_policies(changes: Document) -> None:
    """Capacities ascend, there is one band more than there are of them, and who agreed is given with when."""
    with pytest.raises(ValidationError):
        Policy.model_validate(_policy(**changes))


def test_a_policy_that_somebody_agreed_to() -> None:
    """A policy may be owned and dated; its capacity is its longest list."""
    policy = Policy.model_validate(_policy(owner="Head of early help", agreed=datetime.date(2026, 9, 1)))
    assert policy.capacity == 0.20


@pytest.mark.parametrize(
    "alter",
    [
        lambda one: one.update(at=one["at"][:2]),
        lambda one: one.update(at=one["at"][::-1]),
        lambda one: one.update(changes_on_refit=(0.1, 0.2, 0.3)),
        lambda one: one["at"][0].update(log_odds=float("nan")),
        lambda one: one["at"][0].update(flagged=1.5),
    ],
)
def test_thresholds_that_do_not_fit_the_policy(alter: Callable[[Document], None]) -> None:
    """Every landmark and outcome has one threshold for each capacity, in the policy's order, and a figure for each band."""
    one = thresholds("at", "outcome").model_dump()
    Bands(policy=POLICY, thresholds=(Thresholds.model_validate(one),))
    one["at"] = [dict(at) for at in one["at"]]
    alter(one)
    with pytest.raises(ValidationError):
        Bands.model_validate({"policy": POLICY.model_dump(), "thresholds": [one]})
