"""Answers: the Scorer's own numbers, told in words, in the published shape."""

import datetime
import json
import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter

from models.bundle import Bundle
from models.head import Score
from models.interval import LEVEL
from models.plain_words import STAMP
from models.reasons import Reason
from models.record import ChildRecord
from models.scope import NotScored
from models.scorer import Scored
from models.source import PROTECTED
from models.telling import Teller
from service.answers.facts import Facts
from service.answers.rendering import Renderer, core_of
from service.answers.shape import AnyAnswer
from service.live import Live
from service.request_record import Asked
from service.request_slots import DETAILS

SHAPE: TypeAdapter[Any] = TypeAdapter(AnyAnswer)
Told = dict[str, Any]
Ask = Callable[[Told], Told]
AGES = [(365, "one_year"), (499, "one_year"), (760, "two_year"), (790, "two_year")]


def _scored(bundle: Bundle, record: ChildRecord, age: int) -> Scored:
    answer = bundle.scorer.score(record, age)
    assert isinstance(answer, Scored)
    return answer


@pytest.mark.parametrize(("age", "landmark"), AGES)
def test_the_scorers_numbers(
    ask: Ask, bundle: Bundle, record: ChildRecord, request_body: Told, age: int, landmark: str
) -> None:
    """Every number of an answer is the Scorer's own, to the bit."""
    told = ask(request_body | {"as_of": age})
    answer = _scored(bundle, record, age)
    assert (told["status"], told["as_of"], told["landmark"]["name"]) == ("scored", age, landmark)
    for given, score in zip(told["scores"], answer.scores, strict=True):
        assert {name: given[name] for name in _numbers(score)} == _numbers(score)
        interval, level = given["interval"], given["reliability"]["level"]
        assert (interval["low"], interval["high"], interval["widened"]) == tuple(score.interval)
        assert (interval["level"], level) == (LEVEL, score.reliability.level)
        assert given["band"]["code"] == bundle.scorer.policy.bands[score.banding.place].code
        assert given["band"]["near_threshold"] == score.banding.near_threshold


def _numbers(score: Score) -> Told:
    return {
        "probability": score.probability,
        "log_odds": score.scored.log_odds,
        "baseline": score.scored.baseline,
        "base_rate": score.base_rate,
        "everything_else": score.explanation.everything_else,
    }


@pytest.mark.parametrize(("age", "landmark"), AGES)
def test_the_scorers_reasons(
    ask: Ask, bundle: Bundle, record: ChildRecord, request_body: Told, age: int, landmark: str
) -> None:
    """The reasons of an answer are the Scorer's own in number and order, each told as the Teller tells it."""
    told = ask(request_body | {"as_of": age})
    answer = _scored(bundle, record, age)
    assert answer.landmark.name == landmark
    for given, score in zip(told["scores"], answer.scores, strict=True):
        for way in ("raises", "lowers", "not_known"):
            reasons: list[Reason] = getattr(score.explanation, way)
            assert [_own(reason) for reason in given[way]] == [_of(reason) for reason in reasons]
            said = [Teller(bundle.scorer).reason(reason, answer, score)._asdict() for reason in reasons]
            assert given[way] == json.loads(json.dumps(said))


def _own(told: Told) -> tuple[Any, ...]:
    return told["features"], told["values"], told["words"], told["contribution"], told["strength"]


def _of(reason: Reason) -> tuple[Any, ...]:
    return list(reason.features), list(reason.values), reason.words, reason.contribution, reason.strength


def test_who_and_what_answered(ask: Ask, bundle: Bundle, request_body: Told) -> None:
    """An answer repeats what was asked, and names the bundle and its standing."""
    told = ask(request_body)
    assert {name: told[name] for name in ("stamp", "bundle", "subject", "purpose", "as_of")} == {
        "stamp": STAMP,
        "bundle": bundle.id,
        "subject": "child-1",
        "purpose": "early_help",
        "as_of": 790,
    }


def _answers(ask: Ask, request_body: Told) -> Iterator[Told]:
    known: list[Told] = [{}, {"births": {"events": [{}]}}, request_body["sources"]]
    for age in (10, 365, 400, 760, 999, 1000):
        for sources in known:
            for detail in DETAILS:
                asked = request_body | {"as_of": age, "sources": sources, "detail": detail}
                yield ask(asked)


def test_reasons_add_up(ask: Ask, request_body: Told) -> None:
    """In every answer baseline, all that is shown and everything else add up to the log-odds of the probability."""
    answers = list(_answers(ask, request_body))
    scores = [(told["detail"], score) for told in answers for score in told.get("scores", [])]
    assert len(scores) == 24
    for detail, score in scores:
        ways = ("raises", "lowers") if detail == "summary" else ("raises", "lowers", "not_known")
        shown = [reason for way in ways for reason in score[way]]
        parts = [score["baseline"], *(reason["contribution"] for reason in shown), score["everything_else"]]
        probability = score["probability"]
        assert math.fsum(parts) == pytest.approx(score["log_odds"], abs=1e-9)
        assert score["log_odds"] == pytest.approx(math.log(probability / (1 - probability)), abs=1e-9)


