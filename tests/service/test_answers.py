"""Answers: the Scorer's own numbers, told in words, in the published shape."""

import json
import math
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from models.bundle import Bundle
from models.plain_words import STAMP
from models.record import ChildRecord, Event, Span
from models.scope import NotScored
from models.scorer import Scored
from service.answer import AnyAnswer
from service.live import Live
from service.rendering import Renderer
from service.request_record import Asked

SHAPE: TypeAdapter[Any] = TypeAdapter(AnyAnswer)


@pytest.fixture
def record() -> ChildRecord:
    """The record that the full request is about, written by hand as exact values."""
    return ChildRecord(
        {
            "births": (Event(0, 0, {"birthweight": 3210}),),
            "reviews": (
                Event(300, 310, {"communication": 5, "problem_solving": 8, "gross_motor": 12}),
                Event(740, 745, {"communication": 7, "problem_solving": None, "gross_motor": None}),
            ),
            "contacts": (
                Event(650, 657, {"reason": "abuse_or_neglect", "urgent": 1}),
                Event(700, 707, {"reason": "family", "urgent": 0, "closed_on": 720}),
            ),
            "addresses": (Event(0, 3, {"decile": 2}),),
            "hub": (),
            "childcare": (Event(720, 750, {"hours": 61, "basis": "ECO"}),),
        },
        {
            "contacts": (Span(0, 2000, 0),),
            "hub": (Span(0, 780, 5),),
            "childcare": (Span(270, 1500, 270),),
        },
    )


def _scored(bundle: Bundle, record: ChildRecord, age: int) -> Scored:
    answer = bundle.scorer.score(record, age)
    assert isinstance(answer, Scored)
    return answer


@pytest.mark.parametrize(
    ("age", "landmark"), [(365, "one_year"), (499, "one_year"), (760, "two_year"), (790, "two_year")]
)
def test_the_scorers_numbers(
    client: TestClient, bundle: Bundle, record: ChildRecord, request_body: dict[str, Any], age: int, landmark: str
) -> None:
    """Every number of an answer is the Scorer's own, to the bit, and so is every word of its reasons."""
    told = client.post("/v1/scores", json=request_body | {"as_of": age}).json()
    answer = _scored(bundle, record, age)
    assert (told["status"], told["as_of"], told["landmark"]["name"]) == ("scored", age, landmark)
    for given, score in zip(told["scores"], answer.scores, strict=True):
        numbers = (
            given["probability"],
            given["log_odds"],
            given["baseline"],
            given["base_rate"],
            given["everything_else"],
        )
        assert numbers == (*_numbers(score), score.explanation.everything_else)
        assert [(r["words"], r["contribution"], r["features"], r["values"]) for r in given["reasons"]] == [
            (r.words, r.contribution, list(r.features), list(r.values)) for r in score.explanation.reasons
        ]
    assert [known["feature"] for known in told["not_known"]] == [feature.name for feature in answer.not_known]


def _numbers(score: Any) -> tuple[float, float, float, float]:
    return score.probability, score.scored.log_odds, score.scored.baseline, score.base_rate


def test_who_and_what_answered(client: TestClient, bundle: Bundle, request_body: dict[str, Any]) -> None:
    """An answer repeats what was asked, and names the bundle and its standing."""
    told = client.post("/v1/scores", json=request_body).json()
    assert {name: told[name] for name in ("stamp", "bundle", "subject", "purpose", "as_of")} == {
        "stamp": STAMP,
        "bundle": bundle.id,
        "subject": "child-1",
        "purpose": "early_help",
        "as_of": 790,
    }


