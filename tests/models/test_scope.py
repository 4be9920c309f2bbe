"""Scope: who must not be scored, and the words of a refusal."""

import pytest

from models.feature import Scope
from models.record import Event
from models.scope import WORDS, NotScored, refusal
from models.snapshot import Snapshot

NEEDS = Scope(needs=("births", "visits"))
FRESH = Scope(stale_after_days=182)


def snapshot(**days: tuple[int, ...]) -> Snapshot:
    """A snapshot at 365 days of events that happened on these days."""
    return Snapshot(365, {source: tuple(Event(day, day) for day in each) for source, each in days.items()}, {})


@pytest.mark.parametrize(
    ("scope", "seen", "code"),
    [
        (Scope(), snapshot(), None),
        (NEEDS, snapshot(births=(0,), visits=(9,)), None),
        (NEEDS, snapshot(births=(0,), visits=()), "too-little-known"),
        (NEEDS, snapshot(visits=(9,)), "too-little-known"),
        (FRESH, snapshot(births=(0,), visits=(183,)), None),
        (FRESH, snapshot(births=(0,), visits=(182,)), "too-stale"),
        (FRESH, snapshot(visits=()), "too-stale"),
        (Scope(needs=("births",), stale_after_days=182), snapshot(visits=(1,)), "too-little-known"),
    ],
)
def test_refusal(scope: Scope, seen: Snapshot, code: str | None) -> None:
    """A child is refused who lacks a source that is needed, or of whom nothing recent enough is known."""
    refused = refusal(scope, seen)
    assert (refused.code if refused else None) == code


@pytest.mark.parametrize("code", list(WORDS))
def test_words(code: str) -> None:
    """Every refusal has a sentence in plain words, and says nothing of the child."""
    refused = NotScored(code)  # type: ignore[arg-type]
    assert refused.words.endswith(".")
    assert len(refused.words.split()) > 5
