"""
An answer as FHIR R4: a Bundle of the RiskAssessment, the Device that made it and its Provenance.

Written by hand from the stored answer, so that nothing is worked out twice. A probability is a percentage here. A period
has no more than months: with the time of scoring, the ages of an answer would give back the date of birth that the door
has dropped. The child is never a resource of its own.
"""

import datetime
import uuid
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import quote

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


def bundle_of(stored: Told, subject: str | None = None) -> bytes:
    """
    Return the FHIR JSON of a recorded answer of any detail; `subject` is the caller's reference, None where nobody gave it.

    Raises KeyError for what is no recorded answer.
    """
    score, device = str(stored["id"]), str(uuid.uuid5(_DEVICES, stored["bundle"]))
    parts = {
        score: _assessment(stored, subject, _urn(device)),
        device: _device(stored),
        str(uuid.uuid5(uuid.UUID(score), "provenance")): _provenance(stored, _urn(score), _urn(device)),
    }
    entries = [{"fullUrl": _urn(id_), "resource": part | {"id": id_}} for id_, part in parts.items()]
    told = {"resourceType": "Bundle", "type": "collection", "timestamp": stored["scored_at"], "entry": entries}
    return to_json(_without_nothing(told))


def _assessment(stored: Told, subject: str | None, device: str) -> Json:
    scores = stored.get("scores", ())
    offers = [f"{score['label']}: {offer}" for score in scores if (offer := score["band"].get("offer"))]
    return {
        "resourceType": "RiskAssessment",
        "identifier": [{"system": _URN, "value": _urn(stored["id"])}],
        "status": _status(stored),
        "method": {"coding": [{"system": "urn:earlyid:bundle", "code": stored["bundle"]}], "text": _named(stored)},
        "code": {"text": "Early identification score: whom to offer support to"},
        "subject": _child(stored, subject),
        "occurrenceDateTime": stored["scored_at"],
        "performer": {"reference": device},
        "reasonCode": [{"text": stored["purpose"]}],
        "basis": [{"display": words} for words in basis(stored)],
        "prediction": [part for score in scores for part in _predictions(stored, score)],
        "mitigation": f"Offer, do not require. {' '.join(offers)}" if offers else None,
        "note": [{"text": words} for words in _notes(stored)],
    }


def _status(stored: Told) -> str:
    if stored["status"] == "not-scored":
        return "cancelled"
    if stored["standing"] == "evaluation":
        return "preliminary"
    return "amended" if stored["supersedes"] is not None else "final"


def _child(stored: Told, subject: str | None) -> Json:
    if subject is None:
        return {"type": "Patient", "display": NO_REFERENCE}
    return {"type": "Patient", "identifier": {"system": _system(stored, "reference"), "value": subject}}


def _system(stored: Told, what: str) -> str:
    """Return the name of the references of one client: equal ones of two clients are of two children."""
    asked = stored["requested_by"]
    return f"urn:earlyid:client:{quote(asked['client'], safe='') if asked is not None else 'unknown'}:{what}"


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


def _notes(stored: Told) -> Iterator[str]:
    if stored["stamp"] is not None:
        yield f"{stored['stamp'][0].upper()}{stored['stamp'][1:]}."
    if stored["status"] == "not-scored":
        yield stored["words"]
    yield "A person decides; this score must not be the only ground for anything."
    yield from stored.get("limits", ())
    yield from NOT_FOR
    # The very day would tell the age at which was asked, wherever the end of a landmark's window comes first.
    yield f"Ask again in {stored['valid_until'][:7]} at the latest."


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
