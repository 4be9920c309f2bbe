"""A term of one feature: no small number of children is told of it, in figures or in its drawing."""

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models.contract import Contract
from models.refits import Curve
from models.small_numbers import rounded
from models.terms import Input, LinearTerm, StepTerm
from service.model_sheet.cells import Cells
from service.model_sheet.population import population
from service.model_sheet.single import Told, drawn
from service.model_sheet.terms import served

COUNTS = st.lists(st.one_of(st.integers(0, 30), st.integers(0, 5000)), min_size=2, max_size=12)


def _told(contract: Contract, n: list[int], curve: Curve | None = None) -> Told:
    feature = next(feature for feature in contract.features if feature.name == "gross_motor_mean")
    known = sum(n[:-1])
    seen = Input(feature=feature.name, low=0.0, high=60.0, typical=40.0, n_known=known, n_not_known=n[-1])
    return Told("Mean", "At one: late", Cells(contract, feature), seen, curve)


def _step(n: list[int]) -> StepTerm:
    values = tuple(0.01 * i - 0.03 for i in range(len(n)))
    edges = tuple(float(i) for i in range(len(n) - 2))
    return StepTerm(feature="gross_motor_mean", edges=edges, values=values, n=tuple(n))


def _line() -> LinearTerm:
    return LinearTerm(feature="gross_motor_mean", coefficient=-0.01, centre=38.0, low=0.0, high=60.0, not_known=0.1)


def _counts(contract: Contract, term: StepTerm | LinearTerm, n: list[int]) -> list[str]:
    told = _told(contract, n)
    _, table = drawn(served(term, 0, 0.9, {told.seen.feature: told.seen}), told)
    rows = [["".join(cell.itertext()) for cell in row] for row in ET.fromstring(table).iter("tr")]  # noqa: S314
    return [row[-1] for row in rows[1:]]


@settings(derandomize=True, database=None, deadline=None)
@given(n=COUNTS, line=st.booleans())
def test_no_small_number(borough: Contract, n: list[int], line: bool) -> None:  # noqa: FBT001
    """Every count on the page is of ten children or more, to the nearest five; all else there is words."""
    for words in _counts(borough, _line() if line else _step(n), [sum(n[:-1]), n[-1]] if line else n):
        said = re.sub(r"\d+ cells together|fewer than 10", "", words)
        assert all(int(count) >= 10 and int(count) % 5 == 0 for count in re.findall(r"\d+", said.replace(",", "")))


@settings(derandomize=True, database=None, deadline=None)
@given(n=COUNTS)
def test_a_drawing_says_no_more(borough: Contract, n: list[int]) -> None:
    """Two terms of whose children the same is told are drawn alike, to the last point of the last bar."""
    other = [rounded(count) or count for count in n]
    assume(other != n and population(n) == population(other))
    first, second = (drawn(served(_step(counts), 0, 0.9, {}), _told(borough, counts))[0] for counts in (n, other))
    assert first == second


def test_refits_of_a_cell(borough: Contract) -> None:
    """A cell's bounds are those of every value in it that was looked at; a cell without one has none."""
    curve = Curve(
        feature="gross_motor_mean", at=(-1.0, 0.0, 0.5), low=(-0.3, -0.2, -0.1, -0.4), high=(0.1, 0.2, 0.3, 0.4)
    )
    told = _told(borough, [100, 100, 100, 100], curve)
    _, table = drawn(served(_step([100, 100, 100, 100]), 0, 1.0, {}), told)
    cells = ["".join(cell.itertext()) for cell in ET.fromstring(table).iter("td")]  # noqa: S314
    assert [words.replace("\N{MINUS SIGN}", "-") for words in cells[2::4]] == [
        "-0.300 to +0.200",
        "-0.100 to +0.300",
        "",
        "-0.400 to +0.400",
    ]


@pytest.mark.parametrize("typical", [0.0, 40.0, 60.0])
def test_a_drawing_keeps_to_its_paper(borough: Contract, typical: float) -> None:
    """Every point of a drawing lies on it, however large what it draws is."""
    line = LinearTerm(feature="gross_motor_mean", coefficient=0.9, centre=0.0, low=0.0, high=60.0, not_known=-14.0)
    told = _told(borough, [900, 100])
    told = told._replace(seen=told.seen.model_copy(update={"typical": typical}))
    picture, _ = drawn(served(line, 0, 1.0, {told.seen.feature: told.seen}), told)
    tree = ET.fromstring(picture)  # noqa: S314
    width, height = (float(tree.attrib[side]) for side in ("width", "height"))
    points = [point.split() for path in tree.iter("path") for point in re.split("[ML]", path.attrib["d"])[1:]]
    assert points
    assert all(0 <= float(x) <= width and 0 <= float(y) <= height for x, y in points)
