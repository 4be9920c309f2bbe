"""
Every answer adds up, and is one answer: alone, as a bare row, in a batch, as JSON and over real HTTP, to the bit.

The quick form of `benchmarks.evidence_scores`: hundreds of requests at the edges of what a contract allows, of small bundles
of England and of the example, and of one that was learned.
"""

import datetime
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.edge_requests import edge_requests
from benchmarks.evidence_scores import Checks, scores
from benchmarks.small_bundle import write_bundle
from models.head import SUM_TOLERANCE
from service.answers.rendering import Renderer
from service.live import Live, load_live
from training.findings import Run

REQUESTS = 300
TODAY = datetime.date(2026, 9, 1)


def test_every_answer(tmp_path: Path, borough_run: Run) -> None:
    """No exception, no number that is none, every sum to a billionth, and the same answer by every way of asking."""
    found = scores(tmp_path / "small", 3 * REQUESTS, over_http=90, learned=[borough_run.bundle])
    assert [(part["contract"], part["faults"], part["first_faults"]) for part in found["bundles"]] == [
        ("england", {}, []),
        ("smocc", {}, []),
        ("borough", {}, []),
    ]
    assert found["passed"]
    assert found["largest_difference"] <= SUM_TOLERANCE
    assert all(part["scored"] > REQUESTS / 4 for part in found["bundles"])


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory, borough_text: str) -> Live:
    """A small bundle of the borough, live."""
    text = borough_text.replace("expires = 2020-01-01", "expires = 2031-08-31")
    return load_live(write_bundle(tmp_path_factory.mktemp("live") / "bundle", text), TODAY)


@pytest.mark.parametrize(
    ("doctored", "fault"),
    [
        (lambda live: live, None),
        (lambda live: replace(live, renderer=_Rounding(live.bundle)), "told"),
        (lambda live: replace(live, renderer=_Silent(live.bundle)), "an exception: JSONDecodeError"),
    ],
    ids=["none", "rounded", "no JSON"],
)
def test_the_checks_see_what_is_wrong(live: Live, doctored: Callable[[Live], Live], fault: str | None) -> None:
    """An answer that tells other numbers than were scored, even in the last places, and one that is no JSON, are seen."""
    checks = Checks(doctored(live))
    checks.ask(list(edge_requests(live.bundle.contract, 5, 40)))
    assert set(checks.faults) == ({fault} if fault else set())
    assert bool(checks.first) is bool(fault)


class _Rounding(Renderer):
    """Renders probabilities to nine places."""

    def render(self, *asked: object) -> bytes:
        """Render, and round."""
        told = json.loads(super().render(*asked))  # type: ignore[arg-type]
        for score in told.get("scores", ()):
            score["probability"] = round(score["probability"], 9)
        return json.dumps(told).encode()


class _Silent(Renderer):
    """Renders nothing."""

    def render(self, *_asked: object) -> bytes:
        """Render nothing."""
        return b""
