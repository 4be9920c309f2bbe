"""The guard: this machine alone, and no error that nobody foresaw ever tells what was sent."""

import asyncio
import dataclasses
from collections.abc import Callable
from typing import Any, Never

import pytest
from starlette.testclient import TestClient

from models.errors import IntegrityError
from service.answers.rendering import Renderer
from service.call import Passed
from service.guard import MOST_AT_ONCE, is_loopback
from service.live import Live, Standby
from service.routes import ACTIONS

HERE = ("127.0.0.1", 50000)
Serving = Callable[[Live | Standby], TestClient]
ROUTES = [(action.method, action.path) for action in ACTIONS]
ELSEWHERE = ["192.0.2.1", "10.0.0.1", "0.0.0.0", "128.0.0.1", "::2", "::ffff:192.0.2.1", "testclient", "localhost", ""]  # noqa: S104


@pytest.mark.parametrize("address", ELSEWHERE)
@pytest.mark.parametrize(("method", "path"), [*ROUTES, ("GET", "/nowhere")])
def test_elsewhere(live: Live, serving: Serving, address: str, method: str, path: str) -> None:
    """A caller on another machine is refused on every route, and where there is none."""
    answer = TestClient(serving(live).app, base_url="http://127.0.0.1", client=(address, 50000)).request(method, path)
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-local")


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"])
def test_here(live: Live, serving: Serving, address: str) -> None:
    """Every address of this machine is answered."""
    with TestClient(serving(live).app, base_url="http://127.0.0.1", client=(address, 50000)) as client:
        assert client.get("/livez").status_code == 200


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_through_a_proxy(client: TestClient, header: str) -> None:
    """A caller behind a proxy on this machine is elsewhere, whatever address it says it has."""
    assert client.get("/livez", headers={header: "127.0.0.1"}).status_code == 403


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.0.0.1:8000", "127.8.9.10", "localhost", "LocalHost:8000", "[::1]", "[::1]:8000"],
)
def test_by_a_name_of_this_machine(client: TestClient, host: str) -> None:
    """Whoever asks this machine by its own names or addresses is answered, on any port."""
    assert client.get("/livez", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        *("rebound.example.org", "rebound.example.org:8000", "localhost.example.org", "localhost.", "127.0.0.1.nip.io"),
        *(
            "192.0.2.1",
            "128.0.0.1",
            "[::2]",
            "::1",
            "127.0.0.1:",
            "user@127.0.0.1",
            "localhost, rebound",
            "[localhost]",
        ),
        "",
    ],
)
def test_by_another_name(client: TestClient, host: str) -> None:
    """A page whose own name was made to lead to this machine is refused, on every route that it could ask."""
    for path in ("/livez", "/v1/model"):
        answer = client.get(path, headers={"Host": host})
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-local")


def test_whoever_goes_before_the_answer(live: Live, serving: Serving, passed: list[Passed]) -> None:
    """A request whose caller has gone when it is answered is logged and counted like any other."""

    async def ask(app: Any) -> None:
        async def receive() -> dict[str, Any]:
            return {"type": "http.disconnect"}

        async def send(_message: Any) -> None:
            raise OSError

        scope = {
            "type": "http",
            "method": "GET",
            "path": "/livez",
            "headers": [(b"host", b"localhost")],
            "client": HERE,
        }
        with pytest.raises(OSError, match=r"^$"):
            await app({**scope, "query_string": b"", "root_path": "", "state": {"service": app.service}}, receive, send)

    with serving(live) as client:
        assert client.portal is not None
        before = len(passed)
        client.portal.call(ask, client.app)
    assert [(each.route, each.status) for each in passed[before:]] == [("/livez", 200)]


def test_every_route_is_declared(client: TestClient) -> None:
    """The application has no route that is not in the declared table."""
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

    def render(self, asked: Any, *_given: Any) -> Never:
        """Fail."""
        raise self._error(f"about {asked.subject}")


