"""An answer as FHIR R4: what a library of the standard takes, with probabilities as percentages, and no date of birth."""

import datetime
import json
import math
import re
import uuid
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.edge_requests import edge_requests
from models.record import ChildRecord
from service.actions.standing import Challenges, Standing
from service.answers.answering import Answered, answered, unavailable
from service.answers.authority import Authority
from service.answers.facts import Facts
from service.answers.fhir import bundle_of, percentage
from service.live import Live
from service.request_record import Asked, Detail
from service.request_slots import DETAILS

Told = dict[str, Any]
ID, OLD = str(uuid.UUID(int=7)), str(uuid.UUID(int=3))
AT = datetime.datetime(2026, 9, 14, 10, 30, tzinfo=datetime.UTC)
FACTS = Facts(ID, AT, "case system", "p-1", stamp=False, authority=Authority(controller="Borough Council"))


CURRENT = Standing()


def _resources(found: Answered, standing: Standing = CURRENT) -> dict[str, Told]:
    """Return the resources by their type, once a library of the standard has taken all of them."""
    text = bundle_of(json.loads(found.stored), standing.told())
    Bundle.model_validate_json(text)
    told = json.loads(text)
    assert (told["resourceType"], told["type"]) == ("Bundle", "collection")
    assert all(entry["fullUrl"] == f"urn:uuid:{entry['resource']['id']}" for entry in told["entry"])
    return {entry["resource"]["resourceType"]: entry["resource"] for entry in told["entry"]}


def _holds(value: Any) -> bool:
    """Whether there is something in it, and in all that is in it: FHIR has no nulls, and nothing empty."""
    if isinstance(value, dict | list):
        return bool(value) and all(map(_holds, value.values() if isinstance(value, dict) else value))
    return value is not None and value != ""


def test_many_answers(shipped: Live) -> None:
    """Answers of every detail at the edges of a contract are FHIR, and every number in them is the score's own."""
    scores = 0
    for number, body in enumerate(edge_requests(shipped.bundle.contract, 5, 90)):
        asked = shipped.reader.read(shipped.form.decode(body))
        asked = Asked(asked.subject, asked.purpose, asked.age, asked.record, DETAILS[number % 3])  # type: ignore[arg-type]
        found = answered(shipped, asked, FACTS, b"kept" if number % 2 else None)
        told, stored = _resources(found)["RiskAssessment"], json.loads(found.stored)
        assert _holds(told)
        predictions = told.get("prediction", [])
        assert len(predictions) == 2 * len(stored.get("scores", []))
        assert (told["status"] == "cancelled") == (not predictions)
        for k, score in enumerate(stored.get("scores", [])):
            _is_told(score, predictions[2 * k], predictions[2 * k + 1])
            scores += 1
    assert scores > 30


def _is_told(score: Told, point: Told, spread: Told) -> None:
    assert point["outcome"] == spread["outcome"]
    assert 0 <= point["probabilityDecimal"] <= 100
    assert point["probabilityDecimal"] / 100 == pytest.approx(score["probability"], rel=1e-15)
    low, high = spread["probabilityRange"]["low"], spread["probabilityRange"]["high"]
    assert low["value"] <= point["probabilityDecimal"] <= high["value"] <= 100
    assert (low["unit"], high["code"], high["system"]) == ("%", "%", "http://unitsofmeasure.org")
    assert point["qualitativeRisk"]["coding"][0]["code"] == score["band"]["code"]
    assert "probabilityDecimal" not in spread
    assert len(point["rationale"]) <= 500
    for prediction in (point, spread):
        start, end = prediction["whenPeriod"]["start"], prediction["whenPeriod"]["end"]
        assert len(start) == len(end) == 7, "months, and no days"
        assert start <= end


@given(st.floats(1e-9, 1))
def test_a_percentage(probability: float) -> None:
    """A percentage is the probability with its point moved: never above 100, and 0.237 is 23.7."""
    moved = percentage(probability)
    assert 0 < moved <= 100
    assert math.isclose(moved, 100 * probability, rel_tol=1e-15)
    assert (percentage(0.237), percentage(0.07), percentage(0.29)) == (23.7, 7.0, 29.0)


@pytest.mark.parametrize(
    ("facts", "age", "status"),
    [
        (FACTS, 790, "final"),
        (Facts(ID, AT, "c", supersedes=OLD, stamp=False), 790, "amended"),
        (Facts(ID, AT, "c"), 790, "preliminary"),
        (Facts(ID, AT, "c"), 5, "cancelled"),
        (FACTS, 5, "cancelled"),
    ],
)
def test_its_status(live: Live, record: ChildRecord, facts: Facts, age: int, status: str) -> None:
    """The status says whether the answer is final, of an evaluation, a correction, or no score."""
    told = _resources(answered(live, Asked("child-1", "early_help", age, record), facts))
    assert told["RiskAssessment"]["status"] == status
    revised = [entity for entity in told["Provenance"].get("entity", []) if entity["role"] == "revision"]
    assert [entity["what"]["identifier"]["value"] for entity in revised] == (
        [f"urn:uuid:{OLD}"] if status == "amended" else []
    )


CORRECTED = Facts(ID, AT, "c", supersedes=OLD, stamp=False)


