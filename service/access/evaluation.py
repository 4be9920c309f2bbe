"""Access where a bundle is served for evaluation: whoever is on this machine may ask for everything."""

from collections.abc import Mapping

from service.access.agreements import EVALUATION
from service.access.caller import PERMISSIONS, Caller
from service.access.credentials import user

_EVERY = frozenset(PERMISSIONS)


class EvaluationAccess:
    """Knows one caller, which may do everything for any purpose; that it is on this machine is the guard's to see."""

    async def caller(self, headers: Mapping[bytes, bytes]) -> Caller:
        """Return who asks; raises Refused (401) when the person it asks for is not an opaque reference."""
        return Caller(EVALUATION, _EVERY, None, user(headers))

    async def admit(self, caller: Caller) -> Mapping[str, str]:  # noqa: ARG002 - every caller may ask as often as it likes
        """Let a caller ask as often as it likes."""
        return {}

    async def admit_batch(self, caller: Caller, size: int) -> Mapping[str, str]:  # noqa: ARG002 - as above
        """Let a batch be of any size."""
        return {}
