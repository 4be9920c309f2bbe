"""A repeated request is a reading: of what the record holds, recorded, and refused where reading would be."""

import dataclasses
import hashlib
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from service.access.caller import Caller

Told = dict[str, Any]
EXCLUDE = {"subject": "child-1", "reason": "objection"}


def _excluded_elsewhere(door: Any) -> None:
    """Have the child excluded, though this process does not know it yet: another did it."""
    door.post("/v1/subjects/exclusions", EXCLUDE)
    door.service.excluded = frozenset()


def test_a_repeat_is_recorded_as_a_reading(fresh_door: Any, request_body: Told) -> None:
    """Each repeat of an answer leaves one reading of that score, which says that it was one."""
    made = fresh_door.post("/v1/scores", request_body, idempotency_key="k").json()
    fresh_door.post("/v1/scores", request_body, idempotency_key="k", earlyid_user="worker-9")
    (read,) = fresh_door.do(fresh_door.service.record.about, made["id"], "read")
    assert json.loads(read.payload) == {"user": "worker-9", "repeat": True}
    assert fresh_door.recorded() == ["score", "read"]


def test_a_repeat_meets_the_checks_of_a_reading(fresh_door: Any, request_body: Told) -> None:
    """Who lost the purpose is refused; after the score's time is up, or once the child is excluded, it is gone."""
    door, asked = fresh_door, {"idempotency_key": "k"}
    first = door.post("/v1/scores", request_body, **asked)
    access = door.service.access
    known = access.caller

    async def without(headers: Any) -> Caller:
        return dataclasses.replace(await known(headers), purposes=frozenset({"another"}))

    access.caller = without
    assert door.post("/v1/scores", request_body, **asked).json()["type"] == "/problems/not-the-purpose"
    access.caller = known
    assert door.post("/v1/scores", request_body, **asked).content == first.content
    _excluded_elsewhere(door)
    assert door.post("/v1/scores", request_body, **asked).status_code == 410
    door.post("/v1/subjects/exclusions/ended", EXCLUDE | {"reason": "objection-withdrawn"})
    assert door.post("/v1/scores", request_body, **asked).content == first.content


def test_an_expired_score_is_not_told_by_repeating(fresh_door: Any, request_body: Told) -> None:
    """A key that still counts brings back no score whose time is up."""
    door = fresh_door
    record = door.service.record
    door.post("/v1/scores", request_body, idempotency_key="k")
    later = door.days[-1].replace(year=door.days[-1].year + 5)
    door.service.now = lambda: later
    answer = door.post("/v1/scores", request_body, idempotency_key="k")
    assert (answer.status_code, answer.json()["type"]) == (410, "/problems/score-expired")
    assert door.service.record is record


@pytest.mark.parametrize("batch", [False, True])
def test_no_score_is_recorded_after_an_exclusion(fresh_door: Any, request_body: Told, *, batch: bool) -> None:
    """A child who was excluded a moment ago, by whatever process, is answered about neutrally, and others as ever."""
    _excluded_elsewhere(fresh_door)
    other = request_body | {"subject": "child-2"}
    if batch:
        told = fresh_door.post("/v1/scores/batch", {"requests": [request_body, {}, other]}, idempotency_key="b")
        answers = [each.get("answer", {}) for each in told.json()["answers"]]
        again = fresh_door.post("/v1/scores/batch", {"requests": [request_body, {}, other]}, idempotency_key="b")
        assert again.content == told.content
    else:
        answers = [fresh_door.post("/v1/scores", body).json() for body in (request_body, {}, other)]
    assert [each.get("code") for each in answers] == ["not-available", None, None]
    assert [each.get("status") for each in answers] == ["not-scored", answers[1].get("status"), "scored"]
    found = fresh_door.do(fresh_door.service.record.of_subject, fresh_door.service.references.of("child-1"))
    assert all(b'"scored"' not in each.payload for each in found)


def test_a_correction_after_an_exclusion_tells_nothing(fresh_door: Any, request_body: Told) -> None:
    """A correction that came a moment after the child was excluded elsewhere gives no score."""
    made = fresh_door.post("/v1/scores", request_body).json()
    _excluded_elsewhere(fresh_door)
    answer = fresh_door.post(f"/v1/scores/{made['id']}/corrections", request_body)
    assert (answer.status_code, answer.json()["code"]) == (201, "not-available")


