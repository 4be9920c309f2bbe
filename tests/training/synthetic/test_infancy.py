"""Birth and the first weeks, as a maternity unit records them."""

import numpy as np

from training.synthetic.area import Area
from training.synthetic.batch import Batch
from training.synthetic.infancy import BREASTFEEDING, LOW_WEIGHT, REGISTRATION, TERM, VERY_PRETERM


def _twins(batch: Batch) -> tuple[np.ndarray, np.ndarray]:
    """Return the first and the second of every pair of twins."""
    twins = np.flatnonzero(batch.children.twin)
    order = twins[np.lexsort((batch.children.born[twins], batch.children.family[twins]))]
    return order[::2], order[1::2]


def test_ranges(batch: Batch) -> None:
    """Weeks, grams and years are such as a maternity unit records, and codes are of their lists."""
    infancy = batch.infancy
    assert infancy.gestation.min() >= 22
    assert infancy.gestation.max() <= 43
    assert infancy.weight.min() >= 300
    assert infancy.weight.max() <= 7000
    assert infancy.maternal_age.min() >= 14
    assert infancy.maternal_age.max() <= 52
    assert set(np.unique(infancy.registration)) == set(range(len(REGISTRATION)))
    assert set(np.unique(infancy.breastfed)) == set(range(len(BREASTFEEDING)))


def test_published_shares(batch: Batch, england: Area) -> None:
    """Births before 37 and 32 weeks, and low weights at term, are as many as published."""
    infancy = batch.infancy
    assert abs((infancy.gestation < TERM).mean() - england.share("preterm")) < 0.006
    assert abs((infancy.gestation < VERY_PRETERM).mean() - england.share("very_preterm")) < 0.003
    low = infancy.weight[infancy.gestation >= TERM] < LOW_WEIGHT
    assert abs(low.mean() - england.share("term_low_birthweight")) < 0.004


def test_what_goes_with_what(batch: Batch) -> None:
    """Twins and the children of smokers come earlier; smokers' weigh less; hardship goes with smoking, not breast milk."""
    infancy, children = batch.infancy, batch.children
    early, term = infancy.gestation < TERM, infancy.gestation >= TERM
    assert early[children.twin].mean() > 4 * early[~children.twin].mean()
    assert early[infancy.smoking].mean() > early[~infancy.smoking].mean()
    assert infancy.weight[infancy.smoking & term].mean() < infancy.weight[~infancy.smoking & term].mean() - 100
    hardship = batch.households.hardship[children.family]
    assert hardship[infancy.smoking].mean() > 0.5
    assert hardship[infancy.breastfed == 2].mean() > hardship[infancy.breastfed == 0].mean() + 0.2


def test_twins_are_of_one_delivery(batch: Batch) -> None:
    """Twins are born after the same number of weeks."""
    first, second = _twins(batch)
    assert np.array_equal(batch.infancy.gestation[first], batch.infancy.gestation[second])


def test_twins_have_one_mother(batch: Batch) -> None:
    """Twins have a mother of one age, who smoked or did not, and were registered in one way."""
    first, second = _twins(batch)
    infancy = batch.infancy
    for held in (infancy.maternal_age, infancy.smoking, infancy.registration):
        assert np.array_equal(held[first], held[second])


def test_siblings_have_one_mother(batch: Batch) -> None:
    """A mother is older at a later birth by the years between, to the year."""
    children = batch.children
    order = np.lexsort((children.born, children.family))
    younger, older = order[1:], order[:-1]
    same = (
        (children.family[younger] == children.family[older]) & children.born_here[younger] & children.born_here[older]
    )
    younger, older = younger[same], older[same]
    years = (children.born[younger] - children.born[older]) / 365.25
    older_by = batch.infancy.maternal_age[younger] - batch.infancy.maternal_age[older]
    inside = (batch.infancy.maternal_age[older] > 14) & (batch.infancy.maternal_age[younger] < 52)
    assert np.all(np.abs(older_by - years)[inside] <= 1)
