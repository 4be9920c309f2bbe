"""Tokens that were verified a moment ago, so that the hot route does not check a signature each time."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable

from service.access.tokens import Tokens, Verified

# A key that the issuer takes back is trusted for so much longer, in seconds.
KEPT = 60.0
MOST = 4096


class VerifiedTokens:
    """
    Verifies tokens, each once a minute.

    They are kept by their digest, so that no token stays in memory. What a client may do is not kept: its agreement is looked at
    each time. `now` is in seconds since 1970.
    """

    def __init__(self, tokens: Tokens, now: Callable[[], float]) -> None:
        self._tokens, self._now = tokens, now
        self._kept: OrderedDict[bytes, tuple[float, Verified]] = OrderedDict()

    async def verified(self, token: bytes) -> Verified:
        """Return what a token says; raises NotKnown."""
        digest, now = hashlib.sha256(token).digest(), self._now()
        until, found = self._kept.get(digest, (0.0, None))
        # A clock that was set back must not make a token young again.
        if found is not None and until - KEPT <= now < until:
            self._kept.move_to_end(digest)
            return found
        self._kept.pop(digest, None)
        found = await self._tokens.verified(token)
        self._kept[digest] = (min(now + KEPT, found.until), found)
        if len(self._kept) > MOST:
            self._kept.popitem(last=False)
        return found
