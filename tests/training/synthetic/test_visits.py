"""Health visiting: five mandated contacts, made while a child lives here, and missed where facts say they are."""

import numpy as np
import pytest

from training.synthetic.area import Area
from training.synthetic.batch import Batch
from training.synthetic.residence import NEVER
from training.synthetic.visits import DISRUPTED_COHORT

AGES = {
    "new_birth": (9, 60),
    "six_to_eight_weeks": (40, 56),
    "one_year": (280, 456),
    "two_year": (730, 913),
}


@pytest.mark.parametrize("contact", AGES)
def test_while_living_here(batch: Batch, contact: str) -> None:
    """A contact is made at the ages it is mandated for, and only with a child who lives here on that day."""
    on = getattr(batch.visits, contact)
    seen = on < NEVER
    low, high = AGES[contact]
    ages = (on - batch.children.born)[seen]
    assert low <= ages.min()
    assert ages.max() <= high
    assert batch.residence.resident(batch.children, on)[seen].all()


def test_before_birth(batch: Batch) -> None:
    """Antenatal contacts are in the weeks before a birth here."""
    on = batch.visits.antenatal
    met = on < NEVER
    assert batch.children.born_here[met].all()
    assert np.all((batch.children.born - on)[met] >= 15)
    assert np.all((batch.children.born - on)[met] < 80)


def _reviewed(batch: Batch, who: np.ndarray) -> float:
    """Return the share reviewed of those who live here all through the months of the review."""
    children = batch.children
    here = batch.residence.resident(children, children.born + 730) & batch.residence.resident(
        children, children.born + 913
    )
    return float((batch.visits.two_year < NEVER)[here & who].mean())


def test_looked_after_children_are_reviewed_less(batch: Batch) -> None:
    """Far fewer of the children in care at two are reviewed."""
    at_two = batch.children.born + 820
    care = (batch.care.looked_after <= at_two) & (batch.care.looked_after_until > at_two)
    assert care.sum() > 80
    assert _reviewed(batch, care) < _reviewed(batch, ~care) - 0.1


def test_deprived_children_are_reviewed_less(batch: Batch) -> None:
    """Fewer of the children in deprived areas, and in hardship, are reviewed."""
    decile = batch.residence.decile_on(batch.children, batch.children.born + 700)
    hardship = batch.households.hardship[batch.children.family]
    assert _reviewed(batch, decile <= 2) < _reviewed(batch, decile >= 9) - 0.02
    assert _reviewed(batch, hardship > 1) < _reviewed(batch, hardship < -1) - 0.04


def test_births_of_2019_20_are_reviewed_less(batch: Batch, england: Area) -> None:
    """Of the births of 2019-20, whose reviews were disrupted, fewer are reviewed, as published; of no other cohort."""
    cohort = batch.children.cohort
    published = england.share("review_2_years_born_2019_20")
    assert DISRUPTED_COHORT == 2019
    assert abs(_reviewed(batch, cohort == 2019) - published) < 0.03
    for other in sorted({*cohort.tolist()} - {2019}):
        assert _reviewed(batch, cohort == other) > published + 0.035


def test_more_contacts_with_need(batch: Batch) -> None:
    """Further contacts, at most six, are more where there is hardship."""
    count = (batch.visits.extra < NEVER).sum(axis=1)
    hardship = batch.households.hardship[batch.children.family]
    assert batch.visits.extra.shape == (len(count), 6)
    assert count[hardship > 1].mean() > 1.5 * count[hardship < -1].mean()
