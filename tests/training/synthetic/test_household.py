"""Households: ethnic groups as published, living in the areas and with the hardship that go with them."""

import numpy as np
import pytest

from training.synthetic.area import Area, load_area
from training.synthetic.batch import Batch
from training.synthetic.fitted import Fitted
from training.synthetic.household import DECILES, ETHNIC, MAIN_OF, MAINS, free_meals_score, shares_of_ethnic


def test_codes_are_those_of_the_contract() -> None:
    """There are eighteen groups, each of one main group and a code of its own."""
    assert len({ethnic.code for ethnic in ETHNIC}) == len(ETHNIC) == 18
    assert {ethnic.main for ethnic in ETHNIC} == set(MAINS)
    assert [MAINS[main] for main in MAIN_OF] == [ethnic.main for ethnic in ETHNIC]


@pytest.mark.parametrize("name", ["england", "bradford", "tower-hamlets"])
def test_shares_of_groups(name: str) -> None:
    """The groups are everyone, each main group as large as the area publishes, of those whose group is known."""
    area, shares = load_area(name), shares_of_ethnic(load_area(name))
    assert shares.sum() == pytest.approx(1)
    known = sum(area[f"share_{main}"] for main in MAINS)
    for i, main in enumerate(MAINS):
        assert shares[i == MAIN_OF].sum() == pytest.approx(area[f"share_{main}"] / known)


def test_where_groups_live(batch: Batch, england: Area) -> None:
    """Each group lives somewhere in the ten tenths, and together they fill them as published."""
    table = batch.households.deciles_of
    assert table.shape == (18, 10)
    assert np.allclose(table.sum(axis=1), 1)
    on_roll = batch.enrolment.on_roll
    for decile in DECILES:
        assert abs((batch.recorded.decile[on_roll] == decile).mean() - england.share(f"share_idaci_{decile}")) < 0.015


def test_hardship(batch: Batch) -> None:
    """Mothers' education falls with hardship and with deprivation of the area."""
    households = batch.households
    assert np.corrcoef(households.hardship, households.education)[0, 1] < -0.2
    assert np.corrcoef(households.first_decile, households.education)[0, 1] > 0.05


def test_languages(batch: Batch) -> None:
    """Few White British families speak another language at home, and most Bangladeshi families do."""
    codes = [ethnic.code for ethnic in ETHNIC]
    speak = {code: batch.households.other_language[batch.households.ethnic == i].mean() for i, code in enumerate(codes)}
    assert speak["WBRI"] < 0.05
    assert speak["ABAN"] > 0.5


def test_free_meals_fall_with_the_decile(fitted: Fitted) -> None:
    """The less deprived the area and the less the hardship, the fewer free school meals."""
    scores = free_meals_score(DECILES, np.zeros(10, dtype=np.int64), np.zeros(10), fitted)
    assert np.all(np.diff(scores) < 0)
    harder = free_meals_score(DECILES, np.zeros(10, dtype=np.int64), np.ones(10), fitted)
    assert np.all(harder > scores)
