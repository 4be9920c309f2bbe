"""The keys of an issuer: those that can be used are, each by its own algorithms, and nothing else is."""

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from models.errors import BadInput
from service.access.token_keys import token_keys

SMALL = {"kty": "RSA", "kid": "k", "n": "v" * 170, "e": "AQAB"}


def _read(*keys: Any) -> dict[str, set[str]]:
    return {kid: set(key.algorithms) for kid, key in token_keys(json.dumps({"keys": keys}).encode()).items()}


def test_algorithms(issuer: Any) -> None:
    """Which algorithms a key is used with follows from the key, and from its own `alg` where it has one."""
    rsa_key, ec_key, ed_key = issuer.key_set["keys"]
    assert _read(rsa_key, ec_key, ed_key) == {"rsa": {"RS256", "PS256"}, "ec": {"ES256"}, "ed": {"EdDSA", "Ed25519"}}
    assert _read(rsa_key | {"alg": "PS256"}) == {"rsa": {"PS256"}}
    assert _read({name: value for name, value in rsa_key.items() if name != "use"}) == {"rsa": {"RS256", "PS256"}}


@pytest.mark.parametrize(
    "changed",
    [
        {"kid": None},
        {"kid": ""},
        {"kid": 7},
        {"kid": "k" * 201},
        {"use": "enc"},
        {"use": ["sig"]},
        {"key_ops": ["encrypt"]},
        {"key_ops": 7},
        {"alg": "RS512"},
        {"alg": "HS256"},
        {"alg": ["RS256"]},
        {"kty": "EC"},
        {"kty": ["RSA"]},
        {"kty": None},
        {"crv": ["P-256"]},
        {"n": "!!"},
        {"n": 7},
        {"n": None},
        {"e": "AA"},
        {"e": None},
        {"d": "AQAB"},
        {"k": "AQAB"},
    ],
    ids=str,
)
def test_left_out(issuer: Any, changed: dict[str, Any]) -> None:
    """A key that is broken, private or for something else is left out, and does not spoil the one beside it."""
    rsa_key, ec_key, _ = issuer.key_set["keys"]
    assert _read(rsa_key | changed, ec_key) == {"ec": {"ES256"}}


def test_others_are_left_out(issuer: Any) -> None:
    """Secrets, private keys, other curves and RSA keys of less than 2048 or more than 8192 bits are left out."""
    left_out = [
        OctKey.import_key("s" * 32).as_dict(kid="k"),
        RSAKey.import_key(issuer.rsa_key).as_dict(private=True, kid="k"),
        ECKey.import_key(ec.generate_private_key(ec.SECP384R1()).public_key()).as_dict(kid="k"),
        OKPKey.import_key(ed448.Ed448PrivateKey.generate().public_key()).as_dict(kid="k"),
        SMALL,
        SMALL | {"n": "v" * 1400},
        "key",
        None,
    ]
    assert _read(*left_out, issuer.key_set["keys"][1]) == {"ec": {"ES256"}}


def test_one_name_twice(issuer: Any) -> None:
    """Of two keys with one name the first is used."""
    rsa_key, ec_key, _ = issuer.key_set["keys"]
    assert _read(ec_key | {"kid": "k"}, rsa_key | {"kid": "k"}) == {"k": {"ES256"}}


@pytest.mark.parametrize(
    "text",
    [b"", b"[]", b"null", b"{}", b'{"keys":{}}', b'{"keys":[]}', b'{"keys":null}', b"\xff", b"[" * 100_000, b"<html>"],
    ids=lambda text: text[:10].decode("latin-1"),
)
def test_no_keys(text: bytes) -> None:
    """What holds no key that can be used is refused whole."""
    with pytest.raises(BadInput, match="keys of the issuer"):
        token_keys(text)


def test_only_utf_8(issuer: Any) -> None:
    """A key set is in UTF-8, with or without a mark of it: only as that is it kept."""
    text = json.dumps(issuer.key_set)
    assert token_keys(text.encode("utf-8-sig")).keys() == {"rsa", "ec", "ed"}
    for other in (text.encode("utf-16"), text.encode()[:-1] + b',"x":"\xed\xa0\x80"}'):
        with pytest.raises(BadInput, match="not a JSON Web Key Set"):
            token_keys(other)


def test_keys_of_a_thousand(issuer: Any) -> None:
    """No more than a hundred keys are looked at."""
    rsa_key = issuer.key_set["keys"][0]
    assert len(_read(*(rsa_key | {"kid": str(number)} for number in range(300)))) == 100


def test_a_small_key_of_two_thousand_and_forty_seven_bits(issuer: Any) -> None:
    """One bit less than 2048 is too few."""
    numbers = rsa.RSAPublicNumbers(65537, issuer.rsa_key.public_key().public_numbers().n >> 1 | 1)
    assert numbers.n.bit_length() == 2047
    key = {"kty": "RSA", "kid": "k", "n": _base64(numbers.n), "e": "AQAB"}
    with pytest.raises(BadInput):
        _read(key)


def _base64(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(256, "big")).rstrip(b"=").decode()


@pytest.mark.parametrize("name", ["kid", "kty", "n", "e"])
def test_a_part_is_missing(issuer: Any, name: str) -> None:
    """A key that lacks a part is left out, and does not spoil the one beside it."""
    rsa_key, ec_key, _ = issuer.key_set["keys"]
    assert _read({each: value for each, value in rsa_key.items() if each != name}, ec_key) == {"ec": {"ES256"}}
