"""No record, no list: a worklist, and whoever reads one again, is recorded first, or nothing of it is told."""

from collections.abc import Callable
from typing import Any

import pytest

from service.problems import RecordUnavailable
from service.record.entries import Entry


class Full:
    """A decision record that can be read and not written, as on a disk that is full."""

    def __init__(self, record: Any) -> None:
        self._record = record

    def __getattr__(self, name: str) -> Any:
        return getattr(self._record, name)

    async def append(self, *_entries: Entry) -> int:
        """Fail."""
        raise RecordUnavailable


def test_no_record_no_list(at_desk: Callable[..., None]) -> None:
    """While the record cannot be written no list is made, and none that was made is told, as JSON or as a table."""

    async def scenario(desk: Any) -> None:
        told = await desk.listed(children=3)
        held, newest = desk.service.record, await desk.record.newest("")
        desk.service.record = Full(held)
        for asking in (lambda: desk.listed(children=3), lambda: desk.again(told["id"]), lambda: desk.table(told["id"])):
            with pytest.raises(RecordUnavailable):
                await asking()
        desk.service.record = held
        assert await desk.record.newest("") == newest
        assert await desk.again(told["id"]) == told

    at_desk(scenario)
