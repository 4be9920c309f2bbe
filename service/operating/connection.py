"""
One connection of uvicorn's server, bounded in time and size where uvicorn has no bound.

A head must be whole soon after the connection, or after its own first byte; a body that was refused must end soon; an answer must be
taken. Where there are too many connections, the one that has been idle longest makes room.
"""

import asyncio
from typing import Any
from urllib.parse import unquote

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from service.operating.one_write import OneWrite
from service.operating.refused_early import FULL, HEAD_TOO_LARGE, NOT_HTTP

HEAD_SECONDS = 10.0
# A caller that was refused before it had sent everything can do so, and read why, for this long.
LINGER_SECONDS = 2.0
FULL_SECONDS = 0.2
ANSWER_SECONDS = 30.0
MOST_LINGER_BYTES = 32 * 2**20
MOST_HEAD_BYTES = 32 * 2**10
# Case systems keep far fewer; each costs some kilobytes and a file descriptor.
MOST_CONNECTIONS = 1000


# What says how long a body is.
_FRAMES = frozenset({b"content-length", b"transfer-encoding"})


class Connections(ServerState):
    """
    What connections share: besides uvicorn's, those that no request is answered on, the longest so first.

    There are `most` at once, and an answer is to be taken within `answer_seconds` once its caller stops reading.
    """

    def __init__(self, most: int = MOST_CONNECTIONS, answer_seconds: float = ANSWER_SECONDS) -> None:
        super().__init__()
        self.most, self.answer_seconds = most, answer_seconds
        self.idle: dict[Connection, None] = {}
        self.draining = False

    def drain(self) -> None:
        """Answer on, and tell every caller to connect anew."""
        self.draining = True
        for connection in self.connections:
            # One whose answer has begun was told in its head that the connection is kept: its next answer tells it otherwise.
            if (
                isinstance(connection, Connection)
                and connection.cycle is not None
                and not connection.cycle.response_started
            ):
                connection.cycle.keep_alive = False


