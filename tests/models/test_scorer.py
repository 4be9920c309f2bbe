"""The Scorer: from a record and an age to an explained score for each outcome, or an honest refusal."""

import json
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from benchmarks.small_bundle import POLICY, bundle_files
from models.bundle import scorer_of
from models.canonical import canonical
from models.errors import IntegrityError
from models.estimator import logit
from models.record import ChildRecord, Event, Span
from models.scope import NotScored
from models.scorer import Scored, Scorer

SEEN = ChildRecord({"visits": (Event(10, 10, {"total": 7}), Event(20, 20, {"total": 30}))})


@pytest.fixture
def scorer(small_bundle: dict[str, bytes]) -> Scorer:
    """The Scorer of the bundle made by hand."""
    return scorer_of(small_bundle)


@pytest.fixture(scope="module")
def borough_scorer(borough_text: str) -> Scorer:
    """A Scorer of the borough's contract, which has several sources."""
    return scorer_of(bundle_files(borough_text))


def scored(scorer: Scorer, record: ChildRecord, age: int = 365) -> Scored:
    """The answer, which must be a score."""
    answer = scorer.score(record, age)
    assert isinstance(answer, Scored)
    return answer


def test_the_sum(scorer: Scorer) -> None:
    """The average child, the reasons and everything else sum to the log-odds of the probability."""
    (score,) = scored(scorer, SEEN).scores
    told = sum(reason.contribution for reason in score.explanation.shown)
    total = score.scored.baseline + told + score.explanation.everything_else
    assert total == pytest.approx(logit(score.probability), abs=1e-9)
    assert score.base_rate == 0.25


@pytest.mark.parametrize("age", [0, 364, 10_000])
def test_an_age_without_a_landmark(scorer: Scorer, age: int) -> None:
    """At an age that no landmark's window holds nothing is scored."""
    assert scorer.score(SEEN, age) == NotScored("outside-window")


def test_nothing_known(scorer: Scorer) -> None:
    """A child of whom nothing needed was known is not scored."""
    assert scorer.score(ChildRecord(), 365) == NotScored("too-little-known")


def test_what_limits_an_answer(scorer: Scorer) -> None:
    """What is not known, what was never learned of, and what lies outside the range seen are named."""
    unknown = scored(scorer, ChildRecord({"visits": (Event(10, 10, {}),)}))
    assert [feature.name for feature in unknown.not_known] == ["latest"]
    assert unknown.never_learned == ()
    often = scored(scorer, ChildRecord({"visits": tuple(Event(day, day, {"total": 1}) for day in range(10))}))
    assert [feature.name for feature in often.outside_range] == ["visits"]
    assert [score.reliability.level for score in often.scores] == ["limited"]
    row = scorer.score_row(scorer.contract.landmarks[0], [20.0, math.nan])
    assert isinstance(row, Scored)
    assert [feature.name for feature in row.never_learned] == ["visits"]


def test_a_score_is_doubted_for_what_it_rests_on(small_bundle: dict[str, bytes]) -> None:
    """What no term of an estimator is made of lies within any range, and makes no score less reliable."""
    document = _document(small_bundle, "model.json")
    document["estimators"][0]["terms"].pop()
    scorer = scorer_of(small_bundle | {"model.json": canonical(document)})
    often = scored(scorer, ChildRecord({"visits": tuple(Event(day, day, {"total": 1}) for day in range(10))}))
    bare = scorer.score_row(scorer.contract.landmarks[0], [20.0, math.nan])
    assert isinstance(bare, Scored)
    assert (often.outside_range, bare.never_learned) == ((), ())
    assert [score.reliability.level for score in (*often.scores, *bare.scores)] == ["good", "good"]


def test_what_was_always_the_same_in_training(small_bundle: dict[str, bytes]) -> None:
    """A feature of which every value counts alike lies within any range, and makes no score less reliable."""
    document = _document(small_bundle, "model.json")
    pair = document["estimators"][0]["terms"][1]
    pair.update(edges=[[20.5], []], values=[[0.1, 0.0], [0.2, 0.0], [0.3, 0.0]], n=[[40, 0], [50, 0], [10, 0]])
    scorer = scorer_of(small_bundle | {"model.json": canonical(document)})
    often = scored(scorer, ChildRecord({"visits": tuple(Event(day, day, {"total": 1}) for day in range(10))}))
    assert often.outside_range == ()
    assert [score.reliability.level for score in often.scores] == ["good"]


