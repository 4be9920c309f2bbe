"""A request that is sent again under its Idempotency-Key is answered once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

Told = dict[str, Any]


def test_the_same_bytes(door: Any, request_body: Told) -> None:
    """The same key and body get the same bytes and headers, the reference of the child included, and one entry."""
    first = door.post("/v1/scores", request_body, idempotency_key="one")
    before = len(door.recorded("score"))
    second = door.post("/v1/scores", request_body, idempotency_key="one")
    assert (second.status_code, second.content) == (201, first.content)
    assert {name: second.headers[name] for name in ("location", "etag", "content-type")} == {
        name: first.headers[name] for name in ("location", "etag", "content-type")
    }
    assert len(door.recorded("score")) == before


def test_another_body(door: Any, request_body: Told) -> None:
    """The same key with another body, or at another address, is refused; another client's key is its own."""
    door.post("/v1/scores", request_body, idempotency_key="two")
    for path, body in (
        ("/v1/scores", request_body | {"as_of": 791}),
        ("/v1/scores/batch", {"requests": [request_body]}),
    ):
        answer = door.post(path, body, idempotency_key="two")
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/idempotency-key-used")
    assert door.post("/v1/scores", request_body | {"as_of": 791}, who="other", idempotency_key="two").status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 256, "a b", "a\tb", "é"])
def test_a_key_that_is_none(door: Any, request_body: Told, key: str) -> None:
    """A key is 1 to 255 visible characters."""
    answer = door.ask("POST", "/v1/scores", headers={"Idempotency-Key": key.encode("latin-1")}, json=request_body)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/breaks-form")


def test_a_refusal_is_not_kept(door: Any, request_body: Told) -> None:
    """A request that was refused can be mended and sent under the same key."""
    assert door.post("/v1/scores", {}, idempotency_key="three").status_code == 422
    assert door.post("/v1/scores", request_body, idempotency_key="three").status_code == 201


def test_fifty_at_once(door: Any, request_body: Told) -> None:
    """Of fifty callers with one key at once each is told the same bytes or to wait, and one entry is made."""
    before = len(door.recorded("score"))

    def ask(_number: int) -> Any:
        return door.post("/v1/scores", request_body, idempotency_key="fifty")

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(ask, range(50)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    told = {answer.content for answer in answers if answer.status_code == 201}
    assert len(told) == 1
    assert ask(0).content in told
    assert len(door.recorded("score")) == before + 1
