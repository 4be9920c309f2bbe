"""No record, no answer: every route that tells anything about a child records it first, and tells nothing when it cannot."""

from collections.abc import Callable
from typing import Any

import pytest

from service.routes import ACTIONS

Told = dict[str, Any]

# Every route that tells or changes something about a child, how it is asked and what it leaves in the record.
ABOUT_A_CHILD: dict[str, tuple[Callable[[Told, Told, Told], Any], str]] = {
    "POST /v1/scores": (lambda body, _made, _raised: body, "score"),
    "POST /v1/scores/batch": (lambda body, _made, _raised: {"requests": [body]}, "score"),
    "GET /v1/scores/{id}": (lambda _body, made, _raised: made["id"], "read"),
    "GET /v1/scores/{id}/fhir": (lambda _body, made, _raised: made["id"], "read"),
    "POST /v1/scores/{id}/replay": (lambda _body, made, _raised: made["id"], "replay"),
    "POST /v1/scores/{id}/feedback": (lambda _body, _made, _raised: {"what": "viewed"}, "feedback"),
    "POST /v1/scores/{id}/challenges": (
        lambda _body, _made, _raised: {"raised_by": "practitioner", "ground": "disagree"},
        "challenge",
    ),
    "POST /v1/scores/{id}/corrections": (lambda body, _made, _raised: body, "score"),
    "GET /v1/challenges/{id}": (lambda _body, _made, raised: raised["id"], "read"),
    "POST /v1/challenges/{id}/outcome": (lambda _body, _made, _raised: {"outcome": "withdrawn"}, "challenge-outcome"),
    "POST /v1/subjects/exclusions": (
        lambda _body, _made, _raised: {"subject": "child-1", "reason": "objection"},
        "exclusion",
    ),
    "POST /v1/subjects/exclusions/ended": (
        lambda _body, _made, _raised: {"subject": "child-1", "reason": "other"},
        "exclusion-ended",
    ),
    "POST /v1/subjects/account": (lambda _body, _made, _raised: {"subject": "child-1"}, "account"),
}
# Their tests are beside what they are made of, where children are loaded.
WORKLISTS = {"POST /v1/worklists", "GET /v1/worklists/{id}", "GET /v1/worklists/{id}.csv"}
OF_NO_CHILD = {"/", "/livez", "/readyz", "/metrics", "/openapi.json", "/v1/model", "/v1/model/pack", "/v1/model/curves"}


def _ask(door: Any, route: str, request_body: Told) -> Any:
    method, path = route.split()
    made = door.post("/v1/scores", request_body).json()
    raised = door.post(made["links"]["challenges"], {"raised_by": "other", "ground": "other"}).json()
    sent = ABOUT_A_CHILD[route][0](request_body, made, raised)
    id_ = raised["id"] if "challenges/{id}" in path else made["id"]
    return lambda: door.ask(
        method, path.replace("{id}", id_), **({"json": sent} if isinstance(sent, dict) and method == "POST" else {})
    )


def test_every_route_is_here() -> None:
    """Every route of the declared table is either known to be about no child or is asked below."""
    routes = {f"{action.method} {action.path}" for action in ACTIONS if action.path not in OF_NO_CHILD}
    assert routes == set(ABOUT_A_CHILD) | WORKLISTS


@pytest.mark.parametrize("route", ABOUT_A_CHILD)
def test_every_answer_has_its_entry(door: Any, request_body: Told, route: str) -> None:
    """Every answer about a child leaves one entry of its kind about that child, of the client that asked."""
    ask, kind = _ask(door, route, request_body), ABOUT_A_CHILD[route][1]
    before = door.recorded(kind)
    assert ask().status_code < 300
    assert door.recorded(kind) == [*before, kind]


@pytest.mark.parametrize("route", ABOUT_A_CHILD)
def test_no_record_no_answer(door: Any, request_body: Told, full: Any, route: str) -> None:
    """While the record cannot be written nothing about a child is told, and callers are told when to come back."""
    ask, service = _ask(door, route, request_body), door.service
    held, excluded = service.record, service.excluded
    service.record = full(held)
    try:
        answer = ask()
    finally:
        service.record = held
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/not-recorded")
    assert answer.headers["retry-after"]
    assert "child-1" not in answer.text
    assert service.excluded == excluded
