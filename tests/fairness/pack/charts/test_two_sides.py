"""Both errors side by side."""

import re

from fairness.pack.charts.two_sides import Sides, two_sides

EVERYONE = Sides("Everyone", 2500, (0.63, 0.6, 0.66), (0.41, 0.36, 0.46), (None, None))
GIRLS = Sides("Girls", 1240, (0.75, 0.7, 0.8), (0.3, 0.2, 0.4), (1, 2), "Sex")
HIDDEN = Sides("Gypsy or Roma", None, (None, None, None), (None, None, None), (None, None), "Ethnicity")


def test_both_errors_are_drawn_on_one_scale_with_everyones_as_a_line() -> None:
    """Three quarters missed lies at three quarters, three in ten needless at three tenths, of the same hundred."""
    chart = two_sides("Who is missed", "Review", [GIRLS, HIDDEN], EVERYONE)
    girls = next(part for part in chart.split("<tr>") if ">Girls<" in part)
    assert '<svg x="75%"><path class="m1"' in girls
    assert '<svg x="30%"><path class="m2"' in girls
    assert '<table class="chart" style="--at:0.63;--beside:0.41">' in chart
    assert chart.count("Scale from 0 to 100") == 2


def test_each_side_says_its_figure_and_its_verdict() -> None:
    """The range and the phrase stand beside either drawing; everyone is not judged against itself."""
    chart = two_sides("Who is missed", "Review", [GIRLS, HIDDEN], EVERYONE)
    told = [" ".join(re.sub("<[^>]*>", " ", part).split()) for part in chart.split("<tr>")[2:]]
    assert told[0] == "Everyone n 2,500 63 (60 to 66) 41 (36 to 46)"
    assert told[2] == "Girls n 1,240 75 (70 to 80) Gap larger than agreed 30 (20 to 40) Possible gap, keep watching"
    assert re.findall(r'<small class="(v\d)">', chart) == ["v1", "v2"]
    assert told[4] == "Gypsy or Roma c c"
