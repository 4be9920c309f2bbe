"""One score of an answer: its interval, band, reliability and link, what would change it, its texts, and every term."""

import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.small_bundle import bundle_files, invented_cases
from models.bundle import MANIFEST, Bundle, manifest_of, scorer_of
from models.canonical import canonical
from models.golden import answered
from models.record import ChildRecord
from models.scorer import Scored
from models.telling import Teller
from service.live import Live, load_live

Told = dict[str, Any]
Ask = Callable[..., Told]


@pytest.fixture
def score_of(live: Live, request_body: Told) -> Ask:
    """Ask for the one score of the full request, with some sources changed (None: left out), and other fields."""

    def answered(sources: Told, **fields: object) -> Told:
        changed = {name: given for name, given in (request_body["sources"] | sources).items() if given is not None}
        told = json.loads(live.answer(json.dumps(request_body | {"sources": changed} | fields).encode()))
        (score,) = told["scores"]
        assert isinstance(score, dict)
        return score

    return answered


def test_words_are_the_tellers(score_of: Ask, bundle: Bundle, record: ChildRecord) -> None:
    """Band, frequency, texts and what would change the score are told as the Teller tells them."""
    answer, teller, told = bundle.scorer.score(record, 790), Teller(bundle.scorer), score_of({})
    assert isinstance(answer, Scored)
    (score,) = answer.scores
    assert {name: told["band"][name] for name in teller.band(score)._fields} == teller.band(score)._asdict()
    assert told["out_of_100"]["words"] == teller.frequency(score)
    assert told["texts"] == {
        "summary": teller.summary(score),
        "practitioner": teller.practitioner(answer, score),
        "family": teller.family(answer, score),
    }
    said = [(change.kind, list(change.features), change.words) for change in teller.would_change(answer, score)]
    assert [(change["kind"], change["features"], change["words"]) for change in told["would_change"]] == said
    assert said


def test_a_band_says_whose_it_is(score_of: Ask, bundle: Bundle) -> None:
    """A band names the team, how many children it can see, who agreed, and how many of it learning again would move."""
    told, policy = score_of({})["band"], bundle.scorer.policy
    assert (told["capacity"], told["team"], told["owner"], told["agreed"]) == (0.2, policy.team, None, None)
    (changes,) = {
        share for band, share in zip(policy.bands, (0.3, 0.5, 0.4, 0.05), strict=True) if band.code == told["code"]
    }
    assert told["changes_on_refit"] == changes


def test_an_interval_says_what_it_does_not_cover(score_of: Ask) -> None:
    """An interval is told in words, with what lies outside it; where a source is not known it is wider, and says so."""
    known, missing = score_of({})["interval"], score_of({"births": {"events": [{}]}, "reviews": None})["interval"]
    assert (known["widened"], missing["widened"]) == (False, True)
    assert missing["high"] - missing["low"] >= 0.16 - 1e-12
    for told in (known, missing):
        assert told["words"].startswith("Of 100 children")
        assert told["does_not_cover"]
        assert all(sentence.endswith(".") for sentence in told["does_not_cover"])
    assert known["words"] != missing["words"]


def _falling(text: str, folder: Path) -> Path:
    """Write a bundle in which what is not known lowers the score."""
    files = bundle_files(text)
    model = json.loads(files["model.json"])
    for term in (term for estimator in model["estimators"] for term in estimator["terms"]):
        if term["kind"] == "linear":
            term["not_known"] = -1.0
        elif term["kind"] == "step":
            term["values"][-1] = -0.5
    files["model.json"] = canonical(model)
    scorer = scorer_of(files)
    cases = [answered(case, scorer) for case in invented_cases(scorer.contract)]
    files["golden.jsonl"] = b"".join(canonical(case.model_dump()) for case in cases)
    folder.mkdir()
    for name, data in (files | {MANIFEST: manifest_of(files)}).items():
        (folder / name).write_bytes(data)
    return folder


def test_a_floor_that_is_not_established(tmp_path: Path, live: Live, request_body: Told) -> None:
    """Where what is not known could lift a child out of the last band, neither band nor reliability hides it."""
    text = live.bundle.files["contract.toml"].decode()
    falling = load_live(_falling(text, tmp_path / "falling"), live.last_day)
    asked = request_body | {"sources": {"births": request_body["sources"]["births"]}}
    answer = json.loads(falling.answer(json.dumps(asked).encode()))
    (told,) = answer["scores"]
    assert (told["band"]["code"], told["band"]["floor"]) == ("band_4", "not established")
    assert told["band"]["label"] == "too little known for this band"
    assert (told["reliability"]["level"], told["interval"]["widened"]) == ("poor", True)
    grounds = {ground["code"]: ground for ground in told["reliability"]["reasons"]}
    assert grounds["source-not-known"]["about"] == [source["label"] for source in answer["sources_not_known"]]
    assert "Health visiting review" in grounds["source-not-known"]["about"]
    assert all(ground["words"].endswith(".") for ground in grounds.values())


