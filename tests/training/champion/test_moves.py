"""Who would move band, in counts that tell of no child."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.bundle import load_bundle
from models.head import Head
from training.champion.moves import moves, told
from training.champion.unseen import Unseen
from training.pipeline import Run


@settings(derandomize=True, database=None, deadline=None)
@given(arrays(np.int64, st.tuples(st.integers(2, 4), st.integers(2, 4)), elements=st.integers(0, 60)))
def test_no_hidden_count_can_be_worked_out(counts: np.ndarray) -> None:
    """No count below ten is told, no line has but one hidden beside counts that are told, and what is told is in fives."""
    table = told(counts)
    for own, line in zip(counts.tolist(), table, strict=True):
        for count, shown in zip(own, line, strict=True):
            assert shown is None or (count >= 10 and shown % 5 == 0 and abs(shown - count) <= 2)
    for line in [*table, *([row[k] for row in table] for k in range(len(table[0])))]:
        assert line.count(None) != 1 or len(line) == 1


@pytest.fixture(scope="module")
def head(borough_run: Run) -> Head:
    """A head of a real bundle."""
    return load_bundle(borough_run.bundle).scorer.head("two_year", "not_gld")


def children(champion: list[float], challenger: list[float], groups: list[str], head: Head, run: Run) -> Unseen:
    """Return children with these log-odds."""
    n = len(champion)
    return Unseen(
        run.contract.landmark("two_year"),
        head.outcome,
        np.zeros(n),
        np.array([f"family {i}" for i in range(n)]),
        np.ones(n),
        {"sex": np.array(groups)},
        np.array(champion),
        np.array(challenger),
        0,
        0,
    )


def test_who_moves_is_counted(head: Head, borough_run: Run) -> None:
    """Children who go from the last band to the first would be offered sooner, those who go the other way later."""
    first, last = 9.0, -9.0
    before = [last] * 40 + [first] * 20 + [last] * 60
    after = [first] * 40 + [last] * 20 + [last] * 60
    groups = ["Girls"] * 60 + ["Boys"] * 60
    found = moves(head, head, children(before, after, groups, head, borough_run))
    assert found is not None
    assert found["everyone"] == {"earlier": 40, "same": 60, "later": 20, "share_moving": 0.5}
    assert found["table"][-1][0] == 40
    assert found["table"][0][-1] == 20
    assert found["table"][-1][-1] == 60
    assert found["by_group"]["sex"]["Boys"]["share_moving"] is None


def test_the_same_bundle_moves_nobody(head: Head, borough_run: Run) -> None:
    """Where both say the same, nobody moves, and it is not told how few that is."""
    scores = np.linspace(-4, 4, 100).tolist()
    found = moves(head, head, children(scores, scores, ["Girls"] * 100, head, borough_run))
    assert found is not None
    assert found["everyone"]["earlier"] is None
    assert all(found["table"][i][j] is None for i in range(4) for j in range(4) if i != j)
