"""Random streams by name: what one stage draws never moves another."""

import pytest

from training.synthetic.chance import Chance


def _drawn(chance: Chance, stage: str) -> list[float]:
    return list(chance.stream(stage).random(5))


def test_the_same_again() -> None:
    """The same seed, batch and stage give the same numbers, from the start whenever they are asked."""
    chance = Chance(7, 2)
    assert _drawn(chance, "care") == _drawn(chance, "care") == _drawn(Chance(7, 2), "care")


@pytest.mark.parametrize("other", [(8, 2, "care"), (7, 3, "care"), (7, 2, "visits"), (2, 7, "care")])
def test_another(other: tuple[int, int, str]) -> None:
    """Another seed, batch or stage gives other numbers."""
    seed, number, stage = other
    assert not set(_drawn(Chance(7, 2), "care")) & set(_drawn(Chance(seed, number), stage))


def test_on_every_machine() -> None:
    """The numbers are those they have always been, so that a seed written down yesterday invents the same today."""
    assert list(Chance(0, 0).stream("families").random(2)) == [0.9464203899067167, 0.7804167857694624]
