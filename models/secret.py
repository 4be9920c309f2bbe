"""A secret that turns what identifies somebody into a pseudonym: HMAC-SHA-256, its key in a file only its owner can read."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from models.errors import KeyFileError
from models.private_folder import make_private

# Shorter secrets could be tried out one by one.
LEAST_BYTES = 32
# 64 bits: among a million children two pseudonyms are alike once in 30 million authorities.
_SHOWN = 16


class Secret:
    """A secret key; it is not shown when printed."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def pseudonym(self, *parts: str) -> str:
        """Return 16 hexadecimal digits that stand for these texts, and tell nothing of them without the key."""
        # Lengths keep ("ab", "c") and ("a", "bc") apart.
        message = b"".join(len(text).to_bytes(4, "big") + text for text in (part.encode() for part in parts))
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()[:_SHOWN]


def new_secret(path: Path) -> None:
    """Write a new secret that only its owner can read; never overwrites; raises KeyFileError when it cannot."""
    try:
        make_private(path.parent)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise KeyFileError(f"the secret cannot be written to {path.name}: {error.strerror}") from None
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(LEAST_BYTES) + "\n")


def load_secret(path: Path) -> Secret:
    """Read a secret; raises KeyFileError when it is missing, too short, or can be read by others."""
    return Secret(secret_bytes(path))


def secret_bytes(path: Path) -> bytes:
    """Read a secret as what it is made of; raises KeyFileError as `load_secret` does."""
    try:
        mode, key = path.stat().st_mode, path.read_bytes().strip()
    except OSError:
        raise KeyFileError(
            f"there is no key file {path.name}; make one with: earlyid keys secret {path.name}"
        ) from None
    if mode & 0o077:
        raise KeyFileError(f"others can read the key file {path.name}; take that away with: chmod 600 {path.name}")
    if len(key) < LEAST_BYTES:
        remedy = f"make another with: earlyid keys secret {path.name}"
        raise KeyFileError(f"the key file {path.name} holds fewer than {LEAST_BYTES} bytes; {remedy}")
    return key
