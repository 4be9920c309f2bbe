"""The words of an answer that FHIR has a place for: why, and on whose records it rests."""

from collections.abc import Iterator, Mapping
from typing import Any

from models.value_words import age_words

Told = Mapping[str, Any]
# What a reader of the element is sure to show whole.
MOST_LETTERS = 500


def rationale(score: Told) -> str:
    """Return what a score means and what weighs most, in at most 500 letters; a reason is told whole or not at all."""
    told = score["out_of_100"]["words"]
    for heading, way in (("Higher for:", "raises"), ("Lower for:", "lowers")):
        for number, reason in enumerate(score[way]):
            more = f" {heading} {reason['words']}." if number == 0 else f" {reason['words']}."
            if len(told) + len(more) <= MOST_LETTERS:
                told += more
    return str(told)


def basis(stored: Told) -> Iterator[str]:
    """Yield what an answer rests on, source by source; only a full answer says so."""
    for source in stored.get("data_used", ()):
        asked = len(source["known"]) + len(source["not_known"])
        said = f"{source['label']} ({source['agency']}): {len(source['known'])} of {asked} things known"
        yield said if source["latest"] is None else f"{said}; the latest {age_words(source['latest'])}"
