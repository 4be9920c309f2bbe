"""What the probes of an orchestrator are told."""

from typing import Literal

from pydantic import BaseModel


class Alive(BaseModel):
    """The process runs."""

    status: Literal["alive"] = "alive"


class Ready(BaseModel):
    """A bundle is live: its digests hold, and every one of its golden cases was reproduced."""

    status: Literal["ready"] = "ready"
    bundle: str