def test_every_term(score_of: Ask) -> None:
    """With all detail, baseline and terms added in their order are the log-odds to the bit; the last is the bound's."""
    told = score_of({}, detail="full")
    total = told["baseline"]
    for term in told["terms"]:
        total += term["contribution"]
    assert total == told["log_odds"]
    assert told["terms"][-1]["features"] == []
    assert len(told["terms"]) == 14 + 7 + 1
    shown = [reason for way in ("raises", "lowers") for reason in told[way]]
    terms = {tuple(term["features"]): term["contribution"] for term in told["terms"]}
    assert all(terms[tuple(reason["features"])] == reason["contribution"] for reason in shown)


def test_standard_detail(score_of: Ask) -> None:
    """Standard detail is what is told when none is asked for, and full detail only adds the terms."""
    standard, full = score_of({}), score_of({}, detail="full")
    assert standard == score_of({}, detail="standard")
    assert "terms" not in standard
    assert {name: value for name, value in full.items() if name != "terms"} == standard


def _linked(request_body: Told, **links: float) -> Told:
    return {name: request_body["sources"][name] | {"link": link} for name, link in links.items()}


def _weakest(request_body: Told) -> Iterator[tuple[str, Told, int]]:
    """Yield a source whose link is the weakest, the sources of a request with that, and an age that is asked at."""
    for age in (400, 790):
        for source in ("contacts", "addresses", "hub", "reviews"):
            others = {name: 0.98 for name in ("births", "childcare", "contacts", "reviews") if name != source}
            yield source, _linked(request_body, **others, **{source: 0.61239}), age


def test_the_weakest_link(score_of: Ask, request_body: Told) -> None:
    """The weakest link is told with its agencies, and the band without it is that of a request without its source."""
    changed = []
    for source, sources, age in _weakest(request_body):
        told = score_of(sources, as_of=age)
        without = score_of({source: None}, as_of=age)
        assert told["link"]["probability"] == 0.612
        assert told["link"]["band_without"] == without["band"]["code"]
        assert told["link"]["changes_band"] == (told["band"]["code"] != without["band"]["code"])
        doubted = "link-not-certain" in {ground["code"] for ground in told["reliability"]["reasons"]}
        assert doubted == told["link"]["changes_band"]
        changed.append(told["link"]["changes_band"])
    assert set(changed) == {True, False}


def test_a_link_is_no_part_of_the_number(score_of: Ask, request_body: Told) -> None:
    """How certain the links are changes no number of the score."""
    for _, sources, age in _weakest(request_body):
        told, plain = score_of(sources, as_of=age), score_of({}, as_of=age)
        same = ("probability", "interval", "raises", "lowers", "not_known", "log_odds")
        assert [told[name] for name in same] == [plain[name] for name in same]


def test_certain_links(score_of: Ask, request_body: Told) -> None:
    """Where every link is certain, or nothing was linked, no link is told."""
    certain = _linked(request_body, births=1, reviews=1.0, contacts=1.0)
    assert score_of(certain)["link"] is None
    assert score_of({})["link"] is None


def test_the_weakest_link_is_to_what_is_needed(score_of: Ask, request_body: Told) -> None:
    """Where the weakest link is to what a score needs, that is taken to be the child's, and what else was linked not."""
    told = score_of(_linked(request_body, births=0.6, contacts=0.9, reviews=0.95))["link"]
    assert (told["probability"], told["agencies"]) == (0.6, ["Early help", "Health visiting"])
    assert told["band_without"] == score_of({"contacts": None, "reviews": None})["band"]["code"]


def test_a_link_of_all_that_is_needed(score_of: Ask) -> None:
    """Where the one link is to what a score needs, there would be no score without it, and that is said."""
    link = score_of({"births": {"events": [{"birthweight": 3210}], "link": 0.9}})["link"]
    assert (link["agencies"], link["band_without"], link["changes_band"]) == (["Maternity"], None, True)


def test_a_link_is_never_told_as_certain(score_of: Ask, request_body: Told) -> None:
    """The probability of a link is rounded down."""
    link = score_of(_linked(request_body, contacts=math.nextafter(1.0, 0.0)))["link"]
    assert (link["probability"], link["agencies"]) == (0.999, ["Early help"])
