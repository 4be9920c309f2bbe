"""The audit of a score in use, from two files to what may be told."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from fairness.in_use.in_use import in_use
from fairness.policy.policy import Policy
from models.canonical import canonical
from models.errors import DataError

Tables = tuple[pd.DataFrame, pd.DataFrame]


def test_people_beside_the_list(audit: dict[str, Any], invented: Tables) -> None:
    """The list is alike in north and south; people offer the south less, which shows in who is found, with an interval."""
    (head,) = audit["heads"]
    north, south, _ = head["attributes"][0]["groups"]
    figures = south["figures"]
    assert figures["listed"][4] < 0 < figures["listed"][5]
    assert figures["offered"][5] < 0
    assert figures["set_aside"][0] - north["figures"]["set_aside"][0] == pytest.approx(0.46, abs=0.03)
    assert audit["verdicts"][figures["recall_people"][7]] in {"possible gap, keep watching", "gap larger than agreed"}
    value, low, high = south["differences"]["recall"]
    assert low < value < high < 0
    record, groups = invented
    known = record.merge(groups, on="subject").query("audit_side == 'South' and observed == 1")
    assert value == pytest.approx(known["offered"].mean() - known["flagged"].mean(), abs=0.02)


def test_what_is_counted(audit: dict[str, Any], invented: Tables) -> None:
    """Steps, refusals and reasons are counted, to the nearest five."""
    (head,) = audit["heads"]
    record = invented[0]
    assert head["steps"]["asked"] == head["n"] == 3000
    assert head["steps"]["offered"] == pytest.approx(record["offered"].sum(), abs=2)
    assert list(head["refusals"]) == ["too-little-known", "too-stale"]
    assert list(head["override_reasons"]) == ["already helped", "family declined"]
    assert (head["not_among_the_groups"], audit["never_asked"]) == (None, None)


def test_small_groups(audit: dict[str, Any]) -> None:
    """A group of four is told of by name only, and counted with the largest."""
    few, many, some, _ = audit["heads"][0]["attributes"][1]["groups"]
    assert (few["n"], few["figures"], few["differences"]) == (None, {}, {})
    assert (audit["heads"][0]["attributes"][1]["hidden_in"], many["n"], some["small"]) == ("Many", 2940, True)


def test_nobody_is_dropped(invented: Tables, tmp_path: Path) -> None:
    """Children who are not among the groups are counted and *not recorded*; those nobody asked about are counted, too."""
    record, groups = invented
    record.iloc[500:].to_csv(tmp_path / "record.csv", index=False)
    groups.iloc[:2_900].to_csv(tmp_path / "groups.csv", index=False)
    found = in_use(tmp_path / "record.csv", tmp_path / "groups.csv", Policy())
    (head,) = found["heads"]
    assert (head["n"], head["not_among_the_groups"], found["never_asked"]) == (2500, 100, 500)
    assert {line["group"]: line["n"] for line in head["attributes"][0]["groups"]}["not recorded"] == 100


def test_rare_reasons_are_not_named(invented: Tables, tmp_path: Path, files: tuple[Path, Path]) -> None:
    """A reason that fewer than ten share might tell of a child: it is counted as *other*, in no words."""
    record = invented[0].copy()
    apart = record.index[record["flagged"] != record["offered"]]
    record["override_reason"] = ""
    record.loc[apart[:60], "override_reason"] = "already helped"
    record.loc[apart[60:64], "override_reason"] = "her aunt said so"
    record.loc[apart[64:76], "override_reason"] = "moved"
    record.to_csv(tmp_path / "record.csv", index=False)
    told = in_use(tmp_path / "record.csv", files[1], Policy())
    assert told["heads"][0]["override_reasons"] == {"already helped": 60, "moved": None, "other": None}
    assert "aunt" not in json.dumps(told)


def test_both_files_at_once(tmp_path: Path, invented: Tables) -> None:
    """What is wrong with either file is told together."""
    invented[0].drop(columns="on").to_csv(tmp_path / "record.csv", index=False)
    invented[1].drop(columns="family").to_csv(tmp_path / "groups.csv", index=False)
    with pytest.raises(DataError) as refused:
        in_use(tmp_path / "record.csv", tmp_path / "groups.csv", Policy())
    assert [problem.place for problem in refused.value.problems] == ["record.csv", "groups.csv"]


def test_order_changes_nothing(audit: dict[str, Any], invented: Tables, tmp_path: Path) -> None:
    """The order of rows in either file changes nothing that is told."""
    record, groups = (table.sample(frac=1, random_state=2) for table in invented)
    record.to_csv(tmp_path / "record.csv", index=False)
    groups.to_csv(tmp_path / "groups.csv", index=False)
    assert canonical(in_use(tmp_path / "record.csv", tmp_path / "groups.csv", Policy())) == canonical(audit)
