"""Every honest refusal can be met over HTTP, where the contract asks for it."""

from collections.abc import Callable, Iterator
from typing import Any, get_args

import pytest
from starlette.testclient import TestClient

from benchmarks.small_bundle import write_bundle
from models.scope import Code, NotScored
from service.live import Live, Standby, load_live

# What the borough asks, and the rest of what a scope can: the range seen of birthweight is -50 to 5,000 g.
SCOPE = """[scope]
needs = ["births"]
least_known_share = 0.2
stale_after_days = 400
resident = { source = "addresses", days = 100 }
least_link = 0.9
beyond_range = 0.1
"""
Told = dict[str, Any]


@pytest.fixture(scope="module")
def asking(
    tmp_path_factory: pytest.TempPathFactory,
    borough_text: str,
    live: Live,
    serving: Callable[[Live | Standby], TestClient],
) -> Iterator[TestClient]:
    """A client of a service whose contract asks everything that a scope can."""
    text = borough_text.replace("expires = 2020-01-01", "expires = 2031-08-31")
    text = text.replace('[scope]\nneeds = ["births"]\nstale_after_days = 800\n', SCOPE)
    assert SCOPE in text
    with serving(load_live(write_bundle(tmp_path_factory.mktemp("asking") / "bundle", text), live.last_day)) as opened:
        yield opened


def _weight(grams: int) -> Told:
    return {"births": {"events": [{"birthweight": grams}]}}


def _moved_in(age: int) -> Told:
    return {"addresses": {"events": [{"happened": age, "known": age, "decile": 2}]}}


def _linked(probability: float) -> Told:
    return {"births": {"events": [{"birthweight": 3210}], "link": probability}}


ALONE: Told = {name: {"events": []} for name in ("reviews", "contacts", "addresses", "hub", "childcare")}


def _reviewed(age: int) -> Told:
    """Return a review at that age, and nothing else since birth."""
    totals = {"communication": 25, "problem_solving": 40, "gross_motor": 60}
    return ALONE | {"reviews": {"events": [{"happened": age, "known": age, **totals}]}}


CASES: list[tuple[str, Told, int, Code | None]] = [
    ("before every window", {}, 364, "outside-window"),
    ("on the last day", {}, 999, None),
    ("after every window", {}, 1000, "outside-window"),
    ("a link too weak", _linked(0.89), 790, "identity-not-certain"),
    ("a link strong enough", _linked(0.9), 790, None),
    ("a weak link that brought nothing", {"hub": {"events": [], "link": 0.5}}, 790, None),
    ("no birth record", {"births": {"events": []}}, 790, "too-little-known"),
    ("little but a birth record", ALONE, 400, "too-little-known"),
    ("nothing for too long", _reviewed(359), 790, "too-stale"),
    ("something just late enough", _reviewed(360), 790, None),
    ("moved in late", _moved_in(661), 790, "moved-in-too-late"),
    ("moved in early enough", _moved_in(660), 790, None),
    ("a weight beyond all seen", _weight(5506), 790, "outside-range-seen"),
    ("a weight a little beyond", _weight(5505), 790, None),
]


@pytest.mark.parametrize(("sources", "age", "code"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_refusals(asking: TestClient, request_body: Told, sources: Told, age: int, code: Code | None) -> None:
    """A child who is out of scope is refused with the code of the reason, and one just inside it is scored."""
    sent = request_body | {"as_of": age, "sources": request_body["sources"] | sources}
    answer = asking.post("/v1/scores", json=sent)
    assert answer.status_code == 200
    told = answer.json()
    if code is None:
        assert told["status"] == "scored", told
    else:
        assert (told["status"], told["code"]) == ("not-scored", code)
        assert told["words"] == NotScored(code).words


def test_every_code_is_met() -> None:
    """No code of a refusal is left out here."""
    assert {code for *_, code in CASES} - {None} == set(get_args(Code))
