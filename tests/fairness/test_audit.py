"""The audit: errors compared between groups, on tables small enough to check by hand and by fairlearn itself."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from fairlearn.metrics import (
    MetricFrame,
    count,
    false_positive_rate,
    selection_rate,
    true_positive_rate,
)
from sklearn.metrics import precision_score

from fairness.audit import MINIMUM_CELL, audit
from fairness.scored import NOT_RECORDED
from models.canonical import canonical

RATES = ("selection_rate", "recall", "fpr", "ppv", "calibration_gap")

# Eight rows, five times over, since a group under ten children is not shown.
#  group      A     A     A     A   |  B     B     B     B
#  observed   1     1     0     0   |  1     0     0     0
#  flagged    1     0     1     0   |  1     0     0     0
#  p         .8    .4    .6    .2   | .7    .1    .1    .3
EIGHT = {
    "audit_side": list("AAAABBBB"),
    "observed": [1, 1, 0, 0, 1, 0, 0, 0],
    "flagged": [True, False, True, False, True, False, False, False],
    "probability": [0.8, 0.4, 0.6, 0.2, 0.7, 0.1, 0.1, 0.3],
}
EXPECTED = {
    "A": {"n": 20, "events": 10, "selection_rate": 0.5, "recall": 0.5, "fpr": 0.5, "ppv": 0.5, "calibration_gap": 0.0},
    "B": {
        "n": 20,
        "events": 5,
        "selection_rate": 0.25,
        "recall": 1.0,
        "fpr": 0.0,
        "ppv": 1.0,
        "calibration_gap": -0.05,
    },
    "all": {
        "n": 40,
        "events": 15,
        "selection_rate": 0.375,
        "recall": 0.666667,
        "fpr": 0.2,
        "ppv": 0.666667,
        "calibration_gap": -0.025,
    },
}


def _table(columns: dict[str, Any], times: int = 5, **more: Any) -> pd.DataFrame:
    """Return a scored table of these columns, so many times over, each row a child of its own."""
    part = pd.DataFrame(columns)
    table = pd.concat([part] * times, ignore_index=True)
    fixed = {"landmark": "then", "outcome": "later", "repeat": 0, "fold": 0, "weight": 1.0}
    return table.assign(
        child=[f"c{i}" for i in range(len(table))], family=[f"f{i}" for i in range(len(table))], **fixed | more
    )


def _groups(audited: dict[str, Any], which: int = 0) -> dict[str, dict[str, Any]]:
    """Return the lines of the one attribute of an audit, by group."""
    (attribute,) = audited["audits"][which]["attributes"]
    return {line["group"]: line for line in attribute["groups"]}


def _without(line: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in line.items() if name not in names}


def test_eight_rows_by_hand() -> None:
    """Every measure of every group is what anyone can work out from the eight rows above."""
    audited = audit(_table(EIGHT), {"side": ["A", "B"]}, capacity=0.375, small_group=30)
    found = _groups(audited)
    assert _without(found["A"], "group", "small") == EXPECTED["A"]
    assert _without(found["B"], "group", "small") == EXPECTED["B"]
    assert _without(audited["audits"][0]["overall"], "small") == EXPECTED["all"]


def test_what_an_audit_says_of_itself() -> None:
    """An audit names its capacity, the smallest cell it shows and the size under which a group is small."""
    audited = audit(_table(EIGHT), {"side": ["A", "B"]}, capacity=0.375, small_group=30)
    assert _without(audited, "audits") == {
        "format": 1,
        "capacity": 0.375,
        "minimum_cell": MINIMUM_CELL,
        "small_group": 30,
    }
    (part,) = audited["audits"]
    assert (part["landmark"], part["outcome"]) == ("then", "later")
    assert part["overall"]["small"] is False
    assert {line["small"] for line in _groups(audited).values()} == {True}


def _random_table(seed: int, rows: int = 600) -> pd.DataFrame:
    chance = np.random.default_rng(seed)
    p = chance.random(rows)
    return _table(
        {
            "audit_side": chance.choice(["A", "B", "C", NOT_RECORDED], rows, p=[0.5, 0.3, 0.15, 0.05]),
            "observed": (chance.random(rows) < p).astype(int),
            "flagged": p > 0.7,
            "probability": p,
        },
        times=1,
    )


@pytest.mark.parametrize("seed", range(3))
def test_as_fairlearn_has_it(seed: int) -> None:
    """Counts and rates are those of a MetricFrame made here, by group and overall."""
    table = _random_table(seed)
    frame = MetricFrame(
        metrics={
            "n": count,
            "selection_rate": selection_rate,
            "recall": true_positive_rate,
            "fpr": false_positive_rate,
            "ppv": lambda observed, flagged: precision_score(observed, flagged, zero_division=math.nan),
        },
        y_true=table["observed"],
        y_pred=table["flagged"].astype(int),
        sensitive_features=table["audit_side"],
    )
    audited = audit(table, {"side": []}, capacity=0.3, small_group=100)
    for group, line in _groups(audited).items():
        for name, value in frame.by_group.loc[group].items():
            assert line[name] == pytest.approx(value, abs=1e-6), (group, name)
    for name, value in frame.overall.items():
        assert audited["audits"][0]["overall"][name] == pytest.approx(value, abs=1e-6), name


def test_no_group_is_left_out() -> None:
    """A group that was declared and has no child is listed, *not recorded* too, and so is one that nobody declared."""
    found = _groups(audit(_table(EIGHT), {"side": ["C", "B"]}, capacity=0.375, small_group=30))
    assert list(found) == ["C", "B", "A", NOT_RECORDED]
    for group in ("C", NOT_RECORDED):
        assert _without(found[group], "group") == {"n": 0, "events": None, **dict.fromkeys(RATES), "small": True}


def test_not_recorded_comes_last_and_is_measured() -> None:
    """Children whose group is not recorded are a group like any other, listed last and once."""
    unknown = EIGHT | {"audit_side": ["A"] * 4 + [NOT_RECORDED] * 4}
    audited = audit(_table(unknown), {"side": [NOT_RECORDED, "A"]}, capacity=0.375, small_group=30)
    (attribute,) = audited["audits"][0]["attributes"]
    assert sorted(line["group"] for line in attribute["groups"]) == ["A", NOT_RECORDED]
    assert _without(_groups(audited)[NOT_RECORDED], "group", "small") == EXPECTED["B"]


@pytest.mark.parametrize("size", [1, 2, MINIMUM_CELL - 1, MINIMUM_CELL, MINIMUM_CELL + 1])
def test_under_the_smallest_cell(size: int) -> None:
    """Under the smallest cell a group shows how many it is, and no count of events nor any rate; from it on, all."""
    rest = {"audit_side": ["A"], "observed": [1], "flagged": [True], "probability": [0.9]}
    table = pd.concat([_table(EIGHT), _table(rest, times=size).assign(audit_side="few")], ignore_index=True)
    line = _groups(audit(table, {"side": ["A", "B"]}, capacity=0.375, small_group=30))["few"]
    hidden = [name for name in ("events", *RATES) if line[name] is None]
    assert line["n"] == size
    if size < MINIMUM_CELL:
        assert hidden == ["events", *RATES]
    else:
        # Everyone has the outcome: the share flagged among those without it is not defined.
        assert hidden == ["fpr"]


def test_the_whole_is_hidden_too() -> None:
    """A table of fewer than the smallest cell shows nothing but its size."""
    audited = audit(_table(EIGHT, times=1), {"side": ["A", "B"]}, capacity=0.375, small_group=30)
    assert audited["audits"][0]["overall"] == {"n": 8, "events": None, **dict.fromkeys(RATES), "small": True}


def test_repeats_count_each_child_once() -> None:
    """Scored in three repeats, a child is one child: counts are as of one repeat, rates the mean over them."""
    once = _table(EIGHT)
    table = pd.concat([once.assign(repeat=repeat) for repeat in range(3)], ignore_index=True)
    again = audit(table, {"side": ["A", "B"]}, capacity=0.375, small_group=30)
    assert again == audit(once, {"side": ["A", "B"]}, capacity=0.375, small_group=30)


def test_repeats_do_not_lift_a_group_over_the_smallest_cell() -> None:
    """Five children in four repeats are twenty rows and five children: they stay hidden."""
    few = _table(EIGHT | {"audit_side": ["A"] * 7 + ["few"]}, times=5)
    table = pd.concat([few.assign(repeat=repeat) for repeat in range(4)], ignore_index=True)
    line = _groups(audit(table, {"side": []}, capacity=0.375, small_group=30))["few"]
    assert (line["n"], line["events"], line["recall"]) == (5, None, None)


def test_rates_that_are_not_defined() -> None:
    """A rate whose own denominator is empty is none, and neither 0 nor 1."""
    none = {"audit_side": ["none"] * 2, "observed": [0, 0], "flagged": [False] * 2, "probability": [0.1, 0.3]}
    every = {"audit_side": ["every"] * 2, "observed": [1, 1], "flagged": [True] * 2, "probability": [0.7, 0.9]}
    table = pd.concat([_table(none, times=10), _table(every, times=10)], ignore_index=True)
    found = _groups(audit(table, {"side": []}, capacity=0.5, small_group=30))
    assert {name: found["none"][name] for name in RATES} == {
        "selection_rate": 0.0,
        "recall": None,
        "fpr": 0.0,
        "ppv": None,
        "calibration_gap": -0.2,
    }
    assert {name: found["every"][name] for name in RATES} == {
        "selection_rate": 1.0,
        "recall": 1.0,
        "fpr": None,
        "ppv": 1.0,
        "calibration_gap": 0.2,
    }


def test_each_landmark_and_outcome_apart() -> None:
    """Landmarks and outcomes are audited apart, in the order in which they stand, and each by every attribute."""
    parts = [
        _table(EIGHT, landmark=landmark, outcome=outcome).assign(audit_other="X")
        for landmark, outcome in (("z", "later"), ("a", "later"), ("z", "sooner"))
    ]
    groups = {"side": ["A", "B"], "other": ["X"]}
    audited = audit(pd.concat(parts, ignore_index=True), groups, capacity=0.375, small_group=30)
    assert [(part["landmark"], part["outcome"]) for part in audited["audits"]] == [
        *(("z", "later"), ("a", "later"), ("z", "sooner"))
    ]
    for part in audited["audits"]:
        assert [attribute["attribute"] for attribute in part["attributes"]] == ["side", "other"]
        assert part["attributes"][0]["groups"][0]["n"] == 20


def test_the_order_of_rows_says_nothing() -> None:
    """The same rows in another order give the same audit."""
    table = _random_table(4)
    shuffled = table.sample(frac=1, random_state=5).reset_index(drop=True)
    groups = {"side": ["A"]}
    assert audit(shuffled, groups, 0.3, 100) == audit(table, groups, 0.3, 100)


def test_it_can_be_written() -> None:
    """An audit is plain JSON without NaN, and names no child and no family."""
    written = canonical(audit(_random_table(6), {"side": ["A", "Z"]}, 0.3, 100)).decode()
    assert "c1" not in written
    assert "f1" not in written
