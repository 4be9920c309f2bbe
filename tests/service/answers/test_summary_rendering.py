"""The short answer: the same score as the long one, with less said of it."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from benchmarks.edge_requests import edge_requests
from models.errors import IntegrityError
from models.record import ChildRecord
from models.scorer import Scored
from service.live import Live
from service.request_record import Asked

Told = dict[str, Any]
Ask = Callable[[Told], Told]
SAME = ("outcome", "label", "period", "probability", "out_of_100", "log_odds", "baseline")
REASON = ("features", "words", "strength", "contribution")


def _in_short(score: Told) -> Told:
    """Return what a short answer says of a score that is told at length."""
    interval = {name: score["interval"][name] for name in ("low", "high", "level", "widened")}
    return {
        **{name: score[name] for name in SAME},
        "interval": interval,
        "band": {name: score["band"][name] for name in ("code", "label", "near_threshold")},
        "reliability": {"level": score["reliability"]["level"]},
        "summary": score["texts"]["summary"],
        "raises": [{name: reason[name] for name in REASON} for reason in score["raises"]],
        "lowers": [{name: reason[name] for name in REASON} for reason in score["lowers"]],
        "not_known": [name for reason in score["not_known"] for name in reason["features"]],
    }


def test_it_is_the_same_score(shipped: Live) -> None:
    """Of many requests at the edges of a contract, the short answer says word for word what the long one says."""
    scores = 0
    for body in edge_requests(shipped.bundle.contract, 11, 150):
        request = json.loads(body)
        long, short = (
            json.loads(shipped.answer(json.dumps(request | {"detail": detail}).encode()))
            for detail in ("standard", "summary")
        )
        assert short["status"] == long["status"]
        for told, said in zip(long.get("scores", ()), short.get("scores", ()), strict=True):
            rest = said.pop("everything_else")
            shown = [reason["contribution"] for reason in (*said["raises"], *said["lowers"])]
            assert said == _in_short(told)
            assert said["baseline"] + sum(shown) + rest == pytest.approx(said["log_odds"], abs=1e-9)
            scores += 1
    assert scores > 50


def test_it_is_short(ask: Ask, request_body: Told) -> None:
    """A short answer is a fraction of the long one, and leaves out what is the same in every answer."""
    long, short = ask(request_body), ask(request_body | {"detail": "summary"})
    assert len(json.dumps(short)) < 0.4 * len(json.dumps(long))
    assert short["human_review"] == long["human_review"]
    assert not short.keys() & {"responsibility", "rights", "governance", "override_reasons", "not_considered"}


def test_reasons_that_do_not_add_up(live: Live, record: ChildRecord) -> None:
    """An answer whose reasons do not add up to its probability does not leave."""
    asked = Asked("child-1", "early_help", 790, record, "summary")
    answer = live.score(asked)
    assert isinstance(answer, Scored)
    (score,) = answer.scores
    doctored = score._replace(scored=score.scored._replace(probability=score.probability + 1e-8))
    live.renderer.render(asked, answer)
    with pytest.raises(IntegrityError, match="do not add up"):
        live.renderer.render(asked, replace(answer, scores=(doctored,)))
