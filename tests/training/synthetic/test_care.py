"""Social care: what comes before what, to whom, and how often."""

import numpy as np

from training.synthetic.batch import Batch
from training.synthetic.calendar import YEAR
from training.synthetic.residence import NEVER


def test_one_thing_after_another(batch: Batch) -> None:
    """A child is referred before it is in need, in need before it has a protection plan, and each ends after it began."""
    care = batch.care
    in_need, protected, looked_after = (day < NEVER for day in (care.in_need, care.protected, care.looked_after))
    assert np.all(care.referred[in_need] < care.in_need[in_need])
    assert np.all(care.in_need[protected] < care.protected[protected])
    assert np.all(care.referred[looked_after] <= care.looked_after[looked_after])
    again = care.referred_again < NEVER
    assert np.all(care.referred_again[again] > care.referred[again])
    for began, ended in (
        (care.in_need, care.in_need_until),
        (care.protected, care.protected_until),
        (care.looked_after, care.looked_after_until),
    ):
        assert np.array_equal(began < NEVER, ended < NEVER)
        assert np.all(ended[began < NEVER] > began[began < NEVER])


def test_nothing_before_birth(batch: Batch) -> None:
    """Nothing of social care happens before a child is born."""
    care = batch.care
    for day in (care.referred, care.in_need, care.protected, care.looked_after):
        assert np.all(day >= batch.children.born)


def test_looked_after_children_are_known(batch: Batch) -> None:
    """Every looked-after child was referred and in need."""
    looked_after = batch.care.looked_after < NEVER
    assert looked_after.sum() > 200
    assert np.all(batch.care.referred[looked_after] < NEVER)
    assert np.all(batch.care.in_need[looked_after] < NEVER)


def test_hardship(batch: Batch) -> None:
    """The greater the hardship, the more children are referred, in need and looked after."""
    hardship = batch.households.hardship[batch.children.family]
    for day in (batch.care.referred, batch.care.in_need, batch.care.looked_after):
        assert hardship[day < NEVER].mean() > hardship[day == NEVER].mean() + 0.3


def test_care_by_age(batch: Batch) -> None:
    """More children are in care under one than from one to four, at any time, as published."""
    care, born = batch.care, batch.children.born
    ages = {"under_one": (0.0, YEAR), "from_one": (YEAR, 5 * YEAR)}
    stock = {}
    for name, (low, high) in ages.items():
        held = np.minimum(care.looked_after_until - born, high) - np.maximum(care.looked_after - born, low)
        stock[name] = 10_000 * np.clip(held, 0, None).mean() / (high - low)
    assert abs(stock["under_one"] - 61.5) < 12
    assert abs(stock["from_one"] - 42.3) < 10


def test_at_school(batch: Batch) -> None:
    """In need in Reception is at any time of that year; looked after is on the day of the profile."""
    children, care = batch.children, batch.care
    starts, ends = (np.asarray(children.cohort) + y for y in (5, 6))
    first = (starts - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64) + 243
    first += starts % 4 == 0
    last = (ends - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64) + 174
    last += ends % 4 == 0
    assert np.array_equal(care.in_need_at_school(children), (care.in_need <= last) & (care.in_need_until >= first))
    held = (care.looked_after <= last) & (care.looked_after_until > last)
    assert np.array_equal(care.looked_after_at_school(children), held)
    assert abs(care.in_need_at_school(children).mean() - 0.0306) < 0.005
