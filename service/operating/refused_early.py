"""What a connection is answered with when there is no request yet that the application could answer."""

from service.problems import MEDIA_TYPE, OVERLOADED, Kind, problem

_TOO_LARGE = Kind("head-too-large", 431, "The head of the request is too large")
_NOT_HTTP = Kind("not-http", 400, "The request is not HTTP")


def _answer(kind: Kind, phrase: str, detail: str, header: str = "") -> bytes:
    body = problem(kind, detail).model_dump_json()
    return (
        f"HTTP/1.1 {kind.status} {phrase}\r\ncontent-type: {MEDIA_TYPE}\r\n{header}cache-control: no-store\r\n"
        f"connection: close\r\ncontent-length: {len(body)}\r\n\r\n{body}"
    ).encode()


FULL = _answer(
    OVERLOADED, "Service Unavailable", "Too many connections are open; ask again a little later.", "retry-after: 1\r\n"
)
HEAD_TOO_LARGE = _answer(_TOO_LARGE, "Request Header Fields Too Large", "Send less than 32 KiB of address and headers.")
NOT_HTTP = _answer(_NOT_HTTP, "Bad Request", "Send HTTP/1.1, with one Host.")
