"""What the pack is drawn from."""

import subprocess
import sys
from typing import Any

import pytest

from fairness.pack.reading import Shown, read, shown


def test_those_missed_are_one_less_those_found() -> None:
    """Value and interval are turned about, the gap changes its side, and the verdict stays."""
    line = {"figures": {"recall": [0.4, 0.3, 0.45, -0.1, -0.2, 0.02, 0.15, 2]}}
    told = shown(line, "fnr")
    assert told[:6] == pytest.approx((0.6, 0.55, 0.7, 0.1, -0.02, 0.2))
    assert told[6:] == (0.15, 2)


def test_what_is_not_told_is_nothing() -> None:
    """A measure of a hidden group is no figure, turned about or not."""
    assert shown({"figures": {}}, "recall") == shown({"figures": {}}, "fdr") == Shown()


def test_each_score_knows_what_the_other_files_say_of_it(full_files: dict[str, bytes]) -> None:
    """A landmark and outcome has its own evaluation; where a file does not speak of it, it has none."""
    first, *others = read(full_files).heads
    assert first.title == "Not at a good level of development, from two months"
    assert first.evaluation is not None
    assert first.evaluation["landmark"] == first.landmark
    assert all(head.evaluation is None and head.standing is not None for head in others)


def test_a_name_without_a_label_is_told_as_it_is(audit_files: dict[str, bytes]) -> None:
    """An audit of a table that nobody described still names what it is about."""
    assert read(audit_files).label("attributes", "postcode") == "postcode"


def test_the_pack_needs_no_training_library() -> None:
    """A service that draws a pack again has not loaded what only training needs."""
    heavy = {"pandas", "duckdb", "lightgbm", "sklearn", "fairlearn", "mlflow"}
    asked = f"import sys, fairness.pack.page, fairness.pack.csv; sys.exit(bool({heavy!r} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0


def test_a_label_of_each_kind_is_found(audit: dict[str, Any], audit_files: dict[str, bytes]) -> None:
    """Landmarks, outcomes and attributes are told by their labels."""
    reading = read(audit_files)
    for kind, labels in audit["labels"].items():
        assert {reading.label(kind, name) for name in labels} == set(labels.values())
