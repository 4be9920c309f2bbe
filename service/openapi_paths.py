"""The operations of the published document: of each route what it takes, what it gives, and how it can refuse."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from service.actions.action import Action, Given
from service.problems import (
    BREAKS_CONTRACT,
    BREAKS_FORM,
    CUT_SHORT,
    DUPLICATE_KEY,
    ENDING,
    EXPIRED,
    IN_FLIGHT,
    KEY_USED,
    MEDIA_TYPE,
    NOT_ALLOWED,
    NOT_ANSWERED,
    NOT_JSON,
    NOT_JSON_TYPE,
    NOT_KNOWN,
    NOT_LOCAL,
    OVERLOADED,
    TOO_LARGE,
    TOO_MANY,
    TOO_SLOW,
    Kind,
)

Schema = dict[str, Any]

_EVERYWHERE = (NOT_LOCAL, NOT_ANSWERED, OVERLOADED, ENDING)
_KNOWN = (NOT_KNOWN, NOT_ALLOWED, TOO_MANY, BREAKS_FORM)
_BODY = (NOT_JSON, DUPLICATE_KEY, CUT_SHORT, TOO_SLOW, TOO_LARGE, NOT_JSON_TYPE)
# Those whose bodies are not of a form of their own.
_BY_CONTRACT = frozenset({"request", "requests", "correction", "worklist_asked"})
_ONCE = (EXPIRED, IN_FLIGHT, KEY_USED)

_HEADERS = {
    "Location": "where the answer is read again",
    "ETag": "the version of the answer as it stands now",
    "Link": "the score that this one corrects, or that took its place",
    "Content-Disposition": "the name of the file to save it as",
    "traceparent": "the trace that the request belongs to",
    "RateLimit-Policy": "how often the caller may ask",
    "RateLimit": "how much of that is left",
    "Retry-After": "seconds to wait",
    "WWW-Authenticate": "how to say who asks",
}
# What a status goes with.
_OF_STATUS = {401: ("WWW-Authenticate",), 429: ("Retry-After", "RateLimit-Policy", "RateLimit"), 503: ("Retry-After",)}
_TEXT: Schema = {"type": "string"}
_ID: Schema = {
    "name": "id",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "format": "uuid"},
    "description": "as it was answered; never a reference of a child",
}


def paths(actions: Iterable[Action], schemas: Mapping[str, Schema]) -> Schema:
    """Return every path with its operations."""
    found: dict[str, Schema] = defaultdict(dict)
    for action in actions:
        found[action.path][action.method.lower()] = _operation(action, schemas)
    return dict(found)


def _operation(action: Action, schemas: Mapping[str, Schema]) -> Schema:
    told: Schema = {
        "summary": action.summary,
        "operationId": action.handle.__name__,
        "parameters": list(_parameters(action)),
        "responses": _given(action, schemas) | _refused(action, schemas["problem"]),
        "security": [] if action.permission is None else [{"key": []}, {"bearer": []}],
    }
    if action.takes is not None:
        content = {"application/json": {"schema": schemas[action.takes]}}
        told["requestBody"] = {"required": True, "content": content}
    if action.permission is not None:
        told["description"] = f"The caller's sharing agreement has the permission {action.permission}."
    return told


def _parameters(action: Action) -> Iterable[Schema]:
    if "{id}" in action.path:
        yield _ID
    if action.once:
        rule = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"}
        yield _header(
            "Idempotency-Key", "what is sent again under it within a day is answered with the same bytes", rule
        )
    if action.bundle:
        yield _header("Earlyid-Bundle", "the id of a bundle that is kept callable; left out: the live one", _TEXT)
    if action.described:
        yield _header("Earlyid-Bundle", "the id of a bundle that is or was live, as an answer has it", _TEXT)
    if 304 in action.gives:
        yield _header("If-None-Match", "the versions that the caller has", _TEXT)
    if action.permission is not None:
        rule = {"type": "string", "pattern": "^[A-Za-z0-9._:-]{1,64}$"}
        yield _header("Earlyid-User", "the caller's own opaque reference of the person it asks for", rule)


def _header(name: str, words: str, rule: Schema) -> Schema:
    return {"name": name, "in": "header", "required": False, "description": words, "schema": rule}


def _given(action: Action, schemas: Mapping[str, Schema]) -> Schema:
    return {str(status): _answer(action.summary, status, given, schemas) for status, given in action.gives.items()}


def _answer(summary: str, status: int, given: Given, schemas: Mapping[str, Schema]) -> Schema:
    told: Schema = {"description": summary, "headers": _told(("traceparent", *given.headers))}
    if status == 304:
        return told | {"description": "The caller has this very version."}
    json = given.media_type.endswith("json")
    schema = schemas[given.shape] if given.shape is not None else {"type": "object" if json else "string"}
    return told | {"content": {given.media_type: {"schema": schema}}}


def _refused(action: Action, problem: Schema) -> Schema:
    by_status: dict[int, list[Kind]] = defaultdict(list)
    for kind in dict.fromkeys(_kinds(action)):
        by_status[kind.status].append(kind)
    return {str(status): _problem(status, kinds, problem) for status, kinds in sorted(by_status.items())}


def _kinds(action: Action) -> Iterable[Kind]:
    yield from _EVERYWHERE
    yield from action.refuses
    if action.permission is not None:
        yield from _KNOWN
    if action.takes is not None:
        yield from _BODY
    if action.takes in _BY_CONTRACT:
        yield BREAKS_CONTRACT
    if action.once:
        yield from _ONCE


def _problem(status: int, kinds: list[Kind], problem: Schema) -> Schema:
    told = "; ".join(f"{kind.title} (/problems/{kind.name})" for kind in kinds)
    headers = _told(("traceparent", *_OF_STATUS.get(status, ())))
    return {"description": told, "headers": headers, "content": {MEDIA_TYPE: {"schema": problem}}}


def _told(names: Iterable[str]) -> Schema:
    return {name: {"description": _HEADERS[name], "schema": _TEXT} for name in names}
