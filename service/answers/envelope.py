"""
What stands around a score: who asked what when, what it may be used for, who answers for it, which model, and where to turn.

Whatever a bundle or an authority fixes is made into JSON once; a request adds its own few fields between.
"""

import datetime
import hashlib
from typing import Any, Literal

from pydantic_core import to_json

from models.bundle import Bundle
from models.feature import Landmark
from models.gates import Gates
from models.plain_words import STAMP
from service.answers.authority import Authority
from service.answers.facts import NOTHING, Facts
from service.answers.override_reasons import OVERRIDE_REASONS
from service.request_record import Asked

SCHEMA = "1.0"
# A score of a child of this age says little of the same child half a year on, however long its window.
LONGEST_VALID = 183
# No address is so long that a template of it could not be a template: the id is filled in by position.
_LINKS = b'{"self":"/v1/scores/%b","fhir":"/v1/scores/%b/fhir","replay":"/v1/scores/%b/replay","feedback":"/v1/scores/%b/feedback","challenges":"/v1/scores/%b/challenges"}'
_NULLS = (
    b'"id":null,"supersedes":null,"requested_by":null,"scored_at":null,"valid_until":null,"trace":null,"links":null'
)


class Envelope:
    """Makes what stands around the scores of one bundle, which went live on that day (None: it is only evaluated)."""

    def __init__(self, bundle: Bundle, released_on: datetime.date | None = None) -> None:
        self._bundle = to_json(bundle.id)
        self._stamped = {True: _standing(STAMP, "evaluation"), False: _standing(None, "final")}
        self._model = to_json(_model(bundle, released_on))[1:-1]
        self._governance = {None: to_json(_governed(bundle, None))[1:-1]} | {
            at.name: to_json(_governed(bundle, at.name))[1:-1] for at in bundle.contract.landmarks
        }
        self._contract = hashlib.sha256(bundle.files["contract.toml"]).hexdigest().encode()
        self._overrides = to_json([reason._asdict() for reason in OVERRIDE_REASONS])

    def of(self, asked: Asked, facts: Facts, landmark: Landmark | None, kept: bytes | None) -> bytes:
        """
        Return the fields, without their braces; `kept` is what of the record is kept, None where nothing is.

        A summary says no more than whose it is, how long it holds and that a person decides.
        """
        said = facts.authority.fragments
        own = _NULLS if facts is NOTHING else _own(facts, valid_until(facts, landmark, asked.age))
        head = b'"schema":"%b","detail":"%b",%b,%b,"bundle":%b,"human_review":%b' % (
            SCHEMA.encode(),
            asked.detail.encode(),
            own,
            self._stamped[facts.stamp],
            self._bundle,
            said.human_review,
        )
        if asked.detail == "summary":
            return head
        return (
            head + self._more(facts.authority, landmark.name if landmark is not None else None) + self._rests_on(kept)
        )

    def _more(self, authority: Authority, landmark: str | None) -> bytes:
        said = authority.fragments
        return (
            b',"override_reasons":%b,"responsibility":%b,"rights":%b,"model":{%b,"review_due":%b},"governance":{%b,%b}'
            % (
                self._overrides,
                said.responsibility,
                said.rights,
                self._model,
                said.review_due,
                self._governance[landmark],
                said.papers,
            )
        )

    def _rests_on(self, kept: bytes | None) -> bytes:
        """Return what the answer was worked out from: it can be worked out again where that was kept."""
        digest = b"null" if kept is None else b'"%b"' % hashlib.sha256(kept).hexdigest().encode()
        again = b"false" if kept is None else b"true"
        return b',"provenance":{"contract":"%b","record":%b,"replayable":%b}' % (self._contract, digest, again)


def valid_until(facts: Facts, landmark: Landmark | None, age: int) -> datetime.datetime | None:
    """
    Return until when an answer holds: the end of the landmark's window, or half a year where that comes first.

    An answer of no landmark is kept open for half a year too. None where the time of asking is not known.
    """
    if facts.scored_at is None:
        return None
    days = LONGEST_VALID if landmark is None else min(landmark.until - age, LONGEST_VALID)
    return facts.scored_at + datetime.timedelta(days=days)


def _standing(stamp: str | None, standing: Literal["evaluation", "final"]) -> bytes:
    return to_json({"stamp": stamp, "standing": standing})[1:-1]


def _own(facts: Facts, until: datetime.datetime | None) -> bytes:
    """Return the fields that are a request's own."""
    said = {
        "id": facts.id,
        "supersedes": facts.supersedes,
        "requested_by": None if facts.client is None else {"client": facts.client, "user": facts.user},
        "scored_at": _time(facts.scored_at),
        "valid_until": _time(until),
        "trace": facts.trace,
    }
    id_ = facts.id.encode() if facts.id is not None else None
    return b'%b,"links":%b' % (to_json(said)[1:-1], b"null" if id_ is None else _LINKS % (id_, id_, id_, id_, id_))


def _time(at: datetime.datetime | None) -> str | None:
    """Return a time in UTC as RFC 3339 writes it."""
    if at is None:
        return None
    return at.astimezone(datetime.UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def _model(bundle: Bundle, released_on: datetime.date | None) -> dict[str, Any]:
    signed = bundle.signature
    return {
        "name": bundle.contract.name,
        "label": bundle.contract.label,
        "bundle": bundle.id,
        "signed_by": None if signed is None else signed.key_id,
        "released_on": released_on,
        "page": "/v1/model",
    }


def _governed(bundle: Bundle, landmark: str | None) -> dict[str, Any]:
    """Return what was found of the groups of children at a landmark before anybody could approve the bundle, in words."""
    gates = Gates.model_validate_json(bundle.files["gates.json"])
    fairness = [gate for gate in gates.gates if gate.code == "fairness" and gate.landmark in {None, landmark}]
    return {
        "pack": "/v1/model/pack",
        "fairness": [
            {
                "outcome": gate.outcome,
                "label": gate.label,
                "verdict": gate.verdict,
                "words": gate.words,
            }
            for gate in fairness
        ],
    }
