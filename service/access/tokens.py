"""
Access tokens: JSON Web Tokens by the profile of RFC 9068, verified against the keys of the one issuer that is trusted.

Everything is refused that is not foreseen: any other algorithm, type or header, names that stand twice, a token for somebody else,
one that is too long, or valid for too long. A token says who calls, for whom, and what it is good for; what the client may do at all
is for its sharing agreement.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import (
    BadSignatureError,
    ExpiredTokenError,
    InvalidClaimError,
    JoseError,
    UnsupportedAlgorithmError,
)
from joserfc.jws import JWSRegistry
from joserfc.util import urlsafe_b64decode

from service.access.refusals import NotKnown, Why
from service.access.token_keys import ALGORITHMS, TokenKey
from service.access.token_sources import KeySource

MOST_BYTES = 8192
SKEW = 60
# A token that is good for longer is a key that nobody can take back.
LONGEST = 86_400
_TYPES = frozenset({"at+jwt", "application/at+jwt"})
# The names of certificates say nothing that we go by; whatever else stands in a header we would have to understand.
_HEADER = frozenset({"alg", "kid", "typ", "x5t", "x5t#S256"})
_SCOPE = "earlyid:"
_WRONG: dict[str, Why] = {
    "iss": "token-issuer",
    "aud": "token-audience",
    "exp": "token-claims",
    "nbf": "token-not-yet",
    "iat": "token-not-yet",
}


@dataclass(frozen=True, slots=True)
class TokenTrust:
    """Whose tokens are taken: the issuer's name (`iss`), what it calls this service (`aud`), and where its keys are."""

    issuer: str
    audience: str
    keys: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What a token says: the client, for whom it asks (`sub`), what the token is good for, and until when, in seconds since 1970."""

    client: str
    subject: str
    scopes: frozenset[str]
    until: float


class _Fixed(JWSRegistry):
    """The algorithms that are taken, whatever the library would recommend."""

    def get_alg(self, name: str) -> Any:
        if name not in ALGORITHMS:
            raise UnsupportedAlgorithmError
        return self.algorithms[name]


class _Once(json.JSONDecoder):
    """Decodes JSON in which no name stands twice and every number is one."""

    def __init__(self) -> None:
        super().__init__(object_pairs_hook=_pairs, parse_constant=_no_number)


class Tokens:
    """Verifies the tokens of one issuer; `now` is in seconds since 1970."""

    def __init__(self, trust: TokenTrust, source: KeySource, now: Callable[[], float]) -> None:
        self._source, self._now = source, now
        self._registry = _Fixed()
        self._claims = jwt.JWTClaimsRegistry(
            now=lambda: int(now()),
            leeway=SKEW,
            iss={"essential": True, "value": trust.issuer},
            aud={"essential": True, "value": trust.audience},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
        )

    async def verified(self, token: bytes) -> Verified:
        """Return what a token says; raises NotKnown."""
        if len(token) > MOST_BYTES:
            raise NotKnown("token-too-long")
        key = await self._key(_header(token))
        try:
            claims = jwt.decode(token, key.key, registry=self._registry, decoder_cls=_Once).claims
        except BadSignatureError:
            raise NotKnown("token-signature") from None
        except (JoseError, ValueError, TypeError, OverflowError, RecursionError):
            raise NotKnown("token-malformed") from None
        self._check(claims)
        return _said(claims)

    async def _key(self, header: dict[str, Any]) -> TokenKey:
        if not header.keys() <= _HEADER or not all(isinstance(value, str) for value in header.values()):
            raise NotKnown("token-header")
        if header.get("alg") not in ALGORITHMS:
            raise NotKnown("token-algorithm")
        if header.get("typ", "").lower() not in _TYPES:
            raise NotKnown("token-type")
        if not header.get("kid") or (key := await self._source.key(header["kid"])) is None:
            raise NotKnown("token-key")
        if header["alg"] not in key.algorithms:
            raise NotKnown("token-algorithm")
        return key

    def _check(self, claims: dict[str, Any]) -> None:
        """Check what a token claims: that it is signed says only that its issuer wrote it."""
        try:
            self._claims.validate(claims)
        except ExpiredTokenError:
            raise NotKnown("token-expired") from None
        except InvalidClaimError as error:
            raise NotKnown(_WRONG.get(error.claim, "token-claims")) from None
        except (JoseError, ValueError, TypeError, OverflowError):
            raise NotKnown("token-claims") from None
        # Added, not taken away: a fraction less a huge whole number has no value.
        if claims["exp"] > min(self._now() + SKEW, claims["iat"]) + LONGEST:
            raise NotKnown("token-lifetime")


def _header(token: bytes) -> dict[str, Any]:
    try:
        header = json.loads(urlsafe_b64decode(token.split(b".", 1)[0]), cls=_Once)
    except (ValueError, RecursionError):
        raise NotKnown("token-malformed") from None
    if not isinstance(header, dict):
        raise NotKnown("token-malformed")
    return header


def _said(claims: dict[str, Any]) -> Verified:
    """Return what claims say that were checked; `azp` is what issuers write that came before RFC 9068."""
    client, scope = claims.get("client_id", claims.get("azp")), claims.get("scope", "")
    if not isinstance(client, str) or not isinstance(scope, str):
        raise NotKnown("token-claims")
    if "azp" in claims and claims["azp"] != client:
        raise NotKnown("token-claims")
    scopes = frozenset(each.removeprefix(_SCOPE) for each in scope.split(" ") if each.startswith(_SCOPE))
    return Verified(client, claims["sub"], scopes, float(claims["exp"]) + SKEW)


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_number(_: str) -> Any:
    raise ValueError("not a number of JSON")
