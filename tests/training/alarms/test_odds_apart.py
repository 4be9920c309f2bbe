"""Counts set beside others, by what may honestly lie between the two."""

import pytest

from training.alarms.odds_apart import too_few, too_many


@pytest.mark.parametrize(
    ("count", "n", "rings"), [(30, 100, False), (45, 100, False), (60, 100, False), (80, 100, True), (10, 10, False)]
)
def test_too_many(count: int, n: int, rings: bool) -> None:  # noqa: FBT001
    """Beside 30 in 100, twice the odds are honest: 46 in 100 and chance beside; 80 in 100 are not."""
    assert too_many(count, n, 3000, 10_000, 2.0) is rings
    assert too_few(n - count, n, 7000, 10_000, 2.0) is rings


def test_none_at_all() -> None:
    """None of 10 is chance and none of 400 is not, where the others' share is 1 in 10 and four times the odds are honest."""
    assert not too_few(0, 10, 100, 1000, 4.0)
    assert too_few(0, 400, 100, 1000, 4.0)
