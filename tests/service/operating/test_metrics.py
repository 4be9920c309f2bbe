"""The figures: what is counted, and that every label is of a closed set."""

from service.call import Passed
from service.operating.metrics import Meters
from service.operating.passing import told_to
from service.operating.watched import Watched

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def _own(meters: Meters) -> dict[str, float]:
    lines = [line for line in meters.told().decode().splitlines() if line.startswith("earlyid_")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_requests() -> None:
    """Requests are counted by the template of their route, refusals by their kind, answers by their outcome."""
    watched = Watched()
    passed = told_to(watched)
    passed(Passed("POST", "/v1/scores", 201, 0.002, TRACE, 9, outcomes=("scored", "too-little-known", "scored")))
    passed(Passed("GET", "/v1/model", 401, 0.001, TRACE, 9, code="not-known", why="expired"))
    passed(Passed("BREW", "", 404, 0.3, TRACE, 9, code="not-found"))
    told = _own(watched.meters)
    assert told['earlyid_requests_total{method="POST",route="/v1/scores",status="201"}'] == 1
    assert told['earlyid_requests_total{method="OTHER",route="none",status="404"}'] == 1
    assert told['earlyid_answers_total{outcome="scored"}'] == 2
    assert told['earlyid_answers_total{outcome="too-little-known"}'] == 1
    assert told['earlyid_refusals_total{kind="not-known"}'] == 1
    assert told['earlyid_unknown_callers_total{code="expired"}'] == 1
    assert told['earlyid_request_seconds_bucket{le="0.25",route="none"}'] == 0
    assert told['earlyid_request_seconds_count{route="none"}'] == 1


def test_nothing_of_a_request() -> None:
    """Neither who asked nor in which trace is a label, and no band is counted."""
    watched = Watched()
    told_to(watched)(Passed("POST", "/v1/scores", 201, 0.002, TRACE, 9, client="canary", outcomes=("scored",)))
    told = watched.meters.told().decode()
    assert "canary" not in told
    assert TRACE not in told
    assert "band" not in told


def test_what_is_live() -> None:
    """The bundle that is live has a 1, the one before it is told no more, and each change is counted."""
    meters = Meters()
    meters.live("a" * 64)
    meters.live("b" * 64)
    told = _own(meters)
    assert (told[f'earlyid_live{{bundle="{"b" * 64}"}}'], told["earlyid_swaps_total"]) == (1, 2)
    meters.live(None)
    assert not any(name.startswith("earlyid_live{") for name in _own(meters))
