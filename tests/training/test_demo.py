"""The demo on real children: trained, explained in plain words, and ready to be asked over HTTP."""

import json
import math
import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from models.bundle import load_bundle

NUMBER = r"[+-]\d+\.\d{3}"


def _line(demo: Any, start: str) -> str:
    (line,) = [line for line in demo.out.splitlines() if line.startswith(start)]
    return str(line)


def test_it_ends_well(smocc_demo: Any) -> None:
    """The demo exits 0, shows what it is doing on the error stream, and writes one bundle that loads."""
    assert smocc_demo.status == 0, smocc_demo.err
    assert "· reading extracts" in smocc_demo.err
    assert "Traceback" not in smocc_demo.err
    assert load_bundle(smocc_demo.bundle).id == smocc_demo.bundle.name


def test_one_child_in_plain_words(smocc_demo: Any) -> None:
    """One child's score is told as children out of a hundred, beside what it is knowing nothing, and decides nothing."""
    told = [
        line.strip() for line in smocc_demo.out.splitlines() if "Of 100 children here with records like these" in line
    ]
    assert len(told) == 1
    assert re.fullmatch(
        r"Of 100 children here with records like these, about \d+ did not pass three or more of the milestones asked at about "
        r"two years; knowing nothing of a child here, about 28\.",
        told[0],
    )
    assert "not approved, not for use" in smocc_demo.out
    assert "It decides nothing." in smocc_demo.out


def test_the_reasons_add_up_on_paper(smocc_demo: Any) -> None:
    """The average, the reasons and everything else, as printed, add up to what is printed, but for rounding."""
    explained = smocc_demo.out.split("Of 100 children here with records like these")[1]
    amounts = [float(found) for found in re.findall(rf"^  ({NUMBER})  ", explained, re.MULTILINE)]
    *parts, total = amounts
    assert len(parts) >= 3
    assert abs(sum(parts) - total) <= 0.0005 * len(amounts)
    (probability,) = re.findall(r"a probability of (\d\.\d{3})", explained)
    assert abs(float(probability) - 1 / (1 + math.exp(-total))) <= 0.001


def test_every_candidate_is_shown(smocc_demo: Any) -> None:
    """For each landmark every candidate is shown with an interval, one that is no yardstick ships, and ceilings stand by."""
    interval = r"\d\.\d{3} \(\d\.\d{3} to \d\.\d{3}\)"
    for name in ("logistic", "glass box", "full booster"):
        assert len(re.findall(rf"^  {name} +AUC {interval}  slope {interval}", smocc_demo.out, re.MULTILINE)) == 3
    shipped = [line for line in smocc_demo.out.splitlines() if line.endswith("← ships")]
    assert len(shipped) == 3
    assert not any("full booster" in line for line in shipped)
    assert smocc_demo.out.count("list: recall cannot exceed") == 3 * 2
    assert smocc_demo.out.count("children would be in another; interval") == 3


def test_how_to_go_on(smocc_demo: Any) -> None:
    """The last lines name the bundle, how to check and serve it, the request to ask, and where MLflow's run is."""
    assert _line(smocc_demo, "The bundle:").endswith(str(smocc_demo.bundle))
    assert f"earlyid verify {smocc_demo.bundle}" in _line(smocc_demo, "Check it:")
    assert f"earlyid serve --bundle {smocc_demo.bundle}" in _line(smocc_demo, "Serve it:")
    ask = _line(smocc_demo, "Ask it:")
    assert "curl -s http://127.0.0.1:8000/v1/scores" in ask
    assert f"--data @{smocc_demo.home / 'demo-request.json'}" in ask
    mlflow = _line(smocc_demo, "MLflow:")
    assert f"mlflow ui --backend-store-uri sqlite:///{smocc_demo.home / 'mlflow.db'}" in mlflow
    assert re.search(r"\(run [0-9a-f]{32}, model models:/m-[0-9a-f]{32}\)", mlflow)


def test_the_request_is_answered(smocc_demo: Any, evaluating: Callable[..., TestClient]) -> None:
    """The request that was written is answered by the service with the score that was printed."""
    body = (smocc_demo.home / "demo-request.json").read_bytes()
    with evaluating(smocc_demo.bundle) as client:
        answer = client.post("/v1/scores", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 200, answer.text
    (score,) = answer.json()["scores"]
    assert score["not_known"] == []
    assert score["out_of_100"]["words"] in smocc_demo.out
    assert f"a probability of {score['probability']:.3f}" in smocc_demo.out


def test_the_request_is_private(smocc_demo: Any) -> None:
    """A real child's record can be read by its owner only, and does not say whose it is."""
    request = smocc_demo.home / "demo-request.json"
    assert stat.S_IMODE(request.stat().st_mode) == 0o600
    assert json.loads(request.read_bytes())["subject"] == "demo-child"


def test_no_child_leaves_the_extracts(smocc_demo: Any, smocc_data: Path) -> None:
    """No key of a real child is in what was printed, nor in any file of the home: bundle, MLflow run or request."""
    with (smocc_data / "births.csv").open(encoding="utf-8") as births:
        keys = {line.split(",")[0].strip('"') for line in births} - {"child_id"}
    assert len(keys) > 2000
    texts = {path: path.read_text(encoding="latin-1") for path in smocc_demo.home.rglob("*") if path.is_file()}
    texts |= {Path("out"): smocc_demo.out, Path("err"): smocc_demo.err}
    assert len(texts) > 40
    assert {path: found for path, text in texts.items() if (found := keys & set(re.findall(r"\w+", text)))} == {}
