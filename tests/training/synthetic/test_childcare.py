"""Funded childcare: who is eligible at two, who takes a place, and who the pupil premium follows."""

import numpy as np

from training.synthetic.area import Area
from training.synthetic.batch import Batch


def _at_two(batch: Batch) -> np.ndarray:
    children = batch.children
    return batch.residence.resident(children, (children.born + 730.5).astype(np.int64) + 60)


def test_places_at_two(batch: Batch, england: Area) -> None:
    """Only eligible children who live here take a two-year place, and as many are eligible, and take it, as published."""
    childcare, here = batch.childcare, _at_two(batch)
    assert not (childcare.two_year_place & ~(childcare.eligible & here)).any()
    assert abs(childcare.eligible[here].mean() - england.share("two_year_eligible")) < 0.015
    taken = childcare.two_year_place[childcare.eligible & here].mean()
    assert abs(taken - england.share("two_year_take_up")) < 0.02


def test_why_eligible(batch: Batch) -> None:
    """Who is eligible because disabled or looked after is eligible, for one reason, and disabled or in care."""
    childcare = batch.childcare
    disabled, in_care = childcare.because_disabled, childcare.because_looked_after
    assert childcare.eligible[disabled | in_care].all()
    assert not (disabled & in_care).any()
    assert batch.latent.disabled[disabled].all()
    assert np.all(batch.care.looked_after[in_care] < (batch.children.born + 730.5)[in_care])


def test_who_is_eligible(batch: Batch) -> None:
    """Most children who later have free school meals are eligible at two, and few others."""
    meals, eligible = batch.recorded.free_meals, batch.childcare.eligible
    assert eligible[meals].mean() > 0.5
    assert eligible[~meals].mean() < 0.25


def test_take_up_falls(batch: Batch) -> None:
    """Of the eligible, fewer take a place where another language is spoken at home or the family has moved."""
    childcare = batch.childcare
    eligible = childcare.eligible & _at_two(batch)
    language = batch.households.other_language[batch.children.family]
    moved = batch.residence.moves > 1
    for less in (language, moved):
        assert childcare.two_year_place[eligible & less].mean() < childcare.two_year_place[eligible & ~less].mean()


def test_premium(batch: Batch, england: Area) -> None:
    """Nearly all take a place at three; the pupil premium is as frequent as published, and follows free school meals."""
    childcare = batch.childcare
    assert abs(childcare.universal_place.mean() - england.share("universal_take_up")) < 0.015
    premium = childcare.pupil_premium[childcare.universal_place]
    assert abs(premium.mean() - england.share("eypp")) < 0.012
    meals = batch.recorded.free_meals[childcare.universal_place]
    assert premium[meals].mean() > 4 * premium[~meals].mean()


def test_working_parents(batch: Batch) -> None:
    """Working parents' hours are for those who are not eligible otherwise."""
    assert not (batch.childcare.working_parents & batch.childcare.eligible).any()
    assert batch.childcare.working_parents.any()
