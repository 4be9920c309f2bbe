"""The body of a request is bounded in time as in size."""

import asyncio
from typing import Any

import pytest

from service.body import read_body
from service.problems import Refused, kind_of

SCOPE: dict[str, Any] = {"headers": [(b"content-type", b"application/json")]}


def test_a_slow_body() -> None:
    """A body that trickles in is refused at the deadline, however lively its trickle."""

    async def trickle() -> dict[str, Any]:
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": b" ", "more_body": True}

    with pytest.raises(Refused) as refused:
        asyncio.run(read_body(SCOPE, trickle, seconds=0.1))
    assert (kind_of(refused.value).status, refused.value.headers) == (408, {"Connection": "close"})


def test_a_caller_who_goes_away() -> None:
    """A caller who goes away before the body is whole is not answered as if it were."""

    async def gone() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    with pytest.raises(Refused) as refused:
        asyncio.run(read_body(SCOPE, gone))
    assert kind_of(refused.value).name == "cut-short"
