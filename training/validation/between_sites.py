"""
How far figures differ between sites beyond chance.

Observed over foreseen: by moments over all sites, however small, so that none need be told of. AUC, of sites with enough
children: random effects of DerSimonian and Laird ("Meta-analysis in clinical trials", 1986) on its log-odds, with the
prediction interval of Higgins, Thompson and Spiegelhalter ("A re-evaluation of random-effects meta-analysis", 2009), as
Debray and others do for prediction models ("A guide to systematic review and meta-analysis of prediction model
performance", 2017).
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit
from scipy.stats import t

from training.resampled import figure

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
# A prediction interval has two degrees of freedom less than there are sites.
FEWEST_SITES = 3
# An AUC of a resample nearer to 0 or 1 than this is held here, as its log-odds have no end.
_NEAREST = 1e-3
_RESAMPLES = 500


def ratio_between(site: Integers, families: NDArray[np.str_], y: Floats, foreseen: Floats, seed: int) -> dict[str, Any]:
    """
    Return the standard deviation between sites of how many had the outcome for each one foreseen, with its interval.

    `site` (n,) are numbers from 0 on; y and the probabilities foreseen are (n,), both times the weights. Where sites differ,
    children of one site miss what was foreseen of them on the same side: what is measured is how far those of two families
    do so together, and siblings, who do so anywhere, are not set beside each other. The interval draws whole sites.
    """
    happened = _Pairs.of(site, families, y, y)
    crossed, expected = _Pairs.of(site, families, y, foreseen), _Pairs.of(site, families, foreseen, foreseen)
    count = len(happened.pairs)
    drawn = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=_RESAMPLES)
    times = np.vstack([np.ones(count), drawn])
    ratio = (times @ happened.total) / (times @ expected.total)
    together = times @ happened.pairs - 2 * ratio * (times @ crossed.pairs) + ratio**2 * (times @ expected.pairs)
    found = np.sqrt(np.maximum(0.0, together / (times @ expected.pairs)))
    return {"sites": count, **figure(float(found[0]), found[1:])}


class _Pairs(NamedTuple):
    """Each site's sum of one number of its children, and of the products of two over all pairs of different families."""

    total: Floats
    pairs: Floats

    @classmethod
    def of(cls, site: Integers, families: NDArray[np.str_], one: Floats, other: Floats) -> Self:
        _, family = np.unique(families, return_inverse=True)
        home, at_home = np.unique(site * len(family) + family, return_inverse=True)
        first, second = (np.bincount(at_home, each) for each in (one, other))
        within = np.bincount(home // len(family), first * second)
        totals = [np.asarray(np.bincount(site, each), np.float64) for each in (one, other)]
        return cls(totals[0], totals[0] * totals[1] - within)


def auc_between(sites: Sequence[tuple[float, Floats]]) -> dict[str, Any] | None:
    """
    Pool AUCs over sites, each its value and its values on families drawn again; None of fewer than three sites.

    `value` is that of an average site, `low` and `high` hold 19 of 20 further sites.
    """
    if len(sites) < FEWEST_SITES:
        return None
    values = logit(np.array([value for value, _ in sites]).clip(_NEAREST, 1 - _NEAREST))
    chance = np.array([np.nanvar(logit(drawn.clip(_NEAREST, 1 - _NEAREST)), ddof=1) for _, drawn in sites])
    between = _between(values, chance)
    weights = 1 / (chance + between)
    mean = float(np.average(values, weights=weights))
    reach = float(t.ppf(0.975, len(sites) - 2) * np.sqrt(between + 1 / weights.sum()))
    bounds = {"value": mean, "low": mean - reach, "high": mean + reach}
    return {"sites": len(sites), **{name: round(float(expit(bound)), 6) for name, bound in bounds.items()}}


def _between(values: Floats, chance: Floats) -> float:
    """Return the variance between sites, by the method of moments; 0 where chance alone explains what there is."""
    weights = 1 / chance
    spread = float(weights @ (values - np.average(values, weights=weights)) ** 2)
    beyond = spread - (len(values) - 1)
    return max(0.0, beyond / float(weights.sum() - (weights**2).sum() / weights.sum()))
