"""Constants are solved once, on the calibration children, and then used as they are."""

import numpy as np
import pytest
from scipy.special import expit

from training.synthetic.fitted import Fitted

SCORE = np.random.default_rng(3).normal(size=20_000)


def test_a_root() -> None:
    """The constant is where a rising function reaches its target, and is kept by name."""
    fitted = Fitted()
    assert fitted.root("cube", lambda x: x**3, 8.0, -5, 5) == pytest.approx(2, abs=1e-6)
    assert fitted.constants == {"cube": pytest.approx(2, abs=1e-6)}


@pytest.mark.parametrize(("target", "end"), [(1e9, 5), (-1e9, -5)])
def test_a_root_out_of_reach(target: float, end: float) -> None:
    """Where the target is never reached, the constant is the nearer end."""
    assert Fitted().root("cube", lambda x: x**3, target, -5, 5) == end


@pytest.mark.parametrize("share", [0.002, 0.14, 0.5, 0.98])
def test_a_chance(share: float) -> None:
    """Chances are logistic in the score, and their mean among the children meant is the share."""
    among = SCORE > 0
    chance = Fitted().chance("any", 0.7 * SCORE, share, among)
    assert chance[among].mean() == pytest.approx(share, abs=1e-5)
    log_odds = np.log(chance / (1 - chance))
    assert np.allclose(log_odds - 0.7 * SCORE, log_odds[0] - 0.7 * SCORE[0])


def test_a_cut() -> None:
    """The cut-off is that below which the share of the children meant lies."""
    among = SCORE > 0
    assert (SCORE[among] < Fitted().cut("any", SCORE, 0.1, among)).mean() == pytest.approx(0.1, abs=1e-3)


def test_frozen_constants_are_used() -> None:
    """Once frozen, constants are used as they are, whoever the children and whatever the target."""
    fitted = Fitted()
    fitted.chance("a", SCORE, 0.2)
    fitted.cut("b", SCORE, 0.2)
    fitted.freeze()
    before = dict(fitted.constants)
    assert np.allclose(fitted.chance("a", SCORE + 1, 0.9), expit(before["a"] + SCORE + 1), atol=1e-15)
    assert fitted.cut("b", SCORE + 1, 0.9) == before["b"]
    assert fitted.constants == before


def test_frozen_and_never_solved() -> None:
    """Once frozen, a constant that was never solved is an error and not a guess."""
    fitted = Fitted()
    fitted.freeze()
    for ask in (lambda: fitted.chance("a", SCORE, 0.2), lambda: fitted.cut("b", SCORE, 0.2)):
        with pytest.raises(KeyError):
            ask()
