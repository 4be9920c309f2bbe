"""Bars of shares."""

import re

from fairness.pack.charts.bars import Bar, bars


def test_a_bar_starts_at_nothing_and_is_as_long_as_its_share_of_the_scale() -> None:
    """On a scale to ten, four of a hundred reach two fifths of the way; the whisker runs around the bar's end."""
    chart = bars("Refused", "Review", [Bar("Girls", 1240, (0.04, 0.03, 0.06))], "Refused, of 100")
    assert 'class="bar" width="40%"' in chart
    assert '<line x1="30%" x2="60%"' in chart
    assert "4 (3 to 6)" in chart
    assert ">Refused, of 100<" in chart


def test_a_hidden_group_has_a_row_and_no_bar() -> None:
    """It is not left out, and nothing of it is drawn."""
    chart = bars("Refused", "Review", [Bar("Gypsy or Roma", None, (None, None, None))], "Refused, of 100")
    said = [" ".join(re.sub("<[^>]*>", " ", part).split()) for part in chart.split("<tr>")]
    assert said[-1] == "Gypsy or Roma c"
    assert "bar" not in re.findall('class="(.*?)"', chart)
