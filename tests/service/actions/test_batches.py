"""Many children at once: each as if it were asked alone, all recorded together."""

import json
from typing import Any

import pytest

from service.actions.elements import MOST_REQUESTS, elements
from service.problems import Refused

Told = dict[str, Any]
JSON = {"Content-Type": "application/json"}


def test_each_by_itself(door: Any, request_body: Told) -> None:
    """Children are answered about in their order, as alone; a request that is refused leaves the others alone."""
    others = [{}, request_body | {"purpose": "other"}, request_body | {"as_of": 1}, request_body]
    answer = door.post("/v1/scores/batch", {"requests": [request_body, *others]})
    told = answer.json()["answers"]
    assert answer.status_code == 200
    assert [list(each) for each in told] == [["answer"], ["problem"], ["problem"], ["answer"], ["answer"]]
    assert [each["answer"]["status"] for each in told if "answer" in each] == ["scored", "not-scored", "scored"]
    alone = door.post("/v1/scores", request_body).json()
    assert told[0]["answer"]["scores"] == alone["scores"]
    assert [each["problem"]["status"] for each in told if "problem" in each] == [422, 422]
    read = door.get(told[4]["answer"]["links"]["self"]).json()
    assert read["scores"] == alone["scores"]


def test_repeated(door: Any, request_body: Told) -> None:
    """A batch that is sent again under its key is answered with the very same bytes, recorded once, and read."""
    body = {"requests": [request_body, {"x": 1}, request_body | {"subject": "child-2"}]}
    first = door.post("/v1/scores/batch", body, idempotency_key="batch-1")
    before = door.recorded()
    assert door.post("/v1/scores/batch", body, idempotency_key="batch-1").content == first.content
    assert door.recorded() == [*before, "read"]
    assert [each["answer"]["subject"] for each in first.json()["answers"] if "answer" in each] == ["child-1", "child-2"]


def test_all_or_nothing(door: Any, request_body: Told) -> None:
    """A batch that turns out not to be JSON at its end leaves nothing in the record."""
    before = len(door.recorded())
    body = json.dumps({"requests": [request_body] * 3})
    assert door.ask("POST", "/v1/scores/batch", content=body[:-1] + "]", headers=JSON).status_code == 400
    assert len(door.recorded()) == before


REFUSED: dict[str, tuple[str, int]] = {
    "nothing": ("", 400),
    "no object": ("[]", 422),
    "no requests": ("{}", 422),
    "an empty list": ('{"requests":[]}', 422),
    "no list": ('{"requests":{}}', 422),
    "another field": ('{"requests":[{}],"x":1}', 422),
    "another field first": ('{"x":1,"requests":[{}]}', 422),
    "the field twice": ('{"requests":[{}],"requests":[{}]}', 400),
    "a field twice inside": ('{"requests":[{"x":1,"x":1}]}', 400),
    "a comma at the end": ('{"requests":[{},]}', 400),
    "no comma": ('{"requests":[{} {}]}', 400),
    "NaN": ('{"requests":[NaN]}', 400),
    "cut off": ('{"requests":[{}', 400),
    "something behind": ('{"requests":[{}]} x', 400),
    "30,000 lists deep": ('{"requests":[' + "[" * 30_000, 400),
    "too many": ('{"requests":[' + ",".join(["{}"] * (MOST_REQUESTS + 1)) + "]}", 422),
}


@pytest.mark.parametrize(("body", "status"), REFUSED.values(), ids=REFUSED.keys())
def test_no_batch(door: Any, body: str, status: int) -> None:
    """A body that is no batch is refused as the problem it is."""
    answer = door.ask("POST", "/v1/scores/batch", content=body, headers=JSON)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_elements() -> None:
    """Every request is read as the bytes that were sent, whatever stands between."""
    sent = '\n{ "requests" :\t[ {"a": "]},{"} , [1, {"b": 1e5}]\r\n, "x"  ] } '
    assert list(elements(sent.encode())) == [b'{"a": "]},{"}', b'[1, {"b": 1e5}]', b'"x"']
    with pytest.raises(Refused):
        list(elements(b"\xff"))


def test_nobody_answered_about(door: Any) -> None:
    """A batch in which every request is refused is answered, and there is nothing to record."""
    before = len(door.recorded())
    told = door.post("/v1/scores/batch", {"requests": [{}, 1, None]}, idempotency_key="nobody").json()["answers"]
    assert [each["problem"]["status"] for each in told] == [422, 422, 422]
    assert len(door.recorded()) == before
