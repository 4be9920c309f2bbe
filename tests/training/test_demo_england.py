"""The demo as a newcomer runs it: England is invented, and what was foreseen of it stands beside the truth."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from models.bundle import load_bundle
from models.contract_reading import load_contract
from training.ingest import ingest
from training.records import read_record
from training.synthetic.foresight import ENGLAND

NUMBER = r"\d\.\d{3}"


def _data(demo: Any) -> Path:
    (data,) = (demo.home / "linked").iterdir()
    return Path(data)


def test_it_ends_well(england_demo: Any) -> None:
    """It exits 0, shows what it is doing on the error stream, and writes one bundle of the shipped contract."""
    assert england_demo.status == 0, england_demo.err
    for step in ("invented 1 of", "joining records", "judging the links", "reading extracts", "writing the bundle"):
        assert step in england_demo.err
    assert "Traceback" not in england_demo.err
    assert load_bundle(england_demo.bundle).contract == load_contract(Path(str(ENGLAND)))[0]


def test_only_children_without_a_birthday_are_set_aside(england_demo: Any) -> None:
    """Every row that was invented keeps the contract, but for children whose date of birth no agency has: no age is known."""
    kept = re.findall(r"^(\w+): ([\d,]+) rows kept, (\d+) set aside$", england_demo.out, re.MULTILINE)
    assert len(kept) == 18
    reasons = set(re.findall(r"^  [\d,]+ × (\w+)", england_demo.out.split("not_gld, seen from")[0], re.MULTILINE))
    assert reasons <= {"no_age_happened", "no_age_known"}
    aside = sum(int(aside) for *_, aside in kept)
    assert aside <= 0.002 * sum(int(rows.replace(",", "")) for _, rows, _ in kept)


def test_links_beside_the_truth(england_demo: Any) -> None:
    """The links stand beside the truth, and what linking was foreseen to do to each outcome beside what it did."""
    links = re.search(rf"Beside the truth: precision ({NUMBER}\d), recall ({NUMBER}\d)", england_demo.out)
    assert links is not None
    assert float(links[1]) >= 0.99
    assert float(links[2]) >= 0.95
    told = re.findall(r"foreseen difference ([+-][\d.]+) points, found ([+-][\d.]+)", england_demo.out)
    assert len(told) == 3
    assert all(abs(float(foreseen) - float(found)) <= 0.3 for foreseen, found in told)


def test_the_audit_says_who_is_missing(england_demo: Any) -> None:
    """The bundle's audit holds what linking found of whom the data lack: by agency, and by group with a verdict."""
    linkage = json.loads(load_bundle(england_demo.bundle).files["audit.json"])["linkage"]
    assert len(linkage["agencies"]) == 8
    groups = {group["group"] for line in linkage["truth"]["recall"]["attributes"] for group in line["groups"]}
    assert {"Black", "Most deprived fifth", "A twin"} <= groups


def test_two_files_identify_children(england_demo: Any) -> None:
    """The map and the pairs to review lie with the keys, for nobody else to read."""
    private = sorted((england_demo.home / "keys").iterdir())
    assert [path.name.rsplit("-", 1)[-1] for path in private] == ["map.csv", "review.csv", "linkage"]
    assert {path.stat().st_mode & 0o777 for path in private} == {0o600}


def test_in_short(england_demo: Any) -> None:
    """In short, each landmark and outcome has what ships and the figure to quote, none of them too good to be true."""
    line = rf"^  not_\w+ +\w[\w -]+? +(?:logistic|glass box) +AUC ({NUMBER}), to quote: ({NUMBER}), slope"
    found = re.findall(line, england_demo.out, re.MULTILINE)
    assert len(found) == 4 * 3
    assert all(0.55 < float(auc) < 0.85 for pair in found for auc in pair)


def test_beside_the_truth(england_demo: Any) -> None:
    """Observed over expected stands plain, weighted and true for each landmark and outcome, all of them near to 1."""
    told = england_demo.out.split("Observed over expected: by those")[1].split("One child")[0]
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


def test_the_request_is_answered(england_demo: Any, evaluating: Callable[..., TestClient]) -> None:
    """The request that was written is answered by the service with the three scores that were printed."""
    body = (england_demo.home / "demo-request.json").read_bytes()
    with evaluating(england_demo.bundle) as client:
        answer = client.post("/v1/scores", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 200, answer.text
    scores = answer.json()["scores"]
    assert [score["outcome"] for score in scores] == ["not_gld", "not_communication", "not_psed"]
    for score in scores:
        assert score["out_of_100"]["words"] in england_demo.out


def test_no_reason_contradicts_the_record(england_demo: Any) -> None:
    """No reason shown says that nothing happened of what is on record, or that something did of what is not."""
    shown = england_demo.out.split("One child")[1]
    told = re.findall(r"^  [+-]\d\.\d{3}  (.+?) \([^()]*: (yes|no), typically ", shown, re.MULTILINE)
    assert told
    # What these say without a "no" is that something did not happen.
    otherwise = ("still working towards", "Both parents", "single baby")
    for words, value in told:
        denied = re.search(r"\b(no|not|none)\b", words.lower()) is not None
        assert denied == (value == "no") or any(said in words for said in otherwise), words
