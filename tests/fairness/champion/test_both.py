"""The children whom two models scored: joined by pseudonym, lists of the same share, and refused where they disagree."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from fairness.champion.both import both, listed
from models.errors import DataError

Tables = tuple[pd.DataFrame, pd.DataFrame]


def test_joined(invented: Callable[[float], Tables]) -> None:
    """Whoever has one score only is counted, not compared; both lists are of the children compared."""
    champion, challenger = invented(0.5)
    (children,) = both(champion, challenger.sample(frac=1, random_state=1), ["side"], 0.2)
    assert len(children.observed) == 2_300
    assert children.only == (100, 0)
    assert children.listed.sum(axis=1).tolist() == [460, 460]
    at = dict(zip(children.probability[0], children.observed, strict=True))
    assert all(at[row.probability] == row.observed for row in champion.iloc[:2_300].itertuples())


def test_ties_stay_off() -> None:
    """A tie at the cut is left off: a list is never longer than it may be, and may be empty."""
    assert listed(np.array([0.9, 0.5, 0.5, 0.1]), 0.5).tolist() == [True, False, False, False]
    assert listed(np.array([0.5, 0.5, 0.5, 0.5]), 0.5).tolist() == [False] * 4
    assert listed(np.array([0.9, 0.8, 0.2, 0.1]), 0.5).tolist() == [True, True, False, False]


def test_what_cannot_be_compared(invented: Callable[[float], Tables]) -> None:
    """No child in common, or another outcome of the same child, is refused with a remedy."""
    champion, challenger = invented(0.5)
    with pytest.raises(DataError, match="no child whom the other scored"):
        list(both(champion, challenger.assign(child="x" + challenger["child"]), ["side"], 0.2))
    with pytest.raises(DataError, match="2,300 row"):
        list(both(champion, challenger.assign(observed=1 - challenger["observed"]), ["side"], 0.2))


def test_the_first_repeat_whatever_its_number(invented: Callable[[float], Tables]) -> None:
    """A table whose repeats begin at another number is compared by its first."""
    champion, challenger = invented(0.5)
    again = pd.concat([champion.assign(repeat=3, probability=0.5), champion.assign(repeat=1)], ignore_index=True)
    (children,) = both(again, challenger, ["side"], 0.2)
    (expected,) = both(champion, challenger, ["side"], 0.2)
    assert (children.probability == expected.probability).all()
