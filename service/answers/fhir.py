"""
An answer as FHIR R4: a Bundle of the RiskAssessment, the Device that made it and its Provenance.

Written by hand from the stored answer, so that nothing is worked out twice. A probability is a percentage here. A period
has no more than months: with the time of scoring, the ages of an answer would give back the date of birth that the door
has dropped. The child is never a resource of its own, and no reference names it: the record holds none.

The status is of the code system http://hl7.org/fhir/observation-status, 4.0.1. `entered-in-error` is what was withdrawn after it
was final, and should never have been, though people may have acted on it: a score that was corrected since somebody challenged it
and was right. `amended` is what was changed after it was final, by new information or a correction: a score that was corrected for
any other reason, and one that corrects. What never was final, or is no score, stays `preliminary` or `cancelled`.
"""

import datetime
import uuid
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from pydantic_core import to_json

from models.plain_words import NOT_FOR
from service.answers.fhir_words import basis, rationale

Told = Mapping[str, Any]
Json = dict[str, Any]

_UCUM = "http://unitsofmeasure.org"
_PARTICIPANT = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
_URN = "urn:ietf:rfc:3986"
# Names of what an answer is made with are made of this one, so that equal bundles are one device everywhere.
_DEVICES = uuid.UUID("6f1f2a35-1c55-4c53-9c54-8f1f5a0c6b1e")
NO_REFERENCE = "The child that was asked about: the decision record holds no reference"


def bundle_of(stored: Told, now: Told) -> bytes:
    """
    Return the FHIR JSON of a recorded answer of any detail; `now` is how it stands, as it is told beside the answer.

    Raises KeyError for what is no recorded answer.
    """
    score, device = str(stored["id"]), str(uuid.uuid5(_DEVICES, stored["bundle"]))
    parts = {
        score: _assessment(stored, now, _urn(device)),
        device: _device(stored),
        str(uuid.uuid5(uuid.UUID(score), "provenance")): _provenance(stored, _urn(score), _urn(device)),
    }
    entries = [{"fullUrl": _urn(id_), "resource": part | {"id": id_}} for id_, part in parts.items()]
    told = {"resourceType": "Bundle", "type": "collection", "timestamp": stored["scored_at"], "entry": entries}
    return to_json(_without_nothing(told))


def _assessment(stored: Told, now: Told, device: str) -> Json:
    scores = stored.get("scores", ())
    offers = [f"{score['label']}: {offer}" for score in scores if (offer := score["band"].get("offer"))]
    return {
        "resourceType": "RiskAssessment",
        "identifier": [{"system": _URN, "value": _urn(stored["id"])}],
        "status": _status(stored, now),
        "method": {"coding": [{"system": "urn:earlyid:bundle", "code": stored["bundle"]}], "text": _named(stored)},
        "code": {"text": "Early identification score: whom to offer support to"},
        "subject": {"type": "Patient", "display": NO_REFERENCE},
        "occurrenceDateTime": stored["scored_at"],
        "performer": {"reference": device},
        "reasonCode": [{"text": stored["purpose"]}],
        "basis": [{"display": words} for words in basis(stored)],
        "prediction": [part for score in scores for part in _predictions(stored, score)],
        "mitigation": f"Offer, do not require. {' '.join(offers)}" if offers else None,
        "note": [{"text": words} for words in _notes(stored, now)],
    }


def _status(stored: Told, now: Told) -> str:
    if stored["status"] == "not-scored":
        return "cancelled"
    if stored["standing"] == "evaluation":
        return "preliminary"
    if now["superseded_by"] is not None and now["challenges"]["upheld"]:
        return "entered-in-error"
    return "amended" if (now["superseded_by"] or stored["supersedes"]) is not None else "final"


def _predictions(stored: Told, score: Told) -> Iterator[Json]:
    """Yield the probability of one outcome, and then, as a range of the same outcome, where the true number lies."""
    outcome = {
        "coding": [{"system": "urn:earlyid:outcome", "code": score["outcome"], "display": score["label"]}],
        "text": score["label"],
    }
    period = _months(stored, score)
    band = score["band"]
    yield {
        "outcome": outcome,
        "probabilityDecimal": percentage(score["probability"]),
        "qualitativeRisk": {
            "coding": [{"system": "urn:earlyid:band", "code": band["code"], "display": band["label"]}],
            "text": band["label"],
        },
        "whenPeriod": period,
        "rationale": rationale(score),
    }
    low, high = score["interval"]["low"], score["interval"]["high"]
    yield {
        "outcome": outcome,
        "probabilityRange": {"low": _quantity(low), "high": _quantity(high)},
        "whenPeriod": period,
        "rationale": f"The range of the number above, at the level of {score['interval']['level']:.0%}; no outcome of its own",
    }


