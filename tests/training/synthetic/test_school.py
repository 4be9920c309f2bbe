"""Reception: who is on roll, who is assessed, and whose needs are recorded."""

import numpy as np
import pytest

from training.synthetic.area import Area
from training.synthetic.batch import Batch
from training.synthetic.calendar import assessed_on, reception_starts
from training.synthetic.margins import UNKNOWN
from training.synthetic.school import NEEDS, primary_need


def test_on_roll_and_assessed(batch: Batch) -> None:
    """Who is assessed is on roll, who is on roll lives here on that day and is at no independent school."""
    children, enrolment = batch.children, batch.enrolment
    assert not (enrolment.assessed & ~enrolment.on_roll).any()
    here = batch.residence.resident(children, assessed_on(children.cohort))
    independent = batch.households.independent[children.family]
    assert np.array_equal(enrolment.on_roll, here & ~independent)


def test_newcomers_are_assessed_less(batch: Batch) -> None:
    """About one in a hundred on roll is not assessed, and more of those who came during Reception."""
    on_roll, assessed = batch.enrolment.on_roll, batch.enrolment.assessed
    new = batch.children.arrived > reception_starts(batch.children.cohort)
    assert 0.004 < 1 - assessed[on_roll & ~new].mean() < 0.013
    assert 0.02 < 1 - assessed[on_roll & new].mean() < 0.12


def test_what_is_not_recorded(batch: Batch, england: Area) -> None:
    """Group and language are unknown of as many as published, who do worse, and else what the family's are."""
    on_roll, family = batch.enrolment.on_roll, batch.children.family
    for held, truth, figure in (
        (batch.recorded.ethnic, batch.households.ethnic[family], "ethnicity_unknown"),
        (batch.recorded.other_language, batch.households.other_language[family], "language_unknown"),
    ):
        unknown = held == UNKNOWN
        assert abs(unknown[on_roll].mean() - england.share(f"share_{figure}")) < 0.005
        assert np.array_equal(held[~unknown], truth[~unknown])
        assert batch.good_level[unknown].mean() < batch.good_level[~unknown].mean() - 0.08


@pytest.mark.parametrize(("name", "provision"), [("sen_support", "K"), ("ehc", "E")])
def test_special_needs(batch: Batch, england: Area, name: str, provision: str) -> None:
    """Support and plans are as many as published, and so are those of them at a good level."""
    assessed = batch.enrolment.assessed
    has = assessed & (batch.needs.provision == provision)
    assert abs(has.sum() / assessed.sum() - england.share(f"share_{name}")) < 0.008
    assert abs(batch.good_level[has].mean() - england.share(f"gld_{name}")) < 0.03


def test_primary_needs() -> None:
    """A draw of 0 is the first need and one of nearly 1 none of those listed; plans are for autism more than support is."""
    draws = np.array([0.0, 0.999999])
    for plan in (True, False):
        assert list(primary_need(draws, np.full(2, plan))) == [0, len(NEEDS) - 1]
    even = np.linspace(0, 0.999999, 10_000)
    shares = [(primary_need(even, np.full(10_000, plan)) == NEEDS.index("ASD")).mean() for plan in (True, False)]
    assert shares[0] == pytest.approx(0.33, abs=0.001)
    assert shares[1] == pytest.approx(0.02, abs=0.001)


def test_free_meals(batch: Batch, england: Area) -> None:
    """Free school meals are as many as published, and more the more deprived the area."""
    on_roll, meals = batch.enrolment.on_roll, batch.recorded.free_meals
    assert abs(meals[on_roll].mean() - england.share("share_fsm")) < 0.012
    by_decile = [meals[on_roll & (batch.recorded.decile == d)].mean() for d in range(1, 11)]
    assert by_decile[0] > 0.35
    assert by_decile[-1] < 0.08
    assert np.all(np.diff(by_decile) < 0.02)
