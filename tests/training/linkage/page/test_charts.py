"""The link report's drawings: what they show is where the figures say, and nothing is told by colour alone."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairness.verdicts import Verdict
from training.linkage.page.charts import WIDTH, Weights, share_bar
from training.linkage.page.gaps import Gaps, verdict_mark
from training.linkage.page.histogram import weights_histogram, with_neither

GAPS = Gaps(0.03)


def _numbers(drawn: str, shape: str, attribute: str) -> list[float]:
    return [float(found) for found in re.findall(rf'<{shape} [^>]*?\b{attribute}="(-?[\d.]+)"', drawn)]


def _gap(low: float, value: float, high: float) -> dict[str, float]:
    return {"low": low, "value": value, "high": high}


def test_a_gap_within_the_margin_lies_on_the_band() -> None:
    """Dot and whisker of a gap within the margin lie on the band, which ends at the margin; none is in the middle."""
    drawn = GAPS.drawn("a group", _gap(-0.02, 0.0, 0.02), Verdict.WITHIN_MARGIN)
    (left,), (width,) = _numbers(drawn, "rect", "x"), _numbers(drawn, "rect", "width")
    assert _numbers(drawn, "circle", "cx") == [WIDTH / 2]
    assert left < _numbers(drawn, "line", "x1")[1] < WIDTH / 2 < _numbers(drawn, "line", "x2")[1] < left + width
    edge = GAPS.drawn("a group", _gap(-0.03, 0.03, 0.03), Verdict.WITHIN_MARGIN)
    assert _numbers(edge, "circle", "cx") == [left + width]


@pytest.mark.parametrize(("low", "high", "arrows"), [(-0.05, 0.05, 0), (-0.5, 0.0, 1), (0.0, 0.5, 1), (-0.5, 0.5, 2)])
def test_an_arrow_where_it_goes_on(low: float, high: float, arrows: int) -> None:
    """An interval that ends within the drawing has no arrow; one that goes on has an arrow on that side."""
    assert GAPS.drawn("a group", _gap(low, 0.0, high), Verdict.WITHIN_MARGIN).count('class="arrow"') == arrows


@given(st.floats(-1, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0.005, 0.5))
def test_gaps_stay_within_their_drawing(value: float, below: float, above: float, margin: float) -> None:
    """However far off a gap is, and whatever the margin, its dot and whisker are drawn, in order, inside the picture."""
    drawn = Gaps(margin).drawn("a group", _gap(value - below, value, value + above), Verdict.CANNOT_TELL)
    (dot,) = _numbers(drawn, "circle", "cx")
    assert 0 < _numbers(drawn, "line", "x1")[1] <= dot <= _numbers(drawn, "line", "x2")[1] < WIDTH


def test_no_gap_no_dot() -> None:
    """Where no gap may be shown there is neither dot nor whisker, and the title says why."""
    drawn = GAPS.drawn("ethnicity: Irish: [c]", None, Verdict.CANNOT_TELL)
    assert "circle" not in drawn
    assert "whisker" not in drawn
    assert "<title>ethnicity: Irish: [c]</title>" in drawn


def test_verdicts_differ_in_shape() -> None:
    """No two verdicts have a mark of one shape and one filling, and each mark is named in words."""
    marks = {verdict: verdict_mark(verdict) for verdict in Verdict}
    shapes = {re.sub(r"<title>.*?</title>", "", mark) for mark in marks.values()}
    assert len(shapes) == len(Verdict)
    corners = [mark.split('points="')[1].count(",") for mark in marks.values() if "polygon" in mark]
    assert sorted(corners) == [3, 4]
    assert all(verdict.value in mark for verdict, mark in marks.items())


def test_the_axis_names_the_margin() -> None:
    """The axis of gaps gives no difference, and the margin to either side, in percentage points."""
    assert re.findall(r"<text [^>]*>([^<]*)</text>", GAPS.axis()) == ["\N{MINUS SIGN}3", "0", "+3"]


@given(st.lists(st.floats(-40, 40), min_size=1, max_size=9))
def test_weights_point_to_their_side(weights: list[float]) -> None:
    """A bar for one child starts at 0 and goes right, one against it ends at 0; all are inside the picture, to one scale."""
    scale = Weights.of(weights)
    for weight in weights:
        drawn = scale.drawn("a level", weight)
        (start,), (width,), (zero,) = (
            _numbers(drawn, shape, name) for shape, name in (("rect", "x"), ("rect", "width"), ("line", "x1"))
        )
        assert 0 < start <= start + width < WIDTH
        assert abs((start if weight > 0 else start + width) - zero) < 0.02
        assert abs(width / (WIDTH - 18) * (scale.high - scale.low) - abs(weight)) < 0.01


def test_the_axis_of_weights_ends_at_whole_fives() -> None:
    """The scale of weights holds them all and ends at whole fives."""
    assert Weights.of([-9.9, 15.7]) == Weights(-10, 20)
    assert Weights.of([3.0]) == Weights(0, 5)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_share_is_its_part_of_the_bar(part: int, rest: int) -> None:
    """The bar is as much of its ground as the part is of the whole; of nothing it is empty."""
    ground, bar = _numbers(share_bar("a share", part, part + rest), "rect", "width")
    assert abs(bar - (ground * part / (part + rest) if part + rest else 0)) < 0.01


def test_the_histogram_counts_each_pair_once() -> None:
    """Each pair is linked, to look at, or neither; a panel's bars are as high as their counts, and never too low to see."""
    bins = [
        {"bits": -2, "pairs": 10, "linked": 0, "to_review": 1},
        {"bits": 0, "pairs": 30, "linked": 20, "to_review": 10},
        {"bits": 5, "pairs": 40_000, "linked": 40_000, "to_review": 0},
    ]
    assert [one["neither"] for one in with_neither(bins)] == [9, 0, 0]
    drawn = weights_histogram(bins)
    heights = {
        name: _numbers("".join(re.findall(rf'<rect class="{name}"[^>]*>', drawn)), "rect", "height")
        for name in ("linked", "to-review", "neither")
    }
    assert heights == {"linked": [1, 46], "to-review": [4.6, 46], "neither": [46]}
    assert "linked: at most 40,000 in one bar" in drawn
