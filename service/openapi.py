"""The published document of the interface (OpenAPI 3.1), with the real names and fields of what is live."""

import copy
from collections.abc import Iterable
from typing import Any

from pydantic import TypeAdapter

from models.bundle import Bundle
from service.actions.action import Action
from service.actions.elements import MOST_REQUESTS
from service.actions.forms import CHALLENGE_SLOT, FORMS
from service.actions.references import reference_form
from service.actions.shapes import SHAPES
from service.answers.narrowing import narrow
from service.live import Live, Standby
from service.model_page import ModelPage
from service.openapi_examples import examples_of
from service.openapi_paths import paths
from service.request_form import RequestForm

Schema = dict[str, Any]

_ABOUT = (
    "Scores suggest which children to offer support to; they decide nothing. Every answer about a child is recorded before it is "
    "told, and can be read, replayed, challenged and corrected at its permanent address. No address holds a child's reference."
)
_SECURITY: Schema = {
    "key": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "an API key of a client"},
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "an API key, or an access token (RFC 9068) of the issuer that the service trusts",
    },
}
_REF = "#/components/schemas/{model}"
_SHAPES = SHAPES | {"model": ModelPage}


def document_of(asked: Live | Standby, actions: Iterable[Action]) -> Schema:
    """Return the document of the bundle that is asked, or of the interface while nothing is live."""
    if isinstance(asked, Live):
        return _document(actions, asked.bundle, asked.form)
    return _document(actions, None, None)


def _document(actions: Iterable[Action], bundle: Bundle | None, form: RequestForm | None) -> Schema:
    adapters = [(name, "serialization", TypeAdapter(shape)) for name, shape in _SHAPES.items()]
    adapters += [(name, "validation", each.adapter) for name, each in FORMS.items()]
    if bundle is not None and form is not None:
        adapters.append(("sent", "validation", form.adapter))
        adapters.append(("referred", "validation", reference_form(tuple(bundle.contract.purposes)).adapter))
    refs, definitions = TypeAdapter.json_schemas(adapters, ref_template=_REF)  # type: ignore[arg-type]
    schemas = {name: schema for (name, _), schema in refs.items()}
    components = definitions["$defs"]
    if bundle is not None:
        narrow(components, bundle)
        components["Correction"] = _correction(components["Request"])
    schemas |= _requests(live=bundle is not None)
    return {
        "openapi": "3.1.0",
        "info": {"title": "earlyid", "version": "1", "description": _ABOUT},
        "paths": paths(actions, schemas, examples_of(bundle)),
        "components": {"schemas": components, "securitySchemes": _SECURITY},
    }


def _requests(*, live: bool) -> dict[str, Schema]:
    """Return what may be sent to be scored: a record, or, where records are loaded, a reference alone."""
    one: Schema = {"type": "object"}
    if live:
        one = {"anyOf": [_ref("Request"), _ref("RequestByReference")]}
    requests = {
        "type": "array",
        "minItems": 1,
        "maxItems": MOST_REQUESTS,
        "items": {},
        "description": "each a scoring request",
    }
    many = {
        "type": "object",
        "properties": {"requests": requests},
        "required": ["requests"],
        "additionalProperties": False,
    }
    return {"request": one, "requests": many, "correction": _ref("Correction") if live else {"type": "object"}}


def _correction(request: Schema) -> Schema:
    """Return the shape of a correction: a scoring request that may name the challenge that led to it."""
    found = copy.deepcopy(request)
    found["title"] = "Correction"
    found["properties"]["challenge"] = {"type": "string", "format": "uuid", "description": CHALLENGE_SLOT.rule}
    return found


def _ref(name: str) -> Schema:
    return {"$ref": _REF.format(model=name)}
