"""A child who is excluded is answered about neutrally, from the very next request on and in every process."""

import asyncio
import contextlib
from typing import Any

from service.excluded import keep_excluded
from service.record.entries import Entry

Told = dict[str, Any]


def test_an_exclusion(fresh_door: Any, request_body: Told) -> None:
    """From its exclusion until that is ended no score of a child is given; the refusals are recorded, and nothing says why."""
    door = fresh_door
    answer = door.post("/v1/subjects/exclusions", {"subject": "child-1", "reason": "objection"})
    assert (answer.status_code, set(answer.json())) == (201, {"id", "at"})
    told = door.post("/v1/scores", request_body).json()
    assert (told["status"], told["code"], told["landmark"]) == ("not-scored", "not-available", None)
    assert door.post("/v1/scores", request_body | {"subject": "child-2"}).json()["status"] == "scored"
    batch = door.post("/v1/scores/batch", {"requests": [request_body]}).json()["answers"]
    assert batch[0]["answer"]["code"] == "not-available"
    assert door.ask("POST", told["links"]["replay"]).json()["same"]
    ended = {"subject": "child-1", "reason": "objection-withdrawn"}
    assert door.post("/v1/subjects/exclusions/ended", ended).status_code == 201
    assert door.post("/v1/scores", request_body).json()["status"] == "scored"
    assert door.recorded() == ["exclusion", "score", "score", "replay", "exclusion-ended", "score"]


def test_excluded_elsewhere(fresh_door: Any) -> None:
    """An exclusion that another process recorded is known here once the list is read again."""
    service = fresh_door.service
    hashed = service.references.of("child-9")
    fresh_door.do(service.record.append, Entry("exclusion", "other", b"{}", subject=hashed))
    assert hashed not in service.excluded

    async def keep_a_while() -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(keep_excluded(service, service.record, every=0.01), 0.2)

    fresh_door.do(keep_a_while)
    assert hashed in service.excluded


def test_refused(door: Any) -> None:
    """A subject is a reference and never a national identifier, a reason one of a closed list."""
    for subject, reason, pointer in (
        ("9434765919", "objection", "/subject"),
        ("a b", "objection", "/subject"),
        ("child-1", "canary", "/reason"),
    ):
        answer = door.post("/v1/subjects/exclusions", {"subject": subject, "reason": reason})
        assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]
        assert "canary" not in answer.text
