"""The page by group: charts of what people changed, and a table of each measure in which every group stands."""

from typing import Any

from fairness.in_use.by_group import by_group


def test_every_group_in_every_table(audit: dict[str, Any]) -> None:
    """Hidden groups and those of nobody stand in each table with their symbol, and in no chart."""
    *charts, tables, source = by_group(audit["heads"][0], audit["margins"])
    assert len(charts) == 3
    assert all("Few" not in chart and "South" in chart for chart in charts)
    assert tables.count("size: Few") == tables.count("size: not recorded") == tables.count("<caption") == 6
    assert "could not be scored 5" in source
