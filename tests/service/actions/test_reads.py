"""Who may read a score again, until when, and that every reading is recorded."""

from typing import Any

import pytest

Told = dict[str, Any]
NO_CHALLENGES = {"open": 0, "upheld": 0, "not_upheld": 0, "withdrawn": 0}
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


def test_who_audits_writes_nothing(door: Any, made: Told, request_body: Told) -> None:
    """Whoever audits reads what another client was told, and writes nothing about it, though it may do everything for its own."""
    links, challenge = made["links"], {"raised_by": "parent-or-carer", "ground": "objection"}
    raised = door.post(links["challenges"], challenge).headers["location"]
    for method, path in (("GET", links["self"]), ("GET", links["fhir"]), ("POST", links["replay"]), ("GET", raised)):
        assert door.ask(method, path, who="auditor").status_code == 200
    before = door.recorded()
    for path, body in (
        (links["feedback"], {"what": "viewed"}),
        (links["challenges"], challenge),
        (f"{links['self']}/corrections", request_body),
    ):
        answer = door.post(path, body, who="auditor")
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/no-such-score")
    assert door.recorded() == before
    own = door.post("/v1/scores", request_body, who="auditor").json()["links"]
    assert door.post(own["feedback"], {"what": "viewed"}, who="auditor").status_code == 201


@pytest.mark.parametrize("id_", ["1", "..", "{" + NOWHERE + "}", NOWHERE[:-1], NOWHERE + "0", "%00", "x" * 4000, "é"])
def test_ids_of_another_form(door: Any, id_: str) -> None:
    """What has not the form of an id is not looked for."""
    for rest in ("", "/fhir"):
        assert door.get(f"/v1/scores/{id_}{rest}").status_code == 404


def test_an_id_in_capitals(door: Any, made: Told) -> None:
    """An id that a caller's database wrote in capitals is the same id, and the answer the same bytes."""
    path = f"/v1/scores/{made['id'].upper()}"
    assert door.get(path).content == door.get(made["links"]["self"]).content


def test_fhir(door: Any, made: Told) -> None:
    """A score is told as FHIR too, its probability as a percentage, and that is another version of it."""
    answer = door.get(made["links"]["fhir"])
    assert answer.headers["content-type"] == "application/fhir+json"
    resources = [entry["resource"] for entry in answer.json()["entry"]]
    assert [each["resourceType"] for each in resources] == ["RiskAssessment", "Device", "Provenance"]
    percent = resources[0]["prediction"][0]["probabilityDecimal"]
    assert float(percent) == pytest.approx(100 * made["scores"][0]["probability"])
    assert answer.headers["etag"] != door.get(made["links"]["self"]).headers["etag"]


def test_fhir_of_a_superseded_score(door: Any, made: Told, request_body: Told) -> None:
    """A score that was corrected says so as FHIR: amended, or entered in error where a challenge to it was upheld."""
    status = lambda: door.get(made["links"]["fhir"]).json()["entry"][0]["resource"]["status"]  # noqa: E731
    assert status() == "final"
    raised = door.post(made["links"]["challenges"], {"raised_by": "parent-or-carer", "ground": "data-wrong"}).json()
    assert door.post(f"{made['links']['self']}/corrections", request_body).status_code == 201
    assert status() == "amended"
    assert door.post(f"/v1/challenges/{raised['id']}/outcome", {"outcome": "upheld"}).status_code == 201
    assert status() == "entered-in-error"


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
    assert told == made | {
        "subject": None,
        "now": {"standing": "expired", "superseded_by": None, "challenges": NO_CHALLENGES},
    }
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
        assert "content-length" not in answer.headers, "it would be that of the answer the caller has"
    assert door.get(path, if_none_match='"x"').status_code == 200
    door.post(made["links"]["challenges"], {"raised_by": "practitioner", "ground": "disagree"})
    answer = door.get(path, if_none_match=tag)
    assert (answer.status_code, answer.json()["now"]["challenges"]["open"]) == (200, 1)
