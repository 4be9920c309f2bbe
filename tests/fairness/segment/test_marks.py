"""What children are told apart by."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from fairness.segment.marks import FIFTHS, UNNAMED, marks_of


def test_fifths_hold_a_fifth_each_and_keep_ties_together(invented: Callable[..., pd.DataFrame]) -> None:
    """Scores in their order make five groups alike in size; children of one score are never parted."""
    table = invented(1_000, 1)
    fifths = marks_of(table, ())[0]
    assert fifths.groups == FIFTHS
    assert np.bincount(fifths.place).tolist() == [0, 200, 200, 200, 200, 200]
    assert (np.diff(fifths.place[np.argsort(table["probability"])]) >= 0).all()
    tied = table.assign(probability=table["probability"].round(1))
    pairs = set(zip(tied["probability"], marks_of(tied, ())[0].place.tolist(), strict=True))
    assert len(pairs) == tied["probability"].nunique()


def test_groups_are_named_where_a_table_of_counts_would_tell_them(invented: Callable[..., pd.DataFrame]) -> None:
    """A group of nine is not named, nor the smallest of the others; each named group holds its own children."""
    table = invented(1_000, 2)
    table["audit_area"] = table["audit_area"].mask(np.arange(1_000) < 9, "Z")
    area, sex, _ = marks_of(table, ("area", "sex"))
    assert (area.attribute, area.groups, sex.groups) == ("area", ("A", "B", "C"), ("Boys", "Girls"))
    for place, group in enumerate(area.groups, start=1):
        assert ((area.place == place) == (table["audit_area"] == group)).all()
    assert ((area.place == UNNAMED) == table["audit_area"].isin(["Z", "not recorded"])).all()
