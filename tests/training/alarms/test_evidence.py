"""What agreement means, learned from look-alikes who are certainly two."""

import pytest

from training.alarms.evidence import Evidence
from training.alarms.look_alikes import Cell, Days, LookAlike

TELLING = {"births": ("mother", "weight", "twin")}
MOTHER, WEIGHT, TWIN = (("births", name) for name in TELLING["births"])


def _days(mother: int, weight: int, twin: int) -> Days:
    return {("births", 0): [(mother, weight, twin)]}


def _alike(first: tuple[int, int, int], second: tuple[int, int, int]) -> LookAlike:
    cells = tuple(Cell(c, a, b) for c, a, b in zip((MOTHER, WEIGHT, TWIN), first, second, strict=True))
    return LookAlike(("a", "b"), 1.0, cells)


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    """A thousand children, 1 in 50 a twin; and a hundred pairs of twins: one mother's age, never one weight."""
    drawn = [_days(20 + i % 20, 2000 + i, int(i % 50 == 0)) for i in range(1000)]
    # Twins differ in two columns here, so that each is learned of: none is the only sign of their being two.
    apart = Cell(("births", "sex"), "F", "M")
    twins = [_alike((20 + i % 20, 2000 + i, 1), (20 + i % 20, 2500 + i, 1)) for i in range(100)]
    return Evidence(TELLING, drawn, [LookAlike(one.pair, 1.0, (*one.cells, apart)) for one in twins])


def _bits(evidence: Evidence, *cells: Cell) -> float:
    return evidence.bits(LookAlike(("a", "b"), 1.0, cells))


def test_what_twins_share_says_nothing(evidence: Evidence) -> None:
    """That the mother's age is the same says nothing: of all pairs of twins it is."""
    assert abs(_bits(evidence, Cell(MOTHER, 25, 25))) < 0.3


def test_what_twins_do_not_share_says_much(evidence: Evidence) -> None:
    """That the weight is the same to the gram says that it is one child: of no pair of twins it is."""
    assert _bits(evidence, Cell(WEIGHT, 2900, 2900)) > 4


def test_single_births_are_no_twins(evidence: Evidence) -> None:
    """A single birth speaks for one person, and being a twin against it."""
    assert _bits(evidence, Cell(TWIN, 0, 0)) > 4
    assert _bits(evidence, Cell(TWIN, 1, 1)) < -4


def test_the_same_thing_noted_again_adds_nothing(evidence: Evidence) -> None:
    """A column counts once, however often it was noted."""
    once = Cell(WEIGHT, 2900, 2900)
    assert _bits(evidence, once, once, once) == pytest.approx(_bits(evidence, once), abs=1e-12)
