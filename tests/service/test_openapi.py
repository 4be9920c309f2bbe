"""The published document shows the live contract's own fields, and every refusal there is."""

import re
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator
from starlette.testclient import TestClient

import service.problems
from models.contract import Contract
from service.problems import MEDIA_TYPE, Kind
from service.routes import ACTIONS

KINDS = [kind for kind in vars(service.problems).values() if isinstance(kind, Kind)]


@pytest.fixture(scope="module")
def document(client: TestClient) -> dict[str, Any]:
    """The document that the service publishes."""
    told: dict[str, Any] = client.get("/openapi.json").json()
    return told


def _schema(document: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = document["components"]["schemas"][name]
    return found


def _options(document: dict[str, Any], event: str, field: str) -> list[dict[str, Any]]:
    options: list[dict[str, Any]] = _schema(document, event)["properties"][field]["anyOf"]
    return options


def test_request_fields(document: dict[str, Any], borough: Contract) -> None:
    """A request has the sources that features rest on, an event the columns, and neither has a field besides."""
    sources = _schema(document, "Sources")
    assert set(sources["properties"]) == {source.name for source in borough.feature_sources}
    assert sources["additionalProperties"] is False
    for source, columns in borough.feature_columns.items():
        event = _schema(document, f"{source}_event")
        assert set(event["properties"]) - {"happened", "known"} == columns
        assert event["additionalProperties"] is False


def test_values(document: dict[str, Any]) -> None:
    """A column shows its type, its range and step, its codes and what stands for not known."""
    assert _options(document, "childcare_event", "hours") == [
        {"type": "number", "multipleOf": 0.25, "minimum": 0, "maximum": 60},
        {"type": "null"},
    ]
    assert _options(document, "contacts_event", "reason") == [{"enum": ["N1", "N2", "N5", "A"]}, {"type": "null"}]
    assert {"enum": ["9999", 9999]} in _options(document, "births_event", "birthweight")
    assert {"type": "number", "exclusiveMaximum": 0} in _options(document, "reviews_event", "communication")
    assert _options(document, "contacts_event", "urgent")[0] == {"type": "boolean"}


def test_times(document: dict[str, Any]) -> None:
    """An event's times are fields only where the contract does not work them out, and then they are needed."""
    needed = {name: _schema(document, f"{name}_event").get("required") for name in ("births", "contacts", "hub")}
    assert needed == {"births": None, "contacts": ["happened"], "hub": ["happened", "known"]}


def test_what_else_may_be_asked(document: dict[str, Any]) -> None:
    """A request may ask for more detail, and say of each source how certain it is to be this child's."""
    request = _schema(document, "Request")["properties"]
    assert request["detail"]["enum"] == ["summary", "standard", "full"]
    link = _schema(document, "births")["properties"]["link"]
    assert (link["type"], link["exclusiveMinimum"], link["maximum"]) == ("number", 0, 1)
    assert all("link" in _schema(document, name)["properties"] for name in _schema(document, "Sources")["properties"])


def test_answer_names(document: dict[str, Any], borough: Contract) -> None:
    """An answer's landmarks, sources, outcomes, bands, features and purposes are those of what is live."""
    assert _schema(document, "AtLandmark")["properties"]["name"]["enum"] == ["one_year", "two_year"]
    assert _schema(document, "ScoreGiven")["properties"]["outcome"]["enum"] == ["not_gld"]
    features = [feature.name for feature in borough.features]
    for told in ("ReasonGiven", "TermGiven", "ChangeGiven"):
        assert _schema(document, told)["properties"]["features"]["items"]["enum"] == features
    bands = ["band_1", "band_2", "band_3", "band_4"]
    assert _schema(document, "BandGiven")["properties"]["code"]["enum"] == bands
    assert _schema(document, "LinkGiven")["properties"]["band_without"]["enum"] == [*bands, None]
    sources = [source.name for source in borough.feature_sources]
    assert _schema(document, "SourceGiven")["properties"]["name"]["enum"] == sources
    assert _schema(document, "ScoredAnswer")["properties"]["purpose"]["enum"] == ["early_help"]


def test_terms_come_with_full_detail_only(document: dict[str, Any]) -> None:
    """A score lists every term where full detail was asked, and nowhere else."""
    assert "terms" in _schema(document, "FullScore")["properties"]
    assert "terms" not in _schema(document, "ScoreGiven")["properties"]


def test_every_route_is_published(document: dict[str, Any]) -> None:
    """The document has every route of the declared table, with its method, and no other."""
    published = {(method.upper(), path) for path, told in document["paths"].items() for method in told}
    assert published == {(action.method, action.path) for action in ACTIONS}


def test_who_may_ask_is_published(document: dict[str, Any]) -> None:
    """Every route but those that anyone may ask needs a key or a token, and says which permission."""
    for action in ACTIONS:
        told = document["paths"][action.path][action.method.lower()]
        assert bool(told["security"]) == (action.permission is not None)
        assert ("401" in told["responses"]) == (action.permission is not None)
        if action.permission is not None:
            assert told["description"].endswith(f"the permission {action.permission}.")


def test_every_refusal_is_published(document: dict[str, Any]) -> None:
    """Every kind of problem is declared of some route, but for an address or a method that there is not."""
    declared = {
        kind
        for told in document["paths"].values()
        for operation in told.values()
        for status, response in operation["responses"].items()
        if int(status) >= 400
        for kind in re.findall(r"/problems/([a-z-]+)", response["description"])
    }
    assert {kind.name for kind in KINDS} - declared == {"not-found", "method-not-allowed"}


def test_refusals_are_problems(document: dict[str, Any]) -> None:
    """Every refusal is told as a problem, and whatever tells to wait or to say who asks has the header for it."""
    for told in document["paths"].values():
        for operation in told.values():
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    assert list(response["content"]) == [MEDIA_TYPE]
                waits = status in {"429", "503"} or "/problems/in-flight" in response["description"]
                assert ("Retry-After" in response["headers"]) == waits
                assert ("WWW-Authenticate" in response["headers"]) == (status == "401")


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    """Every reference in the document names a schema that it holds."""
    schemas = document["components"]["schemas"]
    assert {reference.rpartition("/")[2] for reference in _references(document)} <= set(schemas)


def _references(part: Any) -> list[str]:
    if isinstance(part, list):
        return [found for item in part for found in _references(item)]
    if not isinstance(part, dict):
        return []
    own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
    return own + [found for item in part.values() for found in _references(item)]


def test_limits_are_published(document: dict[str, Any]) -> None:
    """Every answer to a caller who is known says how often it may ask; that to one who is not known does not."""
    for action in ACTIONS:
        for status, response in document["paths"][action.path][action.method.lower()]["responses"].items():
            limited = action.permission is not None and status != "401"
            assert ({"RateLimit-Policy", "RateLimit"} <= set(response["headers"])) == limited


def _examples(document: dict[str, Any]) -> list[tuple[str, dict[str, Any], Any]]:
    """Return the path, the schema and the value of every example."""
    contents = [
        (path, operation["requestBody"]["content"]["application/json"])
        for path, told in document["paths"].items()
        for operation in told.values()
        if "requestBody" in operation
    ]
    return [(path, told["schema"], each["value"]) for path, told in contents for each in told["examples"].values()]


def test_examples_keep_their_schemas(document: dict[str, Any]) -> None:
    """Every body that a route takes is shown by an example, and every example keeps the published schema."""
    examples = _examples(document)
    assert {path for path, _, _ in examples} == {action.path for action in ACTIONS if action.takes is not None}
    for path, schema, value in examples:
        whole = {**schema, "components": document["components"]}
        assert Draft202012Validator(whole).is_valid(value), path


def test_the_example_is_scored(client: TestClient, document: dict[str, Any]) -> None:
    """The first example of a scoring request is answered with a score, as it stands."""
    example = next(value for path, _, value in _examples(document) if path == "/v1/scores")
    assert client.post("/v1/scores", json=example).json()["status"] == "scored"
