"""How rows come in families, counted against families one by one."""

import numpy as np
import pytest

from fairness.engine.families import _AT_ONCE, families_of, in_families
from fairness.engine.measures import SHARES, shares


@pytest.mark.parametrize("families", [1, 7, 40])
def test_against_one_by_one(families: int) -> None:
    """Families and squares of every share, of groups and of the rest of each, are those of families counted one by one."""
    chance = np.random.default_rng(families)
    family, number = chance.integers(0, families, 60), chance.integers(-1, 3, 60)
    observed, place = chance.integers(0, 2, 60), chance.integers(0, 4, 60)
    inside, outside = in_families(families_of(family, families), observed * 4 + place, number, (2, 4, 3))
    for group in range(3):
        for side, rows in ((inside, number == group), (outside, number != group)):
            counts = np.zeros((2, 4, 1, families))
            np.add.at(counts, (observed[rows], place[rows], 0, family[rows]), 1)
            for name in SHARES:
                n = shares(counts)[name].n[:, 0]
                np.testing.assert_array_equal(side[name].families[:, group], (n > 0).sum(axis=1))
                np.testing.assert_array_equal(side[name].squares[:, group], (n**2).sum(axis=1))


def test_some_families_at_a_time() -> None:
    """More families than are counted at once have the figures of all of them."""
    width, families = 2 * 3 * 40, 30_000
    assert width * families > _AT_ONCE
    family = np.repeat(np.arange(families), 2)
    inside, _ = in_families(families_of(family, families), np.full(len(family), 2), np.zeros_like(family), (2, 3, 40))
    assert inside["selection_rate"].families[0, 0] == families
    assert inside["selection_rate"].squares[0, 0] == 4 * families