@pytest.mark.parametrize("error", [ValueError, KeyError, RuntimeError, RecursionError, MemoryError, IntegrityError])
def test_an_error_nobody_foresaw(
    live: Live, serving: Serving, passed: list[Passed], request_body: dict[str, Any], error: type[Exception]
) -> None:
    """An error is answered with 500, which tells nothing of it; the log is handed it, whose type and place it tells."""
    with serving(dataclasses.replace(live, renderer=Failing(error))) as client:
        answer = client.post("/v1/scores", json=request_body | {"subject": "canary"})
    assert (answer.status_code, answer.json()["type"]) == (500, "/problems/not-answered")
    assert "canary" not in answer.text
    assert type(passed[-1].error) is error
    assert (passed[-1].route, passed[-1].status, passed[-1].code) == ("/v1/scores", 500, "not-answered")


def test_what_is_told_of_a_request(client: TestClient, passed: list[Passed], request_body: dict[str, Any]) -> None:
    """Of a request its route is told as a template, its method if it is one, and nothing that was sent."""
    client.post("/v1/scores", json=request_body, headers={"canary": "canary"})
    client.post("/v1/scores?canary=1", json=request_body)
    client.request("CANARY", "/v1/scores/canary")
    client.get("/canary")
    told = passed[-4:]
    assert [(each.method, each.route, each.status) for each in told] == [
        ("POST", "/v1/scores", 200),
        ("POST", "/v1/scores", 422),
        ("other", "", 405),
        ("GET", "", 404),
    ]
    assert (told[0].client, told[0].outcomes) == ("evaluation", ("scored",))
    assert "canary" not in repr(told)


def test_too_many_at_once(live: Live, serving: Serving) -> None:
    """A request more than the service bears at once is told to come back, and nothing else of it is done; probes are answered."""

    async def flood(app: Any) -> list[int]:
        statuses: list[int] = []

        async def ask(held: asyncio.Event, method: str = "POST", path: str = "/v1/scores") -> None:
            async def receive() -> dict[str, Any]:
                await held.wait()
                return {"type": "http.disconnect"}

            async def send(message: Any) -> None:
                if message["type"] == "http.response.start":
                    statuses.append(message["status"])

            headers = [(b"content-type", b"application/json"), (b"host", b"localhost")]
            scope = {"type": "http", "method": method, "path": path, "headers": headers, "client": HERE}
            await app({**scope, "query_string": b"", "root_path": "", "state": {"service": app.service}}, receive, send)

        held = asyncio.Event()
        asking = [asyncio.create_task(ask(held)) for _ in range(MOST_AT_ONCE + 3)]
        # Those that are refused need no more turns of the loop than there are requests.
        for _ in range(3 * MOST_AT_ONCE):
            await asyncio.sleep(0)
        assert len(statuses) == 3
        for path in ("/livez", "/readyz", "/"):
            await ask(held, "GET", path)
        assert statuses == [503] * 3 + [200] * 3
        held.set()
        await asyncio.gather(*asking)
        return statuses

    with serving(live) as client:
        assert client.portal is not None
        statuses = client.portal.call(flood, client.app)
        assert client.get("/livez").status_code == 200
    assert statuses[6:] == [400] * MOST_AT_ONCE


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/scores"), ("POST", "/livez"), ("DELETE", "/v1/model")])
def test_another_method(client: TestClient, method: str, path: str) -> None:
    """Another method is refused as a problem that names those there are."""
    answer = client.request(method, path)
    assert (answer.status_code, answer.json()["type"]) == (405, "/problems/method-not-allowed")
    assert answer.headers["allow"]


def test_nowhere(client: TestClient) -> None:
    """An address that leads nowhere is refused as a problem; a slash too many leads nowhere."""
    for path in ("/v1", "/v1/scores/", "/docs", "/redoc"):
        answer = client.get(path, follow_redirects=False)
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")
