"""How a bundle came to be in use: whose key signed it, who agreed to its release, and when it went live."""

import datetime
from dataclasses import dataclass
from typing import Literal

from models.exceptions import ReleaseException

# It answers; it answers those alone who name it; it scores no more.
Use = Literal["live", "kept", "past"]


@dataclass(frozen=True, slots=True)
class Released:
    """
    A release that went live; people are told as the trusted keys have them, by name and role.

    `signer` made the bundle, `agreed` are those who signed its release and `agreed_on` the days on which they did, `exceptions` lift
    gates that said no, `at` is when it went live last, in the time of this place.
    """

    signer: str
    agreed: tuple[str, ...]
    agreed_on: tuple[datetime.date, ...]
    exceptions: tuple[ReleaseException, ...]
    at: datetime.datetime

    @property
    def on(self) -> datetime.date:
        """The day on which it went live last."""
        return self.at.date()
