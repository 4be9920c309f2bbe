"""Why a practitioner may come to another view than a score suggests: the closed list that feedback is given in."""

from typing import Literal, NamedTuple, get_args

OverrideCode = Literal[
    "already-supported",
    "data-wrong-or-old",
    "family-circumstances-changed",
    "family-declined",
    "not-resident",
    "professional-judgement-lower",
    "professional-judgement-higher",
    "safeguarding-route-instead",
    "other",
]


class OverrideReason(NamedTuple):
    """One such reason: its code, and what a person reads."""

    code: OverrideCode
    words: str


_WORDS: dict[OverrideCode, str] = {
    "already-supported": "The family already has this support.",
    "data-wrong-or-old": "What is on record is wrong or out of date.",
    "family-circumstances-changed": "Things have changed for the family since.",
    "family-declined": "The family was asked and said no.",
    "not-resident": "The child does not live here.",
    "professional-judgement-lower": "Knowing the child, I see less need.",
    "professional-judgement-higher": "Knowing the child, I see more need.",
    "safeguarding-route-instead": "Another route, for keeping children safe, is the right one.",
    "other": "Something else.",
}
OVERRIDE_REASONS = tuple(OverrideReason(code, _WORDS[code]) for code in get_args(OverrideCode))
