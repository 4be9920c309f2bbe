"""What a request may hold, and what is said of one that holds something else."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

Request = dict[str, Any]
Change = Callable[[Request], None]


def _put(*path: str | int, value: object) -> Change:
    """Return a change that puts a value at a place of a request."""

    def change(request: Request) -> None:
        here: Any = request
        for part in path[:-1]:
            here = here[part]
        here[path[-1]] = value

    return change


def _event(source: str, **fields: object) -> Change:
    """Return a change that leaves one event of a source."""
    return _put("sources", source, "events", value=[fields])


def _without(*path: str | int) -> Change:
    """Return a change that takes a field out."""

    def change(request: Request) -> None:
        here: Any = request
        for part in path[:-1]:
            here = here[part]
        del here[path[-1]]

    return change


def _at(source: str, field: str) -> str:
    return f"/sources/{source}/events/0/{field}"


REFUSED: dict[str, tuple[Change, str, str]] = {
    "no subject": (_without("subject"), "/subject", "missing"),
    "no sources": (_without("sources"), "/sources", "missing"),
    "an empty subject": (_put("subject", value=""), "/subject", "wrong-value"),
    "a subject too long": (_put("subject", value="x" * 65), "/subject", "wrong-value"),
    "a subject with a space": (_put("subject", value="child 1"), "/subject", "wrong-value"),
    "a subject with a newline": (_put("subject", value="child-1\n"), "/subject", "wrong-value"),
    "an NHS number": (_put("subject", value="9434765919"), "/subject", "subject-is-an-identifier"),
    "a UPN": (_put("subject", value="H801200001001"), "/subject", "subject-is-an-identifier"),
    "another purpose": (_put("purpose", value="research"), "/purpose", "wrong-value"),
    "an age before birth": (_put("as_of", value=-1), "/as_of", "before-birth"),
    "an age beyond all": (_put("as_of", value=32768), "/as_of", "wrong-value"),
    "no age": (_put("as_of", value=None), "/as_of", "wrong-value"),
    "another detail": (_put("detail", value="short"), "/detail", "wrong-value"),
    "a detail in capitals": (_put("detail", value="FULL"), "/detail", "wrong-value"),
    "no detail": (_put("detail", value=None), "/detail", "wrong-value"),
    "true for a detail": (_put("detail", value=True), "/detail", "wrong-value"),
    **{
        f"{name} for a link": (_put("sources", "hub", "link", value=value), "/sources/hub/link", "wrong-value")
        for name, value in {
            "none": 0,
            "zero": 0.0,
            "less than none": -0.5,
            "more than one": 1.0000000000000002,
            "much": 10**400,
            "true": True,
            "a text": "0.5",
            "null": None,
            "a list": [0.5],
            "an object": {},
            "percent": 97,
        }.items()
    },
    "a link of an event": (_event("births", link=0.5), "/sources/births/events/0", "unknown-field"),
    "a field of another name": (_put("sex", value="F"), "", "unknown-field"),
    "a source of another name": (_put("sources", "police", value={"events": []}), "/sources", "unknown-field"),
    "a source of outcomes": (_put("sources", "profile", value={"events": []}), "/sources", "unknown-field"),
    "a source that is null": (_put("sources", "births", value=None), "/sources/births", "wrong-value"),
    "a source without events": (_put("sources", "births", value={}), "/sources/births/events", "missing"),
    "an audited column": (_event("births", sex="F"), "/sources/births/events/0", "unknown-field"),
    "a derived column": (_event("births", light=1), "/sources/births/events/0", "unknown-field"),
    "a constant time": (_event("births", happened=0), "/sources/births/events/0", "unknown-field"),
    "a time the contract lags": (
        _event("childcare", happened=1, known=9),
        "/sources/childcare/events/0",
        "unknown-field",
    ),
    "two births": (_put("sources", "births", "events", value=[{}, {}]), "/sources/births/events", "too-many"),
    "too many events": (
        _put("sources", "childcare", "events", value=[{"happened": 1}] * 8193),
        "/sources/childcare/events",
        "too-many",
    ),
    "no time": (_event("hub", minutes=5, known=9), _at("hub", "happened"), "missing"),
    "no time known": (_event("hub", minutes=5, happened=9), _at("hub", "known"), "missing"),
    "known before": (_event("hub", happened=9, known=8), _at("hub", "known"), "known-before-happened"),
    "known too late to hold": (_event("childcare", happened=32767), _at("childcare", "happened"), "age-out-of-range"),
    "off its step": (_event("childcare", happened=1, hours=0.3), _at("childcare", "hours"), "off-step"),
    "above its range": (_event("childcare", happened=1, hours=61), _at("childcare", "hours"), "out-of-range"),
    "far above its range": (_event("births", birthweight=10**30), _at("births", "birthweight"), "out-of-range"),
    "a code of another": (_event("childcare", happened=1, basis="N1"), _at("childcare", "basis"), "wrong-value"),
    "a mapped code": (_event("contacts", happened=1, reason="family"), _at("contacts", "reason"), "wrong-value"),
    "a number for a code": (_event("childcare", happened=1, basis=1), _at("childcare", "basis"), "wrong-value"),
    "a text for a number": (_event("births", birthweight="3210"), _at("births", "birthweight"), "wrong-value"),
    "true for a number": (_event("births", birthweight=True), _at("births", "birthweight"), "wrong-value"),
    "a number for true": (_event("contacts", happened=1, urgent=1), _at("contacts", "urgent"), "wrong-value"),
    "a list for a number": (_event("births", birthweight=[3210]), _at("births", "birthweight"), "wrong-value"),
    "coverage of what is never covered": (
        _put("sources", "births", "coverage", value=[]),
        "/sources/births",
        "unknown-field",
    ),
    "coverage that ends first": (
        _put("sources", "hub", "coverage", value=[{"from": 5, "to": 4}]),
        "/sources/hub/coverage/0/to",
        "ends-before-it-starts",
    ),
    "coverage without an end": (
        _put("sources", "hub", "coverage", value=[{"from": 5}]),
        "/sources/hub/coverage/0/to",
        "missing",
    ),
    "a date of birth for nothing": (_put("date_of_birth", value="2021-03-31"), "/date_of_birth", "not-needed"),
    "a date without a date of birth": (_put("as_of", value="2023-05-30"), "/date_of_birth", "missing"),
}


@pytest.mark.parametrize(("change", "pointer", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(client: TestClient, request_body: Request, change: Change, pointer: str, code: str) -> None:
    """A request that breaks one rule is refused, with a pointer to the place and the rule's code."""
    change(request_body)
    answer = client.post("/v1/scores", json=request_body)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/breaks-contract")
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [(pointer, code)]


