"""The examples of the published document: for each body that a route takes one that it takes, with the live contract's own names."""

from typing import Any

from models.bundle import Bundle
from models.golden import GoldenCase, read_cases
from service.conformance.requests import request_of

Schema = dict[str, Any]

_SUBJECT = {"subject": "child-1"}
# Bodies that are the same whatever is live.
_ALWAYS: dict[str, tuple[str, Schema]] = {
    "feedback": (
        "a practitioner came to another view",
        {"what": "disagreed", "reason": "data-wrong-or-old", "action": "none"},
    ),
    "challenge": (
        "a parent says that a record is wrong",
        {"raised_by": "parent-or-carer", "ground": "data-wrong", "text_ref": "letter-7"},
    ),
    "challenge_outcome": ("the record was wrong", {"outcome": "upheld", "note_ref": "note-7"}),
    "exclusion": ("a family objects", _SUBJECT | {"reason": "objection"}),
    "exclusion_ended": ("the family objects no more", _SUBJECT | {"reason": "objection-withdrawn"}),
    "account": ("the child that it is about", _SUBJECT),
}


def examples_of(bundle: Bundle | None) -> dict[str, Schema]:
    """Return the examples by what a route takes; those of scoring only where a bundle is asked."""
    shown = {takes: _example(words, value) for takes, (words, value) in _ALWAYS.items()}
    return shown if bundle is None else shown | _of_contract(bundle)


def _of_contract(bundle: Bundle) -> dict[str, Schema]:
    contract = bundle.contract
    sent = request_of(contract, _shown(bundle), "child-1")
    referred = _SUBJECT | {"purpose": contract.purposes[0]}
    asked = {"team": "North", "purpose": contract.purposes[0], "outcome": contract.outcomes[0].name, "children": 25}
    loaded = "a child whose records are loaded"
    return {
        "request": _example("an invented child, with its records", sent) | _example(loaded, referred),
        "requests": _example(loaded, {"requests": [referred]}),
        "correction": _example("the child again, with what was put right", sent),
        "worklist_asked": _example("at most 25 children of a team", asked),
    }


def _shown(bundle: Bundle) -> GoldenCase:
    """Return the invented child of the bundle that has the most on record, of those who are scored if any is."""
    cases = read_cases(bundle.files["golden.jsonl"])
    return max(cases, key=lambda case: (bool(case.scores), sum(map(len, case.events.values()))))


def _example(words: str, value: Schema) -> Schema:
    return {words.replace(",", "").replace(" ", "-"): {"summary": words, "value": value}}
