"""What people did about a score: feedback, challenges and what came of them."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

Told = dict[str, Any]
CHALLENGE = {"raised_by": "parent-or-carer", "ground": "data-wrong", "text_ref": "case:17"}


@pytest.fixture
def made(door: Any, request_body: Told) -> Told:
    """A score that was told to one of the callers."""
    told: Told = door.post("/v1/scores", request_body).json()
    return told


@pytest.mark.parametrize(
    "said",
    [
        {"what": "viewed"},
        {"what": "agreed", "action": "offered", "at": "2026-09-01T10:00:00Z"},
        {"what": "disagreed", "reason": "already-supported", "action": "none"},
    ],
)
def test_feedback(door: Any, made: Told, said: Told) -> None:
    """Feedback is recorded with the score it is about."""
    before = len(door.recorded("feedback"))
    answer = door.post(made["links"]["feedback"], said)
    assert (answer.status_code, answer.json()["score"]) == (201, made["id"])
    assert len(door.recorded("feedback")) == before + 1


@pytest.mark.parametrize(
    ("said", "pointer", "code"),
    [
        ({}, "/what", "missing"),
        ({"what": "canary"}, "/what", "wrong-value"),
        ({"what": "disagreed"}, "/reason", "missing"),
        ({"what": "agreed", "reason": "other"}, "/reason", "not-needed"),
        ({"what": "viewed", "at": "2026-02-30T10:00:00Z"}, "/at", "not-a-time"),
        ({"what": "viewed", "at": "2026-02-03"}, "/at", "wrong-value"),
        ({"what": "viewed", "text": "canary"}, "", "unknown-field"),
        ([], "", "wrong-value"),
    ],
)
def test_feedback_refused(door: Any, made: Told, said: object, pointer: str, code: str) -> None:
    """Feedback that breaks a rule is refused, with the place and the rule, and never repeated."""
    answer = door.post(made["links"]["feedback"], said)
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [(pointer, code)]
    assert "canary" not in answer.text


def test_a_challenge(door: Any, made: Told) -> None:
    """A challenge is taken, shown, and settled once; the score tells that it was challenged."""
    answer = door.post(made["links"]["challenges"], CHALLENGE, idempotency_key="challenge")
    assert (answer.status_code, answer.headers["location"]) == (202, f"/v1/challenges/{answer.json()['id']}")
    again = door.post(made["links"]["challenges"], CHALLENGE, idempotency_key="challenge")
    assert (again.status_code, again.content, again.headers["location"]) == (
        202,
        answer.content,
        answer.headers["location"],
    )
    path = answer.headers["location"]
    shown = door.get(path).json()
    assert shown == {**answer.json(), **CHALLENGE, "outcome": None}
    settled = door.post(f"{path}/outcome", {"outcome": "upheld", "note_ref": "case:18"})
    assert settled.status_code == 201
    assert door.get(path).json()["outcome"] == {
        "outcome": "upheld",
        "note_ref": "case:18",
        "at": settled.json()["at"],
    }
    assert door.post(f"{path}/outcome", {"outcome": "withdrawn"}).status_code == 409
    assert door.get(made["links"]["self"]).json()["now"]["challenges"] == {
        "open": 0,
        "upheld": 1,
        "not_upheld": 0,
        "withdrawn": 0,
    }


def test_many_outcomes_at_once(door: Any, made: Told) -> None:
    """Of many outcomes of one challenge that come at one moment one is recorded, and the others are told that it is settled."""
    path = door.post(made["links"]["challenges"], CHALLENGE).headers["location"]
    before = len(door.recorded("challenge-outcome"))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: door.post(f"{path}/outcome", {"outcome": "upheld"}), range(24)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 23
    assert {answer.json()["type"] for answer in answers if answer.status_code == 409} == {"/problems/already-settled"}
    assert len(door.recorded("challenge-outcome")) == before + 1


def test_a_challenge_of_another(door: Any, made: Told) -> None:
    """A challenge of another client is not there, but for whoever may correct for that purpose, who can settle it."""
    path = door.post(made["links"]["challenges"], CHALLENGE).headers["location"]
    assert door.get(path, who="other").json()["type"] == "/problems/no-such-challenge"
    assert door.post(f"{path}/outcome", {"outcome": "upheld"}, who="no-purpose").status_code == 404
    assert door.post(f"{path}/outcome", {"outcome": "upheld"}, who="other").status_code == 201
    assert door.get(made["links"]["self"].replace("scores", "challenges")).status_code == 404


def test_a_reference_that_names_a_child(door: Any, made: Told) -> None:
    """What refers to a text elsewhere is never a national identifier."""
    answer = door.post(made["links"]["challenges"], CHALLENGE | {"text_ref": "9434765919"})
    assert [each["code"] for each in answer.json()["errors"]] == ["is-an-identifier"]
    assert "9434765919" not in answer.text