TAKEN: dict[str, Change] = {
    "nothing at all": _put("sources", value={}),
    "no event": _put("sources", "reviews", "events", value=[]),
    "an event of nothing": _event("births"),
    "a null": _event("births", birthweight=None),
    "a missing code as a number": _event("births", birthweight=9999),
    "a missing code as a text": _event("births", birthweight="9999"),
    "a missing code of codes": _event("contacts", happened=1, reason="A"),
    "a number below what is known": _event("reviews", happened=1, known=1, communication=-7.5),
    "a whole number with a point": _event("births", birthweight=3210.0),
    "a flag as its code": _event("contacts", happened=1, urgent="Y"),
    "a step": _event("childcare", happened=1, hours=0.25),
    "before birth": _event("hub", happened=-200, known=-200),
    "known on the day": _event("hub", happened=5, known=5),
    "as many events as may be": _put("sources", "childcare", "events", value=[{"happened": 300}] * 8192),
    "coverage of one day": _put("sources", "hub", "coverage", value=[{"from": 5, "to": 5}]),
    "standard detail": _put("detail", value="standard"),
    "full detail": _put("detail", value="full"),
    "a link that is certain": _put("sources", "births", "link", value=1),
    "a link that is hardly one": _put("sources", "births", "link", value=5e-324),
    "a link of nothing": _put("sources", "hub", value={"events": [], "link": 0.5}),
    "a subject of every kind": _put("subject", value="aZ09._:-"),
    "a subject just long enough": _put("subject", value="x" * 64),
}


@pytest.mark.parametrize("change", TAKEN.values(), ids=TAKEN.keys())
def test_taken(client: TestClient, request_body: Request, change: Change) -> None:
    """What the contract allows in an extract is allowed in a request."""
    change(request_body)
    answer = client.post("/v1/scores", json=request_body)
    assert answer.status_code == 200, answer.text


def test_every_fault_is_named(client: TestClient, request_body: Request) -> None:
    """Faults of one request are named together, up to twenty of them."""
    for source, field, value in (
        ("births", "birthweight", 1),
        ("reviews", "communication", 7),
        ("hub", "minutes", 601),
    ):
        _event(source, **({} if source == "births" else {"happened": 9, "known": 9}), **{field: value})(request_body)
    _put("sources", "hub", "coverage", value=[{"from": 5, "to": 4}])(request_body)
    told = client.post("/v1/scores", json=request_body).json()["errors"]
    assert [error["code"] for error in told] == ["out-of-range", "off-step", "out-of-range", "ends-before-it-starts"]
    _put("sources", "hub", "events", value=[{"happened": 9, "known": 8}] * 30)(request_body)
    assert len(client.post("/v1/scores", json=request_body).json()["errors"]) == 20


def test_a_fault_says_the_rule(client: TestClient, request_body: Request) -> None:
    """A fault tells the rule in words, and an unknown field is told the names there are."""
    _event("childcare", happened=1, hours=61)(request_body)
    (fault,) = client.post("/v1/scores", json=request_body).json()["errors"]
    assert fault["detail"] == "must be a number in steps of 0.25 from 0 to 60"
    _event("childcare", hapened=1)(request_body)
    faults = client.post("/v1/scores", json=request_body).json()["errors"]
    assert "may hold only happened, hours, basis" in [fault["detail"] for fault in faults]


def test_a_byte_order_mark(client: TestClient, request_body: Request) -> None:
    """A body that a library has begun with a byte order mark is refused, and told what is wrong with it."""
    answer = client.post(
        "/v1/scores", content=json.dumps(request_body).encode("utf-8-sig"), headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/not-json")
    assert "without a byte order mark" in answer.json()["detail"]
