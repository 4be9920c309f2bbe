"""Where children live: from their arrival, at one address after another, until they leave."""

import numpy as np

from training.synthetic.batch import Batch
from training.synthetic.residence import NEVER, SPELLS


def test_living_here(batch: Batch) -> None:
    """A child lives here from the day it arrives, not on the day it leaves, and not before or after."""
    children, residence = batch.children, batch.residence
    assert residence.resident(children, children.arrived).all()
    assert not residence.resident(children, children.arrived - 1).any()
    assert not residence.resident(children, residence.leaves).any()
    assert residence.resident(children, residence.leaves - 1).all()


def test_leaving(batch: Batch) -> None:
    """About one in eight leaves; a family leaves together, but for a child who died before."""
    children, residence = batch.children, batch.residence
    assert 0.10 < (residence.leaves < NEVER).mean() < 0.15
    together: dict[int, set[int]] = {}
    for family, leaves, died in zip(
        children.family.tolist(), residence.leaves.tolist(), residence.died.tolist(), strict=True
    ):
        if not died:
            together.setdefault(family, set()).add(leaves)
    assert {len(days) for days in together.values()} == {1}


def test_deaths(batch: Batch) -> None:
    """Fewer than four in a thousand die, all of them while they live here."""
    died = batch.residence.died
    assert 0.001 < died.mean() < 0.005
    assert np.all(batch.residence.leaves[died] > batch.children.arrived[died])


def test_addresses_follow_one_another(batch: Batch) -> None:
    """A family's addresses begin one after another, the first before its first child was born."""
    starts, children = batch.residence.starts, batch.children
    known = starts[:, 1:] < NEVER
    assert np.all(np.diff(starts, axis=1)[known] >= 0)
    assert np.all(starts[children.family, 0] < children.born)
    assert batch.residence.deciles.shape == starts.shape == (children.families, SPELLS)
    assert set(np.unique(batch.residence.deciles)) == set(range(1, 11))


def test_the_address_of_a_day(batch: Batch) -> None:
    """The decile on a day is that of the address begun last, on that very day too."""
    children, residence = batch.children, batch.residence
    for spell in (0, 1, 2):
        begun = residence.starts[children.family, spell]
        kept = (begun < NEVER) & (residence.starts[children.family, spell + 1] > begun)
        on = np.where(kept, begun, 0)
        wanted = residence.deciles[children.family, spell]
        assert np.array_equal(residence.decile_on(children, on)[kept], wanted[kept])


def test_moves_before_five(batch: Batch) -> None:
    """Moves are counted from birth to the fifth birthday; hardship makes them likelier."""
    children, residence = batch.children, batch.residence
    ages = residence.starts[children.family] - children.born[:, None]
    assert np.array_equal(residence.moves, ((ages > 0) & (ages < 1826.25)).sum(axis=1))
    hard = batch.households.hardship[children.family] > 1
    assert residence.moves[hard].mean() > 1.3 * residence.moves[~hard].mean()
