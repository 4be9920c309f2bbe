"""
The natural frequencies that scores are told in come true, at the authority's own rate.

It must be so because "about 31 of 100 children" is what people will remember of a score, and act on: if it were not what
happens among such children here, every other word of the answer would explain a number that means nothing. The full form,
on every invented area, is `benchmarks.evidence_frequencies`.
"""

import pytest

from benchmarks.evidence_frequencies import Authority, authority
from benchmarks.frequency_cells import Answer, Cell, cells, shown, told
from models.estimator import expit

# As many born anew as tested it, about; an area whose rate is high, and one whose rate is low.
BIRTHS = (2_500, 1_250)
SEEDS = {"blackpool": 31, "richmond": 41}


@pytest.fixture(scope="module")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Authority]:
    """Two authorities, each by its own bundle."""
    folder = tmp_path_factory.mktemp("frequencies")
    return {area: authority(area, seed, BIRTHS, folder) for area, seed in SEEDS.items()}


def test_what_is_displayed_happens(authorities: dict[str, Authority]) -> None:
    """In nearly every band, what children never seen before are told lies in the interval of what happened to them."""
    for one in authorities.values():
        assert [cell.band for cell in one.anew] == [cell.band for cell in one.held_out] == [0, 1, 2, 3]
    every = [cell for one in authorities.values() for cell in (*one.anew, *one.held_out)]
    assert sum(cell.inside for cell in every) >= 0.75 * len(every)
    assert sum(abs(cell.error) for cell in every) <= 6 * len(every)


def test_bands_are_told_apart(authorities: dict[str, Authority]) -> None:
    """Numbers fall from the band offered first to the last, and so does what happened: no average for everyone."""
    for one in authorities.values():
        displayed, happened = ([getattr(cell, name) for cell in one.anew] for name in ("shown", "observed"))
        assert displayed == sorted(displayed, reverse=True)
        assert displayed[0] - displayed[-1] > 25
        assert happened[0] - happened[-1] > 20


def test_knowing_nothing(authorities: dict[str, Authority]) -> None:
    """The number beside it, knowing nothing, is each authority's own rate, and not one rate for all."""
    for one in authorities.values():
        assert abs(one.knowing_nothing.error) < 4
    assert authorities["blackpool"].knowing_nothing.shown > authorities["richmond"].knowing_nothing.shown + 8


def test_numbers_that_do_not_hold_are_seen(authorities: dict[str, Authority]) -> None:
    """Were another authority's numbers displayed, or each child's odds twice as high, it would be seen."""
    found = authorities["richmond"].anew
    assert not _with(found[-1], shown=authorities["blackpool"].anew[-1].shown).inside
    twice = [_with(cell, shown=100 * 2 * cell.shown / (100 + cell.shown)) for cell in found]
    assert told(twice)["inside"] < 0.5


def _with(cell: Cell, shown: float) -> Cell:
    return Cell(cell.area, cell.band, cell.children, shown, cell.observed, cell.low, cell.high)


def test_cells_by_hand() -> None:
    """A cell's number is the mean of those displayed, what happened a share; few children are left out, and counted."""
    many = [Answer(0, 60.0 + 10 * (i % 2), i % 10 < 6) for i in range(200)]
    few = [Answer(2, 5.0, happened=False) for _ in range(99)]
    first, last = cells("somewhere", many + few)
    assert (first.band, first.children, first.shown, first.observed) == (0, 200, 65.0, 60.0)
    assert first.low == pytest.approx(53.08, abs=0.01)
    assert first.high == pytest.approx(66.54, abs=0.01)
    assert (last.band, last.children) == (2, 99)
    figures = told([first, last])
    assert (figures["cells"], figures["left_out"], figures["inside"]) == (1, 1, 1.0)
    assert (figures["mean_absolute_error"], figures["mean_error_by_band"]) == (5.0, [5.0])
    off = cells("somewhere", [Answer(0, 67.1, answer.happened) for answer in many])[0]
    assert not off.inside
    assert told([off])["not_inside"][0]["area"] == "somewhere"


def test_the_number_is_the_one_people_read() -> None:
    """What is compared is the whole number in the words, at both ends too."""
    assert [shown(p) for p in (0.0, 0.004, 0.01, 0.314, 0.99, 0.996, 1.0)] == [0, 0, 1, 31, 99, 100, 100]
    assert shown(expit(0.0)) == 50
