"""
Every route there is, in one declared table: who may ask it, what it does, what it takes and gives.

Routes are plain ASGI. FastAPI's own would decode a body before this service can refuse it, and echo what was sent.
"""

import asyncio
import json
from collections.abc import Sequence

from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from service.access.caller import Caller
from service.actions.action import Action, Given
from service.actions.asking import asked_bundle
from service.actions.batches import batch
from service.actions.challenges import challenge, settle, show_challenge
from service.actions.corrections import correct
from service.actions.describing import model
from service.actions.feedback import feedback
from service.actions.reads import FHIR, read, read_fhir
from service.actions.replays import replay
from service.actions.scoring import score
from service.actions.subjects import end_exclusion, exclude, give_account
from service.actions.worklist_reads import CSV
from service.actions.worklist_reads import read as read_worklist
from service.actions.worklist_reads import read_csv as read_worklist_as_csv
from service.actions.worklists import make as make_worklist
from service.call import Call, Reply
from service.guard import PASSAGE, Passage
from service.live import Live
from service.openapi import document_of
from service.operating.metrics import MEDIA_TYPE as FIGURES
from service.operating.readiness import livez, metrics, readyz
from service.pages.content_rules import HTML
from service.pages.handlers import curves, front, pack
from service.problems import (
    ALREADY_SETTLED,
    BREAKS_FORM,
    BUNDLE_GONE,
    EXPIRED,
    NO_LIVE_MODEL,
    NO_SUCH_BUNDLE,
    NO_SUCH_CHALLENGE,
    NO_SUCH_SCORE,
    NO_SUCH_WORKLIST,
    NOT_ALLOWED,
    NOT_LOADED,
    NOT_RECORDED,
    NOT_RECORDED_HERE,
    NOT_THE_PURPOSE,
    NOTHING_LOADED,
    Kind,
    Refused,
)

ANYONE = Caller("anyone", frozenset(), frozenset())

_DECIDING = (b"authorization", b"x-api-key", b"earlyid-user", b"earlyid-bundle", b"idempotency-key", b"content-type")
_LIVE: tuple[Kind, ...] = (NO_LIVE_MODEL, NO_SUCH_BUNDLE)
_DESCRIBED: tuple[Kind, ...] = (*_LIVE, BUNDLE_GONE)
_SCORED: tuple[Kind, ...] = (*_LIVE, NOT_THE_PURPOSE, NOT_RECORDED, NOT_LOADED, NOTHING_LOADED)
_KEPT: tuple[Kind, ...] = (NO_SUCH_SCORE, EXPIRED, NOT_RECORDED, NOT_RECORDED_HERE)
_WRITTEN: tuple[Kind, ...] = (NOT_RECORDED, NOT_RECORDED_HERE)
_CHALLENGED: tuple[Kind, ...] = (NO_SUCH_CHALLENGE, EXPIRED, NOT_RECORDED, NOT_RECORDED_HERE)
_LISTED: tuple[Kind, ...] = (NO_SUCH_WORKLIST, EXPIRED, NOT_RECORDED, NOT_RECORDED_HERE)

_MADE = Given("answer", headers=("Location", "ETag"))
_READ = ("ETag", "Link")
_UNCHANGED = Given(headers=_READ)


async def openapi(call: Call) -> Reply:
    """Publish the document of the interface, with the fields of the bundle that was asked."""
    asked = call.service.current.held.asked(asked_bundle(call))
    # Drawing it takes a while for a large contract, and others are answered meanwhile.
    told = await asyncio.to_thread(lambda: json.dumps(document_of(asked, ACTIONS)))
    return Reply(told.encode(), bundle=asked.bundle.id if isinstance(asked, Live) else None)


