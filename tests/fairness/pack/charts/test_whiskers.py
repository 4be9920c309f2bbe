"""Dot and whisker: where marks, whiskers and the margin stand, what the rows say in words, and what tells the verdicts apart."""

import re
from collections.abc import Sequence

import pytest

from fairness.pack.charts.key import verdict_key
from fairness.pack.charts.marks import mark, phrase
from fairness.pack.charts.whiskers import Whisker, whiskers
from fairness.pack.words import VERDICTS
from models.markup import Markup

PAKISTANI = Whisker("Pakistani", 430, (-0.12, -0.17, -0.07), 1, "Ethnicity")
WIDE = Whisker("Black African", 90, (-0.14, -0.33, 0.04), 3, "Ethnicity")
HIDDEN = Whisker("Gypsy or Roma", None, (None, None, None), None, "Ethnicity")
NOBODY = Whisker("Irish Traveller", 0, (None, None, None), None, "Ethnicity")
GIRLS = Whisker("Girls", 1210, (0.01, -0.02, 0.03), 0, "Sex")


def drawn(rows: Sequence[Whisker], margin: float | None = 0.05) -> Markup:
    """The chart of gaps."""
    return whiskers("Fewer are found", "Recall, two-year review", rows, margin)


def row(markup: Markup, label: str) -> str:
    """A row of the chart, by its name."""
    return next(part for part in markup.split("<tr>") if f">{label}<" in part)


def words(markup: str) -> str:
    """What stands in it as words."""
    return " ".join(re.sub("<[^>]*>", " ", markup).split())


def test_a_row_says_in_words_what_its_drawing_shows() -> None:
    """Name, children, gap with its range, and verdict."""
    assert words(row(drawn([PAKISTANI]), "Pakistani")) == (
        "Pakistani n 430 \N{MINUS SIGN}12 (\N{MINUS SIGN}17 to \N{MINUS SIGN}7) Gap larger than agreed"
    )


def test_places_are_shares_of_the_scale() -> None:
    """A shortfall of 12, on a scale of 20 to either side, is a fifth of the way along, and its whisker runs around it."""
    of = row(drawn([PAKISTANI]), "Pakistani")
    assert '<svg x="20%"><path class="m1"' in of
    assert '<line x1="7.5%" x2="32.5%"' in of


def test_margin_and_no_gap_are_told_once_for_all_rows() -> None:
    """A margin of 5, on a scale of 20 to either side, is from 37.5 to 62.5 % of the way along; no gap is in the middle."""
    assert '<table class="chart" style="--at:0.5;--low:0.375;--high:0.625">' in drawn([PAKISTANI, WIDE])


def test_a_whisker_that_goes_on_beyond_the_scale_ends_in_an_arrow_on_that_side() -> None:
    """Nothing is cut off in silence."""
    assert '<svg x="0%"><path class="arrow"' in row(drawn([WIDE]), "Black African")
    assert '<svg x="100%"><path class="arrow"' not in row(drawn([WIDE]), "Black African")
    assert "arrow" not in drawn([PAKISTANI])


def test_a_hidden_group_and_one_with_nobody_keep_their_rows_with_their_symbols_and_no_mark() -> None:
    """A group is never left out, and nothing is drawn of one that is hidden."""
    chart = drawn([HIDDEN, NOBODY, PAKISTANI])
    assert words(row(chart, "Gypsy or Roma")) == "Gypsy or Roma c Not told: small numbers, or no margin was set"
    assert words(row(chart, "Irish Traveller")) == "Irish Traveller z Not told: small numbers, or no margin was set"
    for label in ("Gypsy or Roma", "Irish Traveller"):
        assert not re.search("<(svg|line|path|circle|rect)", row(chart, label))


def test_without_a_margin_nothing_is_shaded_and_without_a_verdict_none_is_said() -> None:
    """A measure that nobody set a margin for is drawn, and not judged."""
    chart = drawn([Whisker("Girls", 1210, (0.01, -0.02, 0.03), None)], margin=None)
    assert "--low" not in chart
    assert "shaded" not in chart
    assert "Verdict" not in chart
    assert 'class="m4"' in chart


def test_rows_stand_in_the_order_given_under_what_they_are_groups_of() -> None:
    """The writer orders them by size of gap."""
    chart = words(drawn([WIDE, PAKISTANI, GIRLS]))
    places = [chart.index(name) for name in ("Ethnicity", "Black African", "Pakistani", "Sex", "Girls")]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("gap", "end", "inside", "said"),
    [
        (2.4, "100%", -13, "+240 (+20 to +460)"),
        (-2.4, "0%", 13, "\N{MINUS SIGN}240 (\N{MINUS SIGN}460 to \N{MINUS SIGN}20)"),
    ],
)
def test_a_gap_beyond_the_scale_keeps_its_verdict_beside_an_arrow(gap: float, end: str, inside: int, said: str) -> None:
    """Its mark stands just inside of the arrow at that end, not at a figure of the scale; whisker and words go on."""
    low, high = sorted((gap / 12, gap * 23 / 12))
    of = row(drawn([Whisker("Girls", 20, (gap, low, high), 1)]), "Girls")
    assert re.findall(r'<svg x="([^"]*)"><path class="arrow"', of) == [end]
    assert f'<svg x="{end}"><svg x="{inside}"><path class="m1"' in of
    assert said in of
    assert "Gap larger than agreed" in of


def test_the_writers_own_columns_stand_beside() -> None:
    """Their headings, and a figure in each row."""
    chart = whiskers(
        "Gap", "Recall", [Whisker("Girls", 10, (0.0, -0.1, 0.1), 3, cells=("14",))], 0.05, columns=["Seen"]
    )
    assert ">Seen</th>" in chart
    assert ">14</td>" in chart


def test_names_are_written_as_text() -> None:
    """A group's name is no markup."""
    assert "<b>" not in drawn([Whisker("<b>", 10, (0.0, -0.1, 0.1), 3, "<b>")])


def test_every_verdict_has_a_shape_of_its_own() -> None:
    """Without any colour, the five marks differ in what is drawn, or in that only the ring is hollow."""
    marks = [re.sub('class="m."', "", mark(verdict, 0, 0)) for verdict in (0, 1, 2, None)]
    assert len(set(marks)) == len(marks)
    assert re.sub("m3", "m0", mark(3, 0, 0)) == mark(0, 0, 0)


def test_the_key_names_every_verdict_beside_its_mark() -> None:
    """Four phrases, and what was not judged."""
    items = verdict_key().split("<li>")[1:]
    assert [words(item) for item in items] == [*VERDICTS, "Not told: small numbers, or no margin was set"]
    assert [re.findall('class="(m.)"', item) for item in items] == [["m0"], ["m1"], ["m2"], ["m3"], ["m4"]]


@pytest.mark.parametrize("verdict", range(4))
def test_a_verdict_has_its_fixed_phrase(verdict: int) -> None:
    """The words are the pack's."""
    assert phrase(verdict) == VERDICTS[verdict]
