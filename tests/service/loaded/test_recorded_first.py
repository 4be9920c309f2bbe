"""No record, no list: a worklist, and whoever reads one again, is recorded first, or nothing of it is told."""

from collections.abc import Callable
from typing import Any

import pytest

from service.problems import RecordUnavailable


def test_no_record_no_list(at_desk: Callable[..., None], full: Any) -> None:
    """While the record cannot be written no list is made, and none that was made is told, as JSON or as a table."""

    async def scenario(desk: Any) -> None:
        told = await desk.listed(children=3)
        held, newest = desk.service.record, await desk.record.newest("")
        desk.service.record = full(held)
        for asking in (lambda: desk.listed(children=3), lambda: desk.again(told["id"]), lambda: desk.table(told["id"])):
            with pytest.raises(RecordUnavailable):
                await asking()
        desk.service.record = held
        assert await desk.record.newest("") == newest
        assert await desk.again(told["id"]) == told

    at_desk(scenario)
