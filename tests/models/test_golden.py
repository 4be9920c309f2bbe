"""Golden cases: read, answered, and reproduced or refused."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from models.bundle import scorer_of
from models.canonical import canonical
from models.errors import IntegrityError
from models.estimator import expit
from models.golden import GoldenCase, answered, read_cases, reproduce
from models.scorer import Scorer

Case = dict[str, Any]


@pytest.fixture(scope="module")
def scorer(small_bundle: dict[str, bytes]) -> Scorer:
    """The Scorer of the small bundle."""
    return scorer_of(small_bundle)


@pytest.fixture
def case(small_bundle: dict[str, bytes]) -> Case:
    """The first golden case, as a document that a test may alter."""
    return json.loads(small_bundle["golden.jsonl"].splitlines()[0])  # type: ignore[no-any-return]


def test_by_hand(small_bundle: dict[str, bytes], case: Case) -> None:
    """The expected answers are those that the terms give on paper, the interval, band and reliability among them."""
    (score,) = case["scores"]
    log_odds = -0.8 + 0.9 * 0.25 + 0.9 * -0.2
    apart = 0.25 + (log_odds + 1.0) * 0.05
    assert score["low"] == pytest.approx(expit(log_odds - apart))
    assert score["high"] == pytest.approx(expit(log_odds + apart))
    assert (score["band"], score["reliability"]) == ("band_4", "good")
    assert score["baseline"] == 0.1 + 0.9 * -1.0
    assert score["contributions"] == [0.9 * 0.25, 0.9 * -0.2, 0.0]
    refusals = [read["not_scored"] for read in map(json.loads, small_bundle["golden.jsonl"].splitlines())]
    assert refusals == [None, "outside-window", "too-little-known"]


def test_reproduced(small_bundle: dict[str, bytes], scorer: Scorer) -> None:
    """A Scorer reproduces its own cases, and answering them again changes nothing."""
    cases = read_cases(small_bundle["golden.jsonl"])
    reproduce(cases, scorer)
    assert [answered(case, scorer) for case in cases] == cases


def _shift(by: float, *path: str | int) -> Callable[[Case], None]:
    def alter(case: Case) -> None:
        *way, last = path
        here: Any = case["scores"][0]
        for step in way:
            here = here[step]
        here[last] += by

    return alter


@pytest.mark.parametrize(
    "alter",
    [
        _shift(2e-12, "probability"),
        _shift(2e-12, "low"),
        _shift(-2e-12, "high"),
        lambda case: case["scores"][0].update(band="band_1"),
        lambda case: case["scores"][0].update(reliability="poor"),
        lambda case: case["scores"][0].update(low=float("nan")),
        _shift(-2e-12, "baseline"),
        _shift(2e-12, "contributions", 1),
        lambda case: case["scores"][0]["contributions"].append(0.0),
        lambda case: case["scores"][0].update(outcome="other"),
        lambda case: case.update(scores=[]),
        lambda case: case.update(not_scored="too-stale"),
        lambda case: case.update(age=900),
        lambda case: case.update(events={}),
        lambda case: case["events"]["visits"].pop(),
    ],
)
def test_not_reproduced(case: Case, scorer: Scorer, alter: Callable[[Case], None]) -> None:
    """Any expected number that is off, any other event and any other refusal is not reproduced."""
    alter(case)
    with pytest.raises(IntegrityError, match="is not reproduced"):
        reproduce([GoldenCase.model_validate(case)], scorer)


def test_within_the_tolerance(case: Case, scorer: Scorer) -> None:
    """A last place that another processor rounds otherwise is no difference."""
    case["scores"][0]["probability"] += 5e-13
    reproduce([GoldenCase.model_validate(case)], scorer)


@pytest.mark.parametrize(
    "event",
    [
        {"happened": 5, "known": 4, "values": {}},
        {"happened": 5, "known": 99999, "values": {}},
        {"happened": 5, "known": 5, "values": {"total": "seven"}},
        {"happened": 5, "known": 5, "values": {"total": 10**400}},
    ],
    ids=["known too early", "an age too large", "words", "a number too large"],
)
def test_a_case_that_cannot_be_scored(case: Case, scorer: Scorer, event: dict[str, Any]) -> None:
    """A case that is no possible child is a bundle that is not what it says, not a crash."""
    case["events"]["visits"] = [event]
    with pytest.raises(IntegrityError, match="cannot be scored"):
        reproduce([GoldenCase.model_validate(case)], scorer)


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"{}\n", b"x\n", b"[]\n", b'{"case": "a", "age": 1, "events": {}, "more": 1}\n']
)
def test_no_golden_cases(data: bytes) -> None:
    """A file that holds no case, or something else, is refused."""
    with pytest.raises(IntegrityError, match=r"golden\.jsonl"):
        read_cases(data)


def test_spelling(case: Case) -> None:
    """A case is spelled one way only."""
    assert canonical(GoldenCase.model_validate(case).model_dump()) == canonical(case)
