"""The demo as a newcomer runs it: England is invented, and what was foreseen of it stands beside the truth."""

import json
import re
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from models.bundle import load_bundle
from models.contract_reading import load_contract
from service.app import create_app
from training.ingest import ingest
from training.records import read_record
from training.synthetic.foresight import ENGLAND

NUMBER = r"\d\.\d{3}"


def _data(demo: Any) -> Path:
    (data,) = (demo.home / "data").iterdir()
    return Path(data)


def test_it_ends_well(england_demo: Any) -> None:
    """It exits 0, shows what it is doing on the error stream, and writes one bundle of the shipped contract."""
    assert england_demo.status == 0, england_demo.err
    for step in ("invented 1 of", "reading extracts", "writing the bundle"):
        assert step in england_demo.err
    assert "Traceback" not in england_demo.err
    assert load_bundle(england_demo.bundle).contract == load_contract(Path(str(ENGLAND)))[0]


def test_nothing_is_set_aside(england_demo: Any) -> None:
    """Every row that was invented keeps the contract."""
    kept = re.findall(r"^(\w+): ([\d,]+) rows kept, (\d+) set aside$", england_demo.out, re.MULTILINE)
    assert len(kept) == 18
    assert {aside for *_, aside in kept} == {"0"}


def test_in_short(england_demo: Any) -> None:
    """In short, each landmark and outcome has what ships and the figure to quote, none of them too good to be true."""
    line = rf"^  not_\w+ +\w[\w -]+? +(?:logistic|glass box) +AUC ({NUMBER}), to quote: ({NUMBER}), slope"
    found = re.findall(line, england_demo.out, re.MULTILINE)
    assert len(found) == 4 * 3
    assert all(0.55 < float(auc) < 0.85 for pair in found for auc in pair)


def test_beside_the_truth(england_demo: Any) -> None:
    """Observed over expected stands plain, weighted and true for each landmark and outcome, all of them near to 1."""
    told = england_demo.out.split("Observed over expected:")[1].split("One child")[0]
    found = re.findall(
        rf"^  not_\w+ +\w+ +({NUMBER}) +({NUMBER}) +({NUMBER})   [\d.]+ to [\d.]+ \(", told, re.MULTILINE
    )
    assert len(found) == 4 * 3
    assert all(0.7 < float(ratio) < 1.4 for ratios in found for ratio in ratios)


def test_a_child_of_today(england_demo: Any) -> None:
    """The child shown has no outcome yet: what is told of it is not what the model has learned from it."""
    contract, data = load_bundle(england_demo.bundle).contract, _data(england_demo)
    asked = json.loads((england_demo.home / "demo-request.json").read_bytes())["sources"]
    con, _ = ingest(contract, data)
    homes = [(event["happened"], event["known"]) for event in asked["addresses"]["events"]]
    registered = asked["register"]["events"][0]["known"]
    found = con.execute("SELECT child FROM events_register WHERE known = ? ORDER BY child", [registered]).fetchall()
    alike = {
        child
        for (child,) in found
        if [(e.happened, e.known) for e in read_record(con, contract, child).events["addresses"] if e.known <= 930]
        == homes
    }
    judged = {child for (child,) in con.execute("SELECT child FROM events_eyfsp").fetchall()}
    assert alike - judged


def test_the_request_is_answered(england_demo: Any) -> None:
    """The request that was written is answered by the service with the three scores that were printed."""
    body = (england_demo.home / "demo-request.json").read_bytes()
    with TestClient(create_app(england_demo.bundle), client=("127.0.0.1", 50000)) as client:
        answer = client.post("/v1/scores", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 200, answer.text
    scores = answer.json()["scores"]
    assert [score["outcome"] for score in scores] == ["not_gld", "not_communication", "not_psed"]
    for score in scores:
        assert score["out_of_100"]["words"] in england_demo.out


def test_no_reason_contradicts_the_record(england_demo: Any) -> None:
    """No reason shown says that nothing happened of what is on record, or that something did of what is not."""
    shown = england_demo.out.split("One child")[1]
    told = re.findall(r"^  [+-]\d\.\d{3}  (.+?) \((\d)\): ", shown, re.MULTILINE)
    assert told
    for words, value in told:
        denied = re.search(r"\b(no|not|none)\b", words.lower()) is not None
        assert denied == (value == "0") or "still working towards" in words or "Both parents" in words, words
