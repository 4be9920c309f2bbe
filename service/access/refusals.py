"""
Refusals of callers: who is not known, and who asks too often.

Whoever is not known is told the same whatever the reason, so that nobody learns from trying; the reason is a code of a closed set,
for the log and the counts of the people who run the service.
"""

import math
from collections.abc import Mapping
from typing import Literal

from service.problems import BREAKS_FORM, NOT_KNOWN, TOO_MANY, Refused

Why = Literal[
    "no-credential",
    "two-credentials",
    "not-a-credential",
    "unknown-key",
    "wrong-secret",
    "expired-key",
    "revoked-key",
    "unknown-client",
    "expired-agreement",
    "token-not-taken",
    "token-too-long",
    "token-malformed",
    "token-header",
    "token-algorithm",
    "token-type",
    "token-key",
    "no-token-keys",
    "token-signature",
    "token-claims",
    "token-issuer",
    "token-audience",
    "token-expired",
    "token-not-yet",
    "token-lifetime",
    "user",
]

_SAME_FOR_ALL = "Send an API key or an access token that is known here, and valid today."
_USER = "Earlyid-User is 1 to 64 of the characters A-Z a-z 0-9 . _ : -, and never an NHS number or a UPN."


class NotKnown(Refused):
    """
    Nobody we know asks (401), or for somebody who cannot be recorded (422); `why` is for the log.

    Only whoever has shown a credential that is good hears why: that the person it asks for is no reference.
    """

    def __init__(self, why: Why) -> None:
        if why == "user":
            super().__init__(BREAKS_FORM, _USER)
        else:
            super().__init__(NOT_KNOWN, _SAME_FOR_ALL, headers={"WWW-Authenticate": "Bearer"})
        self.why = why


class TooOften(Refused):
    """The caller asks too often (429); `wait` is in seconds."""

    def __init__(self, headers: Mapping[str, str], wait: float) -> None:
        seconds = max(1, math.ceil(wait))
        super().__init__(TOO_MANY, "Wait as Retry-After says.", headers={**headers, "Retry-After": str(seconds)})