def test_answers_have_the_published_shape(ask: Ask, request_body: Told) -> None:
    """Every answer has the shape that the document publishes, and nothing besides."""
    for told in _answers(ask, request_body):
        shown = SHAPE.dump_python(SHAPE.validate_python(told), mode="json", exclude_unset=True)
        assert shown == told


def test_reasons_are_told(ask: Ask, request_body: Told) -> None:
    """A reason gives its features' labels and values, the day and agency it rests on, and whether it can be corrected."""
    (score,) = ask(request_body)["scores"]
    told = next(r for r in score["raises"] + score["lowers"] if r["features"] == ["birthweight"])
    assert {name: told[name] for name in ("labels", "values", "as_of", "agencies", "checkable", "direction")} == {
        "labels": ["birthweight"],
        "values": [3210.0],
        "as_of": 0,
        "agencies": ["Maternity"],
        "checkable": True,
        "direction": "raises" if told["contribution"] > 0 else "lowers",
    }
    for way in ("raises", "lowers"):
        sizes = [abs(reason["contribution"]) for reason in score[way]]
        assert sizes == sorted(sizes, reverse=True)


def test_not_known(ask: Ask, request_body: Told) -> None:
    """All that is not known is listed in the contract's words, with its push, and so are the sources it comes from."""
    told = ask(request_body | {"sources": {"births": {"events": [{}]}}})
    (score,) = told["scores"]
    birthweight = next(reason for reason in score["not_known"] if reason["features"] == ["birthweight"])
    assert (birthweight["words"], birthweight["values"]) == ("Birthweight was not recorded", [None])
    assert birthweight["as_of"] is None
    assert len(score["not_known"]) == 14
    assert [source["name"] for source in told["sources_not_known"]] == [
        *("births", "reviews", "contacts", "addresses", "hub", "childcare")
    ]
    assert score["interval"]["widened"]


def test_what_is_never_looked_at(ask: Ask, request_body: Told) -> None:
    """Every answer says which characteristics are never looked at: each that a contract may only have audited."""
    told = ask(request_body)["not_considered"]
    said = dict(zip(get_args(PROTECTED), told, strict=True))
    roots = {
        "language": "languages",
        "disability": "disabled",
        "ethnicity": "ethnic",
        "sen": "special educational needs",
    }
    assert all(roots.get(name, name) in words for name, words in said.items())


def test_limits(ask: Ask, request_body: Told) -> None:
    """What an answer rests on less than it seems to is said: nothing learned of *not known*, or beyond what was seen."""
    nothing = ask(request_body | {"sources": {"births": {"events": [{}]}}})
    assert sum("Nothing could be learned" in limit for limit in nothing["limits"]) == 3
    request_body["sources"]["births"]["events"] = [{"birthweight": 6000}]
    outside = ask(request_body)
    assert sum("birthweight" in limit for limit in outside["limits"]) == 1


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
def test_not_scored(ask: Ask, request_body: Told, age: int, sources: Told, code: str, landmark: str | None) -> None:
    """An honest refusal is an ordinary answer, with its code, its words, and no number."""
    told = ask(request_body | {"as_of": age, "sources": sources})
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
    (told,) = json.loads(Renderer(live.bundle).render(asked, replace(answer, scores=(shown,))))["scores"]
    assert told["out_of_100"]["about"] == about
    assert told["out_of_100"]["words"].startswith("Of 100 children")
    assert told["out_of_100"]["words"].count(words) == 2


def test_the_core_is_what_record_and_bundle_decide(live: Live, record: ChildRecord) -> None:
    """The core of an answer is the same whoever asked, when, and under whose authority; another age is another core."""
    asked, other = Asked("child-1", "early_help", 790, record), Asked("child-2", "early_help", 791, record)
    facts = Facts("0", datetime.datetime.now(datetime.UTC), 'purpose":"', "status", stamp=False)
    plain, told, later = (
        live.renderer.render(asked, live.score(asked)),
        live.renderer.render(asked, live.score(asked), facts, b"kept"),
        live.renderer.render(other, live.score(other)),
    )
    assert plain != told
    assert core_of(plain) == core_of(told) != core_of(later)
    assert (
        json.loads(b"{" + core_of(told)[1:]).keys()
        == json.loads(told).keys() - json.loads(b"{%b}" % told[1 : -len(core_of(told))]).keys()
    )
