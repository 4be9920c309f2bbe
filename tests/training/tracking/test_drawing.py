"""Charts as SVG."""

import re
import xml.etree.ElementTree as ET

from training.tracking.drawing import Axis, Line, chart

ACROSS, UP = Axis("foreseen", 0, 1), Axis("happened", 0, 2)
LINES = [
    Line(
        "children & families", [(0.0, 0.0), (0.5, 1.0), (1.0, 5.0)], [(0.0, 0.1), (0.9, 1.1), (1.0, 2.0)], marked=True
    ),
    Line("as foreseen", [(0.0, 0.0), (1.0, 2.0)], [(0.0, 0.2), (1.8, 2.0)]),
    Line("nobody", [(0.0, 0.0), (1.0, 0.0)]),
]


def drawn() -> ET.Element:
    """Return a chart of three lines, read as a browser would."""
    return ET.fromstring(chart("What <happened>", ACROSS, UP, LINES))  # noqa: S314 (it is our own)


def test_it_says_what_it_shows() -> None:
    """A chart has a title, the names of its axes and of every line, written so that no sign of theirs breaks it."""
    said = [element.text for element in drawn().iter() if element.text]
    assert said.count("What <happened>") == 2
    assert {"foreseen", "happened", "children & families", "as foreseen", "nobody"} <= set(said)


def test_lines_differ_by_more_than_colour() -> None:
    """No two lines have the same dashes."""
    dashes = re.findall(r"<polyline[^>]*?(?:stroke-dasharray=\"([^\"]*)\")?/?>", chart("x", ACROSS, UP, LINES).decode())
    assert len(dashes) == len(LINES) == len(set(dashes))


def test_nothing_is_drawn_outside() -> None:
    """What lies beyond an axis is drawn at its end, and every place is within the picture."""
    for line in drawn().iter("{http://www.w3.org/2000/svg}polyline"):
        for place in line.attrib["points"].split():
            x, y = map(float, place.split(","))
            assert 70 <= x <= 490
            assert 50 <= y <= 360


def test_the_same_figures_give_the_same_bytes() -> None:
    """A chart depends on nothing but what it is given."""
    assert chart("x", ACROSS, UP, LINES) == chart("x", ACROSS, UP, LINES)


def test_a_line_without_points_is_drawn() -> None:
    """Where there is nothing to tell, there is an empty frame with its names."""
    assert b"nobody yet" in chart("x", ACROSS, UP, [Line("nobody yet", [], [], marked=True)])
