"""Resamples of families, counted by bins of log-odds."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import expit

from training.affine import fit_affine
from training.binned_resamples import BINS, Binned, binned_resamples
from training.spline import fit_spline, knots_of, spline_basis

Floats = NDArray[np.float64]


def children(n: int, families: int, seed: int = 3) -> tuple[Floats, Floats, NDArray[np.str_]]:
    """Log-odds, outcomes and families of n children."""
    rng = np.random.default_rng(seed)
    log_odds = rng.normal(-0.8, 0.9, n)
    y = (rng.random(n) < expit(log_odds)).astype(float)
    return log_odds, y, rng.integers(0, families, n).astype(str)


def test_few_values_are_kept() -> None:
    """Up to as many distinct log-odds as there are bins are each a bin of their own, in order, ties together."""
    log_odds, y, families = children(300, 300)
    tied = np.round(log_odds, 1)
    binned = binned_resamples(tied, y, families, 5, seed=1)
    assert binned.log_odds == pytest.approx(np.unique(tied), rel=1e-12)


def test_families_go_together() -> None:
    """A resample holds all children of a family as often as it drew the family, and as many families as there are."""
    log_odds = np.arange(12.0)
    y = np.tile([0.0, 1.0, 1.0], 4)
    families = np.repeat(["a", "b", "c", "d"], 3)
    binned = binned_resamples(log_odds, y, families, 50, seed=1)
    counts = (binned.events + binned.others).reshape(50, 4, 3)
    assert (counts == counts[:, :, :1]).all()
    assert (counts[:, :, 0].sum(axis=1) == 4).all()
    assert len(np.unique(counts[:, :, 0], axis=0)) > 10
    assert (binned.events[:, y == 0] == 0).all()
    assert (binned.others[:, y == 1] == 0).all()


def test_repeats_go_together() -> None:
    """A child scored in every repeat is drawn as often in each."""
    log_odds = np.arange(12.0).reshape(3, 4)
    binned = binned_resamples(log_odds, np.array([0.0, 1.0, 0.0, 1.0]), np.array(list("abcd")), 50, seed=1)
    counts = (binned.events + binned.others).reshape(50, 3, 4)
    assert (counts == counts[:, :1]).all()
    assert (counts[:, 0].sum(axis=1) == 4).all()


def test_alike_families_drawn_together() -> None:
    """Children alone in their family are drawn as often, and as unevenly, as if each were drawn by itself."""
    log_odds = np.repeat([0.0, 1.0], [60, 40])
    y = np.tile([0.0, 1.0], 50)
    binned = binned_resamples(log_odds, y, np.arange(100).astype(str), 4000, seed=1)
    counts = np.hstack([binned.events, binned.others])
    assert (counts.sum(axis=1) == 100).all()
    assert counts.mean(axis=0) == pytest.approx([30, 20, 30, 20], rel=0.02)
    assert counts.var(axis=0) == pytest.approx([21, 16, 21, 16], rel=0.1)


def test_many_families_in_parts() -> None:
    """More draws than are held at once are made in parts, and are the same draws."""
    n = 60_000
    log_odds, y, _ = children(n, n)
    families = np.repeat(np.arange(n // 2), 2).astype(str)
    more, fewer = (binned_resamples(log_odds, y, families, resamples, seed=1) for resamples in (150, 20))
    assert len(more.events) == 150
    assert ((more.events + more.others).sum(axis=1) == n).all()
    assert (more.events[:20] == fewer.events).all()
    assert len(np.unique(more.events, axis=0)) == 150


def test_binning_loses_next_to_nothing() -> None:
    """Fits of ten thousand children by their bins are those child by child, to 3 in 10,000 of the rate."""
    log_odds, y, _ = children(10_000, 9_000)
    # Where no child is alone in a family, every binning sees the same draws.
    families = np.repeat(np.arange(5_000), 2).astype(str)
    fine, coarse = (binned_resamples(log_odds, y, families, 20, 1, bins) for bins in (10_000, BINS))
    assert len(coarse.log_odds) <= BINS < len(fine.log_odds) == len(log_odds)
    at, knots = np.linspace(log_odds.min(), log_odds.max(), 50), knots_of(log_odds, y)
    assert knots is not None
    assert expit(affine_at(fine, at)) == pytest.approx(expit(affine_at(coarse, at)), abs=3e-4)
    splines = [fit_spline(*binned, knots) @ spline_basis(at, knots).T for binned in (fine, coarse)]
    assert expit(splines[0]) == pytest.approx(expit(splines[1]), abs=3e-4)


def affine_at(binned: Binned, at: Floats) -> Floats:
    """The affine calibration of each resample at these log-odds."""
    weights = np.hstack([binned.others, binned.events])
    outcome = np.repeat([0.0, 1.0], len(binned.log_odds))
    intercept, slope = fit_affine(np.tile(binned.log_odds, 2), outcome, weights)
    return intercept[:, None] + slope[:, None] * at


def test_weights_go_with_their_children() -> None:
    """A child that stands for three counts for three whenever its family is drawn, and families are drawn as without."""
    log_odds, y, families = children(300, 200)
    times = np.random.default_rng(5).integers(1, 4, 300).astype(float)
    plain = binned_resamples(log_odds, y, families, 800, 1)
    weighted = binned_resamples(log_odds, y, families, 800, 1, weights=times)
    ratio = (weighted.events + weighted.others).mean(axis=0) / (plain.events + plain.others).mean(axis=0)
    assert ratio == pytest.approx(times[np.argsort(log_odds)], rel=0.15)
    whole = (weighted.events + weighted.others) / times[np.argsort(log_odds)]
    assert whole == pytest.approx(np.round(whole), abs=1e-9)


def test_equal_weights_change_nothing() -> None:
    """Weights that are all one give the resamples of no weights, to the bit."""
    log_odds, y, families = children(300, 200)
    plain = binned_resamples(log_odds, y, families, 50, 1)
    ones = binned_resamples(log_odds, y, families, 50, 1, weights=np.ones(300))
    assert all((a == b).all() for a, b in zip(plain, ones, strict=True))
