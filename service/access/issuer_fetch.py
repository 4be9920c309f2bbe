"""
Fetches the keys of an issuer of tokens: one GET, bounded in size and time, that follows nothing and goes through no proxy.

`http.client` does neither of its own accord. It bounds each step but not their sum, so a timer hangs up.
"""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from models.errors import BadInput

MOST_BYTES = 256 * 1024
SECONDS = 4.0


def check_address(address: str) -> None:
    """Raise BadInput unless keys may be fetched there: by https, or by http from this very machine."""
    try:
        parts = urlsplit(address)
        fine = parts.hostname is not None and parts.username is None and (parts.port or 1) > 0
    except ValueError:
        fine = False
    if not fine:
        raise BadInput("the address of the issuer's keys cannot be used; give one such as https://issuer.example/keys")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_here(parts.hostname or "")):
        raise BadInput("the issuer's keys must come by https (http is for 127.0.0.1 only), or from a file")


def fetched(address: str, seconds: float = SECONDS) -> bytes:
    """Return what is at an address; raises BadInput when it is not had whole and well in time."""
    parts = urlsplit(address)
    connection = _connection(parts, seconds)
    try:
        connection.connect()
        with _hung_up_after(seconds, connection.sock):
            return _got(connection, parts)
    except (OSError, HTTPException, ValueError):
        raise BadInput("the issuer's keys cannot be had: no whole answer came in time") from None
    finally:
        connection.close()


@contextlib.contextmanager
def _hung_up_after(seconds: float, held: socket.socket) -> Iterator[None]:
    """Wake whoever waits for a socket when its time is up, who then reads nothing more; raises OSError for what was read."""
    late = threading.Event()

    def hang_up() -> None:
        late.set()
        with contextlib.suppress(OSError):
            held.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
    if late.is_set():
        raise OSError


def _got(connection: HTTPConnection, parts: SplitResult) -> bytes:
    path = parts.path or "/"
    connection.request("GET", f"{path}?{parts.query}" if parts.query else path, headers={"Accept": "application/json"})
    with connection.getresponse() as answer:
        if answer.status != 200:
            raise BadInput(f"the issuer's keys cannot be had: it answers {answer.status}")
        body = answer.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise BadInput(f"the issuer's keys cannot be had: they are more than {MOST_BYTES} bytes")
        # What was said to follow: the library takes an answer that is cut short for a whole one.
        if answer.length:
            raise OSError
    return body


def _connection(parts: SplitResult, seconds: float) -> HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "https":
        return HTTPSConnection(host, parts.port, timeout=seconds, context=ssl.create_default_context())
    return HTTPConnection(host, parts.port, timeout=seconds)


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
