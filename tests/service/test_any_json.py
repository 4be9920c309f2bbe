"""Whatever is sent, the service refuses it or answers it: it never fails."""

import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from models.contract_reading import parse_contract
from models.source import Column, Source
from service.answers.shape import AnyAnswer
from service.problems import Problem
from service.request_slots import request_slots

BOROUGH = parse_contract((Path(__file__).parents[1] / "contracts/borough.toml").read_text(encoding="utf-8"))
SOURCES = request_slots(BOROUGH).inside["sources"].inside

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
NAMES = [
    "subject",
    "purpose",
    "as_of",
    "date_of_birth",
    "sources",
    *SOURCES,
    "events",
    "coverage",
    "happened",
    "sex",
    "link",
    "detail",
]
ATOMS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from([0.25, 999, -1.5, 1e308, 5e-324, 10**400])
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


def _mostly(good: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return a strategy that now and then gives something else."""
    return st.integers(0, 40).flatmap(lambda chance: ATOMS if chance == 0 else good)


def _value(column: Column) -> st.SearchStrategy[Any]:
    low, high = column.bounds
    exact = st.sampled_from(list(column.code_map.values())) if column.code_map else st.integers(low, high)
    return _mostly(st.none() | exact.map(column.written))


HAPPENED, KNOWN = _mostly(st.integers(-366, 350)), _mostly(st.integers(350, 900))

LINK = _mostly(st.sampled_from([1, 1.0, 1e-300, 5e-324, 0.5]) | st.floats(0, 1, exclude_min=True))


def _source(source: Source) -> st.SearchStrategy[dict[str, Any]]:
    slot = SOURCES[source.name]
    event, most = slot.inside["events"], slot.inside["events"].most
    times = {"happened": HAPPENED, "known": KNOWN}
    needed = {name: times[name] for name in times if name in event.inside}
    columns = {column.name: _value(column) for column in source.columns if column.name in event.inside}
    events = st.lists(st.fixed_dictionaries(needed, optional=columns), max_size=min(most or 0, 3))
    spans = st.lists(st.fixed_dictionaries({"from": st.integers(-366, 500), "to": st.integers(500, 1100)}), max_size=2)
    covered = {"coverage": spans} if "coverage" in slot.inside else {}
    return st.fixed_dictionaries({"events": events}, optional={"link": LINK} | covered)


REQUESTS = st.fixed_dictionaries(
    {
        "subject": _mostly(st.just("child-1")),
        "purpose": _mostly(st.sampled_from(["early_help"])),
        "as_of": _mostly(st.integers(0, 1100) | st.integers(365, 499) | st.integers(760, 999)),
        "sources": st.fixed_dictionaries({s.name: _source(s) for s in BOROUGH.feature_sources}),
    },
    optional={"detail": _mostly(st.sampled_from(["standard", "full"]))},
)


def _check(client: TestClient, body: bytes) -> None:
    answer = client.post("/v1/scores", content=body, headers={"Content-Type": "application/json"})
    if answer.status_code == 200:
        TypeAdapter(AnyAnswer).validate_json(answer.content)
    else:
        assert answer.status_code in {400, 422}
        assert Problem.model_validate_json(answer.content).status == answer.status_code


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sent=ANYTHING)
def test_any_json(client: TestClient, sent: Any) -> None:
    """JSON of any shape is refused as a problem."""
    _check(client, json.dumps(sent).encode())


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sent=REQUESTS)
def test_any_request(client: TestClient, sent: Any) -> None:
    """A request that is nearly or wholly good is answered in the published shape or refused as a problem."""
    _check(client, json.dumps(sent).encode())


@settings(max_examples=100, deadline=None)
@given(body=st.binary(max_size=200))
def test_any_bytes(client: TestClient, body: bytes) -> None:
    """Any bytes are refused as a problem."""
    _check(client, body)
