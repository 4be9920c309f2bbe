"""The tidy table: every figure of the audit once, symbols for what is hidden."""

import csv
import io
from typing import Any

from fairness.in_use.tidy import COLUMNS, tidy


def test_every_figure(audit: dict[str, Any]) -> None:
    """A row for each group and measure and difference; one row with `c` of a hidden group, with `z` of nobody."""
    header, *rows = csv.reader(io.StringIO(tidy(audit)))
    assert tuple(header) == COLUMNS
    found = [dict(zip(header, row, strict=True)) for row in rows]
    assert len(found) == 4 * 15 + 15 + 3
    south = next(row for row in found if (row["group"], row["measure"]) == ("South", "recall_people"))
    told = audit["heads"][0]["attributes"][0]["groups"][1]["figures"]["recall_people"]
    assert [float(south[name]) for name in COLUMNS[5:12]] == told[:7]
    (few,) = [row for row in found if row["group"] == "Few"]
    assert {few[name] for name in COLUMNS[5:12]} == {few["n"], few["symbol"]} == {"c"}
    assert [row["symbol"] for row in found if row["group"] == "not recorded"] == ["z", "z"]
    assert {row["gap"] for row in found if row["group"] == "everyone"} == {""}
