"""
The cases of a conformance pack: a request, and what must be answered to it.

What is expected is what this program answers, so the pack tells whether another installation, or a case system's own client, agrees.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from models.golden import read_cases
from service.conformance.requests import request_of
from service.live import Live
from service.problems import (
    BREAKS_CONTRACT,
    DUPLICATE_KEY,
    METHOD_NOT_ALLOWED,
    NO_SUCH_BUNDLE,
    NO_SUCH_SCORE,
    NOT_FOUND,
    NOT_JSON,
    NOT_JSON_TYPE,
    TOO_LARGE,
    Kind,
    Refused,
    problem_of,
)

# What differs from call to call, or from authority to authority.
MASKED = (
    "id",
    "supersedes",
    "requested_by",
    "scored_at",
    "valid_until",
    "trace",
    "links",
    "stamp",
    "standing",
    "human_review",
    "responsibility",
    "rights",
    "model",
    "governance",
    "provenance",
    "now",
)
_SCORES = "/v1/scores"
_JSON = {"Content-Type": "application/json"}
_NOBODY = "00000000-0000-7000-8000-000000000000"


@dataclass(frozen=True, slots=True)
class Case:
    """
    One request and what must come back: a status (any of those given), and the fields of the JSON that may not differ.

    `body` is sent as it stands, `padding` is how many spaces follow it: too large a body would fill the pack.
    """

    name: str
    about: str
    statuses: tuple[int, ...]
    expected: dict[str, Any]
    method: str = "POST"
    path: str = _SCORES
    headers: dict[str, str] = field(default_factory=lambda: dict(_JSON))
    body: str = ""
    padding: int = 0

    def written(self) -> dict[str, Any]:
        """Return the case as JSON has it."""
        asked = {"method": self.method, "path": self.path, "headers": self.headers, "body": self.body}
        return {
            "name": self.name,
            "about": self.about,
            "request": asked | ({"padding": self.padding} if self.padding else {}),
            "statuses": list(self.statuses),
            "expected": self.expected,
        }


def cases_of(live: Live) -> list[Case]:
    """Return every case of a bundle's pack; raises nothing, golden cases being checked when the bundle was loaded."""
    children = [
        request_of(live.bundle.contract, case, f"conformance-{number}")
        for number, case in enumerate(read_cases(live.bundle.files["golden.jsonl"]), 1)
    ]
    named = [case.case for case in read_cases(live.bundle.files["golden.jsonl"])]
    scored = [
        _scored(live, f"child-{n}", name, asked) for n, (name, asked) in enumerate(zip(named, children, strict=True), 1)
    ]
    last = children[-1]
    return [*scored, *_otherwise(live, last), *_wrong(live, last), *_elsewhere(last)]


def _scored(live: Live, name: str, about: str, asked: dict[str, Any]) -> Case:
    # 200 where nothing is recorded, 201 where everything is.
    return Case(name, f"an invented child: {about}", (200, 201), _answered(live, asked), body=json.dumps(asked))


def _answered(live: Live, asked: dict[str, Any]) -> dict[str, Any]:
    answer = json.loads(live.answer(json.dumps(asked).encode()))
    return {key: value for key, value in answer.items() if key not in MASKED}


def _otherwise(live: Live, good: dict[str, Any]) -> Iterator[Case]:
    """Yield the other lengths of an answer, and a batch of which one request is refused."""
    for detail in ("summary", "full"):
        yield _scored(live, detail, f"the last of them, with detail {detail}", good | {"detail": detail})
    problem = {"type": f"/problems/{BREAKS_CONTRACT.name}", "status": BREAKS_CONTRACT.status}
    expected = {"answers": [{"answer": _answered(live, good)}, {"problem": problem}]}
    body = json.dumps({"requests": [good, {}]})
    yield Case("batch", "two requests, each answered by itself", (200,), expected, path=f"{_SCORES}/batch", body=body)


def _wrong(live: Live, good: dict[str, Any]) -> Iterator[Case]:
    """Yield bodies that do not keep the contract."""
    wrong: dict[str, tuple[str, str]] = {
        "no-subject": ("the reference of the child is missing", _without(good, "subject")),
        "no-purpose": ("the purpose is missing", _without(good, "purpose")),
        "unknown-field": ("a field that the contract does not have", json.dumps(good | {"conformance": 1})),
        "unknown-purpose": ("a purpose that the contract does not have", json.dumps(good | {"purpose": "conformance"})),
        "age-as-text": ("an age that is text", json.dumps(good | {"as_of": "two years"})),
        "negative-age": ("an age before birth", json.dumps(good | {"as_of": -1})),
        # Invented: nobody has a number that begins with 999, and its check digit is right.
        "identifier": ("an NHS number as the reference", json.dumps(good | {"subject": "9990000018"})),
        "unknown-source": (
            "a source that the contract does not have",
            json.dumps(good | {"sources": good["sources"] | {"conformance": {"events": []}}}),
        ),
        "a-list": ("JSON that is no object", json.dumps([good])),
    }
    for name, (about, body) in wrong.items():
        yield _refused(live, name, about, body)
    twice = json.dumps(good)[:-1] + ', "subject": "conformance"}'
    yield _kind("field-twice", "a field named twice", DUPLICATE_KEY, body=twice)
    yield _kind("not-json", "half a body", NOT_JSON, body=json.dumps(good)[:-1])
    # Some libraries write it before all text in UTF-8.
    yield _kind("byte-order-mark", "a byte order mark before the body", NOT_JSON, body="\ufeff" + json.dumps(good))
    yield _kind(
        "not-a-number", "NaN, which JSON does not have", NOT_JSON, body=json.dumps(good | {"as_of": float("nan")})
    )
    yield _kind("too-large", "a body of more than 1 MiB", TOO_LARGE, body=json.dumps(good), padding=2**20)


def _elsewhere(good: dict[str, Any]) -> Iterator[Case]:
    """Yield requests that are wrong around their bodies."""
    body = json.dumps(good)
    yield _kind(
        "not-json-type",
        "a body that is not said to be JSON",
        NOT_JSON_TYPE,
        headers={"Content-Type": "text/plain"},
        body=body,
    )
    yield _kind(
        "no-such-bundle",
        "a bundle that may not be asked",
        NO_SUCH_BUNDLE,
        headers=_JSON | {"Earlyid-Bundle": "0" * 64},
        body=body,
    )
    gone = {"status": NO_SUCH_SCORE.status}
    yield Case("no-such-score", "a score that was never given", (404,), gone, "GET", f"{_SCORES}/{_NOBODY}", {})
    yield _kind("nowhere", "an address that leads nowhere", NOT_FOUND, method="GET", path="/v1/conformance", headers={})
    yield _kind("another-method", "a method that scores do not take", METHOD_NOT_ALLOWED, method="PUT", body=body)


def _refused(live: Live, name: str, about: str, body: str) -> Case:
    try:
        live.answer(body.encode())
    except Refused as error:
        told = problem_of(error)
    faults = [{"pointer": fault.pointer, "code": fault.code} for fault in told.errors]
    return Case(name, about, (told.status,), {"type": told.type, "status": told.status, "errors": faults}, body=body)


def _kind(name: str, about: str, kind: Kind, **request: Any) -> Case:
    expected = {"type": f"/problems/{kind.name}", "status": kind.status}
    return Case(name, about, (kind.status,), expected, **request)


def _without(good: dict[str, Any], name: str) -> str:
    return json.dumps({key: value for key, value in good.items() if key != name})
