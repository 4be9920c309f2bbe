"""A recorded score, read again at its permanent address: the very bytes that were answered, and how it stands now."""

import json
from collections import Counter

from pydantic_core import to_json

from service.actions.recorded import Kept, kept_score, noted, record_of
from service.actions.standing import Challenges, Standing, etag, related
from service.answers.answering import told_again
from service.answers.fhir import bundle_of
from service.call import Call, Reply
from service.record.entries import Written

FHIR = "application/fhir+json"


async def read(call: Call) -> Reply:
    """Tell a score again, without the reference of the child; the reading is recorded first."""
    kept = await kept_score(call)
    standing = await standing_of(call, kept)
    return await _told(call, kept, standing, told_again(kept.stored, standing.told()))


async def read_fhir(call: Call) -> Reply:
    """Tell a score again as FHIR R4; the reading is recorded first."""
    kept = await kept_score(call)
    standing = await standing_of(call, kept)
    return await _told(call, kept, standing, bundle_of(kept.answer, standing.told()), FHIR)


async def standing_of(call: Call, kept: Kept) -> Standing:
    """Return how a score stands now."""
    return Standing(kept.superseded_by, kept.expired(call.service.now()), await _challenges(call, kept))


async def _challenges(call: Call, kept: Kept) -> Challenges:
    came: Counter[str] = Counter()
    for each in kept.challenges:
        settled = await record_of(call).about(str(each.id), "challenge-outcome")
        came[_outcome(settled[0]) if settled else "open"] += 1
    return Challenges(came["open"], came["upheld"], came["not-upheld"], came["withdrawn"])


def _outcome(settled: Written) -> str:
    """Return what came of a challenge; nothing that is told once retention has erased it."""
    return str(json.loads(settled.payload)["outcome"]) if settled.payload is not None else "erased"


async def _told(call: Call, kept: Kept, standing: Standing, body: bytes, media_type: str = "application/json") -> Reply:
    await record_of(call).append(noted(call, kept, "read", to_json({"user": call.caller.user})))
    headers = {"ETag": etag(kept.id, standing, media_type)} | related(kept.written.about, standing.superseded_by)
    if _has(call, headers["ETag"]):
        return Reply(b"", 304, media_type, headers)
    return Reply(body, 200, media_type, headers, bundle=kept.written.bundle)


def _has(call: Call, tag: str) -> bool:
    """Whether the caller has this very version already."""
    given = call.header(b"if-none-match") or ""
    return given.strip() == "*" or tag in {each.strip().removeprefix("W/") for each in given.split(",")}