@pytest.mark.parametrize(
    ("facts", "age", "standing", "status", "note"),
    [
        (FACTS, 790, Standing(OLD), "amended", f"urn:uuid:{OLD} takes its place"),
        (FACTS, 790, Standing(OLD, challenges=Challenges(not_upheld=1)), "amended", "Superseded"),
        (FACTS, 790, Standing(OLD, challenges=Challenges(upheld=1)), "entered-in-error", "was upheld"),
        (CORRECTED, 790, Standing(OLD, challenges=Challenges(upheld=1)), "entered-in-error", "Superseded"),
        (FACTS, 790, Standing(challenges=Challenges(upheld=1)), "final", "was upheld"),
        (FACTS, 790, Standing(challenges=Challenges(open=1)), "final", "nobody has settled"),
        (FACTS, 790, Standing(expired=True), "final", "Expired"),
        (Facts(ID, AT, "c"), 790, Standing(OLD, challenges=Challenges(upheld=1)), "preliminary", "Superseded"),
        (FACTS, 5, Standing(OLD, challenges=Challenges(upheld=1)), "cancelled", "Superseded"),
    ],
)
def test_how_it_stands(
    live: Live, record: ChildRecord, facts: Facts, age: int, standing: Standing, status: str, note: str
) -> None:
    """A score that was superseded, challenged or has expired says so first, and by the status that the standard has for it."""
    told = _resources(answered(live, Asked("child-1", "early_help", age, record), facts), standing)["RiskAssessment"]
    assert told["status"] == status
    standing_notes = told["note"][: len(told["note"]) - len(_notes_while_current(live, record, facts, age))]
    assert note in " ".join(each["text"] for each in standing_notes)


def _notes_while_current(live: Live, record: ChildRecord, facts: Facts, age: int) -> list[Any]:
    """Return the notes of the same score while it is current."""
    found = _resources(answered(live, Asked("child-1", "early_help", age, record), facts))
    notes: list[Any] = found["RiskAssessment"]["note"]
    return notes


def test_the_period_is_of_the_outcome(live: Live, record: ChildRecord) -> None:
    """The period is that in which the outcome is observed, to the month, whenever in the window the score is asked for."""
    for age in (760, 790, 999):
        found = answered(live, Asked("child-1", "early_help", age, record, "summary"), FACTS)
        (score,) = json.loads(found.stored)["scores"]
        born = AT.date() - datetime.timedelta(days=age)
        start, end = (born + datetime.timedelta(days=days) for days in score["period"])
        period = _resources(found)["RiskAssessment"]["prediction"][0]["whenPeriod"]
        assert period == {"start": f"{start:%Y-%m}", "end": f"{end:%Y-%m}"}


def test_no_day_of_birth(live: Live, record: ChildRecord) -> None:
    """Whatever the age, answers of the same months are the same text: with the time of scoring it gives no day away."""
    texts: dict[tuple[str, ...], set[bytes]] = {}
    for age in range(930, 960):
        text = bundle_of(
            json.loads(answered(live, Asked("", "early_help", age, record, "full"), FACTS).stored), CURRENT.told()
        )
        texts.setdefault(tuple(re.findall(r"\b\d{4}-\d{2}\b(?!-)", text.decode())), set()).add(text)
    assert 1 < len(texts) < 8
    assert all(len(same) == 1 for same in texts.values())


def test_who_it_is_about(live: Live, record: ChildRecord) -> None:
    """The child is words only, since the record holds no reference of it, and no name of a client stands for one."""
    told = _resources(answered(live, Asked("child-1", "early_help", 790, record), FACTS))
    assert told["RiskAssessment"]["subject"].keys() == {"type", "display"}
    assert "child-1" not in json.dumps(told)
    assert "urn:earlyid:client" not in json.dumps(told)


def test_who_made_it(live: Live, record: ChildRecord) -> None:
    """The Device is the bundle, the same in every answer; the Provenance joins answer, device, authority and caller."""
    asked = Asked("child-1", "early_help", 790, record, "full")
    one, other = (_resources(answered(live, asked, facts, b"kept")) for facts in (FACTS, Facts(OLD, AT, "c")))
    assert one["Device"]["id"] == other["Device"]["id"]
    assert one["Device"]["identifier"][0]["value"] == live.bundle.id
    assert one["RiskAssessment"]["performer"]["reference"] == f"urn:uuid:{one['Device']['id']}"
    provenance = one["Provenance"]
    assert provenance["target"] == [{"reference": f"urn:uuid:{ID}"}]
    whos = {agent["type"]["coding"][0]["code"]: agent["who"] for agent in provenance["agent"]}
    assert whos["author"]["display"] == "Borough Council"
    assert whos["enterer"]["display"] == "case system"
    assert provenance["entity"][0]["role"] == "source"
    assert len(one["RiskAssessment"]["basis"]) == len(json.loads(answered(live, asked, FACTS).stored)["data_used"])


@pytest.mark.parametrize("detail", DETAILS)
def test_no_score(live: Live, record: ChildRecord, detail: Detail) -> None:
    """Of a child of whom no score is given there is no prediction, and the note says no more than the answer did."""
    told = _resources(unavailable(live, Asked("child-1", "early_help", 790, record, detail), FACTS))["RiskAssessment"]
    assert told["status"] == "cancelled"
    assert "prediction" not in told
    assert "No score is available for this child." in [note["text"] for note in told["note"]]
