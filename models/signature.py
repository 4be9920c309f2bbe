"""
Keys and signatures: Ed25519 over a bundle's id.

A signature carries its public key in one canonical spelling (lower-case hexadecimal of the raw key), and the key id is
that key's SHA-256: change any character of either and it no longer fits.
"""

import os
from pathlib import Path
from typing import Annotated, Literal

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.canonical import canonical, digest
from models.errors import IntegrityError, KeyFileError
from models.private_folder import make_private

Hex64 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Hex128 = Annotated[str, Field(pattern=r"^[0-9a-f]{128}$")]


class Signature(BaseModel):
    """What stands in `signature.json`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    algorithm: Literal["ed25519"] = "ed25519"
    key_id: Hex64
    public_key: Hex64
    signature: Hex128


def new_key(path: Path) -> str:
    """Write a new private key that only its owner can read; returns its key id; never overwrites."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    try:
        make_private(path.parent)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyFileError(f"{path.name} exists already; keys are never overwritten, choose another name") from None
    except OSError:
        raise KeyFileError(f"{path.name} cannot be written there; choose a folder that is yours") from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
    return key_id(key.public_key())


def load_key(path: Path) -> Ed25519PrivateKey:
    """Read a private key; raises KeyFileError when it is missing, open to others, or no Ed25519 key."""
    try:
        mode, pem = path.stat().st_mode, path.read_bytes()
    except OSError:
        raise KeyFileError(f"the key file {path.name} cannot be read; make one with: earlyid keys new") from None
    if mode & 0o077:
        raise KeyFileError(f"the key file {path.name} can be read by others; run: chmod 600 {path.name}")
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyFileError(f"the key file {path.name} does not hold a private key without a password") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileError(f"the key in {path.name} is not an Ed25519 key; make one with: earlyid keys new")
    return key


def key_id(key: Ed25519PublicKey) -> str:
    """Return the SHA-256 of the raw public key, in hexadecimal."""
    return digest(key.public_bytes_raw())


def sign(bundle_id: str, key: Ed25519PrivateKey) -> bytes:
    """Return the bytes of `signature.json` for a bundle id."""
    public = key.public_key()
    signature = Signature(
        key_id=key_id(public),
        public_key=public.public_bytes_raw().hex(),
        signature=key.sign(bundle_id.encode()).hex(),
    )
    return canonical(signature.model_dump())


def check_signature(bundle_id: str, data: bytes) -> Signature:
    """Return the signature in `data` if it is canonical and signs this bundle id; raises IntegrityError if not."""
    try:
        signature = Signature.model_validate_json(data)
    except ValidationError:
        raise IntegrityError("signature.json is not a signature") from None
    raw = bytes.fromhex(signature.public_key)
    if canonical(signature.model_dump()) != data or digest(raw) != signature.key_id:
        raise IntegrityError("signature.json was altered")
    try:
        Ed25519PublicKey.from_public_bytes(raw).verify(bytes.fromhex(signature.signature), bundle_id.encode())
    except (InvalidSignature, ValueError):
        raise IntegrityError("signature.json does not sign this bundle") from None
    return signature
