"""Whether a count among some children is further from the others' than any honest difference between the two makes it."""

from scipy.stats import binom

# The chance of so many, even if the odds were as far apart as is honest, at which an alarm rings.
CHANCE = 1e-4


def too_many(count: int, n: int, others: int, others_n: int, times: float) -> bool:
    """Whether `count` of n is too many beside `others` of others_n, were the odds honestly that many times as high."""
    return bool(binom.sf(count - 1, n, _share(others, others_n, times)) < CHANCE)


def too_few(count: int, n: int, others: int, others_n: int, times: float) -> bool:
    """Whether `count` of n is too few beside `others` of others_n, were the odds honestly that many times lower."""
    return bool(binom.cdf(count, n, _share(others, others_n, 1 / times)) < CHANCE)


def _share(count: int, n: int, times: float) -> float:
    """Return the share `count` of n after its odds are multiplied; half a child is added to either side."""
    odds = times * (count + 0.5) / (n - count + 0.5)
    return odds / (1 + odds)
