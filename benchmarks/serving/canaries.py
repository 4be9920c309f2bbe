"""
Canaries: a word that stands nowhere else, put into every field, header, address, token and the database's password.

Then whatever the service said of itself is searched for it: its output, its counts, its traces and the bodies of its errors.
"""

import asyncio
import copy
import http.client
import http.server
import itertools
import json
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.serving.asked import bundle_and_requests
from benchmarks.serving.databases import Cluster
from benchmarks.serving.office import Office
from benchmarks.serving.running import Running

CANARY = "kanarie7f3a9c"
HEADERS = (
    "Authorization",
    "X-API-Key",
    "Idempotency-Key",
    "Earlyid-Bundle",
    "Earlyid-User",
    "User-Agent",
    "X-Request-Id",
    "X-Forwarded-For",
    "Traceparent",
    "Tracestate",
    "Baggage",
    "Cookie",
    "If-None-Match",
    "Accept",
    "Content-Type",
    "Referer",
)
PATHS = (
    "/v1/scores",
    "/v1/scores/batch",
    "/v1/subjects/exclusions",
    "/v1/subjects/exclusions/ended",
    "/v1/subjects/account",
    "/v1/worklists",
)
OF_ONE = ("", "/fhir", "/replay", "/feedback", "/challenges", "/corrections")


def canaries(*, postgres: bool = True) -> dict[str, Any]:
    """
    Send canaries to a real service, its traces on, and return the part.

    On a real PostgreSQL, which is taken away from it in the end; or, in much less time, on SQLite, which is not.
    """
    with (
        tempfile.TemporaryDirectory() as name,
        _collector() as (endpoint, traced),
        _database(Path(name), postgres=postgres) as (url, cluster),
    ):
        folder = Path(name)
        office = Office(folder, url)
        asyncio.run(office.open())
        _, bodies = bundle_and_requests(folder / "unused")
        traces = {"EARLYID_TRACES": "here", "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint, "OTEL_BSP_SCHEDULE_DELAY": "200"}
        service = Running(None, office.home, {"EARLYID_RECORD": url, **traces})
        with service:
            sent, errors = _send(service.port, json.loads(bodies[0]), office.headers)
            counted = _ask(service.port, "GET", "/metrics", b"", office.headers)[1]
            gone = _without(cluster, service.port, bodies[0], office.headers) if cluster is not None else {}
        output = service.log.read_bytes()
        searched = {"output": [output], "metrics": [counted], "traces": traced, "errors": errors, **gone}
        # The client's key is a canary too, and so is the first child's reference.
        words = [CANARY.encode(), office.api_key.encode(), office.api_key.rpartition("_")[2].encode(), b"child-0"]
        found = {place: sum(body.count(word) for body in said for word in words) for place, said in searched.items()}
    told = {
        "sent": sent,
        "errors": len(errors),
        "bytes_of_output": len(output),
        "bytes_of_traces": sum(map(len, traced)),
    }
    enough = sent > 200 and len(errors) > 100 and told["bytes_of_traces"] > 1000 and bool(counted)
    return {"part": "canaries", **told, "found": found, "passed": enough and not any(found.values())}


@contextmanager
def _database(folder: Path, *, postgres: bool) -> Iterator[tuple[str, Cluster | None]]:
    """Give the URL of an empty record that has the canary in it, and the server where there is one."""
    if not postgres:
        (folder / CANARY).mkdir()
        yield f"sqlite:///{folder / CANARY / 'record.db'}", None
        return
    cluster = Cluster(folder / "cluster")
    cluster.start()
    try:
        yield cluster.url.replace("@", f":{CANARY}@"), cluster
    finally:
        cluster.stop()


def _without(cluster: Cluster, port: int, body: bytes, headers: dict[str, str]) -> dict[str, list[bytes]]:
    """Take the database away under the service, and return what it says then, which must not name it."""
    cluster.stop()
    return {"without database": [_ask(port, "POST", "/v1/scores", body, headers)[1] for _ in range(3)]}


def _send(port: int, good: dict[str, Any], known: dict[str, str]) -> tuple[int, list[bytes]]:
    """Send every request, and return how many were sent and the bodies of those answered with an error."""
    sent, errors = 0, []
    made = json.loads(_ask(port, "POST", "/v1/scores", json.dumps(good).encode(), known)[1].partition(b"\0")[0])
    for method, path, body, headers in _requests(good, made["id"]):
        status, said = _ask(port, method, path, body, known | headers)
        sent += 1
        if status >= http.HTTPStatus.BAD_REQUEST:
            errors.append(said)
    return sent, errors


def _requests(good: dict[str, Any], made: str) -> Iterator[tuple[str, str, bytes, dict[str, str]]]:
    whole = json.dumps(good).encode()
    yield "POST", "/v1/scores", json.dumps(good | {"subject": CANARY}).encode(), {}
    for broken in _broken(good):
        yield "POST", "/v1/scores", json.dumps(broken).encode(), {}
        yield "POST", "/v1/scores/batch", json.dumps({"requests": [broken]}).encode(), {}
        yield "POST", f"/v1/scores/{made}/corrections", json.dumps(broken | {"challenge": CANARY}).encode(), {}
    for header in HEADERS:
        yield "POST", "/v1/scores", whole, {header: CANARY}
        yield "POST", "/v1/scores", whole, {header: f"Bearer {CANARY}.{CANARY}.{CANARY}"}
    for path in PATHS:
        for body in (f'"{CANARY}"', f'{{"{CANARY}":1}}', f'{{"subject":"{CANARY}","subject":1}}', CANARY):
            yield "POST", path, body.encode(), {}
        yield "POST", f"{path}?{CANARY}={CANARY}", whole, {}
        yield "POST", f"{path}/{CANARY}", whole, {}
    for rest in OF_ONE:
        for method, id_ in itertools.product(("GET", "POST"), (CANARY, made)):
            yield method, f"/v1/scores/{id_}{rest}", f'{{"reason":"{CANARY}","what":"{CANARY}"}}'.encode(), {}
            for query in ("", f"?{CANARY}"):
                yield method, f"/v1/scores/{id_}{rest}{query}", f'{{"{CANARY}":["{CANARY}"]}}'.encode(), {}
    for method in ("PUT", "DELETE", CANARY.upper()):
        yield method, "/v1/scores", whole, {}


def _broken(good: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the request with the canary in place of each value, and beside each, as a name nobody knows."""
    for place in _places(good):
        for change in ("value", "name"):
            broken = copy.deepcopy(good)
            inside: Any = broken
            for step in place[:-1]:
                inside = inside[step]
            if change == "value":
                inside[place[-1]] = CANARY
            elif isinstance(inside, dict):
                inside[CANARY] = CANARY
            yield broken


def _places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inside in steps:
        yield (*above, step)
        yield from _places(inside, (*above, step))


def _ask(port: int, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=15)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"} | headers)
        answer = connection.getresponse()
        return answer.status, answer.read() + b"\0" + str(answer.headers).encode()
    finally:
        connection.close()


@contextmanager
def _collector() -> Iterator[tuple[str, list[bytes]]]:
    """Take traces in on loopback, and give the address and, as they come, their bytes."""
    taken: list[bytes] = []

    class Collector(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Collector) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", taken
        server.shutdown()


if __name__ == "__main__":
    print(json.dumps(canaries()))
