"""A score is corrected by a new one; the old one is kept, and tells what took its place."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

Told = dict[str, Any]
CHALLENGED = {"open": 1, "upheld": 0, "not_upheld": 0, "withdrawn": 0}


@pytest.fixture
def made(door: Any, request_body: Told) -> Told:
    """A score that was told to one of the callers."""
    told: Told = door.post("/v1/scores", request_body).json()
    return told


def _better(request_body: Told) -> Told:
    return request_body | {"sources": request_body["sources"] | {"births": {"events": [{"birthweight": 2100}]}}}


def test_a_correction(door: Any, request_body: Told, made: Told) -> None:
    """The new score supersedes the old one, which is told as it was, with the address of the new one."""
    challenged = door.post(made["links"]["challenges"], {"raised_by": "parent-or-carer", "ground": "data-wrong"}).json()
    path = f"{made['links']['self']}/corrections"
    answer = door.post(path, _better(request_body) | {"challenge": challenged["id"]}, idempotency_key="correct")
    new = answer.json()
    assert (answer.status_code, new["supersedes"], new["subject"]) == (201, made["id"], "child-1")
    assert new["scores"] != made["scores"]
    assert answer.headers["link"] == f'<{made["links"]["self"]}>; rel="predecessor-version"'
    old = door.get(made["links"]["self"])
    assert old.json() == made | {
        "subject": None,
        "now": {"standing": "superseded", "superseded_by": new["id"], "challenges": CHALLENGED},
    }
    assert old.headers["link"] == f'<{new["links"]["self"]}>; rel="successor-version"'
    again = door.get(new["links"]["self"])
    assert again.headers["link"] == answer.headers["link"], "read again, a correction names what it corrects"
    assert door.get(new["links"]["self"]).json()["now"]["standing"] == "current"
    again = door.post(path, _better(request_body) | {"challenge": challenged["id"]}, idempotency_key="correct")
    assert (again.status_code, again.content) == (201, answer.content)
    answer = door.post(path, request_body)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/already-settled")


def test_ids_in_capitals(door: Any, request_body: Told, made: Told) -> None:
    """Ids that a caller's database writes in capitals name the same score and challenge, and the same request when it is repeated."""
    challenged = door.post(made["links"]["challenges"], {"raised_by": "parent-or-carer", "ground": "data-wrong"}).json()
    body = _better(request_body) | {"challenge": challenged["id"].upper()}
    paths = [f"/v1/scores/{id_}/corrections" for id_ in (made["id"].upper(), made["id"])]
    answers = [door.post(path, body, idempotency_key="capitals") for path in paths]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content


def test_many_at_once(door: Any, request_body: Told, made: Told) -> None:
    """Of many corrections of one score that come at one moment one is recorded, and the others are told so."""
    before = len(door.recorded("score"))
    with ThreadPoolExecutor(8) as pool:
        path, body = f"{made['links']['self']}/corrections", _better(request_body)
        answers = list(pool.map(lambda _: door.post(path, body), range(24)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 23
    assert len(door.recorded("score")) == before + 1
    (new,) = (answer.json()["id"] for answer in answers if answer.status_code == 201)
    assert door.get(made["links"]["self"]).json()["now"]["superseded_by"] == new


@pytest.mark.parametrize(
    ("change", "status", "kind"),
    [
        ({"subject": "child-2"}, 422, "breaks-contract"),
        ({"challenge": "x"}, 422, "breaks-contract"),
        ({"challenge": None}, 422, "breaks-contract"),
        ({"challenge": "019a0000-0000-7000-8000-000000000000"}, 404, "no-such-challenge"),
        ({"as_of": -1}, 422, "breaks-contract"),
        ({"x": 1}, 422, "breaks-contract"),
    ],
)
def test_refused(door: Any, request_body: Told, made: Told, change: Told, status: int, kind: str) -> None:
    """A correction is of the same child, and names a challenge to that score if any."""
    answer = door.post(f"{made['links']['self']}/corrections", request_body | change)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}")
    assert door.get(made["links"]["self"]).json()["now"]["standing"] == "current"
