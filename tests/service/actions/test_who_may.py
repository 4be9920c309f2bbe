"""Every route and every caller: only those whose agreement has the permission are answered, and only they are told why not."""

from typing import Any, get_args

import pytest

from service.access.caller import PERMISSIONS, Permission
from service.actions.action import Action
from service.routes import ACTIONS

NOWHERE = "019a0000-0000-7000-8000-000000000000"
IDS = [f"{action.method} {action.path}" for action in ACTIONS]


def _allowed(action: Action, permission: Permission) -> bool:
    """Whether a client with one permission may ask a route: any known one may see the model, whoever audits may read."""
    return action.permission in {None, "model", permission} or (action.permission == "read" and permission == "audit")


def _status(door: Any, action: Action, who: str) -> int:
    path = action.path.replace("{id}", NOWHERE)
    sent = {"content": b"{}", "headers": {"Content-Type": "application/json"}} if action.method == "POST" else {}
    return int(door.ask(action.method, path, who=who, **sent).status_code)


@pytest.mark.parametrize("action", ACTIONS, ids=IDS)
def test_every_role(door: Any, action: Action) -> None:
    """A client with one permission gets past the door of just the routes that this permission opens."""
    assert {who: _status(door, action, who) != 403 for who in PERMISSIONS} == {
        who: _allowed(action, who) for who in PERMISSIONS
    }


@pytest.mark.parametrize("action", ACTIONS, ids=IDS)
def test_nobody_known(door: Any, action: Action) -> None:
    """Whoever is not known is told so, the same on every route, but on those that anyone may ask."""
    for who in ("", "unknown"):
        answer = door.ask(action.method, action.path.replace("{id}", NOWHERE), who=who)
        if action.permission is None:
            assert answer.status_code == 200
        else:
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
            assert answer.json()["type"] == "/problems/not-known"


@pytest.mark.parametrize("action", [action for action in ACTIONS if action.permission is not None])
def test_nothing_in_a_query(door: Any, action: Action) -> None:
    """A query is refused on every route of those who are known, and not repeated: it would stand in the logs of proxies."""
    path = action.path.replace("{id}", NOWHERE)
    sent = {"content": b"{}", "headers": {"Content-Type": "application/json"}} if action.method == "POST" else {}
    answer = door.ask(action.method, f"{path}?subject=child-77", who="all", **sent)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/breaks-form")
    assert "child-77" not in answer.text


@pytest.mark.parametrize("name", ["Authorization", "Earlyid-User", "Idempotency-Key", "Content-Type", "Earlyid-Bundle"])
def test_a_header_that_stands_twice(door: Any, request_body: dict[str, Any], name: str) -> None:
    """A header that decides who asks, or what is done, counts neither the first nor the last time where it is sent twice."""
    known = f"Bearer {door.keys['all']}"
    for first, last in ((known, "Bearer wrong"), ("Bearer wrong", known)):
        twice = [(name, first), (name, last)]
        headers = [("Authorization", known), *twice] if name != "Authorization" else twice
        answer = door.client.post("/v1/scores", json=request_body, headers=headers)
        assert (answer.status_code, answer.json()["detail"]) == (422, f"Send the header {name.lower()} once.")


def test_what_anyone_may_ask() -> None:
    """Only what the service is, and whether it runs, is told to anyone."""
    assert {action.path for action in ACTIONS if action.permission is None} == {"/", "/livez", "/readyz"}


def test_every_permission_opens_something() -> None:
    """No permission is left over, and every route is of one that there is."""
    assert {action.permission for action in ACTIONS} - {None} == set(get_args(Permission)) - {"audit"}


def test_the_rate_is_told(door: Any, request_body: dict[str, Any]) -> None:
    """Every answer to a known caller tells how often it may ask, a refusal too."""
    for body in (request_body, {}):
        answer = door.post("/v1/scores", body)
        assert {"ratelimit", "ratelimit-policy", "traceparent"} <= set(answer.headers)


def test_what_is_refused_counts(fresh_door: Any) -> None:
    """Whoever asks for what it may not have uses up its rate as any other, and is then told to wait."""
    told = [fresh_door.get("/metrics", who="slow") for _ in range(4)]
    assert [answer.status_code for answer in told] == [403, 403, 403, 429]
    assert [answer.headers["ratelimit"].split(";")[1] for answer in told] == ["r=2", "r=1", "r=0", "r=0"]


def test_a_batch_counts_as_its_requests(fresh_door: Any) -> None:
    """A batch uses up as much as its requests would; one too large for the caller is told how large one may be, and one too soon waits."""

    def asked(size: int) -> Any:
        return fresh_door.post("/v1/scores/batch", {"requests": [{}] * size}, who="slow")

    never = asked(4)
    assert (never.status_code, never.json()["errors"][0]["pointer"]) == (422, "/requests")
    assert "at most 3 requests" in never.json()["errors"][0]["detail"]
    answer = asked(2)
    assert (answer.status_code, answer.headers["ratelimit"]) == (200, '"agreement";r=0;t=60')
    assert (asked(2).status_code, fresh_door.get("/livez", who="").status_code) == (429, 200)


def test_a_purpose_of_another(door: Any, request_body: dict[str, Any]) -> None:
    """A purpose that the contract has and the caller's agreement lacks is refused, and not repeated."""
    answer = door.post("/v1/scores", request_body, who="no-purpose")
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-the-purpose")
    assert "early_help" not in answer.text
