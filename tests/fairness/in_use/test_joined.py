"""Each child once: the answer before the first offer, or the latest; nobody drops out in silence."""

from typing import Any

import pandas as pd

from fairness.in_use.joined import Used, used
from fairness.scored import NOT_RECORDED


def _answers(*rows: dict[str, Any]) -> pd.DataFrame:
    usual = {
        "subject": "a",
        "landmark": "two_year",
        "outcome": "it",
        "not_scored": "",
        "flagged": 0.0,
        "viewed": 0.0,
        "offered": 0.0,
        "accepted": None,
        "override_reason": "",
    }
    return pd.DataFrame([usual | row for row in rows]).astype({"accepted": "float"})


GROUPS = pd.DataFrame(
    {"subject": ["a", "c"], "family": ["f", "g"], "audit_side": ["North", "South"], "observed_it": [1.0, None]}
)


def _one(*rows: dict[str, Any]) -> Used:
    (found,) = used(_answers(*rows), GROUPS)
    return found


def test_the_answer_before_the_action() -> None:
    """The answer on which help was first offered is judged, not one that came after it; it was viewed if one before it was."""
    found = _one(
        {"on": 3, "flagged": 0.0, "offered": 1.0, "accepted": 0.0},
        {"on": 1, "flagged": 0.0, "viewed": 1.0},
        {"on": 2, "flagged": 1.0, "offered": 1.0, "accepted": 1.0},
    )
    assert (found.listed.tolist(), found.offered.tolist(), found.viewed.tolist()) == ([True], [True], [True])
    assert (found.accepted.tolist(), found.passed_over) == ([True], 2)


def test_the_latest_where_nobody_acted() -> None:
    """Where help was never offered it is the latest answer, whatever the order of the rows."""
    found = _one({"on": 9, "flagged": 1.0}, {"on": 2}, {"on": 4, "viewed": 1.0})
    assert (found.listed.tolist(), found.viewed.tolist(), found.passed_over) == ([True], [True], 2)


def test_whom_no_group_is_known_of() -> None:
    """A child who is not among the groups is *not recorded*, of a family alone, of an outcome not known, and counted."""
    found = _one({"on": 1}, {"on": 1, "subject": "b"})
    assert found.groups["side"].tolist() == ["North", NOT_RECORDED]
    assert (found.matched.tolist(), found.known.tolist()) == ([True, False], [True, False])
    assert found.family.tolist() == ["family f", "alone b"]


def test_each_score_apart() -> None:
    """Landmarks of one child are two scores."""
    first, second = used(_answers({"on": 1}, {"on": 1, "landmark": "one_year", "not_scored": "too-stale"}), GROUPS)
    assert (first.landmark, second.landmark) == ("two_year", "one_year")
    assert (first.scored.tolist(), second.scored.tolist()) == ([True], [False])