def percentage(probability: float) -> float:
    """Return a probability as a percentage, moved by two decimal places and not multiplied: 0.237 is 23.7."""
    return float(Decimal(repr(probability)).scaleb(2))


def _quantity(probability: float) -> Json:
    return {"value": percentage(probability), "unit": "%", "system": _UCUM, "code": "%"}


def _months(stored: Told, score: Told) -> Json:
    """Return the months between which the outcome is observed, by the age at which was asked on the day of asking."""
    asked = datetime.datetime.fromisoformat(stored["scored_at"]).date()
    start, end = (asked + datetime.timedelta(days=age - stored["as_of"]) for age in score["period"])
    return {"start": f"{start:%Y-%m}", "end": f"{end:%Y-%m}"}


def _notes(stored: Told, now: Told) -> Iterator[str]:
    yield from _standing(now)
    if stored["stamp"] is not None:
        yield f"{stored['stamp'][0].upper()}{stored['stamp'][1:]}."
    if stored["status"] == "not-scored":
        yield stored["words"]
    yield "A person decides; this score must not be the only ground for anything."
    yield from stored.get("limits", ())
    yield from NOT_FOR
    # The very day would tell the age at which was asked, wherever the end of a landmark's window comes first.
    yield f"Ask again in {stored['valid_until'][:7]} at the latest."


def _standing(now: Told) -> Iterator[str]:
    """Yield what a reader must know of a score that does not stand as it stood."""
    if now["superseded_by"] is not None:
        yield f"Superseded: do not use this score. {_urn(now['superseded_by'])} takes its place."
    if now["standing"] == "expired":
        yield "Expired: ask for a new score."
    if now["challenges"]["upheld"]:
        yield "This score was challenged, and the challenge was upheld."
    if now["challenges"]["open"]:
        yield "This score is challenged, and nobody has settled that yet."


def _named(stored: Told) -> str:
    named = stored["model"]["label"] if "model" in stored else "earlyid"
    return f"{named}, bundle {stored['bundle'][:12]}"


def _device(stored: Told) -> Json:
    return {
        "resourceType": "Device",
        "identifier": [{"system": "urn:earlyid:bundle", "value": stored["bundle"]}],
        "status": "active",
        "deviceName": [{"name": _named(stored), "type": "model-name"}],
        "version": [{"value": stored["bundle"]}],
        "owner": _authority(stored),
    }


def _authority(stored: Told) -> Json | None:
    controller = stored.get("responsibility", {}).get("controller")
    return {"type": "Organization", "display": controller} if controller is not None else None


def _provenance(stored: Told, score: str, device: str) -> Json:
    authority, asked = _authority(stored), stored["requested_by"]
    client = {"type": "Organization", "display": asked["client"]} if asked is not None else None
    agents = (("assembler", {"reference": device}), ("author", authority), ("enterer", client))
    record = stored.get("provenance", {}).get("record")
    old = stored["supersedes"]
    return {
        "resourceType": "Provenance",
        "target": [{"reference": score}],
        "recorded": stored["scored_at"],
        "activity": {"text": "Scored" if stored["status"] == "scored" else "Not scored"},
        "agent": [
            {"type": {"coding": [{"system": _PARTICIPANT, "code": code}]}, "who": who}
            for code, who in agents
            if who is not None
        ],
        "entity": [
            *([{"role": "source", "what": _identified("urn:earlyid:record-sha-256", record)}] if record else ()),
            *([{"role": "revision", "what": _identified(_URN, _urn(old))}] if old else ()),
        ],
    }


def _identified(system: str, value: str) -> Json:
    return {"identifier": {"system": system, "value": value}}


def _urn(id_: str) -> str:
    return f"urn:uuid:{id_}"


def _without_nothing(value: Any) -> Any:
    """Return the JSON without nulls and empty lists or objects, which FHIR does not allow."""
    if isinstance(value, dict):
        held = {name: _without_nothing(each) for name, each in value.items()}
        return {name: each for name, each in held.items() if each not in (None, [], {})}
    return [_without_nothing(each) for each in value] if isinstance(value, list) else value