def test_every_kind_of_repeat_has_the_same_bytes(fresh_door: Any, request_body: Told) -> None:
    """Scores, batches, corrections, feedback, challenges, outcomes and exclusions are told again as they were told."""
    door = fresh_door
    made = door.post("/v1/scores", request_body).json()
    raised = door.post(made["links"]["challenges"], {"raised_by": "other", "ground": "other"}).json()["id"]
    asked: list[tuple[str, object]] = [
        ("/v1/scores", request_body),
        ("/v1/scores/batch", {"requests": [{"x": 1}, request_body, [], request_body | {"detail": "full"}]}),
        (made["links"]["feedback"], {"what": "viewed"}),
        (made["links"]["challenges"], {"raised_by": "practitioner", "ground": "other"}),
        (f"/v1/challenges/{raised}/outcome", {"outcome": "upheld"}),
        (f"/v1/scores/{made['id']}/corrections", request_body),
        ("/v1/subjects/exclusions/ended", {"subject": "child-1", "reason": "other"}),
        ("/v1/subjects/exclusions", {"subject": "child-1", "reason": "objection"}),
    ]
    for place, (path, body) in enumerate(asked):
        first, again = (door.post(path, body, idempotency_key=f"k{place}") for _ in range(2))
        assert first.status_code in {200, 201, 202}, path
        assert (again.status_code, again.content) == (first.status_code, first.content), path
        for name in ("location", "etag", "link"):
            assert again.headers.get(name) == first.headers.get(name), path


@pytest.mark.parametrize("path", ["/v1/subjects/account", "/v1/scores/{id}/replay"])
def test_a_key_where_nothing_is_repeated(door: Any, request_body: Told, path: str) -> None:
    """A route that does its work anew each time says so, instead of passing over the key."""
    made = door.post("/v1/scores", request_body).json()
    answer = door.post(path.replace("{id}", made["id"]), {"subject": "child-1"}, idempotency_key="k")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/breaks-form")


def test_a_reference_cannot_be_guessed_from_the_record(fresh_door: Any, tmp_path: Path) -> None:
    """No column of the record is a plain digest of what was sent: without the secret no guess can be tried."""
    body = {"subject": "0412345", "reason": "objection"}
    fresh_door.post("/v1/subjects/exclusions", body, idempotency_key="k")
    spelled = json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
    guesses = [b"k", b"0412345", spelled, b"POST\n/v1/subjects/exclusions\n\n" + spelled]
    with sqlite3.connect(tmp_path / "record.db") as connection:
        values = {value for row in connection.execute("SELECT * FROM held") for value in row}
    assert not values & {hashlib.sha256(guess).digest() for guess in guesses}
    assert b"0412345" not in (tmp_path / "record.db").read_bytes() + (tmp_path / "record.db-wal").read_bytes()


def test_the_reference_of_the_child_stands_for_nothing_else(door: Any, request_body: Told) -> None:
    """Neither a text nor the person who asks may be named by the child's reference, and the refusal does not repeat it."""
    named = request_body | {"subject": "canary-7"}
    made = door.post("/v1/scores", named).json()
    said = {"raised_by": "other", "ground": "other", "text_ref": "canary-7"}
    raised = door.post(made["links"]["challenges"], said | {"text_ref": "text-7"}).json()["id"]
    refused = [
        door.post(made["links"]["challenges"], said),
        door.post(f"/v1/challenges/{raised}/outcome", {"outcome": "upheld", "note_ref": "canary-7"}),
        door.post("/v1/scores", named, earlyid_user="canary-7"),
        door.get(made["links"]["self"], earlyid_user="canary-7"),
        door.get(f"/v1/challenges/{raised}", earlyid_user="canary-7"),
        door.post("/v1/subjects/account", {"subject": "canary-7"}, earlyid_user="canary-7"),
        door.post("/v1/subjects/exclusions", EXCLUDE | {"subject": "canary-7"}, earlyid_user="canary-7"),
    ]
    assert [answer.status_code for answer in refused] == [422] * len(refused)
    assert not any("canary" in answer.text for answer in refused)
    assert [answer.json()["errors"][0]["pointer"] for answer in refused[:2]] == ["/text_ref", "/note_ref"]