def test_the_age_asked_at_changes_nothing(scorer: Scorer) -> None:
    """Wherever in the window a score is asked for, the record is cut at the landmark."""
    until = scorer.contract.landmarks[0].until
    late = ChildRecord({"visits": (*SEEN.events["visits"], Event(370, 370, {"total": 0}))})
    assert scored(scorer, late, until - 1).scores == scored(scorer, SEEN, 365).scores


def test_as_of(scorer: Scorer) -> None:
    """Each feature that is shown is as of the age of the latest event it rests on; a bare row is as of no age."""
    answer = scored(scorer, SEEN)
    assert answer.as_of == {"latest": 20, "visits": 20}
    bare = scorer.score_row(answer.landmark, answer.row)
    assert isinstance(bare, Scored)
    assert (bare.as_of, bare.link) == ({}, None)
    assert bare.scores == answer.scores


REVIEW = Event(200, 200, {"communication": 60, "problem_solving": 60, "gross_motor": 60})
EVENTS = {
    "births": (Event(0, 0, {"birthweight": 330}),),
    "reviews": (REVIEW,),
    "addresses": (Event(0, 0, {"decile": 5}),),
}


COVERED = {name: (Span(0, 365, 365),) for name in ("contacts", "hub")}


def named(answer: Scored) -> list[str]:
    """The sources that an answer says nothing is known of."""
    return [source.name for source in answer.unknown_sources]


def test_sources_not_known(borough_scorer: Scorer) -> None:
    """A source without a known feature is named, though a part of the time that it is asked about is covered."""
    assert named(scored(borough_scorer, ChildRecord(EVENTS))) == ["contacts", "hub"]
    assert named(scored(borough_scorer, ChildRecord(EVENTS, COVERED))) == []
    spans = {"contacts": (Span(300, 365, 365),), "hub": (Span(0, 300, 365),)}
    partly = scored(borough_scorer, ChildRecord(EVENTS, spans))
    assert named(partly) == ["contacts", "hub"]
    assert {feature.source for feature in partly.not_known} == {"contacts", "hub"}


def test_a_bare_row_is_told_what_is_covered(borough_scorer: Scorer) -> None:
    """Of a bare row a source without a known feature is not known, unless it is said to be proven."""
    nothing = scored(borough_scorer, ChildRecord(EVENTS))
    told = borough_scorer.score_row(nothing.landmark, nothing.row, {"contacts"})
    untold = borough_scorer.score_row(nothing.landmark, nothing.row)
    every = borough_scorer.score_row(nothing.landmark, nothing.row, {"contacts", "hub"})
    assert isinstance(told, Scored)
    assert isinstance(untold, Scored)
    assert isinstance(every, Scored)
    assert (named(told), named(untold), named(every)) == (["hub"], ["contacts", "hub"], [])
    assert untold.scores == nothing.scores
    assert untold.scores[0].interval.widened
    assert not every.scores[0].interval.widened


def test_the_weakest_link(borough_scorer: Scorer) -> None:
    """The weakest link taken out, the answer says in which bands the child would be: those of the record without it."""
    sure = scored(borough_scorer, ChildRecord(EVENTS, {}, {"addresses": 1.0}))
    assert sure.link is None
    linked = scored(borough_scorer, ChildRecord(EVENTS, {}, {"addresses": 0.99, "reviews": 0.95}))
    without = scored(borough_scorer, ChildRecord({name: EVENTS[name] for name in ("births", "addresses")}))
    assert linked.link is not None
    assert (linked.link.probability, [source.name for source in linked.link.sources]) == (0.95, ["reviews"])
    assert linked.link.places == tuple(score.banding.place for score in without.scores)
    assert [s.scored for s in linked.scores] == [s.scored for s in sure.scores]


