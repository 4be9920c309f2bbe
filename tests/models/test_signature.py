"""Keys and signatures: written for their owner alone, and refused when anything in them is changed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from models.canonical import canonical, digest
from models.errors import IntegrityError, KeyFileError, exit_code
from models.signature import check_signature, key_id, load_key, new_key, sign

BUNDLE_ID = digest(b"a bundle")


@pytest.fixture(scope="module")
def key() -> Ed25519PrivateKey:
    """A fixed key."""
    return Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def test_a_new_key(tmp_path: Path) -> None:
    """A new key can be read by its owner alone, loads again, and has the id that was returned."""
    path = tmp_path / "key.pem"
    made = new_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert key_id(load_key(path).public_key()) == made
    assert len(made) == 64


def test_keys_are_never_overwritten(tmp_path: Path) -> None:
    """A key that exists is left as it is."""
    path = tmp_path / "key.pem"
    new_key(path)
    before = path.read_bytes()
    with pytest.raises(KeyFileError, match=r"key\.pem exists already"):
        new_key(path)
    assert path.read_bytes() == before


def test_no_folder(tmp_path: Path) -> None:
    """A key cannot be written where no folder can be made for it."""
    (tmp_path / "file").touch()
    with pytest.raises(KeyFileError, match="folder"):
        new_key(tmp_path / "file" / "key.pem")


def test_a_key_open_to_others(tmp_path: Path) -> None:
    """A key that others can read is refused, with the command that closes it."""
    path = tmp_path / "key.pem"
    new_key(path)
    for mode in (0o640, 0o604, 0o620):
        path.chmod(mode)
        with pytest.raises(KeyFileError, match=r"chmod 600 key\.pem"):
            load_key(path)


def _pem(key: Any, password: bytes | None = None) -> bytes:
    locked = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, locked)  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (None, "cannot be read"),
        (b"", "does not hold a private key"),
        (b"secret", "does not hold a private key"),
        (_pem(generate_private_key(SECP256R1())), "is not an Ed25519 key"),
        (_pem(Ed25519PrivateKey.generate(), b"password"), "key"),
    ],
    ids=["none", "empty", "no key", "another kind", "with a password"],
)
def test_no_key(tmp_path: Path, data: bytes | None, said: str) -> None:
    """A file that is missing, holds no key, another kind of key, or one under a password, is bad input."""
    path = tmp_path / "key.pem"
    if data is not None:
        path.write_bytes(data)
        path.chmod(0o600)
    with pytest.raises(KeyFileError, match=said) as refused:
        load_key(path)
    assert exit_code(refused.value) == 3


def test_a_signature(key: Ed25519PrivateKey) -> None:
    """A signature names its key by its hash, carries it in one spelling, and is canonical."""
    data = sign(BUNDLE_ID, key)
    signature = check_signature(BUNDLE_ID, data)
    raw = key.public_key().public_bytes_raw()
    assert (signature.key_id, signature.public_key) == (digest(raw), raw.hex())
    assert canonical(signature.model_dump()) == data == sign(BUNDLE_ID, key)


def test_another_bundle(key: Ed25519PrivateKey) -> None:
    """A signature of one bundle is none of another."""
    with pytest.raises(IntegrityError, match="does not sign this bundle"):
        check_signature(digest(b"another"), sign(BUNDLE_ID, key))


def test_any_other_byte(key: Ed25519PrivateKey) -> None:
    """A signature with any one bit flipped, or cut short anywhere, is refused."""
    data = sign(BUNDLE_ID, key)
    flipped = [bytes([*data[:i], data[i] ^ 1 << i % 8, *data[i + 1 :]]) for i in range(len(data))]
    for broken in [*flipped, *(data[:i] for i in range(len(data))), data + b"\n", data + b"x"]:
        with pytest.raises(IntegrityError):
            check_signature(BUNDLE_ID, broken)


@pytest.mark.parametrize(
    "respell",
    [
        lambda d: d | {"public_key": d["public_key"].upper()},
        lambda d: d | {"signature": d["signature"].upper()},
        lambda d: d | {"key_id": digest(b"another key")},
        lambda d: d | {"more": 1},
        lambda d: d | {"algorithm": "none"},
        lambda d: {name: value for name, value in d.items() if name != "key_id"},
        lambda d: d | {"public_key": "00" * 32, "key_id": digest(bytes(32))},
    ],
)
def test_another_spelling(key: Ed25519PrivateKey, respell: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """A signature that says the same in another spelling, or says more or less, is refused."""
    document = json.loads(sign(BUNDLE_ID, key))
    with pytest.raises(IntegrityError):
        check_signature(BUNDLE_ID, canonical(respell(document)))


def test_pretty_printed(key: Ed25519PrivateKey) -> None:
    """White space is a change too."""
    with pytest.raises(IntegrityError, match="altered"):
        check_signature(BUNDLE_ID, json.dumps(json.loads(sign(BUNDLE_ID, key)), indent=1, sort_keys=True).encode())
