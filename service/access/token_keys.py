"""
The public keys of an issuer of tokens (a JWK Set, RFC 7517), and which algorithm each may be used with.

The algorithm follows from the key, never from the token. What we could not use, or should not, is left out: secret and private
keys, keys for something else, curves we do not take, RSA keys that are too small to hold or too large to check quickly.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from joserfc.util import base64_to_int

from models.errors import BadInput

RSA_BITS = range(2048, 8193)
_MOST_KEYS = 100
_LONGEST_ID = 200
# Every JSON Web Key with something private in it has one of these.
_PRIVATE = frozenset({"d", "k", "p", "q", "dp", "dq", "qi", "oth"})
_TAKEN: Mapping[tuple[str, str | None], tuple[type[RSAKey | ECKey | OKPKey], frozenset[str]]] = {
    ("RSA", None): (RSAKey, frozenset({"RS256", "PS256"})),
    ("EC", "P-256"): (ECKey, frozenset({"ES256"})),
    ("OKP", "Ed25519"): (OKPKey, frozenset({"EdDSA", "Ed25519"})),
}
ALGORITHMS = frozenset[str]().union(*(algorithms for _, algorithms in _TAKEN.values()))


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A public key, and the algorithms that it may be used with."""

    key: Key
    algorithms: frozenset[str]


def token_keys(text: bytes) -> Mapping[str, TokenKey]:
    """Return the keys of a JWK Set that can be used, by their `kid`; raises BadInput when there is none."""
    try:
        listed = json.loads(text.decode("utf-8-sig"))["keys"]
        found = dict(_usable(listed[:_MOST_KEYS])) if isinstance(listed, list) else {}
    except (ValueError, TypeError, KeyError, RecursionError):
        raise BadInput("the keys of the issuer of tokens are not a JSON Web Key Set") from None
    if not found:
        raise BadInput(
            "the keys of the issuer of tokens hold none that can be used: "
            f"a public RSA key of at least {RSA_BITS[0]} bits, P-256 or Ed25519, for signatures, with a kid"
        )
    return found


def _usable(listed: list[Any]) -> Iterator[tuple[str, TokenKey]]:
    seen = set()
    for each in listed:
        # Of two keys with one name nobody could tell which is meant: the first is.
        if isinstance(each, dict) and (kid := _named(each)) and kid not in seen and (key := _read(each)) is not None:
            seen.add(kid)
            yield kid, key


def _named(each: Mapping[str, Any]) -> str | None:
    kid = each.get("kid")
    return kid if isinstance(kid, str) and len(kid) <= _LONGEST_ID else None


def _read(each: Mapping[str, Any]) -> TokenKey | None:
    """Return a key; None where it is not one, which must not spoil the others."""
    try:
        return _key(each)
    except (JoseError, ValueError, TypeError, KeyError):
        return None


def _key(each: Mapping[str, Any]) -> TokenKey | None:
    if _PRIVATE & each.keys() or each.get("use", "sig") != "sig" or "verify" not in each.get("key_ops", ["verify"]):
        return None
    kind, algorithms = _TAKEN.get((str(each.get("kty")), each.get("crv")), (None, frozenset[str]()))
    algorithms &= {each["alg"]} if "alg" in each else algorithms
    if kind is None or not algorithms or not _sized(each):
        return None
    return TokenKey(kind.import_key(dict(each)), algorithms)


def _sized(each: Mapping[str, Any]) -> bool:
    """Whether a key is of a size that we take: of RSA keys the library takes any."""
    return each["kty"] != "RSA" or base64_to_int(each["n"]).bit_length() in RSA_BITS
