"""
Corrections: a score on better data takes the place of an old one, which is kept and told to be superseded.

The body is that of any scoring request, and may name the challenge that led to it. The score of another client is corrected only so:
whoever raised the challenge has handed its id on.
"""

import json
from collections.abc import Sequence

from service.actions.asking import live_of
from service.actions.forms import CHALLENGE_SLOT, is_id
from service.actions.once import answered_once
from service.actions.recorded import Kept, kept_score, record_of
from service.actions.repeats import repeated_score
from service.actions.scored import Correction, asked_of, recorded_child
from service.actions.standing import Standing, made_headers
from service.body import check_json, read_body
from service.call import Call, Reply
from service.live import Live
from service.problems import ALREADY_SETTLED, NO_SUCH_CHALLENGE, Fault, Refused, refused
from service.record.entries import Once, Written


async def correct(call: Call) -> Reply:
    """Score the child of an old score anew; the old one is told to be superseded from then on."""
    body = await read_body(call.scope, call.receive)
    live = live_of(call)
    check_json(body)
    request, named = _without_challenge(body)
    kept = await kept_score(call, writing=True, challenge=named)

    async def work(once: Once | None) -> Reply:
        return await _corrected(call, live, kept, request, named, once)

    async def again(before: Sequence[Written]) -> Reply:
        return await repeated_score(call, before, body)

    return await answered_once(call, record_of(call), body, work, again)


async def _corrected(call: Call, live: Live, kept: Kept, request: bytes, named: str | None, once: Once | None) -> Reply:
    if kept.superseded_by is not None:
        raise Refused(ALREADY_SETTLED, "This score was corrected before: correct the one that took its place.")
    if named is not None and not any(each.kind == "challenge" and each.id == named for each in kept.about):
        raise Refused(NO_SUCH_CHALLENGE, "Name a challenge to this score, or none.")
    asked = asked_of(call, live, request)
    if call.service.references.of(asked.subject) != kept.written.subject:
        rule = "must be the reference of the child that the score is about"
        raise refused([Fault(pointer="/subject", code="another-child", detail=rule)])
    child = await recorded_child(call, record_of(call), live, asked, once, Correction(kept.id, named))
    headers = made_headers(child.id, Standing(), kept.id)
    return Reply(child.told, 201, headers=headers, bundle=child.answer.bundle, outcomes=(child.outcome,))


def _without_challenge(body: bytes) -> tuple[bytes, str | None]:
    """Return the scoring request in a correction, and the id of the challenge that it names."""
    said = json.loads(body) if b"challenge" in body else None
    if not isinstance(said, dict) or "challenge" not in said:
        return body, None
    named = said.pop("challenge")
    if not isinstance(named, str) or not is_id(named.lower()):
        detail = f"must be {CHALLENGE_SLOT.rule}"
        raise refused([Fault(pointer="/challenge", code="wrong-value", detail=detail)])
    return json.dumps(said).encode(), named.lower()
