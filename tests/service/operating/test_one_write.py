"""An answer in one piece is, byte for byte, what uvicorn would have sent in two."""

import asyncio
import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from service.operating.one_write import OneWrite

DATE = (b"date", b"Mon, 23 Nov 2026 01:00:00 GMT")
VALUES = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=8).map(str.encode)
HEADERS = st.lists(st.tuples(st.sampled_from([b"etag", b"content-type", b"x-more"]), VALUES), max_size=4)


class Transport(asyncio.Transport):
    """A transport that remembers what was written and whether it was closed."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.closed = False

    def write(self, data: Any) -> None:
        """Remember what was written."""
        self.written.append(bytes(data))

    def close(self) -> None:
        """Remember that it was closed."""
        self.closed = True

    def is_closing(self) -> bool:
        """Whether it was closed."""
        return self.closed


def _sent(
    kind: type[RequestResponseCycle], messages: list[dict[str, Any]], method: str, *, keep_alive: bool
) -> tuple[Transport, list[bool]]:
    """Return the transport after those messages, and how often the answer was said to be complete."""
    transport, complete = Transport(), list[bool]()

    async def sending() -> None:
        cycle = kind(
            scope={"method": method},  # type: ignore[typeddict-item] # all that is looked at
            transport=transport,
            flow=FlowControl(transport),
            logger=logging.getLogger(__name__),
            access_logger=logging.getLogger(__name__),
            access_log=False,
            default_headers=[DATE],
            message_event=asyncio.Event(),
            expect_100_continue=False,
            keep_alive=keep_alive,
            on_response=lambda: complete.append(True),
        )
        for message in messages:
            await cycle.send(message)  # type: ignore[arg-type]

    asyncio.run(sending())
    return transport, complete


def _messages(status: int, headers: list[tuple[bytes, bytes]], body: bytes, *, length: bool) -> list[dict[str, Any]]:
    said = [(b"content-length", b"%d" % len(body)), *headers] if length else headers
    return [
        {"type": "http.response.start", "status": status, "headers": said},
        {"type": "http.response.body", "body": body},
    ]


@given(
    status=st.sampled_from([200, 201, 304, 404, 503]),
    headers=HEADERS,
    body=st.binary(max_size=20),
    method=st.sampled_from(["GET", "HEAD", "POST"]),
    keep_alive=st.booleans(),
    length=st.booleans(),
    leaving=st.booleans(),
)
def test_the_same_bytes(
    *,
    status: int,
    headers: list[tuple[bytes, bytes]],
    body: bytes,
    method: str,
    keep_alive: bool,
    length: bool,
    leaving: bool,
) -> None:
    """Whatever is answered, the bytes, the end of the connection and the end of the answer are uvicorn's own."""
    # Without a length uvicorn refuses a body of 304.
    told = length or status == 304
    messages = _messages(status, [*headers, *[(b"connection", b"close")] * leaving], body, length=told)
    usual, usually_complete = _sent(RequestResponseCycle, messages, method, keep_alive=keep_alive)
    found, complete = _sent(OneWrite, messages, method, keep_alive=keep_alive)
    assert b"".join(found.written) == b"".join(usual.written)
    assert (found.closed, complete) == (usual.closed, usually_complete) == (leaving or not keep_alive, [True])


def test_one_write() -> None:
    """A whole answer leaves in one write."""
    found, _ = _sent(OneWrite, _messages(201, [], b"{}", length=True), "POST", keep_alive=True)
    assert len(found.written) == 1


@pytest.mark.parametrize("value", [b"a\r\nset-cookie: b", b"a\nb", b"a\x00"])
def test_a_header_stays_in_its_line(value: bytes) -> None:
    """A value that would begin another header is not sent."""
    with pytest.raises(RuntimeError):
        _sent(OneWrite, _messages(200, [(b"etag", value)], b"", length=True), "GET", keep_alive=True)
