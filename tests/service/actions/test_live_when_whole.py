"""A request is answered by what is live once it is there whole, however slowly it was sent."""

import json
from typing import Any

import pytest

from service.current import Held
from service.live import Live, Standby

WORKLIST = {"team": "North", "purpose": "early_help", "outcome": "not_gld"}


@pytest.mark.parametrize("path", ["/v1/scores", "/v1/scores/batch", "/v1/scores/{id}/corrections", "/v1/worklists"])
def test_a_roll_back_while_it_is_sent(fresh_door: Any, live: Live, request_body: dict[str, Any], path: str) -> None:
    """What was rolled back while a request was being sent does not answer it, and nothing is recorded."""
    door, made = fresh_door, fresh_door.post("/v1/scores", request_body).json()
    body = {"/v1/scores/batch": {"requests": [request_body]}, "/v1/worklists": WORKLIST}.get(path, request_body)
    before = door.recorded()

    async def ask() -> Any:
        told: list[Any] = []

        async def receive() -> Any:
            door.service.current.held = Held(Standby("No release is live."))
            return {"type": "http.request", "body": json.dumps(body).encode(), "more_body": False}

        async def send(message: Any) -> None:
            told.append(message)

        headers = [(b"content-type", b"application/json"), (b"x-api-key", door.keys["all"].encode())]
        scope = {"type": "http", "method": "POST", "path": path.format(id=made["id"]), "headers": headers}
        here = {"query_string": b"", "root_path": "", "client": ("192.0.2.1", 5000), "state": {"service": door.service}}
        await door.client.app(scope | here, receive, send)
        return told[0]["status"], json.loads(told[1]["body"])["type"]

    assert door.do(ask) == (503, "/problems/no-live-model")
    door.service.current.held = Held(live)
    assert door.recorded() == before
