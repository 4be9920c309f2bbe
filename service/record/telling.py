"""
The models and the systems that an account speaks of: opened by their ids, and told by the names that people know them by.

A short answer is worked out again at length from what was kept of the record, so that a family is told no less than another whose
system asked for more.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.record import ChildRecord
from service.answers.answering import replayed
from service.answers.kept_record import read_kept
from service.live import Live
from service.old_bundles import OldBundles
from service.problems import Refused
from service.request_record import Asked

AT_LENGTH = "A short answer was asked for. It was worked out again for this account, from what was kept."
NOT_AT_LENGTH = "A short answer was asked for, and its model is not kept here, so less is told here."

Models = Callable[[str], Awaitable[Live | None]]


def kept_in(releases: Path) -> Models:
    """Return what opens the models that are kept in a folder of releases."""
    opened = OldBundles()

    async def model(bundle: str) -> Live | None:
        try:
            return await opened.bundle(releases, bundle)
        except Refused:
            return None

    return model


async def _none(_bundle: str) -> Live | None:
    return None


@dataclass(frozen=True, slots=True)
class Known:
    """What else is known: models by the ids of their bundles (None: not kept here), and the labels of systems by their names."""

    models: Models = _none
    labels: Mapping[str, str] = field(default_factory=dict)

    def system(self, client: str) -> str:
        """Return what people call a system."""
        return self.labels.get(client, client)


@dataclass(frozen=True, slots=True)
class AtLength:
    """
    The scores of an answer, how many facts of what source they rest on, and what is to be said of how they were told.

    `model` is what people call the model; None where neither the answer nor its bundle says it.
    """

    scores: list[dict[str, Any]]
    sources: dict[str, int]
    note: str | None
    model: str | None


async def at_length(known: Known, bundle: str, held: Mapping[str, Any]) -> AtLength:
    """Return the scores of what a score's entry holds, as told at length, where that can be done."""
    live = await known.models(bundle)
    events = (held["record"] or {}).get("events", {})
    scores, note = held["answer"].get("scores", []), None
    if scores and held["answer"]["detail"] == "summary":
        note = NOT_AT_LENGTH if live is None else AT_LENGTH
        scores = scores if live is None else await asyncio.to_thread(_again, live, held)
    model = held["answer"].get("model", {}).get("label") if live is None else live.bundle.contract.label
    return AtLength(scores, {_label(live, source): len(found) for source, found in events.items()}, note, model)


def _again(live: Live, held: Mapping[str, Any]) -> list[dict[str, Any]]:
    said, record = held["asked"], held["record"]
    child = ChildRecord() if record is None else read_kept(json.dumps(record).encode())
    asked = Asked("", said["purpose"], said["as_of"], child, "standard")
    found: list[dict[str, Any]] = json.loads(replayed(live, asked, json.dumps(held["answer"]).encode()).answer)[
        "scores"
    ]
    return found


def _label(live: Live | None, source: str) -> str:
    return live.bundle.contract.source(source).label if live is not None else source.replace("_", " ").capitalize()
