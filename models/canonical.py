"""One spelling of JSON, so that equal content is equal bytes, and the digest of bytes."""

import hashlib
import json
from typing import Any


def canonical(value: Any) -> bytes:
    """Return sorted, compact UTF-8 JSON ending in a newline; NaN and infinities raise ValueError."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode() + b"\n"


def digest(data: bytes) -> str:
    """Return the SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
