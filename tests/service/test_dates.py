"""Dates instead of ages: worked out by the date of birth, and gone."""

import datetime
import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.ages import Ages
from service.live import Live

BORN = datetime.date(2019, 12, 31)  # so that a leap day lies in every span
TIMES = {"happened", "known", "from", "to", "closed_on"}


def _dated(part: Any) -> Any:
    """Return a request with every age in it as a date."""
    if isinstance(part, list):
        return [_dated(item) for item in part]
    if not isinstance(part, dict):
        return part
    return {
        name: (BORN + datetime.timedelta(days=value)).isoformat()
        if name in {*TIMES, "as_of"} and isinstance(value, int)
        else _dated(value)
        for name, value in part.items()
    }


def test_dates_equal_ages(client: TestClient, request_body: dict[str, Any]) -> None:
    """A request in dates gets the very answer of the same request in ages."""
    dated = _dated(request_body) | {"date_of_birth": BORN.isoformat()}
    assert client.post("/v1/scores", json=dated).content == client.post("/v1/scores", json=request_body).content


def test_dates_are_dropped(live: Live, request_body: dict[str, Any]) -> None:
    """No date is left in what was read: neither the date of birth nor any other."""
    dated = _dated(request_body) | {"date_of_birth": BORN.isoformat()}
    asked = live.reader.read(live.form.decode(json.dumps(dated).encode()))
    assert asked == live.reader.read(live.form.decode(json.dumps(request_body).encode()))
    assert "2019" not in repr(asked)


@pytest.mark.parametrize(
    ("field", "value", "pointer", "code"),
    [
        ("as_of", "2019-12-30", "/as_of", "before-birth"),
        ("as_of", "2021-02-29", "/as_of", "not-a-date"),
        ("as_of", "2121-02-28", "/as_of", "age-out-of-range"),
        ("date_of_birth", "2019-02-29", "/date_of_birth", "not-a-date"),
        ("date_of_birth", "0000-01-01", "/date_of_birth", "not-a-date"),
        ("date_of_birth", "2019-1-1", "/date_of_birth", "wrong-value"),
        ("date_of_birth", 18261, "/date_of_birth", "wrong-value"),
    ],
)
def test_dates_refused(
    client: TestClient, request_body: dict[str, Any], field: str, value: object, pointer: str, code: str
) -> None:
    """A date that is none, or from which no age can come, is refused."""
    dated = {"date_of_birth": BORN.isoformat(), "as_of": "2022-03-01"} | {field: value}
    answer = client.post("/v1/scores", json=request_body | dated)
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [(pointer, code)]


def test_an_event_long_before_birth(client: TestClient, request_body: dict[str, Any]) -> None:
    """An event dated more than ten years before birth is refused where it stands."""
    request_body["sources"]["hub"]["events"] = [{"happened": "2008-01-01", "known": "2020-01-01"}]
    answer = client.post("/v1/scores", json=request_body | {"date_of_birth": BORN.isoformat()})
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/sources/hub/events/0/happened"]


def test_ages() -> None:
    """An age in days counts leap days, and an age that is given is taken as it is."""
    ages = Ages("2019-12-31")
    assert [ages.of(given) for given in ("2019-12-31", "2020-03-01", "2019-12-30", 7)] == [0, 61, -1, 7]
    assert ages.fault is None
    assert Ages("2019-12-31").fault == "not_needed"
    undated = Ages(None)
    undated.of("2020-03-01")
    assert undated.fault == "missing"