class Connection(HttpToolsProtocol):
    """One connection."""

    server_state: Connections

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._head_due: asyncio.TimerHandle | None = None
        self._body_due: asyncio.TimerHandle | None = None
        self._answer_due: asyncio.TimerHandle | None = None
        self._head_bytes = 0
        self._unread_bytes = 0
        self._body_whole = True
        self._leaving = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's own
        """Begin to wait for a head, or refuse the connection where none can make room for it."""
        super().connection_made(transport)
        if len(self.connections) > self.server_state.most and not self._make_room():
            self._leave(FULL, FULL_SECONDS)
        else:
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self.server_state.idle.pop(self, None)
        for name in ("_head_due", "_body_due", "_answer_due"):
            self._cancel(name)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless the caller is being let go of."""
        if self._leaving:
            return
        if self._is_idle():
            self._await_head()
        self._head_bytes += len(data)
        self._unset_keepalive_if_required()
        self._feed(data)
        if self._head_due is not None and self._head_bytes > MOST_HEAD_BYTES:
            self._leave(HEAD_TOO_LARGE)

    def _feed(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as wished:
            self._stay(data[wished.args[0] :])
        except httptools.HttpParserError:
            # Whoever is being let go of still gets the answer that is on its way.
            if not self._leaving:
                self.send_400_response("")

    def _stay(self, rest: bytes) -> None:
        """
        Go on in HTTP/1.1 with a request that wishes for another protocol, and let its caller go once it is answered.

        The parser takes what follows such a head to be in the other protocol, and the body for another request. So another parser reads
        it, by a head that has no more than how long it is; what comes after the body nobody reads.
        """
        framed = self._framed()
        if framed:
            self.parser = httptools.HttpRequestParser(_Rest(self))
            self._feed(b"POST / HTTP/1.1\r\n" + framed + b"\r\n" + rest)
        else:
            self._leaving = True

    def _framed(self) -> bytes:
        """Return the headers that say how long the body is; nothing where there is none."""
        said = ((name, value) for name, value in self.headers if name in _FRAMES)
        return b"".join(b"%b: %b\r\n" % each for each in said if each[1].strip(b"0"))

    def ended(self) -> None:
        """Read nothing after the body of a request that wished for another protocol."""
        self.on_message_complete()
        self._leaving = True

    def on_message_begin(self) -> None:
        """Begin to wait for the rest of the head; it may have begun before the answer to the last."""
        super().on_message_begin()
        self._body_whole = False
        if self._head_due is None:
            self._await_head()

    def on_headers_complete(self) -> None:
        """Take the request, if its head is not too large and names one host."""
        self._cancel("_head_due")
        self.server_state.idle.pop(self, None)
        if self._leaving:
            # What was sent behind a request that is refused so is not done: its caller was told that nothing more is read.
            return
        if self._head_bytes > MOST_HEAD_BYTES and self._head_size() > MOST_HEAD_BYTES:
            self._leave(HEAD_TOO_LARGE)
            return
        hosts = [name for name, _ in self.headers].count(b"host")
        if hosts > 1 or (hosts == 0 and self.parser.get_http_version() == "1.1"):
            # RFC 9112, 3.2: one who sends none, or two, may be making a proxy believe that it asks somebody else.
            self._leave(NOT_HTTP)
            return
        self._head_bytes = 0
        self._take()

    def _take(self) -> None:
        """Have the request answered, once those before it are: as uvicorn's own, but for what is never asked of it here."""
        version = self.parser.get_http_version()
        asked = httptools.parse_url(self.url)
        path = asked.path.decode("ascii")
        self.scope["method"] = self.parser.get_method().decode("ascii")
        self.scope["http_version"] = version
        self.scope["path"] = unquote(path) if "%" in path else path
        self.scope["raw_path"] = asked.path
        self.scope["query_string"] = asked.query or b""
        before = self.cycle
        kept = version != "1.0" and self.parser.should_keep_alive() and not self.server_state.draining
        kept = kept and not self.parser.should_upgrade()
        self.cycle = self._cycle(keep_alive=kept)
        if before is None or before.response_complete:
            self._start_asgi_task(self.cycle, self.app)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((self.cycle, self.app))

    def _cycle(self, *, keep_alive: bool) -> OneWrite:
        return OneWrite(
            scope=self.scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=False,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=self.expect_100_continue,
            keep_alive=keep_alive,
            on_response=self.on_response_complete,
        )

    def on_body(self, body: bytes) -> None:
        """Pass the body on; what still comes of one that was answered is dropped, up to a limit."""
        if self._leaving:
            return
        super().on_body(body)
        if self.cycle.response_complete:
            self._unread_bytes += len(body)
            if self._unread_bytes > MOST_LINGER_BYTES:
                self.transport.close()

    def on_message_complete(self) -> None:
        """Know that the body is whole; one that follows a wish for another protocol is still to come."""
        if self.parser.should_upgrade() and self._framed():
            return
        self._body_whole = True
        self._head_bytes = self._unread_bytes = 0
        if self._leaving:
            return
        super().on_message_complete()
        if self._is_idle():
            self._rest()

    def on_response_complete(self) -> None:
        """Wait for the next head; the rest of a body that was not read is waited for no longer than it takes to read why."""
        super().on_response_complete()
        if self._is_idle():
            self._rest()
        elif self._is_answered() and self._head_due is None and self._body_due is None:
            self._body_due = self.loop.call_later(LINGER_SECONDS, self.transport.close)

    def pause_writing(self) -> None:
        """Begin to wait for the caller to take the answer."""
        super().pause_writing()
        if self._answer_due is None:
            self._answer_due = self.loop.call_later(self.server_state.answer_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on: the caller took it."""
        super().resume_writing()
        self._cancel("_answer_due")

    def send_400_response(self, msg: str) -> None:
        """Refuse what is not HTTP, as a problem; uvicorn's message is left out."""
        del msg
        self._leave(NOT_HTTP)

    def _is_answered(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _is_idle(self) -> bool:
        """Whether nothing has come since the last request was answered."""
        return self._head_due is None and self._body_whole and self._is_answered()

    def _await_head(self) -> None:
        self._head_bytes = 0
        self._head_due = self.loop.call_later(HEAD_SECONDS, self.transport.close)
        self.server_state.idle[self] = None

    def _rest(self) -> None:
        """Keep the connection for the next request, for as long as uvicorn does."""
        self._cancel("_body_due")
        self.server_state.idle[self] = None
        if self.timeout_keep_alive_task is None and not self.transport.is_closing():
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def _make_room(self) -> bool:
        """Let go of the connection that has been idle longest; whether there was one."""
        longest = next(iter(self.server_state.idle), None)
        if longest is not None:
            del self.server_state.idle[longest]
            longest.transport.abort()
        return longest is not None

    def _leave(self, last: bytes, seconds: float = LINGER_SECONDS) -> None:
        """Say why, read nothing more, and close soon: at once would take away what the caller has not read yet."""
        self._leaving = True
        self._cancel("_head_due")
        self.server_state.idle.pop(self, None)
        if self._is_answered():
            self.transport.write(last)
        self._body_due = self.loop.call_later(seconds, self.transport.close)

    def _head_size(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)

    def _cancel(self, name: str) -> None:
        timer: asyncio.TimerHandle | None = getattr(self, name)
        if timer is not None:
            timer.cancel()
            setattr(self, name, None)


class _Rest:
    """Hands on the body of a request that wished for another protocol."""

    def __init__(self, connection: Connection) -> None:
        self.on_body, self.on_message_complete = connection.on_body, connection.ended
