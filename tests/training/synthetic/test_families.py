"""Families: so many births a cohort, twins, brothers and sisters, and those who move in."""

from collections import defaultdict

import numpy as np
import pytest

from training.synthetic.area import Area
from training.synthetic.batch import Batch
from training.synthetic.calendar import cohort_day
from training.synthetic.chance import Chance
from training.synthetic.families import ARRIVAL_SHARE, Children, invent_children


@pytest.fixture(scope="module")
def children(batch: Batch) -> Children:
    """The children of the batch."""
    return batch.children


def _of_family(children: Children) -> dict[int, list[int]]:
    found = defaultdict(list)
    for child, family in enumerate(children.family.tolist()):
        found[family].append(child)
    return found


@pytest.mark.parametrize("births", [1, 2, 3, 50, 1999])
def test_births_of_each_cohort(england: Area, births: int) -> None:
    """Exactly so many are born here in each cohort as was asked, and so many more come later."""
    children = invent_children(england, births, [2016, 2017, 2019], Chance(1, 0))
    for cohort in (2016, 2017, 2019):
        assert (children.born_here & (children.cohort == cohort)).sum() == births
        assert (~children.born_here & (children.cohort == cohort)).sum() == round(ARRIVAL_SHARE * births)


def test_born_in_the_academic_year(children: Children) -> None:
    """A cohort is born from the first of September of its year to the end of the next August."""
    assert np.all(cohort_day(children.cohort, 0, 9, 1) <= children.born)
    assert np.all(children.born <= cohort_day(children.cohort, 1, 8, 31))


def test_month_0_is_september(children: Children) -> None:
    """The month of birth counts from 0, September, to 11, August."""
    calendar = children.born.astype("datetime64[D]").astype("datetime64[M]").astype(int) % 12 + 1
    assert set(zip(calendar.tolist(), children.month.tolist(), strict=True)) == {
        (month, (month - 9) % 12) for month in range(1, 13)
    }


def test_keys_are_opaque_and_their_own(children: Children) -> None:
    """Every child and every household has a key of its own: 64 bits in hexadecimal, in no order."""
    keys = [*children.key.tolist(), *children.household.tolist()]
    assert len(set(keys)) == len(keys)
    assert all(len(key) == 16 and set(key) <= set("0123456789abcdef") for key in keys)
    assert keys != sorted(keys)


def test_twins(children: Children) -> None:
    """A twin has exactly one other child of its family and birthday, and no other child has; they are 2.8 in 100."""
    births = np.column_stack([children.family, children.born])
    _, delivery, size = np.unique(births, axis=0, return_inverse=True, return_counts=True)
    assert np.array_equal(size[delivery.ravel()], np.where(children.twin, 2, 1))
    assert not (children.twin & ~children.born_here).any()
    assert abs(children.twin[children.born_here].mean() - 0.028) < 0.004


def test_siblings_are_some_years_apart(children: Children) -> None:
    """Brothers and sisters who are no twins are born two, three or four cohorts after one another, of each some."""
    apart = []
    for members in _of_family(children).values():
        apart += np.diff(sorted(set(children.cohort[members].tolist()))).tolist()
    assert len(apart) > 3000
    assert set(apart) == {2, 3, 4}


def test_older_children_of_the_household(children: Children) -> None:
    """Those born later have more older children in the household, twins of one birth the same number."""
    for members in _of_family(children).values():
        born, older = children.born[members], children.older[members]
        for i in range(len(members)):
            for j in range(len(members)):
                if born[i] < born[j]:
                    assert older[j] >= older[i] + 1
                if born[i] == born[j]:
                    assert older[i] == older[j]


def test_arriving(children: Children) -> None:
    """Who was not born here arrives two months after birth or later, the first of a family that moved in."""
    came = ~children.born_here
    assert np.all((children.arrived - children.born)[came] >= 60)
    assert children.incomer[children.family[came]].all()
    assert children.incomer.sum() == came.sum()


def test_nobody_arrives_after_reception(children: Children) -> None:
    """Those who move in do so before their Reception year ends."""
    assert np.all(children.arrived <= cohort_day(children.cohort, 6, 8, 31))


def test_nobody_is_born_here_before_the_family_came(children: Children) -> None:
    """A family that moved in has children here only once it has come."""
    first = np.full(children.families, -1)
    came = np.flatnonzero(~children.born_here)
    first[children.family[came]] = children.arrived[came]
    assert np.all(children.arrived >= first[children.family])


def test_boys(children: Children, england: Area) -> None:
    """Boys are as many as published."""
    assert abs(children.boy.mean() - england.share("share_boys")) < 0.01
