"""Exact AUCs of groups and of the rest of each, against sklearn's, with scores that tie."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from fairness.engine.ranks import ranked

QUICK = settings(derandomize=True, database=None, deadline=None, max_examples=60)
ROWS = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 5), st.integers(-1, 2)), max_size=30)


@QUICK
@given(rows=ROWS)
def test_against_sklearn(rows: list[tuple[int, int, int]]) -> None:
    """Every group's AUC and the rest's are sklearn's; where all or none have the outcome there is none."""
    observed, level, number = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    inside, outside = ranked(observed, level).aucs(number, 3)
    for group in range(3):
        for found, who in ((inside, number == group), (outside, number != group)):
            if len(set(observed[who])) == 2:
                assert found[group] == pytest.approx(roc_auc_score(observed[who], level[who]), abs=1e-12)
            else:
                assert np.isnan(found[group])
