"""
Serves what is live to callers who are known, as `earlyid serve` does, but records nothing.

The service itself refuses to be started so. It serves to tell what an answer costs, and what its record costs, apart.
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from service.app import app_of
from service.call import Service
from service.operating.logs import to_stderr
from service.operating.settings import read_settings
from service.operating.watched import Watched
from service.server import bind, run
from service.starting import start


def main() -> None:
    """Serve until told to stop; the words are the home and the port."""
    home, port = Path(sys.argv[1]), int(sys.argv[2])
    watched = Watched(to_stderr("info"))
    made = start(read_settings(home=home, port=port), watched)

    @asynccontextmanager
    async def opened() -> AsyncIterator[Service]:
        async with made.opened() as service:
            service.record = None
            yield service

    run(app_of(opened), bind("127.0.0.1", port), watched.stop)


if __name__ == "__main__":
    main()
