"""The list that a score stands on, and who read that list."""

import json
from typing import Any, NamedTuple

from service.record.entries import Record, Written


class Listed(NamedTuple):
    """A list with a score on it: its entry, what it holds, the score's places on it, and the entries of those who read it."""

    written: Written
    held: dict[str, Any]
    places: list[int]
    reads: list[Written]


async def listed(record: Record, score: Written) -> Listed | None:
    """Return the list recorded last before a score, if the score stands on it: a list is one write with its scores."""
    found = await record.last("worklist", before=score.seq)
    held = json.loads(found.payload) if found is not None and found.payload else {}
    places = [row["place"] for row in held.get("answer", {}).get("rows", []) if row["score"] == score.id]
    if found is None or not places:
        return None
    return Listed(found, held, places, await record.about(str(found.id), "read"))
