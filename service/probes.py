"""What the probes of an orchestrator are told."""

from typing import Literal

from pydantic import BaseModel, Field


class Alive(BaseModel):
    """The process runs."""

    status: Literal["alive"] = "alive"


class Ready(BaseModel):
    """
    A bundle is live: its digests hold, and every one of its golden cases was reproduced; and the record can be written.

    Scores go on whatever `troubles` tell of.
    """

    status: Literal["ready"] = "ready"
    bundle: str
    troubles: dict[str, str] = Field(default_factory=dict, description="what is wrong, by its name")
