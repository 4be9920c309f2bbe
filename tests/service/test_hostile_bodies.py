"""Bodies made to break a decoder: each gets a clear refusal, and none of them an error of the service."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.body import MOST_BYTES

JSON = {"Content-Type": "application/json"}
GOOD = '{"subject": "child-1", "purpose": "early_help", "as_of": %s, "sources": {}}'
LINKED = (GOOD % 400).encode().replace(b"{}}", b'{"births": {"events": [], "link": %s}}}')

HOSTILE: dict[str, tuple[bytes, int, str]] = {
    "nothing": (b"", 400, "not-json"),
    "a word": (b"hello", 400, "not-json"),
    "cut off": (b'{"subject": "child-1"', 400, "not-json"),
    "two values": (b"{} {}", 400, "not-json"),
    "a trailing comma": (b'{"subject": "child-1",}', 400, "not-json"),
    "a comment": (b'{} // "subject"', 400, "not-json"),
    "NaN": ((GOOD % "NaN").encode(), 400, "not-json"),
    "Infinity": ((GOOD % "-Infinity").encode(), 400, "not-json"),
    "a float beyond floats": ((GOOD % "1e999").encode(), 422, "breaks-contract"),
    "NaN for a link": (LINKED % b"NaN", 400, "not-json"),
    "Infinity for a link": (LINKED % b"Infinity", 400, "not-json"),
    "a link beyond floats": (LINKED % b"1e999", 422, "breaks-contract"),
    "a link below floats": (LINKED % b"1e-999", 422, "breaks-contract"),
    "an integer of 5,000 digits": ((GOOD % ("9" * 5000)).encode(), 400, "not-json"),
    "an integer of 4,000 digits": ((GOOD % ("9" * 4000)).encode(), 422, "breaks-contract"),
    "a lone surrogate": (rb'{"subject": "\ud800"}', 400, "not-json"),
    "a lone surrogate as a name": (rb'{"\udfff": 1}', 400, "not-json"),
    "a raw control character": (b'{"subject": "a\x01b"}', 400, "not-json"),
    "an escaped NUL": (GOOD.replace("child-1", r"a\u0000b").encode() % b"400", 422, "breaks-contract"),
    "a NUL as a name": (rb'{"\u0000": 1}', 422, "breaks-contract"),
    "a raw NUL": (b"{}\x00", 400, "not-json"),
    "bytes that are no UTF-8": (b'{"subject": "\xff\xfe"}', 400, "not-json"),
    "an overlong encoding": (b'{"subject": "\xc0\x80"}', 400, "not-json"),
    "UTF-16": ((GOOD % "400").encode("utf-16"), 400, "not-json"),
    "UTF-16 without its mark": ((GOOD % "400").encode("utf-16-le"), 400, "not-json"),
    "UTF-32": ((GOOD % "400").encode("utf-32"), 400, "not-json"),
    "a mark of UTF-8": (b"\xef\xbb\xbf" + (GOOD % "400").encode(), 400, "not-json"),
    "30,000 lists deep": (b"[" * 30_000, 400, "not-json"),
    "30,000 lists deep and closed": (b"[" * 30_000 + b"]" * 30_000, 400, "not-json"),
    "30,000 objects deep": (b'{"a":' * 30_000 + b"1" + b"}" * 30_000, 400, "not-json"),
    "300 objects deep": (b'{"a":' * 300 + b"1" + b"}" * 300, 400, "not-json"),
    "a field twice": (b'{"subject": "child-1", "subject": "child-1"}', 400, "duplicate-key"),
    "a field twice, once escaped": (rb'{"subject": "child-1", "sub\u006aect": "child-1"}', 400, "duplicate-key"),
    "a field twice, further in": (b'{"sources": {"births": {"events": [{"x": 1, "x": 1}]}}}', 400, "duplicate-key"),
    "a source twice": (b'{"sources": {"births": {}, "births": {}}}', 400, "duplicate-key"),
    "a list": (b"[]", 422, "breaks-contract"),
    "null": (b"null", 422, "breaks-contract"),
    "a number": (b"1", 422, "breaks-contract"),
    "a text": (b'"child-1"', 422, "breaks-contract"),
    "true for a number": ((GOOD % "true").encode(), 422, "breaks-contract"),
    "a number in quotes": ((GOOD % '"400"').encode(), 422, "breaks-contract"),
    "a number with a point": ((GOOD % "400.0").encode(), 422, "breaks-contract"),
    "a date that is none": ((GOOD % '"2021-02-30"').encode(), 422, "breaks-contract"),
    "a date and a time": ((GOOD % '"2021-03-31T00:00:00"').encode(), 422, "breaks-contract"),
    "a date in Arabic digits": ((GOOD % '"٢٠٢١-٠٣-٣١"').encode(), 422, "breaks-contract"),
    "a date with a newline": ((GOOD % r'"2021-03-31\n"').encode(), 422, "breaks-contract"),
    "many unknown fields": (json.dumps({f"x{i}": i for i in range(50_000)}).encode(), 422, "breaks-contract"),
}


@pytest.mark.parametrize(("body", "status", "kind"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_bodies(client: TestClient, body: bytes, status: int, kind: str) -> None:
    """Each hostile body is refused as the problem it is."""
    answer = client.post("/v1/scores", content=body, headers=JSON)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}")
    assert answer.headers["content-type"] == "application/problem+json"


def test_too_large_by_its_length(client: TestClient) -> None:
    """A body said to be too large is refused before any of it is read."""

    def unread() -> Iterator[bytes]:
        raise AssertionError("the body was read")
        yield b""

    answer = client.post("/v1/scores", content=unread(), headers=JSON | {"Content-Length": str(MOST_BYTES + 1)})
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")
    assert client.post("/v1/scores", content=b" " * 10_000_000, headers=JSON).status_code == 413


def test_largest_body(client: TestClient, request_body: dict[str, Any]) -> None:
    """A body of just the largest size is answered, one byte more is refused."""
    body = json.dumps(request_body).encode().ljust(MOST_BYTES)
    assert client.post("/v1/scores", content=body, headers=JSON).status_code == 200
    assert client.post("/v1/scores", content=body + b" ", headers=JSON).status_code == 413


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": ""},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json; charset=utf-16"},
        {"Content-Type": "application/json+patch"},
        JSON | {"Content-Encoding": "gzip"},
    ],
)
def test_other_types(client: TestClient, headers: dict[str, str]) -> None:
    """A body that is not said to be plain JSON in UTF-8 is refused unread."""
    answer = client.post("/v1/scores", content=b"{}", headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (415, "/problems/not-json-type")


@pytest.mark.parametrize(
    "said", ["application/json", "Application/JSON; charset=UTF-8", 'application/json;charset="utf-8"']
)
def test_spellings_of_json(client: TestClient, request_body: dict[str, Any], said: str) -> None:
    """Every usual spelling of the media type is taken."""
    body = json.dumps(request_body).encode()
    assert client.post("/v1/scores", content=body, headers={"Content-Type": said}).status_code == 200