ACTIONS: tuple[Action, ...] = (
    Action(
        *("POST", "/v1/scores", "score", "Score one child", score),
        takes="request",
        once=True,
        bundle=True,
        gives={201: _MADE, 200: Given("answer")},
        refuses=_SCORED,
    ),
    Action(
        *("POST", "/v1/scores/batch", "score", "Score many children, each answered or refused by itself", batch),
        takes="requests",
        once=True,
        bundle=True,
        gives={200: Given("batch")},
        refuses=_SCORED,
    ),
    Action(
        *("GET", "/v1/scores/{id}", "read", "Read a score again", read),
        gives={200: Given("answer", headers=_READ), 304: _UNCHANGED},
        refuses=_KEPT,
    ),
    Action(
        *("GET", "/v1/scores/{id}/fhir", "read", "Read a score again as FHIR R4", read_fhir),
        gives={200: Given(media_type=FHIR, headers=_READ), 304: _UNCHANGED},
        refuses=_KEPT,
    ),
    Action(
        *("POST", "/v1/scores/{id}/replay", "read", "Work a score out again from what was kept", replay),
        gives={200: Given("replay")},
        refuses=(*_KEPT, BUNDLE_GONE),
    ),
    Action(
        *("POST", "/v1/scores/{id}/feedback", "feedback", "Say what was made of a score", feedback),
        takes="feedback",
        once=True,
        gives={201: Given("noted")},
        refuses=_KEPT,
    ),
    Action(
        *("POST", "/v1/scores/{id}/challenges", "challenge", "Challenge a score", challenge),
        takes="challenge",
        once=True,
        gives={202: Given("noted", headers=("Location",))},
        refuses=_KEPT,
    ),
    Action(
        *("POST", "/v1/scores/{id}/corrections", "correct", "Score the child again on better data", correct),
        takes="correction",
        once=True,
        bundle=True,
        gives={201: Given("answer", headers=("Location", "ETag", "Link"))},
        refuses=(*_KEPT, *_SCORED, NO_SUCH_CHALLENGE, ALREADY_SETTLED),
    ),
    Action(
        *("GET", "/v1/challenges/{id}", "challenge", "Read a challenge and what came of it", show_challenge),
        gives={200: Given("challenge_shown")},
        refuses=_CHALLENGED,
    ),
    Action(
        *("POST", "/v1/challenges/{id}/outcome", "correct", "Settle a challenge", settle),
        takes="challenge_outcome",
        once=True,
        gives={201: Given("settled")},
        refuses=(*_CHALLENGED, ALREADY_SETTLED),
    ),
    Action(
        *("POST", "/v1/subjects/exclusions", "exclude", "Exclude a child from scores", exclude),
        takes="exclusion",
        once=True,
        gives={201: Given("changed")},
        refuses=_WRITTEN,
    ),
    Action(
        *("POST", "/v1/subjects/exclusions/ended", "exclude", "End the exclusion of a child", end_exclusion),
        takes="exclusion_ended",
        once=True,
        gives={201: Given("changed")},
        refuses=_WRITTEN,
    ),
    Action(
        *("POST", "/v1/subjects/account", "account", "Everything that is held about one child", give_account),
        takes="account",
        gives={200: Given("account_told")},
        refuses=_WRITTEN,
    ),
    Action(
        *("POST", "/v1/worklists", "worklist", "The children of this month for a team", make_worklist),
        takes="worklist_asked",
        once=True,
        bundle=True,
        gives={201: Given("worklist", headers=("Location",))},
        refuses=(*_LIVE, NOT_THE_PURPOSE, NOT_RECORDED, NOT_RECORDED_HERE, NOTHING_LOADED),
    ),
    Action(
        *("GET", "/v1/worklists/{id}.csv", "worklist", "Read a worklist again as a table", read_worklist_as_csv),
        gives={200: Given(media_type=CSV, headers=("Content-Disposition",))},
        refuses=_LISTED,
    ),
    Action(
        *("GET", "/v1/worklists/{id}", "worklist", "Read a worklist again", read_worklist),
        gives={200: Given("worklist")},
        refuses=_LISTED,
    ),
    Action(
        *("GET", "/v1/model", "model", "What the live model is", model),
        described=True,
        gives={200: Given("model")},
        refuses=_DESCRIBED,
    ),
    Action(
        *("GET", "/v1/model/pack", "model", "The pack of the live model, for its board", pack),
        described=True,
        gives={200: Given(media_type=HTML)},
        refuses=_DESCRIBED,
    ),
    Action(
        *("GET", "/v1/model/curves", "model", "The whole live model, curve by curve", curves),
        described=True,
        gives={200: Given(media_type=HTML)},
        refuses=_DESCRIBED,
    ),
    Action(*("GET", "/openapi.json", "model", "This document", openapi), bundle=True, refuses=(NO_SUCH_BUNDLE,)),
    Action(
        *("GET", "/metrics", "operate", "Figures for those who operate the service", metrics),
        gives={200: Given(media_type=FIGURES)},
    ),
    Action(*("GET", "/", None, "What this is, in plain words", front), gives={200: Given(media_type=HTML)}),
    Action(*("GET", "/livez", None, "Whether the service runs", livez), gives={200: Given("alive")}),
    Action(
        *("GET", "/readyz", None, "Whether a model is live and the record can be written", readyz),
        gives={200: Given("ready")},
        refuses=(NO_LIVE_MODEL, NOT_RECORDED),
    ),
)


class Endpoint:
    """One route: who asks, whether it asks too often, whether it may; then what the route does."""

    def __init__(self, action: Action) -> None:
        self._action = action

    async def __call__(self, scope: Scope, receive: Receive, _send: Send) -> None:
        """Leave the reply to one request with the guard, which sends it."""
        passage: Passage = scope[PASSAGE]
        passage.route = self._action.path
        caller = await self._caller(passage, scope)
        passage.reply = await self._action.handle(Call(passage.service, caller, scope, receive, passage.trace))

    async def _caller(self, passage: Passage, scope: Scope) -> Caller:
        permission = self._action.permission
        if permission is None:
            return ANYONE
        if len(passage.brings) != len(scope["headers"]):
            _check_said_once(scope["headers"])
        access = passage.service.access
        passage.caller = caller = await access.caller(passage.brings)
        # What is refused counts too.
        passage.headers = await access.admit(caller)
        # Whoever audits may read every score.
        if not (caller.may(permission) or (permission == "read" and caller.may("audit"))):
            raise Refused(NOT_ALLOWED, f"The caller's sharing agreement lacks the permission {permission}.")
        # Proxies log addresses: what stands there could name a child, and would be taken for something that was heeded.
        if scope.get("query_string"):
            raise Refused(BREAKS_FORM, "Leave out the query, all from ? on: what is asked stands in the body.")
        return caller


def _check_said_once(headers: Sequence[tuple[bytes, bytes]]) -> None:
    """Raise Refused where a header that decides what is done stands twice: two readers may not heed the same one."""
    told = [name for name, _ in headers]
    for name in _DECIDING:
        if told.count(name) > 1:
            raise Refused(BREAKS_FORM, f"Send the header {name.decode()} once.")


# Those of one path only, which are found without looking for parts in it.
FIXED = {(action.method, action.path): Endpoint(action) for action in ACTIONS if "{" not in action.path}
# What anyone may ask is what probes ask.
OPEN = frozenset(action.path for action in ACTIONS if action.permission is None)
ROUTES = [Route(action.path, Endpoint(action), methods=[action.method]) for action in ACTIONS]
