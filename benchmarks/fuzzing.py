"""
Requests made to break the service: schemathesis on every operation of its own document, and mangled scoring requests.

None may be answered with a 5xx, nor in a way that the document does not declare. `main COUNT [SEED]` does so against a real
server; the suite asks a few hundred through the application.
"""

import contextlib
import copy
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import schemathesis
from hypothesis import HealthCheck, Verbosity, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup

from benchmarks.serving.asked import bundle_and_requests
from benchmarks.serving.running import Running

JSON = {"Content-Type": "application/json"}
MOST_TOLD = 20
_SETTINGS = settings(
    deadline=None,
    database=None,
    verbosity=Verbosity.quiet,
    suppress_health_check=list(HealthCheck),
    phases=settings().phases,
)
_ATOMS: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        -1,
        1,
        0.1,
        -0.0,
        1e308,
        2**53 + 1,
        10**400,
        "",
        "0",
        "x" * 65,
        "2021-02-29",
        "\x00",
        "é",
        "\u202e",
    ),
    *([], {}, [[]], {"": 0}, [0] * 50, "9434765919", "../..", "' OR 1=1 --", "\ufffe", "\U0001d4b3", "a\r\nb: c"),
)
_RAW = (b"NaN", b"-Infinity", b"1e999", b'"\\ud800"', b"9" * 5000, b"[" * 500, b"\xff", b"{}{}", b'{"a":1,"a":2}', b"")


@dataclass(slots=True)
class Found:
    """How many requests were answered with which status, and what was wrong with answers, the first few in words."""

    statuses: Counter[int] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)

    @property
    def asked(self) -> int:
        """How many requests were answered."""
        return self.statuses.total()

    @property
    def failed(self) -> int:
        """How many answers were a 5xx."""
        return sum(count for status, count in self.statuses.items() if status >= 500)


def fuzz(client: httpx2.Client, requests: list[bytes], count: int, first: int = 1) -> Found:
    """Ask about `count` requests, half of them mangled scoring requests, the others drawn from the service's own document."""
    found = Found()
    document = client.get("/openapi.json").json()
    ids = [client.post("/v1/scores", content=body, headers=JSON).json().get("id") for body in requests[:5]]
    operations: list[Any] = [each.ok() for each in _declared(document)]
    of_scores = next(each for each in operations if (each.method, each.path) == ("post", "/v1/scores"))
    for body in mangled(requests, count // 2, first):
        _check(found, of_scores, client.post("/v1/scores", content=body, headers=JSON))
    each = max(1, count // 2 // (2 * len(operations)))
    for operation in operations:
        for mode in GenerationMode:
            with contextlib.suppress(Unsatisfiable):
                _drawn(found, client, operation, mode, ids, each, first)
    return found


def _declared(document: dict[str, Any]) -> Iterator[Any]:
    return schemathesis.openapi.from_dict(document).get_all_operations()


def mangled(requests: list[bytes], count: int, first: int) -> Iterator[bytes]:
    """Yield scoring requests of which one thing or a few are something else."""
    chance = random.Random(first)  # noqa: S311 - nothing is secret
    for _ in range(count):
        sent = json.loads(chance.choice(requests))
        for _ in range(chance.choice((1, 1, 1, 2, 5))):
            _mangle(sent, chance)
        body = json.dumps(sent).encode()
        if chance.random() < 0.2:
            at = chance.randrange(len(body))
            body = body[:at] + chance.choice(_RAW) + body[at + chance.randrange(3) :]
        yield body


def _mangle(sent: Any, chance: random.Random) -> None:
    """Change something, anywhere: put another value, take one away, or put one under another name."""
    here = sent
    while isinstance(here, dict | list) and here:
        key = chance.choice(list(here) if isinstance(here, dict) else range(len(here)))
        if not isinstance(here[key], dict | list) or not here[key] or chance.random() < 0.25:
            break
        here = here[key]
    if not isinstance(here, dict | list) or not here:
        return
    what = chance.randrange(4)
    if what == 0:
        del here[key]
    elif what == 1 and isinstance(here, dict):
        here[chance.choice(("x", "", "sources", "events", "__proto__", "\x00"))] = copy.deepcopy(here[key])
    else:
        here[key] = copy.deepcopy(chance.choice(_ATOMS))


def _drawn(
    found: Found, client: httpx2.Client, operation: Any, mode: GenerationMode, ids: list[Any], count: int, first: int
) -> None:
    @seed(first)
    @settings(_SETTINGS, max_examples=count)
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        # Two in three of the addresses lead to a score that there is.
        chosen = found.asked % 3
        if "id" in (case.path_parameters or {}) and chosen and any(ids):
            case.path_parameters["id"] = ids[found.asked % len(ids)]
        # A client that cannot write a header as it was drawn has not asked.
        with contextlib.suppress(httpx2.LocalProtocolError):
            _check(found, operation, _sent(client, case.as_transport_kwargs(base_url=str(client.base_url))))

    ask()


def _sent(client: httpx2.Client, made: Mapping[str, Any]) -> httpx2.Response:
    body = {"content": made["data"]} if made.get("data") is not None else {}
    if "json" in made:
        body = {"content": json.dumps(made["json"]).encode()}
    # What cannot stand in a header of ASCII is sent as the bytes of another alphabet.
    headers = {name: str(value).encode("latin-1", "replace") for name, value in (made.get("headers") or {}).items()}
    return client.request(made["method"], made["url"], headers=headers, params=made.get("params"), **body)


def _check(found: Found, operation: Any, answer: httpx2.Response) -> None:
    found.statuses[answer.status_code] += 1
    try:
        operation.validate_response(answer)
    except (FailureGroup, AssertionError) as wrong:
        told = f"{operation.method} {operation.path} {answer.status_code}: {str(wrong)[:300]}"
        found.failures[told if len(found.failures) < MOST_TOLD else "others"] += 1


def _client(running: Running) -> httpx2.Client:
    return httpx2.Client(base_url=f"http://127.0.0.1:{running.port}", trust_env=False, timeout=30)


def fuzzing(count: int, first: int = 1) -> dict[str, Any]:
    """Ask a real server, and return what became of it."""
    with tempfile.TemporaryDirectory() as name:
        bundle, requests = bundle_and_requests(Path(name) / "bundle")
        with Running(bundle, Path(name) / "home") as running, _client(running) as client:
            found = fuzz(client, requests, count, first)
    return {
        "benchmark": "fuzzing",
        "asked": found.asked,
        "seed": first,
        "failed_5xx": found.failed,
        "breaking_the_document": sum(found.failures.values()),
        "statuses": {str(status): number for status, number in sorted(found.statuses.items())},
        "first": list(found.failures)[:5],
    }


def main() -> None:
    """Print the line."""
    print(json.dumps(fuzzing(*(int(word) for word in sys.argv[1:] or ["5000"]))))


if __name__ == "__main__":
    main()
