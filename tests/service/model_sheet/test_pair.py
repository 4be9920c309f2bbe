"""Two features together: every cell has its figure, its sign and its shade, whichever feature goes down."""

import xml.etree.ElementTree as ET

import pytest

from models.contract import Contract
from models.terms import PairTerm
from service.model_sheet.cells import Cells
from service.model_sheet.pair import heat_map
from service.model_sheet.terms import served

MINUS = "\N{MINUS SIGN}"
# Two cells and not known down, one and not known across.
VALUES = ((0.3, -0.01), (-0.06, 0.0), (0.15, -0.3))
COUNTS = ((100, 10), (9, 20), (30, 0))
WANTED = [
    ["0", "+0.300", f"{MINUS}0.010"],
    ["1 or more", f"{MINUS}0.060°", "0.000"],
    ["not known", "+0.150", f"{MINUS}0.300°"],
]


def _cells(contract: Contract, name: str) -> Cells:
    return Cells(contract, next(feature for feature in contract.features if feature.name == name))


def _drawn(contract: Contract, names: tuple[str, str], pair: PairTerm) -> ET.Element:
    cells = (_cells(contract, names[0]), _cells(contract, names[1]))
    return ET.fromstring(heat_map(served(pair, 0, 1.0, {}), names, cells, "here"))  # noqa: S314


@pytest.mark.parametrize("turned", [False, True])
def test_every_cell(borough: Contract, turned: bool) -> None:  # noqa: FBT001
    """The feature with more cells goes down; figures, marks and headings go with it."""
    names = ("recent_contacts", "gross_motor_mean")
    pair = PairTerm(features=names, edges=((0.5,), ()), values=VALUES, n=COUNTS)
    if turned:
        names = (names[1], names[0])
        values, n = tuple(zip(*VALUES, strict=True)), tuple(zip(*COUNTS, strict=True))
        pair = PairTerm(features=names, edges=((), (0.5,)), values=values, n=n)
    tree = _drawn(borough, names, pair)
    rows = [["".join(cell.itertext()) for cell in row] for row in tree.iter("tr")]
    assert rows[0] == ["Recent_contacts ↓ gross_motor_mean →", "any value", "not known"]
    assert rows[1:] == WANTED


def test_shades(borough: Contract) -> None:
    """A cell is the darker the more it pushes, in one colour up and in another down; one that hardly does has none."""
    names = ("recent_contacts", "gross_motor_mean")
    tree = _drawn(borough, names, PairTerm(features=names, edges=((0.5,), ()), values=VALUES, n=COUNTS))
    assert [cell.attrib.get("class", "") for cell in tree.iter("td")] == ["u4", "", "d2", "", "u3", "d4"]
