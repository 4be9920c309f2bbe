"""References of children as the record keeps them: HMAC-SHA-256 under a secret that never stands in the database."""

import hmac


class References:
    """Turns callers' references into what is kept of them."""

    def __init__(self, key: bytes) -> None:
        self._start = hmac.new(key, digestmod="sha256")

    def of_request(self, *parts: bytes) -> bytes:
        """Return the 32 bytes that stand for the parts of a request, in which a reference could be guessed."""
        found = self._start.copy()
        # No reference begins so, and every part is told with its length.
        found.update(b"\nrequest\n" + b"".join(b"%d %b" % (len(part), part) for part in parts))
        return found.digest()

    def of(self, subject: str) -> bytes:
        """Return the 32 bytes that stand for a reference."""
        found = self._start.copy()
        found.update(subject.encode())
        return found.digest()

    def person(self, named: str) -> str:
        """Return what is kept of a person as an issuer of tokens names it: of one person always the same, and of no child's form."""
        found = self._start.copy()
        # No reference of a child holds the character 0. What an issuer sends need not be text that has an encoding.
        found.update(b"person\0" + named.encode(errors="surrogatepass"))
        return f"sub:{found.hexdigest()[:32]}"
