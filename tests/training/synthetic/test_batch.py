"""A batch: everything about some families, the same for the same chance."""

import numpy as np

from training.synthetic.area import Area
from training.synthetic.batch import Batch, invent_batch
from training.synthetic.chance import Chance
from training.synthetic.fitted import Fitted
from training.synthetic.margins import UNKNOWN


def test_the_same_chance(england: Area, fitted: Fitted) -> None:
    """The same chance gives the same children, and another seed or part gives others."""
    first, again, other, part = (
        invent_batch(england, 60, [2016, 2018], fitted, Chance(*chance)) for chance in ((1, 0), (1, 0), (2, 0), (1, 1))
    )
    assert np.array_equal(first.goals, again.goals)
    assert np.array_equal(first.development, again.development)
    assert list(first.children.key) == list(again.children.key)
    for different in (other, part):
        assert not set(first.children.key) & set(different.children.key)
        assert not np.array_equal(first.development[:100], different.development[:100])


def test_inventing_changes_no_constant(england: Area, fitted: Fitted) -> None:
    """Inventing children leaves the constants as they were solved."""
    before = dict(fitted.constants)
    invent_batch(england, 60, [2016], fitted, Chance(1, 0))
    assert fitted.constants == before


def test_what_school_holds(batch: Batch) -> None:
    """What school holds of a child is its own: sex, month, and the decile and care of its profile's day."""
    assert np.array_equal(batch.recorded.boy, batch.children.boy)
    assert np.array_equal(batch.recorded.month, batch.children.month)
    assert np.array_equal(batch.recorded.in_need, batch.care.in_need_at_school(batch.children))
    assert np.array_equal(batch.recorded.looked_after, batch.care.looked_after_at_school(batch.children))
    assert set(np.unique(batch.recorded.other_language)) == {UNKNOWN, 0, 1}
