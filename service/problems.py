"""
Every refusal at the door as a problem of RFC 9457, and the one match from an error to its kind and status.

    EarlyidError             (models.errors)
    ├── RequestError         (models.errors)
    │   └── Refused          a request that is not answered: its kind, and every fault found
    ├── NoLiveModel          nothing is live, so nothing is scored
    └── RecordUnavailable    the decision record cannot be had, so nothing is answered

A problem names rules and places of the contract; it never holds a submitted value, nor a submitted name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from models.errors import EarlyidError, IntegrityError, RequestError

MEDIA_TYPE = "application/problem+json"
# More would only repeat what the first have told about the caller's program.
MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its name, which ends its `type`, its status and its title."""

    name: str
    status: int
    title: str


NOT_JSON = Kind("not-json", 400, "The body is not JSON in UTF-8")
DUPLICATE_KEY = Kind("duplicate-key", 400, "An object of the body has two fields of one name")
CUT_SHORT = Kind("cut-short", 400, "The body ended early")
NOT_KNOWN = Kind("not-known", 401, "Say who asks")
NOT_LOCAL = Kind("not-local", 403, "Only this machine is answered")
NOT_ALLOWED = Kind("not-allowed", 403, "The caller may not do this")
NOT_THE_PURPOSE = Kind("not-the-purpose", 403, "The caller's sharing agreement does not have this purpose")
NO_SUCH_SCORE = Kind("no-such-score", 404, "There is no such score")
NO_SUCH_BUNDLE = Kind("no-such-bundle", 404, "No bundle of that id can be asked")
NO_SUCH_CHALLENGE = Kind("no-such-challenge", 404, "There is no such challenge")
NOT_RECORDED_HERE = Kind("not-recorded-here", 404, "This service records nothing")
BUNDLE_GONE = Kind("bundle-gone", 410, "The bundle that answered is no longer kept")
NOT_LOADED = Kind("not-loaded", 404, "No record of this child is loaded")
NO_SUCH_WORKLIST = Kind("no-such-worklist", 404, "There is no such worklist")
NOT_FOUND = Kind("not-found", 404, "There is nothing at this address")
METHOD_NOT_ALLOWED = Kind("method-not-allowed", 405, "This address does not take this method")
TOO_SLOW = Kind("too-slow", 408, "The request did not arrive in time")
IN_FLIGHT = Kind("in-flight", 409, "A request of this Idempotency-Key is being answered")
NOTHING_LOADED = Kind("nothing-loaded", 409, "No child records are loaded that may be scored")
ALREADY_SETTLED = Kind("already-settled", 409, "This was settled before")
EXPIRED = Kind("score-expired", 410, "The score has expired")
TOO_LARGE = Kind("too-large", 413, "The body is too large")
NOT_JSON_TYPE = Kind("not-json-type", 415, "The body is not said to be plain JSON")
BREAKS_FORM = Kind("breaks-form", 422, "The request does not keep the form of its address")
BREAKS_CONTRACT = Kind("breaks-contract", 422, "The request does not keep the live contract")
KEY_USED = Kind("idempotency-key-used", 422, "This Idempotency-Key was used for another request")
TOO_MANY = Kind("too-many-requests", 429, "The caller asks too often")
NOT_ANSWERED = Kind("not-answered", 500, "The service failed, and nothing was answered")
NO_LIVE_MODEL = Kind("no-live-model", 503, "No model is live, so nothing is scored")
NOT_RECORDED = Kind("not-recorded", 503, "The decision record cannot be written, so nothing is answered")
OVERLOADED = Kind("overloaded", 503, "Too many requests are being answered")
ENDING = Kind("ending", 503, "The service is ending")


class Fault(BaseModel):
    """One thing that is wrong: a JSON pointer to it, the rule that it breaks as a code, and the rule in words."""

    model_config = ConfigDict(frozen=True)

    pointer: str
    code: str
    detail: str


class Problem(BaseModel):
    """A refusal (RFC 9457); `errors` names every fault found in the body, up to a limit."""

    type: str = Field(json_schema_extra={"format": "uri-reference"})
    title: str
    status: int
    detail: str
    errors: list[Fault]


class Refused(RequestError):
    """A request that is not answered; `headers` go with the refusal."""

    def __init__(
        self, kind: Kind, detail: str, faults: tuple[Fault, ...] = (), headers: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.faults = faults
        self.headers = headers


class NoLiveModel(EarlyidError):
    """Nothing is live, so nothing is scored: the safe state."""


class RecordUnavailable(EarlyidError):
    """The decision record cannot be had; no record, no answer."""


def refused(faults: Iterable[Fault], kind: Kind = BREAKS_CONTRACT) -> Refused:
    """Return the refusal of a body that breaks the contract, or another form, in these places, each named once, up to a limit."""
    first = islice(dict.fromkeys(faults), MOST_FAULTS)
    return Refused(kind, f"The errors name where and how, up to {MOST_FAULTS} of them.", tuple(first))


def problem_of(error: Exception) -> Problem:
    """Return the problem that an error is; one that nobody foresaw tells nothing of itself."""
    kind = kind_of(error)
    match error:
        case Refused(headline=detail, faults=faults):
            return problem(kind, detail, faults)
        case RequestError(headline=detail):
            return problem(kind, detail)
        case NoLiveModel():
            return problem(kind, str(error))
        case RecordUnavailable():
            return problem(kind, "Ask again a little later; nothing was answered.")
        case IntegrityError():
            return problem(kind, "The score failed its own checks.")
        case HTTPException(status_code=404):
            return problem(kind, "See /openapi.json for what is here.")
        case HTTPException(status_code=405):
            return problem(kind, "The header Allow names those it takes.")
        case _:
            return problem(kind, "What went wrong is in the log of the service.")


def kind_of(error: Exception) -> Kind:
    """Return the kind of problem that an error is: the one match from errors to statuses."""
    match error:
        case Refused(kind=kind):
            return kind
        case RequestError():
            return BREAKS_CONTRACT
        case NoLiveModel():
            return NO_LIVE_MODEL
        case RecordUnavailable():
            return NOT_RECORDED
        case HTTPException(status_code=404):
            return NOT_FOUND
        case HTTPException(status_code=405):
            return METHOD_NOT_ALLOWED
        case _:
            return NOT_ANSWERED


def problem(kind: Kind, detail: str, faults: tuple[Fault, ...] = ()) -> Problem:
    """Return a problem of that kind."""
    return Problem(
        type=f"/problems/{kind.name}", title=kind.title, status=kind.status, detail=detail, errors=list(faults)
    )
