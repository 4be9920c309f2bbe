"""One child's score, recorded before it is told."""

from typing import Any

Told = dict[str, Any]
NO_CHALLENGES = {"open": 0, "upheld": 0, "not_upheld": 0, "withdrawn": 0}


def test_a_recorded_score(door: Any, request_body: Told) -> None:
    """A score is told with its permanent address, its version and its trace, and lies in the record."""
    before = len(door.recorded("score"))
    answer = door.post("/v1/scores", request_body, traceparent=f"00-{'a' * 32}-{'b' * 16}-01")
    told = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == told["links"]["self"] == f"/v1/scores/{told['id']}"
    assert door.get(answer.headers["location"], if_none_match=answer.headers["etag"]).status_code == 304
    assert answer.headers["traceparent"].startswith(f"00-{'a' * 32}-")
    assert (told["trace"], told["subject"], told["requested_by"]) == (
        "a" * 32,
        "child-1",
        {"client": "all", "user": None},
    )
    assert len(door.recorded("score")) == before + 1


def test_read_again(door: Any, request_body: Told) -> None:
    """A score that is read again is what was told, but for the reference of the child, and how it stands; each reading is recorded."""
    made = door.post("/v1/scores", request_body).json()
    before = len(door.recorded("read"))
    answer = door.get(made["links"]["self"])
    assert answer.status_code == 200
    assert answer.json() == made | {
        "subject": None,
        "now": {"standing": "current", "superseded_by": None, "challenges": NO_CHALLENGES},
    }
    assert len(door.recorded("read")) == before + 1
    assert door.get(made["links"]["self"], if_none_match=answer.headers["etag"]).status_code == 304
    assert len(door.recorded("read")) == before + 2


def test_replay(door: Any, request_body: Told) -> None:
    """A recorded score comes out the same, to the byte, at every detail."""
    for detail in ("summary", "standard", "full"):
        made = door.post("/v1/scores", request_body | {"detail": detail}).json()
        answer = door.ask("POST", made["links"]["replay"])
        assert (answer.status_code, answer.json()["same"]) == (200, True)
        assert answer.json()["answer"]["scores"] == made["scores"]
