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
from numpy.typing import NDArray
from sklearn.metrics import precision_score

from fairness.audit import COUNTS, audit, audits
from fairness.scored import NOT_RECORDED
from models.canonical import canonical

RATES = ("selection_rate", "recall", "fpr", "ppv", "calibration_gap")

# Eight rows, five times over.
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
    "A": {
        "n": 20,
        "events": 10,
        "foreseen": 10.0,
        "flagged": 10.0,
        "found": 5.0,
        "selection_rate": 0.5,
        "recall": 0.5,
        "fpr": 0.5,
        "ppv": 0.5,
        "calibration_gap": 0.0,
    },
    "B": {
        "n": 20,
        "events": 5,
        "foreseen": 6.0,
        "flagged": 5.0,
        "found": 5.0,
        "selection_rate": 0.25,
        "recall": 1.0,
        "fpr": 0.0,
        "ppv": 1.0,
        "calibration_gap": -0.05,
    },
    "all": {
        "n": 40,
        "events": 15,
        "foreseen": 16.0,
        "flagged": 15.0,
        "found": 10.0,
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
    """An audit names its capacity and the size under which a group is small."""
    audited = audit(_table(EIGHT), {"side": ["A", "B"]}, capacity=0.375, small_group=30)
    assert _without(audited, "audits") == {"format": 1, "capacity": 0.375, "small_group": 30}
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


def _lists(seed: int, repeats: int, rows: int) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Return a table of two attributes, groups of every size, and the first of five lists each row is on (5: none)."""
    chance = np.random.default_rng(seed)
    groups = chance.choice(["A", "B", "C", "D", NOT_RECORDED], rows, p=[0.7, 0.2, 0.06, 0.02, 0.02])
    other = chance.choice(["X", "Y"], rows)
    observed = (chance.random(rows) < np.where(groups == "D", 1.0, 0.4)).astype(int)
    columns = {"audit_side": groups, "audit_other": other, "observed": observed, "flagged": False}
    parts = [
        _table(columns | {"probability": chance.random(rows)}, times=1, repeat=repeat) for repeat in range(repeats)
    ]
    table = pd.concat(parts, ignore_index=True)
    return table, chance.choice(6, len(table), p=[0.0, 0.02, 0.1, 0.1, 0.2, 0.58])


def _by_fairlearn(table: pd.DataFrame, flagged: NDArray[np.bool_], group: pd.Series) -> MetricFrame:
    return MetricFrame(
        metrics={
            "n": count,
            "flagged": lambda _observed, on: on.sum(),
            "found": lambda observed, on: (observed & on).sum(),
            "selection_rate": selection_rate,
            "recall": lambda observed, on: true_positive_rate(observed, on) if observed.any() else math.nan,
            "fpr": lambda observed, on: false_positive_rate(observed, on) if not observed.all() else math.nan,
            "ppv": lambda observed, on: precision_score(observed, on, zero_division=math.nan),
            "calibration_gap": lambda observed, _on, probability: observed.mean() - probability.mean(),
        },
        y_true=table["observed"].to_numpy(),
        y_pred=flagged.astype(int),
        sensitive_features=group.to_numpy(),
        sample_params={"calibration_gap": {"probability": table["probability"].to_numpy()}},
    )


@pytest.mark.parametrize(("seed", "repeats", "rows"), [(1, 1, 300), (2, 3, 240), (3, 2, 40), (4, 1, 2000)])
def test_every_list_as_fairlearn_has_it(seed: int, repeats: int, rows: int) -> None:
    """At every capacity, for every attribute and group, every count and measure is a MetricFrame's."""
    table, place = _lists(seed, repeats, rows)
    capacities = (0.05, 0.1, 0.2, 0.3, 0.5)
    for k, audited in enumerate(audits(table, place, {"side": ["A", "E"], "other": []}, capacities, small_group=100)):
        assert audited["capacity"] == capacities[k]
        (part,) = audited["audits"]
        every = [("everyone", {"everyone": part["overall"]}, pd.Series("everyone", index=table.index))]
        for attribute in part["attributes"]:
            name = attribute["attribute"]
            every.append((name, {line["group"]: line for line in attribute["groups"]}, table[f"audit_{name}"]))
        for name, lines, group in every:
            frame = _by_fairlearn(table, place <= k, group).by_group
            assert set(frame.index) <= set(lines)
            for which, values in frame.iterrows():
                line = lines[str(which)]
                assert line["n"] == values["n"] / repeats
                values["flagged"], values["found"] = values["flagged"] / repeats, values["found"] / repeats
                for measure in (*RATES, "flagged", "found"):
                    expected = None if math.isnan(values[measure]) else pytest.approx(values[measure], abs=5.1e-7)
                    assert line[measure] == expected, (name, which, measure, k)


def test_one_list_is_the_column_flagged() -> None:
    """The audit at one capacity, by the column `flagged`, is that of the list of those flagged."""
    table, place = _lists(5, 2, 300)
    several = audits(table, place, {"side": ["A"]}, (0.05, 0.1, 0.2, 0.3, 0.5), 100)
    for k, audited in enumerate(several):
        assert audit(table.assign(flagged=place <= k), {"side": ["A"]}, audited["capacity"], 100) == audited


def test_no_group_is_left_out() -> None:
    """A group that was declared and has no child is listed, *not recorded* too, and so is one that nobody declared."""
    found = _groups(audit(_table(EIGHT), {"side": ["C", "B"]}, capacity=0.375, small_group=30))
    assert list(found) == ["C", "B", "A", NOT_RECORDED]
    for group in ("C", NOT_RECORDED):
        assert _without(found[group], "group") == {
            **dict.fromkeys(COUNTS, 0),
            **dict.fromkeys(RATES),
            "small": True,
        }


def test_not_recorded_comes_last_and_is_measured() -> None:
    """Children whose group is not recorded are a group like any other, listed last and once."""
    unknown = EIGHT | {"audit_side": ["A"] * 4 + [NOT_RECORDED] * 4}
    audited = audit(_table(unknown), {"side": [NOT_RECORDED, "A"]}, capacity=0.375, small_group=30)
    (attribute,) = audited["audits"][0]["attributes"]
    assert sorted(line["group"] for line in attribute["groups"]) == ["A", NOT_RECORDED]
    assert _without(_groups(audited)[NOT_RECORDED], "group", "small") == EXPECTED["B"]


def test_repeats_count_each_child_once() -> None:
    """Scored in three repeats, a child is one child: counts are as of one repeat, rates the mean over them."""
    once = _table(EIGHT)
    table = pd.concat([once.assign(repeat=repeat) for repeat in range(3)], ignore_index=True)
    again = audit(table, {"side": ["A", "B"]}, capacity=0.375, small_group=30)
    assert again == audit(once, {"side": ["A", "B"]}, capacity=0.375, small_group=30)


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
