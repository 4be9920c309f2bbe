"""Bundles that answered once and are asked again for a replay: opened from the folder of releases, away from other requests."""

import asyncio
import datetime
from pathlib import Path

from models.errors import EarlyidError
from service.live import Live, load_live
from service.problems import BUNDLE_GONE, Refused

# Each takes some tens of megabytes, and replays of long ago are rare.
MOST_OPEN = 2


class OldBundles:
    """Holds the last few that were opened; one at a time is opened, in a thread."""

    def __init__(self) -> None:
        self._open: dict[str, Live] = {}
        self._opening = asyncio.Lock()

    async def bundle(self, releases: Path | None, id_: str) -> Live:
        """
        Return a bundle by its id, though a lawful gateway may have expired since: nothing new is scored by it.

        Raises Refused (410) when it is not kept, or is no longer what its id says.
        """
        async with self._opening:
            found = self._open.pop(id_, None)
            if found is None:
                found = await asyncio.to_thread(_opened, releases, id_)
            self._open[id_] = found
            while len(self._open) > MOST_OPEN:
                del self._open[next(iter(self._open))]
            return found


def _opened(releases: Path | None, id_: str) -> Live:
    try:
        if releases is None:
            raise Refused(BUNDLE_GONE, "This service keeps no bundles but those it answers by.")
        found = load_live(releases / id_, datetime.date.min)
    except (EarlyidError, OSError):
        raise Refused(BUNDLE_GONE, "Put the bundle back into the folder of releases to have it replayed.") from None
    if found.bundle.id != id_:
        raise Refused(BUNDLE_GONE, "What is kept under the id of that bundle is another one.")
    return found
