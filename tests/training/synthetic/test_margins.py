"""Published margins: one for each input whose effect is solved, in groups that make up the whole."""

import numpy as np
import pytest

from training.synthetic.area import Area
from training.synthetic.batch import Batch
from training.synthetic.margins import UNKNOWN, inputs, moments


def test_one_margin_for_each_input(batch: Batch, england: Area) -> None:
    """Every solved input has one margin of its own, so that there is one solution."""
    assert set(moments(england, batch.recorded)) == set(inputs(batch.recorded))


def test_inputs(batch: Batch) -> None:
    """Inputs are 0 or 1, and month of birth runs from -1 in September to 1 in August."""
    found = inputs(batch.recorded)
    month = found.pop("month")
    squared = found.pop("month_squared")
    assert np.array_equal(squared, month**2)
    assert [month[batch.children.month == m][0] for m in (0, 11)] == [-1, 1]
    for values in found.values():
        assert set(np.unique(values)) <= {0, 1}


@pytest.mark.parametrize("prefix", ["ethnic_", "decile_"])
def test_groups_do_not_overlap(batch: Batch, england: Area, prefix: str) -> None:
    """No child is in two groups of one kind."""
    groups = [group for name, (group, _) in moments(england, batch.recorded).items() if name.startswith(prefix)]
    assert len(groups) in {9, 18}
    assert np.sum(groups, axis=0).max() == 1


def test_groups_make_up_the_whole(batch: Batch, england: Area) -> None:
    """Groups of one partition are shifted together: they average to the whole, and differ as published."""
    found = moments(england, batch.recorded)
    whole, gap = england.share("gld"), england.share("gld_not_fsm") - england.share("gld_fsm")
    meals, level = found["free_meals"]
    others = (whole - level * meals.mean()) / (1 - meals.mean())
    assert others - level == pytest.approx(gap, abs=1e-9)
    deciles = [found[f"decile_{d}"] for d in range(2, 11)]
    published = [england.share(f"gld_idaci_{d}") for d in range(2, 11)]
    assert np.ptp([level - figure for (_, level), figure in zip(deciles, published, strict=True)]) < 1e-9
    rest = (whole - sum(group.mean() * level for group, level in deciles)) / (batch.recorded.decile == 1).mean()
    assert rest - deciles[0][1] == pytest.approx(england.share("gld_idaci_1") - published[0], abs=1e-9)


def test_the_main_group_of_nobody(batch: Batch) -> None:
    """Who has no recorded group has no recorded main group either."""
    assert np.array_equal(batch.recorded.main == UNKNOWN, batch.recorded.ethnic == UNKNOWN)
