"""The guard: this machine alone, and no error that nobody foresaw ever tells what was sent."""

import dataclasses
from collections.abc import Callable
from typing import Any, Never

import pytest
from starlette.testclient import TestClient

from models.errors import IntegrityError
from service.app import app_that
from service.guard import is_loopback
from service.live import Live, Standby
from service.rendering import Renderer

ROUTES = [("GET", "/livez"), ("GET", "/readyz"), ("GET", "/v1/model"), ("POST", "/v1/scores"), ("GET", "/openapi.json")]
ELSEWHERE = ["192.0.2.1", "10.0.0.1", "0.0.0.0", "128.0.0.1", "::2", "::ffff:192.0.2.1", "testclient", "localhost", ""]  # noqa: S104


@pytest.mark.parametrize("address", ELSEWHERE)
@pytest.mark.parametrize(("method", "path"), [*ROUTES, ("GET", "/"), ("GET", "/nowhere")])
def test_elsewhere(live: Live, address: str, method: str, path: str) -> None:
    """A caller on another machine is refused on every route, and where there is none."""
    answer = TestClient(app_that(lambda _day: live), client=(address, 50000)).request(method, path)
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-local")


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"])
def test_here(live: Live, address: str) -> None:
    """Every address of this machine is answered."""
    with TestClient(app_that(lambda _day: live), client=(address, 50000)) as client:
        assert client.get("/livez").status_code == 200


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_through_a_proxy(client: TestClient, header: str) -> None:
    """A caller behind a proxy on this machine is elsewhere, whatever address it says it has."""
    assert client.get("/livez", headers={header: "127.0.0.1"}).status_code == 403


def test_every_route_is_tried(client: TestClient) -> None:
    """The routes above are all that the application has."""
    routes = {(method, route.path) for route in client.app.routes for method in route.methods}  # type: ignore[attr-defined]
    assert {(method, path) for method, path in routes if method != "HEAD"} == set(ROUTES)


@pytest.mark.parametrize("name", ["localhost", "example.org", "127.0.0.1.example.org", "127.1", ""])
def test_a_name_is_not_an_address(name: str) -> None:
    """What a name leads to is somebody else's to decide."""
    assert not is_loopback(name)


class Failing(Renderer):
    """A renderer that fails with an error, as one that nobody foresaw would, the subject in its message."""

    def __init__(self, error: type[Exception]) -> None:
        self._error = error

    def render(self, asked: Any, answer: Any) -> Never:  # noqa: ARG002
        """Fail."""
        raise self._error(f"about {asked.subject}")


@pytest.mark.parametrize("error", [ValueError, KeyError, RuntimeError, RecursionError, MemoryError, IntegrityError])
def test_an_error_nobody_foresaw(
    live: Live,
    serving: Callable[[Live | Standby], TestClient],
    request_body: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
    error: type[Exception],
) -> None:
    """An error is answered with 500 and logged by type and place; neither tells its message."""
    with serving(dataclasses.replace(live, renderer=Failing(error))) as client:
        answer = client.post("/v1/scores", json=request_body | {"subject": "canary"})
    assert (answer.status_code, answer.json()["type"]) == (500, "/problems/not-answered")
    (logged,) = [record.getMessage() for record in caplog.records if record.name == "earlyid.service"]
    assert logged.startswith(f"{error.__name__} in render, line ")
    assert "canary" not in answer.text + logged


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/scores"), ("POST", "/livez"), ("DELETE", "/v1/model")])
def test_another_method(client: TestClient, method: str, path: str) -> None:
    """Another method is refused as a problem that names those there are."""
    answer = client.request(method, path)
    assert (answer.status_code, answer.json()["type"]) == (405, "/problems/method-not-allowed")
    assert answer.headers["allow"]


def test_nowhere(client: TestClient) -> None:
    """An address that leads nowhere is refused as a problem; a slash too many leads nowhere."""
    for path in ("/", "/v1", "/v1/scores/", "/docs", "/redoc"):
        answer = client.get(path, follow_redirects=False)
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")
