"""References of children as the record keeps them: HMAC-SHA-256 under a secret that never stands in the database."""

import hmac


class References:
    """Turns callers' references into what is kept of them."""

    def __init__(self, key: bytes) -> None:
        self._start = hmac.new(key, digestmod="sha256")

    def of(self, subject: str) -> bytes:
        """Return the 32 bytes that stand for a reference."""
        found = self._start.copy()
        found.update(subject.encode())
        return found.digest()
