"""
Answers a request that was read by what is live: as it is recorded and as it is told, and both again out of the record.

Bytes out, no HTTP and no clock: what is known of a request besides what it asks is handed in.
"""

import json
from typing import Any, NamedTuple

from pydantic_core import to_json

from models.scope import NotScored
from service.answers.envelope import valid_until
from service.answers.facts import Answered, Facts, with_subject
from service.answers.rendering import core_of
from service.exclusions import NOT_AVAILABLE
from service.live import Live
from service.request_record import Asked


def answered(live: Live, asked: Asked, facts: Facts, kept: bytes | None = None) -> Answered:
    """
    Score what is asked, and return the answer; `kept` is what will be kept of the record (`kept_record.kept_of`).

    Raises IntegrityError where a score fails its own checks; nothing is answered then.
    """
    answer = live.score(asked)
    code = answer.code if isinstance(answer, NotScored) else None
    until = valid_until(facts, live.bundle.contract.landmark_for(asked.age), asked.age)
    return Answered(live.renderer.render(asked, answer, facts, kept), code, live.bundle.id, until)


def unavailable(live: Live, asked: Asked, facts: Facts) -> Answered:
    """Return the neutral answer about a child of whom no score is given; nothing of its record is looked at."""
    until = valid_until(facts, None, asked.age)
    return Answered(live.renderer.unavailable(asked, facts), NOT_AVAILABLE, live.bundle.id, until)


class Replayed(NamedTuple):
    """An answer worked out again: its core as JSON, and whether that is what was answered, to the byte."""

    same: bool
    answer: bytes


def replayed(live: Live, asked: Asked, stored: bytes) -> Replayed:
    """
    Answer again what was asked, of the record that was kept, and hold it against the stored answer.

    `live` is the bundle that answered then. Of a child of whom no score was given then, none is now.
    """
    if json.loads(stored).get("code") == NOT_AVAILABLE:
        again = live.renderer.unavailable(asked)
    else:
        again = live.renderer.render(asked, live.score(asked))
    core = core_of(again)
    return Replayed(core == core_of(stored), b"{" + core[1:])


def told_again(stored: bytes, now: dict[str, Any]) -> bytes:
    """Return a stored answer as it is read again: without the reference of the child, and with how it stands `now`."""
    return b'%b,"now":%b}' % (with_subject(stored, None)[:-1], to_json(now))
