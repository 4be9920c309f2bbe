"""What a process tells those who operate it: its log, its figures, and what keeps it from being ready."""

from collections.abc import Callable
from dataclasses import dataclass, field

from service.operating.drawn import Drawn
from service.operating.logs import Log
from service.operating.metrics import Meters
from service.operating.record_probe import RecordProbe

Trouble = Callable[[], str | None]


def _nowhere(_line: str) -> None:
    """Write nothing: the log of a service that nobody operates, as in a test."""


@dataclass(slots=True)
class Watched:
    """
    The log, the figures and the troubles of one process.

    `troubles` each return one sentence while something is wrong that operators should know, by a name; scores may well go on.
    """

    log: Log = field(default_factory=lambda: Log(_nowhere))
    meters: Meters = field(default_factory=Meters)
    troubles: dict[str, Trouble] = field(default_factory=dict)
    probe: RecordProbe = field(default_factory=RecordProbe)
    drawn: Drawn = field(default_factory=Drawn)
    stopping: bool = False

    def troubled(self) -> dict[str, str]:
        """Return what is wrong now, by its name."""
        told = {name: trouble() for name, trouble in self.troubles.items()}
        return {name: why for name, why in told.items() if why is not None}

    def stop(self) -> None:
        """Say that the service is not ready any more; safe in a signal's handler, where nothing may be logged."""
        self.stopping = True
