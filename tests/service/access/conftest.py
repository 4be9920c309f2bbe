"""An issuer of tokens with its keys, two clients with sharing agreements, and clocks that a test sets."""

import base64
import datetime
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.jwk import ECKey, OKPKey, RSAKey

from service.access.opening import Clocks
from service.access.tokens import TokenTrust

NOW = 1_790_000_000
CLIENTS = """
[[client]]
name = "mosaic"
label = "The early-help case system"
agreement = "ISA-2026-014"
expires = 2027-03-31
permissions = ["score", "read", "feedback"]
purposes = ["early_help"]
per_minute = 600
burst = 10
token_client = "case-system"

[[client]]
name = "board"
label = "The board's pages"
agreement = "ISA-2026-020"
expires = 2026-12-31
permissions = ["operate"]
"""
Sign = Callable[[bytes], bytes]


@dataclass
class Clock:
    """A clock that stands where a test sets it: seconds since 1970, and seconds that never go back."""

    now: float = NOW
    steady: float = 1000.0

    def pass_(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds
        self.steady += seconds

    @property
    def clocks(self) -> Clocks:
        """The clocks as access takes them."""
        return Clocks(
            lambda: self.steady,
            lambda: self.now,
            lambda: datetime.datetime.fromtimestamp(self.now, datetime.UTC).date(),
        )


@dataclass(frozen=True)
class Issuer:
    """Signs tokens, good ones and any other."""

    rsa_key: rsa.RSAPrivateKey
    ec_key: ec.EllipticCurvePrivateKey
    ed_key: ed25519.Ed25519PrivateKey
    trust: TokenTrust = field(default=TokenTrust("https://issuer.example", "https://scores.example", "issuer.json"))

    @property
    def key_set(self) -> dict[str, Any]:
        """The public keys, as an issuer publishes them."""
        keys: list[Any] = [
            RSAKey.import_key(self.rsa_key.public_key()).as_dict(kid="rsa", use="sig"),
            ECKey.import_key(self.ec_key.public_key()).as_dict(kid="ec", use="sig"),
            OKPKey.import_key(self.ed_key.public_key()).as_dict(kid="ed", use="sig"),
        ]
        return {"keys": keys}

    @property
    def signers(self) -> Mapping[str, Sign]:
        """How each algorithm signs."""
        return {
            "RS256": lambda data: self.rsa_key.sign(data, padding.PKCS1v15(), SHA256()),
            "PS256": lambda data: self.rsa_key.sign(data, padding.PSS(padding.MGF1(SHA256()), 32), SHA256()),
            "ES256": lambda data: _plain(self.ec_key.sign(data, ec.ECDSA(SHA256())), 32),
            "EdDSA": self.ed_key.sign,
            "Ed25519": self.ed_key.sign,
        }

    def claims(self, **changed: Any) -> dict[str, Any]:
        """Return the claims of a good token; keywords change them (None: left out)."""
        good = {
            "iss": self.trust.issuer,
            "aud": self.trust.audience,
            "exp": NOW + 300,
            "iat": NOW,
            "sub": "case-system",
            "client_id": "case-system",
            "jti": "1",
            "scope": "earlyid:score earlyid:read openid",
        }
        return {name: value for name, value in (good | changed).items() if value is not None}

    def token(self, alg: str = "RS256", kid: str = "rsa", **changed: Any) -> bytes:
        """Return a good token but for the claims changed."""
        return forged({"alg": alg, "kid": kid, "typ": "at+jwt"}, self.claims(**changed), self.signers[alg])


def forged(header: Any, claims: Any, sign: Sign) -> bytes:
    """Return a token of a header and claims (bytes: as they are), signed in any way."""
    signed = b".".join(
        encoded(part if isinstance(part, bytes) else json.dumps(part).encode()) for part in (header, claims)
    )
    return signed + b"." + encoded(sign(signed))


def encoded(data: bytes) -> bytes:
    """Return bytes as tokens hold them."""
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _plain(signature: bytes, size: int) -> bytes:
    r, s = decode_dss_signature(signature)
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


@pytest.fixture(scope="session")
def forge() -> Callable[[Any, Any, Sign], bytes]:
    """Make a token of a header and claims (bytes: as they are), signed in any way."""
    return forged


@pytest.fixture
def clock() -> Clock:
    """A clock at the time at which tokens of these tests are issued."""
    return Clock()


@pytest.fixture(scope="session")
def issuer() -> Issuer:
    """An issuer with a key of each kind."""
    return Issuer(
        rsa.generate_private_key(65537, 2048),
        ec.generate_private_key(ec.SECP256R1()),
        ed25519.Ed25519PrivateKey.generate(),
    )


@pytest.fixture
def clients_file(tmp_path: Path) -> Path:
    """The sharing agreements of two clients."""
    path = tmp_path / "clients.toml"
    path.write_text(CLIENTS, encoding="utf-8")
    return path


@pytest.fixture
def keys_file(tmp_path: Path) -> Path:
    """Where API keys are kept; there are none yet."""
    return tmp_path / "keys" / "api-keys.json"
