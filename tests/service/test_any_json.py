"""Whatever JSON is sent, the service refuses it or answers it: it never fails."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from service.answer import AnyAnswer
from service.problems import Problem

SOURCES_THERE = ["births", "reviews", "contacts", "addresses", "hub", "childcare"]
COLUMNS = [
    *("birthweight", "communication", "problem_solving", "gross_motor", "reason", "urgent", "closed_on", "decile"),
    *("minutes", "hours", "basis", "sex"),
]
NAMES = [
    "subject",
    "purpose",
    "as_of",
    "date_of_birth",
    "sources",
    "events",
    "coverage",
    "from",
    "to",
    "known",
    "happened",
]
NAMES += [*SOURCES_THERE, *COLUMNS]
WORDS = [
    "child-1",
    "early_help",
    "2021-03-31",
    "2019-12-31",
    "N1",
    "Y",
    "ECO",
    "9434765919",
    "9999",
    "",
    "\x00",
    "\ud800",
]
ATOMS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-400, 2100)
    | st.floats()
    | st.sampled_from([0.25, 15.0, 999, -1.5, 1e308, 5e-324])
    | st.text(max_size=8)
    | st.sampled_from(WORDS)
)
ANYTHING = st.recursive(
    ATOMS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=4), inner, max_size=6)
    ),
    max_leaves=25,
)


def _object(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


# An age in days, a date, or now and then something else.
TIMES = st.integers(-366, 1100) | st.dates().map(str) | ATOMS
VALUES = st.integers(-10, 70) | st.sampled_from([0.25, 15.5, 999, 9999, *WORDS]) | ATOMS
EVENTS = st.lists(
    _object(happened=TIMES, known=TIMES, **dict.fromkeys(COLUMNS, VALUES)),  # type: ignore[arg-type]
    max_size=3,
)
SPANS = st.lists(st.fixed_dictionaries({"from": TIMES, "to": TIMES}, optional={"known": TIMES}), max_size=2)
SOURCES = st.dictionaries(
    st.sampled_from(SOURCES_THERE), st.fixed_dictionaries({"events": EVENTS}, optional={"coverage": SPANS}), max_size=4
)
NEARLY = st.fixed_dictionaries(
    {
        "subject": st.just("child-1") | ATOMS,
        "purpose": st.just("early_help") | ATOMS,
        "as_of": st.integers(0, 1100) | TIMES,
        "sources": SOURCES | ANYTHING,
    },
    optional={"date_of_birth": st.dates().map(str) | ATOMS},
)


def _check(client: TestClient, body: bytes) -> None:
    answer = client.post("/v1/scores", content=body, headers={"Content-Type": "application/json"})
    if answer.status_code == 200:
        TypeAdapter(AnyAnswer).validate_json(answer.content)
    else:
        assert answer.status_code in {400, 422}
        assert Problem.model_validate_json(answer.content).status == answer.status_code


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=ANYTHING | NEARLY)
def test_any_json(client: TestClient, sent: Any) -> None:
    """Any JSON, of any shape or nearly a request, is answered in the published shape or refused as a problem."""
    _check(client, json.dumps(sent).encode())


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=200))
def test_any_bytes(client: TestClient, body: bytes) -> None:
    """Any bytes are answered or refused."""
    _check(client, body)
