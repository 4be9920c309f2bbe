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
    "Retry-After": "seconds to wait, where that helps",
    "WWW-Authenticate": "how to say who asks",
}
# What goes with a kind of problem, and so with its status.
_UNAVAILABLE = 503
_OF_KIND = {IN_FLIGHT: "Retry-After", NOT_KNOWN: "WWW-Authenticate", TOO_MANY: "Retry-After"}
# What goes with every answer to a caller who is known.
_LIMITS = ("RateLimit-Policy", "RateLimit")
_TEXT: Schema = {"type": "string"}
_ID: Schema = {
    "name": "id",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "format": "uuid"},
    "description": "as it was answered; never a reference of a child",
}


def paths(actions: Iterable[Action], schemas: Mapping[str, Schema], examples: Mapping[str, Schema]) -> Schema:
    """Return every path with its operations; schemas and examples of bodies go by what an action takes."""
    found: dict[str, Schema] = defaultdict(dict)
    for action in actions:
        found[action.path][action.method.lower()] = _operation(action, schemas, examples)
    return dict(found)


def _operation(action: Action, schemas: Mapping[str, Schema], examples: Mapping[str, Schema]) -> Schema:
    told: Schema = {
        "summary": action.summary,
        "operationId": action.handle.__name__,
        "parameters": list(_parameters(action)),
        "responses": _given(action, schemas) | _refused(action, schemas["problem"]),
        "security": [] if action.permission is None else [{"key": []}, {"bearer": []}],
    }
    if action.takes is not None:
        shown = {"examples": examples[action.takes]} if action.takes in examples else {}
        content = {"application/json": {"schema": schemas[action.takes], **shown}}
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
    return {str(status): _answer(action, status, given, schemas) for status, given in action.gives.items()}


def _answer(action: Action, status: int, given: Given, schemas: Mapping[str, Schema]) -> Schema:
    headers = ("traceparent", *_limits(action, status), *given.headers)
    told: Schema = {"description": action.summary, "headers": _told(headers)}
    if status == 304:
        return told | {"description": "The caller has this very version."}
    json = given.media_type.endswith("json")
    schema = schemas[given.shape] if given.shape is not None else {"type": "object" if json else "string"}
    return told | {"content": {given.media_type: {"schema": schema}}}


def _refused(action: Action, problem: Schema) -> Schema:
    by_status: dict[int, list[Kind]] = defaultdict(list)
    for kind in dict.fromkeys(_kinds(action)):
        by_status[kind.status].append(kind)
    return {
        str(status): _problem(kinds, problem, (*_headers(kinds), *_limits(action, status)))
        for status, kinds in sorted(by_status.items())
    }


def _headers(kinds: Iterable[Kind]) -> Iterable[str]:
    """Return the headers that go with some kinds of problems: whoever is told that something cannot be had now may ask again."""
    found = (("Retry-After" if kind.status == _UNAVAILABLE else _OF_KIND.get(kind)) for kind in kinds)
    return dict.fromkeys(name for name in found if name is not None)


def _limits(action: Action, status: int) -> tuple[str, ...]:
    return _LIMITS if action.permission is not None and status != NOT_KNOWN.status else ()


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


def _problem(kinds: list[Kind], problem: Schema, headers: tuple[str, ...]) -> Schema:
    told = "; ".join(f"{kind.title} (/problems/{kind.name})" for kind in kinds)
    return {
        "description": told,
        "headers": _told(("traceparent", *headers)),
        "content": {MEDIA_TYPE: {"schema": problem}},
    }


def _told(names: Iterable[str]) -> Schema:
    return {name: {"description": _HEADERS[name], "schema": _TEXT} for name in names}
