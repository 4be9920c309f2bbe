"""What answers now: the live bundle, and those that stay callable by their id; replaced whole, taken once by each request."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.live import Live, Standby
from service.problems import NO_SUCH_BUNDLE, Refused
from service.released import Released


@dataclass(frozen=True, slots=True)
class Held:
    """
    The bundle that is live, or why none is, and by their id those that may still be asked.

    `past` has every bundle that was ever live, by its id: what such a one is may still be read, though it scores no more.
    """

    live: Live | Standby
    kept: Mapping[str, Live] = field(default_factory=dict)
    past: Mapping[str, Released] = field(default_factory=dict)

    def asked(self, bundle: str | None) -> Live | Standby:
        """Return what answers a request that named a bundle, or none; raises Refused (404) when it may not be asked."""
        if bundle is None or (isinstance(self.live, Live) and bundle == self.live.bundle.id):
            return self.live
        found = self.kept.get(bundle)
        if found is None:
            raise Refused(NO_SUCH_BUNDLE, "Leave the header Earlyid-Bundle out to ask what is live.")
        return found


class Current:
    """Holds what answers now."""

    def __init__(self, held: Held) -> None:
        self.held = held
