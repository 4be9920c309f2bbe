"""Worklists where the record is PostgreSQL: made, read again and compared with the last, as in a file."""

import datetime
from collections.abc import Callable
from typing import Any

TODAY = datetime.date(2018, 6, 1)


def test_a_month_of_lists(at_desk: Callable[..., None], postgres: Callable[[], str]) -> None:
    """Lists of two months hold their children, say what changed, are read again as they were told, and hold no reference."""

    async def scenario(desk: Any) -> None:
        first = await desk.listed(children=6)
        desk.on(TODAY + datetime.timedelta(days=30))
        then = await desk.listed(children=6)
        assert (first["compared_with"], then["compared_with"]["id"]) == (None, first["id"])
        before, after = ({row["subject"] for row in told["children"]} for told in (first, then))
        assert {row["subject"] for row in then["children"] if row["change"] == "new"} == after - before
        assert {row["subject"] for row in then["left"]} == before - after
        assert await desk.again(then["id"]) == then
        assert [row["child"] for row in await desk.table(then["id"])][:6] == [r["subject"] for r in then["children"]]
        for row in then["children"]:
            entries = await desk.record.of_subject(desk.service.references.of(row["subject"]))
            assert row["answer"]["id"] in {each.id for each in entries}
            assert all(row["subject"].encode() not in each.payload for each in entries)

    at_desk(scenario, postgres())
