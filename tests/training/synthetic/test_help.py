"""Help: whom it reaches, and that it only ever raises the chance of a good level."""

import numpy as np

from training.synthetic.batch import Batch
from training.synthetic.help import PLACE_EFFECT, PROGRAMME_EFFECT
from training.synthetic.profile import OUTCOMES
from training.synthetic.residence import NEVER


def test_what_help_adds(batch: Batch) -> None:
    """Help adds its effect to those who had it, and nothing to anyone else."""
    given, place = batch.help, batch.childcare.two_year_place
    assert PROGRAMME_EFFECT > PLACE_EFFECT > 0
    assert np.allclose(given.added, PROGRAMME_EFFECT * given.programme + PLACE_EFFECT * place)
    assert not given.added[~given.programme & ~place].any()


def test_help_only_ever_helps(batch: Batch) -> None:
    """No child's chance of any outcome is raised by help; that of a child helped falls, and of others stays."""
    helped = batch.help.added > 0
    for outcome in OUTCOMES:
        with_help, without = batch.chances[outcome], batch.chances_without_help[outcome]
        assert np.all(with_help[helped] < without[helped])
        assert np.array_equal(with_help[~helped], without[~helped])


def test_the_programme_follows_a_review(batch: Batch) -> None:
    """The programme begins within five months after a review with a questionnaire, and never without one."""
    programme, began = batch.help.programme, batch.help.began
    reviewed = (batch.visits.two_year < NEVER) & batch.visits.questionnaire
    assert np.array_equal(programme, began < NEVER)
    assert reviewed[programme].all()
    waited = (began - batch.visits.two_year)[programme]
    assert waited.min() >= 14
    assert waited.max() < 150


def test_whom_it_reaches(batch: Batch) -> None:
    """The programme reaches some children because of need: most often those below in communication, and a few others."""
    programme, review = batch.help.programme, batch.review
    reviewed = (batch.visits.two_year < NEVER) & batch.visits.questionnaire
    comm = review.below["comm"] & reviewed
    other = review.any_below & ~review.below["comm"] & reviewed
    none = ~review.any_below & reviewed
    assert programme[comm].mean() > 2 * programme[other].mean() > 4 * programme[none].mean() > 0
