"""Cells in words, as a person would say them, and never other than the cells are."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.contract import Contract
from service.model_sheet.cells import Cells

EDGES = (0.5, 3.0, 20.0)
MINUS = "\N{MINUS SIGN}"


def _words(contract: Contract, name: str, edges: tuple[float, ...]) -> list[str]:
    feature = next(feature for feature in contract.features if feature.name == name)
    return [cell.words for cell in Cells(contract, feature).of(edges)]


@pytest.mark.parametrize(
    ("name", "edges", "words"),
    [
        ("neglect_contact", (0.5,), ["no", "yes"]),
        ("neglect_contact", (0.5, 3.0), ["no", "yes", "over 3"]),
        ("recent_contacts", EDGES, ["0", "1 to 3", "4 to 20", "21 or more"]),
        ("contact_reasons", (0.0, 1.5), ["0", "1", "2 or more"]),
        ("reviews_behind", (0.5,), ["0", "1 or more"]),
        ("review_zeros_least", EDGES, ["0", "1 to 3", "over 3, up to 20", "over 20"]),
        ("decile", (1.5, 8.5), ["1", "2 to 8", "9 to 10"]),
        ("birthweight", (2499.5, 3200.25), ["200 to 2499", "2500 to 3200", "3201 to 7000"]),
        ("gross_motor_mean", EDGES, ["up to 0.5", "over 0.5, up to 3", "over 3, up to 20", "over 20"]),
        ("uneven_most", (-7.5, 1e-35), [f"up to {MINUS}7.5", f"over {MINUS}7.5, up to 0", "over 0"]),
        ("recent_contacts", (), ["any value"]),
        ("hub_minutes", (0.2, 0.7), ["0", "over 0.2, up to 0.7", "1 or more"]),
    ],
)
def test_words(borough: Contract, name: str, edges: tuple[float, ...], words: list[str]) -> None:
    """Counts are whole and not below 0, yes and no are said so, and a fraction keeps its bounds."""
    assert _words(borough, name, edges) == words


@settings(derandomize=True, database=None, deadline=None)
@given(edges=st.lists(st.integers(-80, 240).map(lambda n: n / 4), min_size=1, max_size=12, unique=True).map(sorted))
def test_whole_cells_are_whole(borough: Contract, edges: list[float]) -> None:
    """The whole numbers that a count's cells name are those that lie in them, each in one cell only."""
    feature = next(feature for feature in borough.features if feature.name == "recent_contacts")
    named = [cell for cell in Cells(borough, feature).of(tuple(edges)) if not cell.words.startswith(("over", "up"))]
    spans = [cell.words.replace(" or more", " to 999").split(" to ") for cell in named]
    covered = [n for span in spans for n in range(int(span[0]), int(span[-1]) + 1)]
    assert covered == list(range(1000))


def test_named_values(borough: Contract) -> None:
    """A value that the contract has words for keeps its number, and says them."""
    feature = next(feature for feature in borough.features if feature.name == "decile")
    named = feature.model_copy(update={"labels": {"1": "the fewest means"}})
    cells = Cells(borough, named)
    assert [cell.words for cell in cells.of((1.5,))] == ["1 (the fewest means)", "2 (2) to 10 (10)"]
    assert [cell.short for cell in cells.of((1.5,))] == ["1", "2–10"]
