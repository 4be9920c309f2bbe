"""Asks what is live, without a door in between."""

import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.small_bundle import write_bundle
from service.live import Live, load_live

Told = dict[str, Any]
Ask = Callable[[Told], Told]


@pytest.fixture(scope="session")
def ask(live: Live) -> Ask:
    """Return the answer to a request, as what is live gives it."""

    def answer(request: Told) -> Told:
        told = json.loads(live.answer(json.dumps(request).encode()))
        assert isinstance(told, dict)
        return told

    return answer


@pytest.fixture(scope="session", params=["models/contracts/england.toml", "examples/smocc/contract.toml"])
def shipped(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Live:
    """A small bundle of each contract that is shipped, live."""
    text = (Path(__file__).parents[3] / request.param).read_text(encoding="utf-8")
    return load_live(write_bundle(tmp_path_factory.mktemp("shipped") / "bundle", text), datetime.date(2026, 9, 1))
