"""Requests with an Idempotency-Key that are being answered by this process."""

from collections.abc import Iterator
from contextlib import contextmanager

from service.problems import IN_FLIGHT, Refused


class InFlight:
    """Lets one request of a key at a time through. Belongs to one event loop."""

    def __init__(self) -> None:
        self._keys: set[tuple[str, bytes]] = set()

    @contextmanager
    def starting(self, client: str, key: bytes) -> Iterator[None]:
        """Hold a key while its request is answered; raises Refused (409) while another request holds it."""
        held = (client, key)
        if held in self._keys:
            detail = "Wait for the answer of the first request, or ask again a little later."
            raise Refused(IN_FLIGHT, detail, headers={"Retry-After": "1"})
        self._keys.add(held)
        try:
            yield
        finally:
            self._keys.discard(held)
