"""Whatever is sent to any route, the service answers as its own document says, and never fails."""

import json
from typing import Any

import pytest

from benchmarks.fuzzing import fuzz

Told = dict[str, Any]
JSON = {"Content-Type": "application/json"}
NOWHERE = "019a0000-0000-7000-8000-000000000000"


def test_a_few_hundred(door: Any, request_body: Told) -> None:
    """Of a few hundred mangled and drawn requests none is answered with a 5xx, nor otherwise than declared."""
    client = door.client
    client.headers["Authorization"] = f"Bearer {door.keys['all']}"
    try:
        found = fuzz(client, [json.dumps(request_body | {"subject": f"child-{i}"}).encode() for i in range(5)], 600)
    finally:
        del client.headers["Authorization"]
    assert found.asked > 500
    assert found.failed == 0
    assert dict(found.failures) == {}
    assert {200, 201, 400, 404, 422} <= set(found.statuses)


HOSTILE = {
    "30,000 lists deep": b"[" * 30_000,
    "30,000 objects deep": b'{"a":' * 30_000 + b"1" + b"}" * 30_000,
    "100,000 fields": json.dumps({f"x{i}": i for i in range(100_000)}).encode()[:-1] + b"}",
    "NaN": b'{"what": NaN}',
    "an integer of 5,000 digits": b'{"what": ' + b"9" * 5000 + b"}",
    "a lone surrogate": rb'{"subject": "\ud800"}',
    "a NUL": b'{"subject": "a\\u0000b"}',
    "a field twice": b'{"what": "viewed", "what": "viewed"}',
    "no UTF-8": b"\xff",
}
PATHS = [
    "/v1/scores/batch",
    "/v1/scores/{id}/feedback",
    "/v1/scores/{id}/challenges",
    "/v1/scores/{id}/corrections",
    "/v1/subjects/exclusions",
    "/v1/subjects/account",
    "/v1/worklists",
]


@pytest.mark.parametrize("path", PATHS)
def test_hostile_bodies(door: Any, request_body: Told, path: str) -> None:
    """Every route that takes a body refuses each hostile one as a problem, and repeats nothing of it."""
    id_ = door.post("/v1/scores", request_body).json()["id"]
    for body in HOSTILE.values():
        answer = door.ask("POST", path.replace("{id}", id_), headers=JSON, content=body)
        assert answer.status_code in {400, 413, 422}
        assert answer.headers["content-type"] == "application/problem+json"
        assert "x99" not in answer.text
