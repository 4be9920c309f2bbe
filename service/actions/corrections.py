"""
Corrections: a score on better data takes the place of an old one, which is kept and told to be superseded.

The body is that of any scoring request, and may name the challenge that led to it.
"""

import json

from service.actions.asking import live_of
from service.actions.forms import CHALLENGE_SLOT, is_id
from service.actions.once import Once, answered_once, repeatable
from service.actions.recorded import Kept, kept_score, record_of
from service.actions.scored import Correction, asked_of, scored_child
from service.actions.scoring import subject_in
from service.actions.standing import Standing, address, made_headers
from service.answers.facts import with_subject
from service.body import check_json, read_body
from service.call import Call, Reply
from service.live import Live
from service.problems import ALREADY_SETTLED, NO_SUCH_CHALLENGE, Fault, Refused, refused


async def correct(call: Call) -> Reply:
    """Score the child of an old score anew; the old one is told to be superseded from then on."""
    live = live_of(call)
    kept = await kept_score(call, even_expired=True)
    body = await read_body(call.scope, call.receive)
    check_json(body)

    async def work(once: Once | None) -> Reply:
        return await _corrected(call, live, kept, body, once)

    return await answered_once(
        call, record_of(call), body, work, lambda response: with_subject(response, subject_in(body))
    )


async def _corrected(call: Call, live: Live, kept: Kept, body: bytes, once: Once | None) -> Reply:
    if kept.superseded_by is not None:
        raise Refused(ALREADY_SETTLED, "This score was corrected before: correct the one that took its place.")
    request, named = _without_challenge(kept, body)
    asked = asked_of(call, live, request)
    if call.service.references.of(asked.subject) != kept.written.subject:
        rule = "must be the reference of the child that the score is about"
        raise refused([Fault(pointer="/subject", code="another-child", detail=rule)])
    child = scored_child(call, live, asked, Correction(kept.id, named))
    headers = made_headers(child.id, Standing()) | {"Link": f'<{address(kept.id)}>; rel="predecessor-version"'}
    await record_of(call).append(child.entry(repeatable(once, 201, headers, child.answer.stored)))
    return Reply(child.told, 201, headers=headers, bundle=child.answer.bundle, outcomes=(child.outcome,))


def _without_challenge(kept: Kept, body: bytes) -> tuple[bytes, str | None]:
    """Return the scoring request in a correction, and the challenge that it names, which must be one of the score's."""
    said = json.loads(body) if b"challenge" in body else None
    if not isinstance(said, dict) or "challenge" not in said:
        return body, None
    named = said.pop("challenge")
    if not isinstance(named, str) or not is_id(named):
        detail = f"must be {CHALLENGE_SLOT.rule}"
        raise refused([Fault(pointer="/challenge", code="wrong-value", detail=detail)])
    if not any(each.kind == "challenge" and each.id == named for each in kept.about):
        raise Refused(NO_SUCH_CHALLENGE, "Name a challenge to this score, or none.")
    return json.dumps(said).encode(), named
