"""The scales that figures are drawn on."""

from hypothesis import given, settings
from hypothesis import strategies as st

from fairness.pack.charts.scale import Scale, around, of_gaps, of_shares, tick
from fairness.pack.words import Figure

quick = settings(derandomize=True, database=None, deadline=None)
gaps = st.floats(-1, 1).map(lambda gap: (gap, max(gap - 0.2, -1.0), min(gap + 0.2, 1.0)))


@quick
@given(st.lists(gaps), st.floats(0.01, 0.2))
def test_a_scale_of_gaps_holds_every_gap_and_the_margin_and_is_as_wide_to_either_side(
    told: list[Figure], margin: float
) -> None:
    """No gap is drawn beyond its scale, and no gap lies in the middle of it."""
    scale = of_gaps(told, margin)
    assert scale.low == -scale.high
    assert scale.along(0.0) == 0.5
    assert all(scale.holds(value) for value, _, _ in told if value is not None)
    assert scale.holds(margin)
    assert scale.holds(-margin)


def test_a_gap_beyond_every_scale_is_not_on_the_widest() -> None:
    """A gap of two ratios may be above two; it is left to the words."""
    scale = of_gaps([(2.4, 0.2, 4.6)], 0.2)
    assert scale.high == 2.0
    assert not scale.holds(2.4)
    assert scale.along(2.4) == 1.0


def test_a_scale_of_shares_starts_at_nothing_and_is_as_short_as_it_may_be() -> None:
    """Bars start at nothing, however small they are; with no share told, the scale is a whole hundred."""
    assert of_shares([0.02, None, 0.04]).ticks == (0.0, 0.025, 0.05)
    assert of_shares([None]).high == 1.0


@quick
@given(st.lists(gaps, min_size=1))
def test_a_scale_around_figures_holds_them_with_their_intervals(told: list[Figure]) -> None:
    """Nothing is cut off, and no gap has its place."""
    scale = around(told, through=(0.0,))
    # Ticks are rounded to whole points.
    assert all(scale.low - 0.005 <= end <= scale.high + 0.005 for figure in told for end in figure if end is not None)
    assert scale.holds(0.0)
    assert list(scale.ticks) == sorted(set(scale.ticks))


def test_a_figure_lies_where_its_share_of_the_scale_says() -> None:
    """A quarter of the way along is a quarter; beyond an end is the end."""
    scale = Scale((1.0, 3.0))
    assert [scale.along(figure) for figure in (0.0, 1.0, 1.5, 3.0, 9.0)] == [0.0, 0.0, 0.25, 1.0, 1.0]


def test_ticks_are_of_a_hundred_with_a_minus_that_is_one() -> None:
    """A tick is as short as it can be written."""
    assert [tick(share) for share in (-0.15, 0.0, 0.025, 1.0)] == ["\N{MINUS SIGN}15", "0", "2.5", "100"]