def test_a_link_of_all_that_is_not_needed(borough_scorer: Scorer) -> None:
    """Where the weakest link is of a source that is needed, all that was linked to it is doubted instead."""
    links = {"births": 0.9, "addresses": 0.95, "reviews": 0.95}
    linked = scored(borough_scorer, ChildRecord(EVENTS, {}, links))
    alone = scored(borough_scorer, ChildRecord({"births": EVENTS["births"]}))
    assert linked.link is not None
    assert [source.name for source in linked.link.sources] == ["addresses", "reviews"]
    assert linked.link.places == tuple(score.banding.place for score in alone.scores)


@pytest.mark.parametrize("spans", [{}, COVERED])
@pytest.mark.parametrize("probability", [0.95, 0.995])
def test_a_doubtful_link_that_moves_the_band(
    borough_scorer: Scorer, spans: dict[str, tuple[Span, ...]], probability: float
) -> None:
    """A link in doubt makes an answer less reliable just where the band without it is another."""
    answer = scored(borough_scorer, ChildRecord(EVENTS, spans, {"reviews": probability}))
    (score,) = answer.scores
    assert answer.link is not None
    assert answer.link.moves(0, score.banding.place) is bool(spans)
    said = "link-not-certain" in {ground.code for ground in score.reliability.grounds}
    assert said is (bool(spans) and probability == 0.95)


def test_a_link_without_which_there_is_no_score(borough_text: str) -> None:
    """Where there would be no score without the weakest link, the answer says that there would be none."""
    strict = borough_text.replace("stale_after_days = 800", "least_known_share = 0.4")
    answer = scored(scorer_of(bundle_files(strict)), ChildRecord(EVENTS, {}, {"reviews": 0.95}))
    assert answer.link is not None
    assert answer.link.places == (None,)
    assert "link-not-certain" in {ground.code for ground in answer.scores[0].reliability.grounds}


def _document(small_bundle: dict[str, bytes], name: str) -> dict[str, Any]:
    return json.loads(small_bundle[name])  # type: ignore[no-any-return]


PARTS = [
    ("model.json", "estimators"),
    ("calibration.json", "calibrations"),
    ("calibration.json", "intervals"),
    ("bands.json", "thresholds"),
]


@pytest.mark.parametrize(("name", "part"), PARTS)
@pytest.mark.parametrize(
    "alter", [lambda parts: parts.clear(), lambda parts: parts.append(parts[0])], ids=["missing", "twice"]
)
def test_a_part_that_is_missing_or_twice(
    small_bundle: dict[str, bytes], name: str, part: str, alter: Callable[[list[Any]], None]
) -> None:
    """A bundle that lacks the estimator, calibration, interval or thresholds of an outcome, or has two, makes no Scorer."""
    document = _document(small_bundle, name)
    alter(document[part])
    with pytest.raises(IntegrityError, match="one part for each"):
        scorer_of(small_bundle | {name: canonical(document)})


def test_another_contract_s_features(small_bundle: dict[str, bytes]) -> None:
    """An estimator whose inputs are not the contract's features, in its order, makes no Scorer."""
    document = _document(small_bundle, "model.json")
    document["estimators"][0]["inputs"].reverse()
    with pytest.raises(IntegrityError, match="features"):
        scorer_of(small_bundle | {"model.json": canonical(document)})


def test_the_policy(scorer: Scorer) -> None:
    """A Scorer's policy is that of its bands."""
    assert scorer.policy == POLICY


def test_a_score_without_ages(borough_scorer: Scorer) -> None:
    """Where it is not asked how old each reason is, nothing else of the answer is another."""
    record = ChildRecord({"births": (Event(0, 0, {"birthweight": 3210}),)})
    dated, plain = borough_scorer.score(record, 790), borough_scorer.score(record, 790, dated=False)
    assert isinstance(dated, Scored)
    assert isinstance(plain, Scored)
    assert dated.as_of
    # By their texts: what is not known is NaN, which equals nothing.
    assert repr(plain) == repr(replace(dated, as_of={}))