def _answers(client: TestClient, request_body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for age in (10, 365, 400, 760, 999, 1000):
        for sources in ({}, {"births": {"events": [{}]}}, request_body["sources"]):
            yield client.post("/v1/scores", json=request_body | {"as_of": age, "sources": sources}).json()


def test_reasons_add_up(client: TestClient, request_body: dict[str, Any]) -> None:
    """In every answer baseline, reasons and everything else add up to the log-odds of the probability."""
    scores = [score for told in _answers(client, request_body) for score in told.get("scores", [])]
    assert len(scores) == 8
    for score in scores:
        parts = [score["baseline"], *(reason["contribution"] for reason in score["reasons"]), score["everything_else"]]
        probability = score["probability"]
        assert math.fsum(parts) == pytest.approx(score["log_odds"], abs=1e-9)
        assert score["log_odds"] == pytest.approx(math.log(probability / (1 - probability)), abs=1e-9)


def test_answers_have_the_published_shape(client: TestClient, request_body: dict[str, Any]) -> None:
    """Every answer has the shape that the document publishes, and nothing besides."""
    for told in _answers(client, request_body):
        assert json.loads(SHAPE.dump_json(SHAPE.validate_python(told))) == told


def test_reasons_are_told(client: TestClient, request_body: dict[str, Any]) -> None:
    """A reason gives its features' labels, values and units, its direction, and whether a family could correct it."""
    (score,) = client.post("/v1/scores", json=request_body).json()["scores"]
    told = next(reason for reason in score["reasons"] if reason["features"] == ["birthweight"])
    assert {name: told[name] for name in ("labels", "values", "units", "correctable", "direction")} == {
        "labels": ["birthweight"],
        "values": [3210.0],
        "units": ["g"],
        "correctable": True,
        "direction": "raises" if told["contribution"] > 0 else "lowers",
    }
    assert [abs(r["contribution"]) for r in score["reasons"]] == sorted(
        (abs(r["contribution"]) for r in score["reasons"]), reverse=True
    )


def test_not_known(client: TestClient, request_body: dict[str, Any]) -> None:
    """What is not known is listed in the contract's words; where nothing was learned of that, the answer says so."""
    told = client.post("/v1/scores", json=request_body | {"sources": {"births": {"events": [{}]}}}).json()
    assert {"feature": "birthweight", "label": "birthweight", "words": "Birthweight was not recorded"} in told[
        "not_known"
    ]
    assert len(told["not_known"]) == 14
    assert len(told["limits"]) == 3
    assert all(limit.startswith("Nothing could be learned") for limit in told["limits"])


def test_outside_the_range(client: TestClient, request_body: dict[str, Any]) -> None:
    """A value beyond those of training is named as such."""
    request_body["sources"]["births"]["events"] = [{"birthweight": 6000}]
    told = client.post("/v1/scores", json=request_body).json()
    assert [limit.rpartition(": ")[2] for limit in told["limits"]] == ["birthweight."]


@pytest.mark.parametrize(
    ("age", "sources", "code", "landmark"),
    [
        (10, {}, "outside-window", None),
        (500, {}, "outside-window", None),
        (1000, {}, "outside-window", None),
        (400, {}, "too-little-known", "one_year"),
        (400, {"births": {"events": []}}, "too-little-known", "one_year"),
    ],
)
def test_not_scored(
    client: TestClient, request_body: dict[str, Any], age: int, sources: dict[str, Any], code: str, landmark: str | None
) -> None:
    """An honest refusal is an ordinary answer, with its code, its words, and no number."""
    answer = client.post("/v1/scores", json=request_body | {"as_of": age, "sources": sources})
    told = answer.json()
    assert answer.status_code == 200
    assert (told["status"], told["stamp"], told["code"], told["as_of"]) == ("not-scored", STAMP, code, age)
    assert (told["landmark"] or {"name": None})["name"] == landmark
    assert told["words"] == NotScored(told["code"]).words
    assert "scores" not in told


@pytest.mark.parametrize(
    ("probability", "about", "words"),
    [
        (0.31, 31, "about 31"),
        (0.01, 1, "about 1"),
        (0.0049, "fewer than 1", "fewer than 1"),
        (0.99, 99, "about 99"),
        (0.9951, "more than 99", "more than 99"),
    ],
)
def test_out_of_100(live: Live, record: ChildRecord, probability: float, about: int | str, words: str) -> None:
    """A probability is told as children out of 100, beside all children; it is never none of them, and never all."""
    answer = _scored(live.bundle, record, 790)
    score = answer.scores[0]
    shown = score._replace(scored=score.scored._replace(probability=probability), base_rate=probability)
    asked = Asked("child-1", "early_help", 790, record)
    scored = Scored(answer.landmark, (shown,), (), (), ())
    (told,) = json.loads(Renderer(live.bundle).render(asked, scored))["scores"]
    assert told["out_of_100"]["about"] == about
    assert told["out_of_100"]["words"].startswith(
        f"Of 100 children with records like these, {words} did not reach a good level of development"
    )
    assert told["out_of_100"]["words"].endswith(f"{words}.")


def test_answers_are_for_the_caller(client: TestClient, request_body: dict[str, Any]) -> None:
    """No cache between may keep an answer."""
    assert client.post("/v1/scores", json=request_body).headers["cache-control"] == "no-store"
