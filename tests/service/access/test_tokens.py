"""Access tokens: every good one is taken, and any other is refused, whatever is wrong with it."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc.jwk import RSAKey

from service.access.refusals import NotKnown
from service.access.token_keys import TokenKey, token_keys
from service.access.tokens import Tokens, Verified
from service.problems import problem_of

NOW = 1_790_000_000
FAR = b'{"iss":"https://issuer.example","aud":"https://scores.example","exp":%d,"iat":1790000000,' % (NOW + 300)
REST = b'"sub":"case-system","client_id":"case-system"}'


class _Held:
    """The keys that a test holds."""

    def __init__(self, keys: Mapping[str, TokenKey]) -> None:
        self._keys = keys

    async def key(self, kid: str) -> TokenKey | None:
        return self._keys.get(kid)


@pytest.fixture(scope="session")
def tokens(issuer: Any) -> Tokens:
    """Verifies the tokens of the issuer, now."""
    return Tokens(issuer.trust, _Held(token_keys(json.dumps(issuer.key_set).encode())), lambda: NOW)


def _why(tokens: Tokens, token: bytes) -> str:
    """Return why a token is refused; what its caller is told is the same for all."""
    with pytest.raises(NotKnown) as refused:
        asyncio.run(tokens.verified(token))
    assert problem_of(refused.value) == problem_of(NotKnown("no-credential"))
    assert refused.value.headers == {"WWW-Authenticate": "Bearer"}
    return refused.value.why


@pytest.mark.parametrize(
    ("alg", "kid"), [("RS256", "rsa"), ("PS256", "rsa"), ("ES256", "ec"), ("EdDSA", "ed"), ("Ed25519", "ed")]
)
def test_good(tokens: Tokens, issuer: Any, alg: str, kid: str) -> None:
    """A good token of each algorithm is taken, and says who asks and what it is good for."""
    found = asyncio.run(tokens.verified(issuer.token(alg, kid)))
    assert found == Verified("case-system", "case-system", frozenset({"score", "read"}), NOW + 360)


@pytest.mark.parametrize(
    "changed",
    [
        {"exp": NOW - 59},
        {"nbf": NOW + 60},
        {"iat": NOW + 60},
        {"exp": NOW + 86_400},
        {"aud": ["https://other.example", "https://scores.example"]},
        {"client_id": None, "azp": "case-system"},
        {"azp": "case-system"},
        {"exp": NOW + 300.5},
        {"scope": None},
    ],
    ids=str,
)
def test_just_good(tokens: Tokens, issuer: Any, changed: dict[str, Any]) -> None:
    """Clocks may differ by a minute, a token may be for several services, and `azp` names the client too."""
    assert asyncio.run(tokens.verified(issuer.token(**changed))).client == "case-system"


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"exp": NOW - 61}, "token-expired"),
        ({"exp": None}, "token-claims"),
        ({"exp": "2099-01-01"}, "token-claims"),
        ({"exp": True}, "token-claims"),
        ({"exp": [NOW + 300]}, "token-claims"),
        ({"exp": 10**400}, "token-lifetime"),
        ({"exp": NOW + 90_000}, "token-lifetime"),
        ({"iat": NOW - 86_400}, "token-lifetime"),
        ({"iat": -(10**400), "exp": NOW + 0.5}, "token-lifetime"),
        ({"nbf": NOW + 61}, "token-not-yet"),
        ({"nbf": "now"}, "token-not-yet"),
        ({"iat": NOW + 61}, "token-not-yet"),
        ({"iat": None}, "token-claims"),
        ({"aud": "https://other.example"}, "token-audience"),
        ({"aud": "https://scores.example/"}, "token-audience"),
        ({"aud": ["https://other.example"]}, "token-audience"),
        ({"aud": []}, "token-audience"),
        ({"aud": {"https://scores.example": 1}}, "token-audience"),
        ({"aud": None}, "token-claims"),
        ({"iss": "https://issuer.example.evil"}, "token-issuer"),
        ({"iss": ["https://issuer.example"]}, "token-issuer"),
        ({"iss": None}, "token-claims"),
        ({"sub": None}, "token-claims"),
        ({"sub": 7}, "token-claims"),
        ({"client_id": None}, "token-claims"),
        ({"client_id": 7}, "token-claims"),
        ({"client_id": ["case-system"]}, "token-claims"),
        ({"azp": "another"}, "token-claims"),
        ({"scope": ["earlyid:score"]}, "token-claims"),
    ],
    ids=str,
)
def test_claims(tokens: Tokens, issuer: Any, changed: dict[str, Any], why: str) -> None:
    """A token that is signed but claims what it should not is refused."""
    assert _why(tokens, issuer.token(**changed)) == why


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"alg": "none"}, "token-algorithm"),
        ({"alg": "HS256"}, "token-algorithm"),
        ({"alg": "RS512"}, "token-algorithm"),
        ({"alg": "ES256"}, "token-algorithm"),
        ({"alg": None}, "token-algorithm"),
        ({"alg": ["RS256"]}, "token-header"),
        ({"alg": {}}, "token-header"),
        ({"kid": None}, "token-key"),
        ({"kid": "../../etc/passwd"}, "token-key"),
        ({"kid": "rsa' OR '1'='1"}, "token-key"),
        ({"kid": ""}, "token-key"),
        ({"kid": 1}, "token-header"),
        ({"kid": "ec"}, "token-algorithm"),
        ({"typ": "JWT"}, "token-type"),
        ({"typ": None}, "token-type"),
        ({"typ": "logout+jwt"}, "token-type"),
        ({"typ": 1}, "token-header"),
        ({"jku": "https://evil.example/keys"}, "token-header"),
        ({"x5u": "https://evil.example/keys"}, "token-header"),
        ({"x5c": ["MII"]}, "token-header"),
        ({"jwk": {"kty": "RSA"}}, "token-header"),
        ({"crit": ["exp"], "exp": NOW}, "token-header"),
        ({"crit": []}, "token-header"),
        ({"b64": False}, "token-header"),
        ({"zip": "DEF"}, "token-header"),
        ({"cty": "JWT"}, "token-header"),
        ({"x5t": "a" * 600}, "token-malformed"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_headers(tokens: Tokens, issuer: Any, forge: Callable[..., bytes], changed: dict[str, Any], why: str) -> None:
    """A token signed by the issuer is refused for a header that chooses how, or by which key, it is checked."""
    header = {"alg": "RS256", "kid": "rsa", "typ": "at+jwt"} | changed
    header = {name: value for name, value in header.items() if value is not None}
    assert _why(tokens, forge(header, issuer.claims(), issuer.signers["RS256"])) == why


@pytest.mark.parametrize("typ", ["at+jwt", "application/at+jwt", "AT+JWT"])
def test_types(tokens: Tokens, issuer: Any, forge: Callable[..., bytes], typ: str) -> None:
    """Both spellings of the type of access tokens are taken, in any case."""
    token = forge({"alg": "RS256", "kid": "rsa", "typ": typ}, issuer.claims(), issuer.signers["RS256"])
    assert asyncio.run(tokens.verified(token)).client == "case-system"


@pytest.mark.parametrize("form", ["pem", "der", "raw", "empty"])
@pytest.mark.parametrize("alg", ["HS256", "RS256", "none"])
def test_a_public_key_is_no_secret(
    tokens: Tokens, issuer: Any, forge: Callable[..., bytes], alg: str, form: str
) -> None:
    """Whoever takes the published key for a shared secret is refused, whatever the header says."""
    public = issuer.rsa_key.public_key()
    secret = {
        "pem": public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        "der": public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        "raw": json.dumps(issuer.key_set["keys"][0]).encode(),
        "empty": b"",
    }[form]
    header = {"alg": alg, "kid": "rsa", "typ": "at+jwt"}
    token = forge(header, issuer.claims(), lambda data: hmac.new(secret, data, hashlib.sha256).digest())
    assert _why(tokens, token) == ("token-signature" if alg == "RS256" else "token-algorithm")


def test_keys_of_others(tokens: Tokens, issuer: Any, forge: Callable[..., bytes]) -> None:
    """A token signed by anybody else is refused, also when it brings the key along, or uses another curve."""
    other = rsa.generate_private_key(65537, 2048)
    sign = lambda data: other.sign(data, padding.PKCS1v15(), SHA256())  # noqa: E731
    header: dict[str, Any] = {"alg": "RS256", "kid": "rsa", "typ": "at+jwt"}
    assert _why(tokens, forge(header, issuer.claims(), sign)) == "token-signature"
    brought = RSAKey.import_key(other.public_key()).as_dict(kid="rsa")
    assert _why(tokens, forge(header | {"jwk": brought}, issuer.claims(), sign)) == "token-header"
    curve = ec.generate_private_key(ec.SECP384R1())
    token = forge(
        header | {"alg": "ES256", "kid": "ec"}, issuer.claims(), lambda data: curve.sign(data, ec.ECDSA(SHA256()))
    )
    assert _why(tokens, token) == "token-signature"


@pytest.mark.parametrize("signature", [b"", b"\0" * 64, b"\0" * 256, b"\xff" * 256, b"\0" * 1000])
@pytest.mark.parametrize(("alg", "kid"), [("RS256", "rsa"), ("ES256", "ec"), ("EdDSA", "ed")])
def test_no_signature(
    tokens: Tokens, issuer: Any, forge: Callable[..., bytes], alg: str, kid: str, signature: bytes
) -> None:
    """A signature of nothing, of zeros or of any length is refused."""
    token = forge({"alg": alg, "kid": kid, "typ": "at+jwt"}, issuer.claims(), lambda _: signature)
    assert _why(tokens, token) in {"token-signature", "token-malformed"}


@pytest.mark.parametrize(
    "claims",
    [
        FAR + b'"exp":9999999999,' + REST,
        FAR + b'"aud":"https://other.example",' + REST,
        FAR + b'"act":{"a":1,"a":2},' + REST,
        FAR + b'"x":NaN,' + REST,
        FAR + b'"x":-Infinity,' + REST,
        FAR + REST + b"{}",
        b"[" * 5000,
        b"[]",
        b"null",
        b'"text"',
        b"",
        b"\xff\xfe",
        b"{",
    ],
    ids=lambda value: value[-60:].decode("latin-1"),
)
def test_payloads(tokens: Tokens, issuer: Any, forge: Callable[..., bytes], claims: bytes) -> None:
    """What the issuer signed is refused unless it is one JSON object in which no name stands twice."""
    header = {"alg": "RS256", "kid": "rsa", "typ": "at+jwt"}
    assert _why(tokens, forge(header, claims, issuer.signers["RS256"])) == "token-malformed"


@pytest.mark.parametrize(
    "header",
    [
        b'{"alg":"RS256","kid":"rsa","typ":"at+jwt","alg":"RS256"}',
        b'{"alg":"none","alg":"RS256","kid":"rsa","typ":"at+jwt"}',
        b"[]",
        b"null",
        b"",
        b"{",
        b"\xff",
        b"[" * 3000,
    ],
)
def test_header_bytes(tokens: Tokens, issuer: Any, forge: Callable[..., bytes], header: bytes) -> None:
    """A header that is not one JSON object in which no name stands twice is refused."""
    assert _why(tokens, forge(header, issuer.claims(), issuer.signers["RS256"])) == "token-malformed"


@pytest.mark.parametrize("length", [8193, 100_000])
def test_too_long(tokens: Tokens, issuer: Any, length: int) -> None:
    """A token of more than 8 kB is refused before it is read, also a good one."""
    token = issuer.token(padding="x" * length)
    assert _why(tokens, token) == "token-too-long"
    assert _why(tokens, b"a" * length) == "token-too-long"


def test_five_parts(tokens: Tokens, issuer: Any) -> None:
    """What is encrypted, detached, or has anything before or after it is no token."""
    token = issuer.token()
    head, body, signature = token.split(b".")
    for changed in (
        token + b".",
        b"." + token,
        token + b"=",
        token + b"\n",
        b" " + token,
        token + b"\0",
        b".".join([head, body]),
        b".".join([head, b"", signature]),
        b".".join([head, body, signature, b"", b""]),
        head + b"=" + b"." + body + b"." + signature,
        token.replace(b"-", b"+").replace(b"_", b"/") + b"/",
        b"",
        b"..",
        b"{}",
    ):
        assert _why(tokens, changed).startswith("token-")


@given(data=st.data())
@settings(max_examples=300, deadline=None)
def test_any_mutation(tokens: Tokens, issuer: Any, data: st.DataObject) -> None:
    """Whatever is changed in a good token, it is refused."""
    token = _GOOD.setdefault("token", issuer.token())
    at = data.draw(st.integers(0, len(token) - 1))
    kept = data.draw(st.integers(0, 3))
    changed = token[:at] + data.draw(st.binary(max_size=3)) + token[at + kept :]
    if changed != token:
        assert _why(tokens, changed).startswith("token-")


@given(at=st.integers(0, 10_000), bit=st.integers(0, 7), alg=st.sampled_from(["ES256", "EdDSA", "PS256"]))
@settings(max_examples=200, deadline=None)
def test_any_bit(tokens: Tokens, issuer: Any, at: int, bit: int, alg: str) -> None:
    """Whichever bit of what a token says or of its signature is turned, it is refused."""
    kid = {"ES256": "ec", "EdDSA": "ed", "PS256": "rsa"}[alg]
    parts = _GOOD.setdefault(alg, issuer.token(alg, kid)).split(b".")
    part = at % 3
    raw = bytearray(base64.urlsafe_b64decode(parts[part] + b"=="))
    raw[at % len(raw)] ^= 1 << bit
    parts[part] = base64.urlsafe_b64encode(bytes(raw)).rstrip(b"=")
    assert _why(tokens, b".".join(parts)).startswith("token-")


_GOOD: dict[str, bytes] = {}
