"""A hundred marks for a hundred children."""

import re

import pytest

from fairness.pack.charts.frequency import of_hundred


@pytest.mark.parametrize("found", [0, 37, 100])
def test_there_are_a_hundred_marks_and_as_many_full_ones_as_found(found: int) -> None:
    """The drawing counts what its words say."""
    drawn = of_hundred("Of 100 on the list:", found, ("had the outcome", "did not"))
    icons, key = drawn.split("</svg>", 1)
    assert dots(icons, "full") == set(range(found))
    assert dots(icons, "hollow") == dots(icons, "hole") == set(range(found, 100))
    assert f"<title>Of 100 on the list: {found} had the outcome; {100 - found} did not</title>" in icons
    assert f"<b>{found}</b> had the outcome" in key
    assert f"<b>{100 - found}</b> did not" in key


def dots(icons: str, kind: str) -> set[int]:
    """Which places have a mark of that kind: one at the start of each line, and one each twenty units to its end."""
    (path,) = re.findall(rf'class="{kind}" d="([^"]*)"', icons) or [""]
    lines = [tuple(map(int, line)) for line in re.findall(r"M(\d+) (\d+)H(\d+)", path)]
    return {(y - 10) // 20 * 10 + (x - 10) // 20 for start, y, end in lines for x in range(start, end + 1, 20)}


@pytest.mark.parametrize("found", [-1, 101])
def test_more_than_a_hundred_of_a_hundred_is_refused(found: int) -> None:
    """A number that is not of a hundred is a mistake of the writer."""
    with pytest.raises(ValueError, match="not of a hundred"):
        of_hundred("Of 100:", found, ("had it", "did not"))
