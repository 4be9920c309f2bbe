"""The published document of the interface (OpenAPI 3.1), with the real names and fields of what is live."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import TypeAdapter

from models.bundle import Bundle
from service.answer import AnyAnswer
from service.model_page import ModelPage
from service.probes import Alive, Ready
from service.problems import MEDIA_TYPE, Problem
from service.request_form import RequestForm

Schema = dict[str, Any]

_ABOUT = (
    "Scores suggest which children to offer support to; they decide nothing. One child at a time, on a record that is "
    "sent with the request; nothing is kept. Only the machine that serves is answered."
)
_EVERYWHERE = {403: "Called from another machine.", 500: "The service failed, and nothing was answered."}
_NOT_LIVE = {503: "Nothing is live, so nothing is scored."}
_BODY = {
    400: "The body is not JSON in UTF-8, ended early, or has an object that names a field twice.",
    413: "The body is too large.",
    415: "The body is not said to be plain JSON.",
    422: "The body breaks a rule of the live contract: the errors say where, never what was sent.",
}

_TOLD: dict[str, Any] = {"answer": AnyAnswer, "model": ModelPage, "alive": Alive, "ready": Ready, "problem": Problem}


def document(bundle: Bundle | None, form: RequestForm | None) -> Schema:
    """Return the document of the live bundle, or of the interface while nothing is live."""
    adapters = [(name, "serialization", TypeAdapter(shape)) for name, shape in _TOLD.items()]
    if form is not None:
        adapters.append(("request", "validation", form.adapter))
    refs, definitions = TypeAdapter.json_schemas(adapters, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    schemas = {name: schema for (name, _), schema in refs.items()}
    components = definitions["$defs"]
    if bundle is not None:
        _name_what_is_live(components, bundle)
    return {
        "openapi": "3.1.0",
        "info": {"title": "earlyid", "version": "1", "description": _ABOUT},
        "paths": _paths(schemas),
        "components": {"schemas": components},
    }


def _paths(schemas: Mapping[str, Schema]) -> Schema:
    problem = schemas["problem"]
    request = {
        "required": True,
        "content": {"application/json": {"schema": schemas.get("request", {"type": "object"})}},
    }
    score = _operation("Score one child", schemas["answer"], problem, _BODY | _NOT_LIVE)
    return {
        "/v1/scores": {"post": score | {"operationId": "score", "requestBody": request}},
        "/v1/model": {"get": _operation("What the live model is", schemas["model"], problem, _NOT_LIVE)},
        "/livez": {"get": _operation("Whether the service runs", schemas["alive"], problem, {})},
        "/readyz": {"get": _operation("Whether a model is live", schemas["ready"], problem, _NOT_LIVE)},
    }


def _operation(summary: str, answer: Schema, problem: Schema, refusals: dict[int, str]) -> Schema:
    good = {"200": {"description": summary, "content": {"application/json": {"schema": answer}}}}
    bad = {
        str(status): {"description": words, "content": {MEDIA_TYPE: {"schema": problem}}}
        for status, words in sorted((_EVERYWHERE | refusals).items())
    }
    return {"summary": summary, "responses": good | bad}


def _name_what_is_live(components: Schema, bundle: Bundle) -> None:
    """Narrow the names in an answer to those of the contract, and its bands to those of the policy."""
    contract = bundle.contract
    bands = [band.code for band in bundle.scorer.policy.bands]
    components["AtLandmark"]["properties"]["name"] |= _names(contract.landmarks)
    components["SourceGiven"]["properties"]["name"] |= _names(contract.feature_sources)
    components["ScoreGiven"]["properties"]["outcome"] |= _names(contract.outcomes)
    components["BandGiven"]["properties"]["code"] |= {"enum": bands}
    components["LinkGiven"]["properties"]["band_without"] |= {"enum": [*bands, None]}
    for told in ("ReasonGiven", "TermGiven", "ChangeGiven"):
        components[told]["properties"]["features"]["items"] |= _names(contract.features)
    for answer in ("ScoredAnswer", "NotScoredAnswer"):
        components[answer]["properties"]["purpose"] |= {"enum": list(contract.purposes)}


def _names(parts: Iterable[Any]) -> Schema:
    return {"enum": [part.name for part in parts]}
