"""Who may read a score again, until when, and that every reading is recorded."""

from typing import Any

import pytest

Told = dict[str, Any]
NOWHERE = "019a0000-0000-7000-8000-000000000000"
FORMS = ["", "/fhir"]


@pytest.fixture
def made(door: Any, request_body: Told) -> Told:
    """A score that was told to one of the callers."""
    told: Told = door.post("/v1/scores", request_body).json()
    return told


@pytest.mark.parametrize("form", FORMS)
def test_another_client(door: Any, made: Told, form: str) -> None:
    """A score of another client is not there, but for those who audit; and what is refused is no reading."""
    path, before = made["links"]["self"] + form, len(door.recorded("read"))
    answer = door.get(path, who="other")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/no-such-score")
    assert answer.content == door.get(f"/v1/scores/{NOWHERE}{form}").content
    assert len(door.recorded("read")) == before
    assert door.get(path, who="audit").status_code == 200
    assert len(door.recorded("read")) == before + 1


@pytest.mark.parametrize("id_", ["1", "..", NOWHERE.upper(), NOWHERE[:-1], NOWHERE + "0", "%00", "x" * 4000, "é"])
def test_ids_of_another_form(door: Any, id_: str) -> None:
    """What has not the form of an id is not looked for."""
    for rest in ("", "/fhir"):
        assert door.get(f"/v1/scores/{id_}{rest}").status_code == 404


def test_fhir(door: Any, made: Told) -> None:
    """A score is told as FHIR too, its probability as a percentage, and that is another version of it."""
    answer = door.get(made["links"]["fhir"])
    assert answer.headers["content-type"] == "application/fhir+json"
    resources = [entry["resource"] for entry in answer.json()["entry"]]
    assert [each["resourceType"] for each in resources] == ["RiskAssessment", "Device", "Provenance"]
    percent = resources[0]["prediction"][0]["probabilityDecimal"]
    assert float(percent) == pytest.approx(100 * made["scores"][0]["probability"])
    assert answer.headers["etag"] != door.get(made["links"]["self"]).headers["etag"]


def test_an_expired_score(fresh_door: Any, request_body: Told) -> None:
    """Once it has expired a score is gone for callers, and still told to those who audit."""
    door, made = fresh_door, fresh_door.post("/v1/scores", request_body).json()
    door.pass_days(182)
    assert door.get(made["links"]["self"]).status_code == 200
    door.pass_days(2)
    for method, link in (("GET", "self"), ("GET", "fhir"), ("POST", "replay")):
        answer = door.ask(method, made["links"][link])
        assert (answer.status_code, answer.json()["type"]) == (410, "/problems/score-expired")
    told = door.get(made["links"]["self"], who="audit").json()
    assert told == made | {"subject": None, "now": {"standing": "expired", "superseded_by": None, "challenges": 0}}
    assert door.ask("POST", made["links"]["replay"], who="audit").json()["same"]
    assert (
        door.post(made["links"]["challenges"], {"raised_by": "parent-or-carer", "ground": "objection"}).status_code
        == 202
    )


def test_versions(door: Any, made: Told) -> None:
    """A caller who has this very version is told so; once the score was challenged there is a newer one."""
    path = made["links"]["self"]
    tag = door.get(path).headers["etag"]
    for given in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        answer = door.get(path, if_none_match=given)
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
    assert door.get(path, if_none_match='"x"').status_code == 200
    door.post(made["links"]["challenges"], {"raised_by": "practitioner", "ground": "disagree"})
    answer = door.get(path, if_none_match=tag)
    assert (answer.status_code, answer.json()["now"]["challenges"]) == (200, 1)
