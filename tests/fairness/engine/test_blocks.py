"""Whole families drawn again: the exact family bootstrap where each is its own block, and very nearly where they share one."""

import tracemalloc

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from fairness.engine.blocks import MOST_BLOCKS, numbered, resamples_of
from fairness.intervals import RESAMPLES, resample_families

Integers = NDArray[np.int64]


def _rows(seed: int, families: int, rows: int, cells: int) -> tuple[Integers, Integers]:
    """Return rows' families and cells; those of one family tend to be in one cell."""
    chance = np.random.default_rng(seed)
    family = np.append(np.arange(families), chance.integers(0, families, rows - families))
    own = chance.integers(0, cells, families)[family]
    return family, np.where(chance.random(rows) < 0.6, own, chance.integers(0, cells, rows))


def test_totals_are_of_whole_families() -> None:
    """Every total of every resample is the sum of its families' rows, each as often as its family was drawn."""
    family, cell = _rows(1, 60, 100, 4)
    resamples = resamples_of(family, 60)
    counts = np.zeros((4, 60))
    np.add.at(counts, (cell, family), 1)
    assert resamples.times.sum(axis=0).tolist() == [60] * RESAMPLES
    np.testing.assert_array_equal(resamples.totals(cell, 4), counts @ resamples.times)


def test_many_cells_have_the_same_totals() -> None:
    """Counts that are mostly 0 are added another way, to the same totals; rows in no cell are in none."""
    family, cell = _rows(2, 300, 400, 4)
    resamples = resamples_of(family, 300)
    few, many = resamples.totals(cell, 4), resamples.totals(cell * 100, 400)
    np.testing.assert_array_equal(many[::100], few)
    assert many.sum() == few.sum()
    np.testing.assert_array_equal(resamples.totals(np.where(cell == 2, -1, cell), 4)[2], 0)


@pytest.mark.parametrize("families", [500, 20_000])
def test_shares_vary_as_when_families_are_drawn(families: int) -> None:
    """The spread of shares, and of a gap, is within a tenth of the exact family bootstrap's: far fewer blocks than families too."""
    family, cell = _rows(3, families, 2 * families, 6)
    drawn = resamples_of(family % families, families).totals(cell, 6).astype(np.float64)
    counts = np.zeros((families, 6), dtype=np.int64)
    np.add.at(counts, (family, cell), 1)
    exact = resample_families(counts).T
    for spread in (_shares, _gap):
        np.testing.assert_allclose(spread(drawn).std(axis=-1), spread(exact).std(axis=-1), rtol=0.1)
    independent = np.sqrt(_shares(exact).mean(axis=1) * (1 - _shares(exact).mean(axis=1)) / (2 * families))
    assert (_shares(drawn).std(axis=-1) > 1.1 * independent).all()
    assert len(resamples_of(family, families).times) == min(families, MOST_BLOCKS)


def _shares(totals: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(totals / totals.sum(axis=0))


def _gap(totals: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(totals[0] / totals[:3].sum(axis=0) - totals[3] / totals[3:].sum(axis=0))


def test_families_by_name_alone() -> None:
    """A family has the same number wherever its rows stand, and numbers follow no order of the names."""
    names = pd.Series([f"family {k:04d}" for k in range(2_000)])
    number, families = numbered(names)
    again, _ = numbered(names[::-1])
    assert families == 2_000
    np.testing.assert_array_equal(again[::-1], number)
    assert abs(np.corrcoef(number, np.arange(2_000))[0, 1]) < 0.1


def test_memory_does_not_follow_rows_times_resamples() -> None:
    """Forty thousand families are drawn a thousand times in less than their counts of every resample would take."""
    family, cell = _rows(4, 40_000, 60_000, 8)
    tracemalloc.start()
    resamples_of(family, 40_000).totals(cell, 8)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * 40_000 * RESAMPLES
