"""Who corrects the score of another client, and who is told of it then: as docs/access.md says, with the clients it shows."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

Told = dict[str, Any]
PAGE = (Path(__file__).parents[3] / "docs" / "access.md").read_text(encoding="utf-8")
SYSTEM, GOVERNANCE = "mosaic", "information-governance"
CHALLENGE = {"raised_by": "parent-or-carer", "ground": "data-wrong"}


@pytest.fixture(scope="module")
def office(opened_door: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A service whose clients are those that the page shows, and a stranger who may correct its own."""
    (shown,) = re.findall(r"```toml\n(.*?)```", PAGE, flags=re.DOTALL)
    stranger = shown.partition("[[client]]")[2].partition("[[client]]")[2].replace(GOVERNANCE, "stranger")
    stranger = stranger.replace('"audit", ', "").replace('"read"', '"read", "score", "feedback", "challenge"')
    with opened_door(tmp_path_factory.mktemp("office"), f"{shown}\n[[client]]{stranger}") as office:
        yield office


@pytest.fixture
def made(office: Any, request_body: Told) -> Told:
    """A score that the case system was told."""
    told: Told = office.post("/v1/scores", request_body, who=SYSTEM).json()
    return told


def _better(request_body: Told) -> Told:
    return request_body | {"sources": request_body["sources"] | {"births": {"events": [{"birthweight": 2100}]}}}


def test_as_the_page_says(office: Any, request_body: Told, made: Told) -> None:
    """The case system challenges; information governance settles and corrects; the case system then reads and uses the new score."""
    raised = office.post(made["links"]["challenges"], CHALLENGE, who=SYSTEM)
    outcome = office.post(f"{raised.headers['location']}/outcome", {"outcome": "upheld"}, who=GOVERNANCE)
    assert outcome.status_code == 201
    path, body = f"{made['links']['self']}/corrections", _better(request_body) | {"challenge": raised.json()["id"]}
    first, again = (office.post(path, body, who=GOVERNANCE, idempotency_key="correct") for _ in range(2))
    assert (first.status_code, again.content) == (201, first.content)
    new = first.json()
    assert new["requested_by"]["client"] == GOVERNANCE
    now = office.get(made["links"]["self"], who=SYSTEM).json()["now"]
    assert (now["standing"], now["superseded_by"]) == ("superseded", new["id"])
    links = new["links"]
    assert office.get(links["self"], who=SYSTEM).json()["scores"] == new["scores"]
    assert office.get(f"{links['self']}/fhir", who=SYSTEM).status_code == 200
    assert office.ask("POST", links["replay"], who=SYSTEM).json()["same"]
    assert office.post(links["feedback"], {"what": "viewed"}, who=SYSTEM).status_code == 201
    assert office.post(links["challenges"], CHALLENGE, who=SYSTEM).status_code == 202
    assert office.get(links["self"], who="stranger").status_code == 404


def test_along_the_chain(office: Any, request_body: Told, made: Told) -> None:
    """Whoever was told the first score is told the third as well, which corrects the second."""
    raised = office.post(made["links"]["challenges"], CHALLENGE, who=SYSTEM).json()["id"]
    body = _better(request_body)
    second = office.post(f"{made['links']['self']}/corrections", body | {"challenge": raised}, who=GOVERNANCE).json()
    third = office.post(f"{second['links']['self']}/corrections", request_body, who=GOVERNANCE).json()
    assert office.get(third["links"]["self"], who=SYSTEM).json()["supersedes"] == second["id"]
    assert office.get(third["links"]["self"], who="stranger").status_code == 404


def test_without_the_challenge(office: Any, request_body: Told, made: Told) -> None:
    """Without the id of a challenge to it, the score of another is not there for whoever may correct."""
    path = f"{made['links']['self']}/corrections"
    own = office.post("/v1/scores", request_body, who="stranger").json()
    raised = office.post(own["links"]["challenges"], CHALLENGE, who="stranger").json()["id"]
    bodies = [request_body, request_body | {"challenge": raised}, request_body | {"challenge": own["id"]}]
    for body in bodies:
        answer = office.post(path, body, who="stranger")
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/no-such-score")
    assert office.get(made["links"]["self"], who=SYSTEM).json()["now"]["standing"] == "current"
    mine = office.post(f"{own['links']['self']}/corrections", request_body | {"challenge": raised}, who="stranger")
    assert mine.status_code == 201
