"""Nothing that was sent comes back in a refusal: no value, no name, no header; nor is any of it logged."""

import copy
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

CANARY = "canary9731"
CANARIES: tuple[object, ...] = (CANARY, 97319731, -97319731.5, [CANARY], {CANARY: CANARY}, f"{CANARY}-03-31")
MARKS = ("canary", "9731")


def _everywhere(part: Any) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of every place in a request, the containers' own included."""
    if isinstance(part, dict | list):
        for key, item in part.items() if isinstance(part, dict) else enumerate(part):
            yield (key,)
            yield from ((key, *path) for path in _everywhere(item))


def _with(
    request: dict[str, Any], path: tuple[str | int, ...], value: object, name: str | None = None
) -> dict[str, Any]:
    """Return the request with a value at a place, or under another name beside it."""
    changed = copy.deepcopy(request)
    here: Any = changed
    for part in path[:-1]:
        here = here[part]
    if name is None:
        here[path[-1]] = value
    elif isinstance(here, dict):
        here[name] = value
    return changed


def _bodies(request: dict[str, Any]) -> Iterator[bytes]:
    for path in _everywhere(request):
        for value in CANARIES:
            yield json.dumps(_with(request, path, value)).encode()
        yield json.dumps(_with(request, path, 1, name=CANARY)).encode()
    good = json.dumps(request)
    yield good.replace('"subject"', f'"{CANARY}": 1, "{CANARY}": 1, "subject"').encode()
    yield good[:-1].encode() + f', "{CANARY}'.encode()
    yield good.replace("790", f"NaN{CANARY}").encode()
    yield good.replace("child-1", rf"\ud800{CANARY}").encode()
    yield CANARY.encode("utf-16")


def test_no_echo(client: TestClient, request_body: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    """A canary at every place of a request, as value and as name, never comes back in a refusal, nor in the log."""
    caplog.set_level(logging.DEBUG)
    request_body |= {"date_of_birth": "2019-12-31", "detail": "full"}
    request_body["sources"]["births"]["link"] = 0.97
    headers = {"Content-Type": "application/json", f"X-{CANARY}": CANARY, "User-Agent": CANARY, "Referer": CANARY}
    refused = 0
    for body in _bodies(request_body):
        answer = client.post("/v1/scores", content=body, headers=headers)
        if answer.status_code != 200:
            refused += 1
            assert 400 <= answer.status_code < 500
            assert not _marks(_told(answer))
    assert refused > 300
    # The test's own client logs the address it calls.
    assert not _marks("".join(record.getMessage() for record in caplog.records if not record.name.startswith("httpx")))


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize(
    "path", [f"/{CANARY}", f"/v1/scores/{CANARY}", f"/livez?{CANARY}", f"/v1/model/{CANARY}/", f"/v1/model?{CANARY}"]
)
def test_no_echo_of_an_address(client: TestClient, method: str, path: str) -> None:
    """An address that leads nowhere does not come back either, not even in a redirection."""
    answer = client.request(method, path, follow_redirects=False)
    assert answer.status_code in {200, 404, 405, 422}
    assert not _marks(_told(answer))


def _told(answer: Response) -> str:
    """Return all that came back but the trace, which is drawn by lot and could hold any digits."""
    return answer.text + str({name: value for name, value in answer.headers.items() if name != "traceparent"})


def _marks(text: str) -> list[str]:
    return [mark for mark in MARKS if mark in text.lower()]
