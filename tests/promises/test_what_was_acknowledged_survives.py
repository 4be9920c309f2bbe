"""
What was acknowledged survives: a service killed in the middle of its work has lost no score that a caller was given.

It must be so because somebody may have acted on that score, and will be asked years later what it said.
"""

import shutil
from typing import Any

import pytest

from benchmarks.serving.crashes import crashes
from benchmarks.serving.databases import REMEDY

ACKNOWLEDGED = 40


@pytest.mark.parametrize(("database", "kills"), [("sqlite", 2), ("postgresql", 1)])
def test_killed_under_load(database: str, kills: int) -> None:
    """After a kill under load, and another, every acknowledged score is there, whole, no other is half there, and the chain verifies."""
    if database == "postgresql" and shutil.which("initdb") is None:
        pytest.skip(REMEDY)
    told: dict[str, Any] = crashes(kills, ACKNOWLEDGED, postgres=database == "postgresql")
    assert (told["lost"], told["half_written"], told["chain"]) == (0, 0, "verifies")
    assert told["kills"] >= kills
    assert told["acknowledged"] >= ACKNOWLEDGED
    assert told["other_answers"] == {}
