"""The whole way, through the real command only: from an authority's extracts to an answered request."""

import json
import math
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SECONDS = 30
Command = Callable[..., subprocess.CompletedProcess[str]]


@contextmanager
def _served(bundle: Path, home: Path) -> Iterator[str]:
    """Serve a bundle on a free port of this machine until done, and give its address once it is ready."""
    words = ["serve", "--bundle", str(bundle), "--port", "0", "--home", str(home)]
    command = [sys.executable, "-c", "import earlyid; earlyid.main()", *words]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            said = server.stdout.readline()
            assert "not approved, not for use" in said
            address = said.split()[0]
            _wait_until_ready(address)
            yield address
        finally:
            server.terminate()
            server.wait(SECONDS)


def _wait_until_ready(address: str) -> None:
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            assert _ask(f"{address}/readyz")["status"] == "ready"
        except urllib.error.URLError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        else:
            return


def _ask(address: str, request: dict[str, Any] | None = None) -> dict[str, Any]:
    body = json.dumps(request).encode() if request is not None else None
    asked = urllib.request.Request(address, body, {"content-type": "application/json"})  # noqa: S310 (ours, loopback)
    with urllib.request.urlopen(asked, timeout=SECONDS) as answer:  # noqa: S310 (as above)
        said: dict[str, Any] = json.load(answer)
        return said


# A child who does not exist, as a case system knows her at two years and two months: by dates.
REQUEST: dict[str, Any] = {
    "subject": "case-0001",
    "purpose": "early_help",
    "as_of": "2023-06-10",
    "date_of_birth": "2021-04-03",
    "sources": {
        "births": {"events": [{"birthweight": 2310}]},
        "reviews": {
            "events": [
                {"happened": "2022-01-12", "known": "2022-01-13", "communication": 40, "problem_solving": 35},
                {"happened": "2023-04-11", "known": "2023-04-18", "communication": 15, "gross_motor": 30},
            ]
        },
        "contacts": {
            "events": [{"happened": "2023-02-01", "reason": "N1", "urgent": "Y"}],
            "coverage": [{"from": "2021-04-03", "to": "2023-06-10"}],
            "link": 0.97,
        },
        "addresses": {"events": [{"happened": "2021-04-03", "known": "2021-04-03", "decile": 2}]},
    },
}


def test_from_extracts_to_an_answer(
    earlyid: Command, borough_extracts: Path, borough_contract: Path, quick_plan: Path, tmp_path: Path
) -> None:
    """Extracts are learned from, the bundle is verified and served, and one child's answer sums up in plain words."""
    trained = earlyid(
        *("train", "--contract", borough_contract, "--data", borough_extracts, "--plan", quick_plan),
        *("--out", tmp_path / "releases", "--home", tmp_path / "home"),
    )
    assert trained.returncode == 0, trained.stderr
    bundle = Path(trained.stdout.splitlines()[-1])

    verified = earlyid("verify", bundle)
    assert verified.returncode == 0, verified.stderr
    assert bundle.name in verified.stdout

    with _served(bundle, tmp_path / "home") as address:
        answer = _ask(f"{address}/v1/scores", REQUEST)
        model = _ask(f"{address}/v1/model")

    assert (answer["status"], answer["bundle"], answer["subject"]) == ("scored", bundle.name, "case-0001")
    assert answer["landmark"]["name"] == "two_year"
    (score,) = answer["scores"]
    total = score["baseline"]
    for reason in score["raises"] + score["lowers"] + score["not_known"]:
        total += reason["contribution"]
    total += score["everything_else"]
    probability = score["probability"]
    assert abs(total - math.log(probability / (1 - probability))) <= 1e-9
    assert probability > score["base_rate"]
    assert all(reason["contribution"] > 0 and reason["words"] for reason in score["raises"])
    assert score["raises"]
    assert score["interval"]["low"] <= probability <= score["interval"]["high"]
    assert score["band"]["offer"] in {band["offer"] for band in model["policy"]["bands"]}
    assert {source["name"] for source in answer["sources_not_known"]} == {"hub", "childcare"}
    assert score["interval"]["widened"]
    assert score["link"]["agencies"] == ["Early help"]
    assert score["out_of_100"]["words"].startswith("Of 100 children here with records like these, about ")
    assert all(score["texts"].values())
    assert "2021-04-03" not in json.dumps(answer)
