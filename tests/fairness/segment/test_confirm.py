"""One segment in the half that had no part in finding it."""

import numpy as np
import pytest

from fairness.segment.confirm import TRIVIAL, judged, raised_to_observed


def test_raised_scores_foresee_as_many_as_happened() -> None:
    """Log-odds are all raised alike until they do; scores that foresee more than happened stay as they are."""
    foreseen = np.linspace(0.05, 0.6, 200)
    observed = (np.arange(200) % 2).astype(np.int64)
    raised = raised_to_observed(foreseen, observed)
    odds = raised / (1 - raised) / (foreseen / (1 - foreseen))
    assert raised.sum() == pytest.approx(100, abs=1e-5)
    assert odds == pytest.approx(odds[0])
    assert raised_to_observed(foreseen, np.zeros(200, dtype=np.int64)) is foreseen


def test_chance_alone_is_confirmed_as_seldom_as_it_says() -> None:
    """Of segments with just the trivial excess, one in a hundred has a p of .01 or less, of rare outcomes as of others."""
    chance = np.random.default_rng(1)
    for rate, n in ((0.3, 80), (0.04, 300)):
        # A crowd beside the segment, rightly foreseen, so that nothing is raised for everyone.
        foreseen = np.full(n + 400, rate)
        small = 0
        for _ in range(400):
            observed = (chance.random(n + 400) < np.where(np.arange(n + 400) < n, rate + TRIVIAL, rate - 0.03)).astype(
                np.int64
            )
            everyone, segment = np.ones(n + 400, dtype=bool), np.arange(n + 400) < n
            small += judged(everyone, segment, np.arange(n + 400), observed, foreseen).p <= 0.05
        assert 0.01 <= small / 400 <= 0.08


def test_figures_are_of_the_half_alone() -> None:
    """Children of the other half change nothing."""
    half, segment = np.arange(200) < 100, np.arange(200) % 2 == 0
    observed, foreseen = (np.arange(200) % 4 == 0).astype(np.int64), np.full(200, 0.4)
    found = judged(half, segment, np.arange(200), observed, foreseen)
    other = judged(half, segment, np.arange(200), np.where(half, observed, 1), np.where(half, foreseen, 0.9))
    assert found == other
    assert (found.n, found.events, found.all_n, found.all_events) == (50, 25, 100, 25)
    assert (found.foreseen, found.expected, found.all_foreseen) == pytest.approx((20, 20, 40))


def test_children_of_one_family_count_for_less() -> None:
    """Where families of four are all alike, the same excess is less sure than of children without families."""
    observed, foreseen = (np.arange(400) % 8 < 4).astype(np.int64), np.full(400, 0.4)
    everyone = np.ones(400, dtype=bool)
    # Half is a segment, that not everyone's scores be raised to it.
    segment = np.arange(400) < 200
    alone, alike = (
        judged(everyone, segment, families, np.where(segment, observed, 0), foreseen)
        for families in (np.arange(400), np.arange(400) // 4)
    )
    assert alone.design_effect == pytest.approx(1, abs=0.1)
    assert alike.design_effect == pytest.approx(4, abs=0.5)
    assert alone.p < 0.02 < alike.p
