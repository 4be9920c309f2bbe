"""The words for the codes that an account tells."""

from collections.abc import Mapping
from typing import Any

from service.answers.override_reasons import OVERRIDE_REASONS

_REASONS: dict[str, str] = {reason.code: reason.words for reason in OVERRIDE_REASONS}
_VIEWS = {
    "viewed": "Somebody looked at the score.",
    "agreed": "Somebody looked at the score and agreed with it.",
    "disagreed": "Somebody looked at the score and did not agree with it.",
}
_TAKEN = {
    "offered": "Support was offered.",
    "accepted": "Support was offered, and the family accepted it.",
    "declined": "Support was offered, and the family said no.",
    "not-offered": "Support was not offered.",
    "already-in-place": "Support was there already.",
    "referred-elsewhere": "The family was told of other support.",
    "none": "Nothing was done.",
}
_RAISED_BY = {
    "young-person": "The young person",
    "parent-or-carer": "A parent or carer",
    "practitioner": "A practitioner",
    "other": "Somebody",
}
_GROUNDS = {
    "data-wrong": "said that what is on record is wrong",
    "disagree": "said that they do not agree with the score",
    "objection": "objected to the score",
    "other": "challenged the score",
}
_OUTCOMES = {
    "upheld": "The challenge was upheld.",
    "not-upheld": "The challenge was not upheld.",
    "withdrawn": "The challenge was withdrawn.",
}
_EXCLUDED = {
    "exclusion": "From here on no score of the child is given",
    "exclusion-ended": "From here on the child is scored again",
}


def feedback_words(said: Mapping[str, Any]) -> str:
    """Return what a practitioner made of a score."""
    parts = (_VIEWS.get(_code(said, "what")), _REASONS.get(_code(said, "reason")), _TAKEN.get(_code(said, "action")))
    return " ".join(part for part in parts if part) or "Somebody said what they made of the score."


def challenge_words(said: Mapping[str, Any]) -> str:
    """Return who challenged a score, and why."""
    who, why = _RAISED_BY.get(_code(said, "raised_by")), _GROUNDS.get(_code(said, "ground"))
    return f"{who or 'Somebody'} {why or 'challenged the score'}."


def outcome_words(said: Mapping[str, Any]) -> str:
    """Return what came of a challenge."""
    return _OUTCOMES.get(_code(said, "outcome"), "The challenge was settled.")


def exclusion_words(kind: str, said: Mapping[str, Any]) -> str:
    """Return that a child was excluded or is no longer, and why."""
    reason = _code(said, "reason").replace("-", " ")
    return f"{_EXCLUDED[kind]} ({reason})." if reason else f"{_EXCLUDED[kind]}."


def _code(said: Mapping[str, Any], name: str) -> str:
    found = said.get(name)
    return found if isinstance(found, str) else ""
