"""
One request on a connection, and its answer in one piece.

uvicorn sends the head of an answer by itself, and the body after it: each is a call of the system, and a caller that is woken twice.
What does not come as one whole body it still sends as it always does.
"""

import re
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

# What would end a line of a head, or the head itself.
_NOT_IN_A_HEAD = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_BETWEEN, _END = b": ", b"\r\n"


class OneWrite(RequestResponseCycle):
    """A request whose answer leaves in one write."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._begun: Any = None

    async def send(self, message: Any) -> None:
        """Send a message of ASGI; the beginning of an answer is kept until there is more of it."""
        if self._begun is None:
            if message["type"] == "http.response.start" and not self.response_started:
                self._begun = message
            else:
                await super().send(message)
            return
        begun, self._begun = self._begun, None
        if self._is_whole(begun, message):
            await self._answer(begun["status"], [*self.default_headers, *begun["headers"]], message.get("body", b""))
        else:
            await super().send(begun)
            await super().send(message)

    def _is_whole(self, begun: Any, message: Any) -> bool:
        if message["type"] != "http.response.body" or message.get("more_body", False):
            return False
        said = dict(begun.get("headers", ()))
        return b"connection" not in said and said.get(b"content-length") == b"%d" % len(message.get("body", b""))

    async def _answer(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        if self.flow.write_paused and not self.disconnected:
            await self.flow.drain()
        if self.disconnected:
            return
        head = self._head(status, headers)
        self.response_started = self.response_complete = True
        self.waiting_for_100_continue = False
        self.transport.write(head if self.scope["method"] == "HEAD" else head + body)
        self.message_event.set()
        if not self.keep_alive:
            self.transport.close()
        self.on_response()

    def _head(self, status: int, headers: list[tuple[bytes, bytes]]) -> bytes:
        """Return the head; raises RuntimeError where a header would not stay in its line."""
        lines = [STATUS_LINE[status]]
        for name, value in headers:
            lines += (name, _BETWEEN, value, _END)
        if _NOT_IN_A_HEAD.search(b"".join([part for pair in headers for part in pair])):
            raise RuntimeError("a header would not stay in its line")
        lines.append(b"\r\n" if self.keep_alive else b"connection: close\r\n\r\n")
        return b"".join(lines)
