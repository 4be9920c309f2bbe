"""What else happens before school: special needs noticed in funded places, and early help."""

import numpy as np

from training.synthetic.area import Area
from training.synthetic.batch import Batch
from training.synthetic.residence import NEVER


def test_needs_noticed_in_places(batch: Batch, england: Area) -> None:
    """Needs are noticed in funded places only, before school, in as many children as published."""
    noticed, childcare = batch.early_needs.recorded < NEVER, batch.childcare
    assert not (noticed & ~(childcare.two_year_place | childcare.universal_place)).any()
    age = (batch.early_needs.recorded - batch.children.born)[noticed]
    assert age.min() >= 770
    assert age.max() < 1420
    assert abs(noticed[childcare.universal_place].mean() - england.share("sen_funded_three_four")) < 0.012


def test_whose_needs_are_noticed(batch: Batch) -> None:
    """Needs are noticed where development is lower, and plans are for disabled children alone."""
    noticed = batch.early_needs.recorded < NEVER
    assert batch.development[noticed].mean() < batch.development[~noticed].mean() - 0.3
    plan = noticed & (batch.early_needs.provision == "E")
    assert plan.any()
    assert batch.latent.disabled[plan].all()
    assert set(np.unique(batch.early_needs.provision)) == {"E", "K"}


def test_early_help(batch: Batch) -> None:
    """Early help begins after birth, ends later, and is likelier with hardship."""
    began, ended = batch.early_help.began, batch.early_help.ended
    has = began < NEVER
    assert np.array_equal(has, ended < NEVER)
    assert np.all(began > batch.children.born)
    assert np.all(ended[has] > began[has])
    hardship = batch.households.hardship[batch.children.family]
    assert hardship[has].mean() > hardship[~has].mean() + 0.5
    assert 0.055 < has.mean() < 0.085
