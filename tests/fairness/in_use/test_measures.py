"""Measures of a score in use: whom each is a share of, counted by hand."""

import numpy as np
import pytest

from fairness.in_use.joined import Used
from fairness.in_use.measures import PAIRS, measures_of
from fairness.policy.policy import Margins

# Score, list, viewed, offered, accepted (None: not known), observed (None: not known).
CHILDREN = (
    ("", 1, 1, 1, 1, 1),
    ("", 1, 1, 0, None, 1),
    ("", 1, 0, 1, None, 0),
    ("", 0, 0, 1, 0, 1),
    ("", 0, 0, 0, None, None),
    ("too-stale", 0, 0, 0, None, 0),
)


@pytest.fixture(scope="module")
def used() -> Used:
    """Six children, each another case."""
    why, *acts, accepted, observed = zip(*CHILDREN, strict=True)
    listed, viewed, offered = (np.array(each, dtype=np.bool_) for each in acts)
    names = np.array([str(number) for number in range(len(CHILDREN))])
    return Used(
        "two_year",
        "it",
        np.array(why),
        listed,
        viewed,
        offered,
        np.array([each == 1 for each in accepted]),
        np.array([each is not None for each in accepted]),
        np.array([each == 1 for each in observed]),
        np.array([each is not None for each in observed]),
        np.array([""] * len(CHILDREN)),
        names,
        {},
        np.ones(len(CHILDREN), dtype=np.bool_),
        0,
    )


@pytest.mark.parametrize(
    ("name", "part", "whole"),
    [
        ("refused", 1, 6),
        ("listed", 3, 6),
        ("offered", 3, 6),
        ("outcome_known", 5, 6),
        ("viewed", 2, 3),
        ("set_aside", 1, 3),
        ("added", 1, 3),
        ("accepted", 1, 2),
        ("recall_alone", 2, 3),
        ("recall_people", 2, 3),
        ("ppv_alone", 2, 3),
        ("ppv_people", 2, 3),
    ],
)
def test_by_hand(used: Used, name: str, part: int, whole: int) -> None:
    """Each measure is of the children it says, and those who have it are among them."""
    measured = measures_of(used, Margins())[name]
    assert (measured.part.sum(), measured.whole.sum()) == (part, whole)
    assert (measured.part <= measured.whole).all()


def test_margins(used: Used) -> None:
    """Refusals, recall and needless flags are judged by the policy's margins; what people do is shown and not judged."""
    measures = measures_of(used, Margins(refused=0.02, recall=0.03, fdr=0.04))
    assert {name: measured.margin for name, measured in measures.items() if measured.margin is not None} == {
        "refused": 0.02,
        "recall_alone": 0.03,
        "recall_people": 0.03,
        "ppv_alone": 0.04,
        "ppv_people": 0.04,
    }
    assert {name for pair in PAIRS.values() for name in (pair.alone, pair.people)} <= set(measures)
