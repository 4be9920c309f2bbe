"""The two-year review: totals of the questionnaires, below their cut-offs exactly where the child is."""

import numpy as np
import pytest

from models.derivation import CountBelow
from training.synthetic.area import Area
from training.synthetic.batch import Batch
from training.synthetic.foresight import england as england_contract
from training.synthetic.residence import NEVER
from training.synthetic.reviews import CUT_OFFS, INTERVALS, Review


def test_cut_offs_are_the_contract_s() -> None:
    """The cut-offs by which totals are invented are those by which the shipped contract counts domains below."""
    (below,) = [
        kind
        for source in england_contract().sources
        for kind in source.derived
        if isinstance(kind, CountBelow) and kind.name == "domains_below"
    ]
    declared = {
        name.removeprefix("asq_"): tuple(float(cuts[str(interval)]) for interval in INTERVALS)
        for name, cuts in below.cuts.items()
    }
    assert declared == CUT_OFFS


@pytest.mark.parametrize("position", range(3))
def test_totals_and_cut_offs(batch: Batch, position: int) -> None:
    """At every interval a total is a multiple of 5 from 0 to 60, below the cut-off exactly where the domain is."""
    count = len(batch.children.key)
    for domain, total in batch.review.totals(np.full(count, position)).items():
        assert set(np.unique(total)) <= set(range(0, 61, 5))
        assert np.array_equal(total < CUT_OFFS[domain][position], batch.review.below[domain])


@pytest.mark.parametrize("position", range(3))
def test_totals_at_the_very_cut_off(position: int) -> None:
    """A domain exactly at its cut-off, or as near as can be, or as far, has a total on the right side of it."""
    near = np.array([-9.0, -1.0, -1e-12, -0.0, 0.0, 1e-12, 1.0, 9.0])
    review = Review(dict.fromkeys(CUT_OFFS, near), {}, near)
    for domain, total in review.totals(np.full(len(near), position)).items():
        assert np.array_equal(total < CUT_OFFS[domain][position], near < 0)
        assert total.min() == 0
        assert total.max() == 60
        assert np.all(np.diff(total) >= 0)


def test_each_child_s_own_interval(batch: Batch) -> None:
    """A total is of the questionnaire that the child itself had."""
    interval = np.arange(len(batch.children.key)) % 3
    for domain, total in batch.review.totals(interval).items():
        cut = np.array(CUT_OFFS[domain])[interval]
        assert np.array_equal(total < cut, batch.review.below[domain])


def test_any_domain(batch: Batch, england: Area) -> None:
    """Any domain is below where one is; of those reviewed as many have none as published."""
    review = batch.review
    assert np.array_equal(review.any_below, np.stack(list(review.below.values())).any(axis=0))
    reviewed = (batch.visits.two_year < NEVER) & batch.visits.questionnaire
    assert abs(1 - review.any_below[reviewed].mean() - england.share("asq_all")) < 0.015


def test_social_and_emotional_totals(batch: Batch) -> None:
    """ASQ:SE-2 totals are multiples of 5 within its range, higher where development is lower."""
    total = batch.review.social_total()
    assert np.all(total % 5 == 0)
    assert total.min() >= 0
    assert total.max() <= 435
    assert np.corrcoef(total, batch.development)[0, 1] < -0.15


def test_who_scores_lower(batch: Batch) -> None:
    """Boys, Black children and children of the most deprived areas are more often below a cut-off."""
    below, recorded = batch.review.any_below, batch.recorded
    for group in (recorded.boy, recorded.main == 3, recorded.decile == 1):
        assert below[group].mean() > below[~group].mean() + 0.015


def test_reviews_tell_of_development(batch: Batch) -> None:
    """A child with a domain below is some three times as likely, by odds, not to reach a good level."""
    below, missed = batch.review.any_below, ~batch.good_level
    odds = [missed[group].mean() / (1 - missed[group].mean()) for group in (below, ~below)]
    assert 2.3 < odds[0] / odds[1] < 4.3
