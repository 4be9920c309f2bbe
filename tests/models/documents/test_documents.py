"""The documents of a bundle: from its files alone, whatever they hold, and never otherwise than they say."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from models.canonical import canonical
from models.documents.artefacts import Artefacts, Pointer
from models.documents.documents import READ, check_documents, documents
from models.errors import IntegrityError

Files = Mapping[str, bytes]
Changed = Callable[..., dict[str, bytes]]


def _card(files: Files) -> str:
    return documents(files)["card.md"].decode()


def _section(card: str, heading: str) -> str:
    return card.split(f"\n## {heading}\n")[1].split("\n## ", maxsplit=1)[0]


def test_they_depend_on_the_files_alone(learned: Files) -> None:
    """The same files in another order, with golden cases and older documents beside them, give the same bytes."""
    first = documents(learned)
    others = {"card.md": b"old", "tripod.json": b"old", "golden.jsonl": b"other"}
    assert documents({**others, **{name: learned[name] for name in reversed(READ)}}) == first
    assert first.keys() == {"card.md", "tripod.json"}


def test_they_are_what_the_files_say(written: Files) -> None:
    """What was just written passes the check, beside files that it was not written from."""
    check_documents({**written, "golden.jsonl": b"other"})


def test_every_number_of_the_evaluation(written: Files, changed: Changed) -> None:
    """One metric changed, wherever it stands in the evaluation, and the documents are refused."""
    evaluation = json.loads(written["evaluation.json"])
    metrics = [path for path, value in _leaves(evaluation) if isinstance(value, float)]
    for path in metrics[:: len(metrics) // 25]:
        moved = changed(written, "evaluation.json", *path, to=-7.5)
        with pytest.raises(IntegrityError, match=r"evaluation\.json"):
            check_documents(moved)


@pytest.mark.parametrize("name", READ)
def test_every_file(written: Files, name: str) -> None:
    """A file that is not the one they were written from is named, whatever was changed in it."""
    with pytest.raises(IntegrityError, match=name.replace(".", r"\.")):
        check_documents({**written, name: written[name] + b"\n"})


@pytest.mark.parametrize("name", ["card.md", "tripod.json"])
def test_one_is_not_there(written: Files, name: str) -> None:
    """A bundle without one of its documents is refused."""
    with pytest.raises(IntegrityError, match=f"{name} is missing"):
        check_documents({other: data for other, data in written.items() if other != name})


def test_a_metric_leads_to_its_place(written: Files, changed: Changed) -> None:
    """A metric that the card tells is named with its place when it no longer is what the card says."""
    evaluation = json.loads(written["evaluation.json"])
    ships = evaluation["evaluations"][0]["ships"]
    moved = changed(written, "evaluation.json", "evaluations", 0, "candidates", ships, "auc", "value", to=0.999)
    with pytest.raises(IntegrityError, match=rf"card\.md .* evaluation\.json#/evaluations/0/candidates/{ships}/auc"):
        check_documents(moved)


def test_what_a_board_reads(learned: Files) -> None:
    """The card tells what ships, the figures of the held-out children, the figure to quote, and what was not computed."""
    card, first = _card(learned), json.loads(learned["evaluation.json"])["evaluations"][0]
    auc, lagged = first["candidates"][first["ships"]]["auc"], first["lagged"]
    assert f"| {first['ships']} [" in _section(card, "What it is")
    assert f"{auc['value']:.3f} ({auc['low']:.3f} to {auc['high']:.3f})" in _section(
        card, "How it did on children it had not seen"
    )
    assert f"{lagged['candidates'][lagged['ships']]['auc']['value']:.3f} (" in _section(card, "The figure to quote")
    assert "Not computed in quick evidence." in _section(card, "What is left out costs what")
    assert "child protection" in _section(card, "What it is not to be used for")
    assert "Nobody has agreed to them yet." in _section(card, "Thresholds, and who agreed to them")


def test_full_evidence(full: Files) -> None:
    """With full evidence the card tells of places, of more children, of what is clear of what was left out, and of proxies."""
    card = _card(full)
    assert "Not computed" not in card
    assert "| Ward | 0.713 (0.610 to 0.810)" in _section(card, "At other places, and with more children")
    assert "+0.013 (+0.004 to +0.021)" in _section(card, "At other places, and with more children")
    left_out = _section(card, "What is left out costs what")
    assert "with Sex, recorded later" in left_out
    assert "without Hub" in left_out
    assert "Light" not in left_out
    assert "Term" not in left_out
    assert "| Sex | Girls | Landmark | 0.75 (" in _section(card, "What can be guessed of what is left out")


def test_learned_by_folds(learned: Files, changed: Changed) -> None:
    """Without a calendar the card says that the figures are the procedure's, and that there is none to quote."""
    by_folds = {"kind": "folds", "folds": 5, "inner_folds": 5, "repeats": 4}
    files = changed(learned, "evaluation.json", "evaluations", 0, "procedure", to=by_folds)
    for place in range(len(json.loads(learned["evaluation.json"])["evaluations"])):
        files = changed(files, "evaluation.json", "evaluations", place, "lagged", to=None)
    card = _card(files)
    assert "the figures are the procedure's, and not of this very model" in _section(
        card, "How it was learned and judged"
    )
    assert "There is no calendar" in _section(card, "How it was learned and judged")
    assert "not known" in _section(card, "The figure to quote")


def test_one_cohort_alone(learned: Files, changed: Changed) -> None:
    """Where there is a calendar and only one cohort has results, the card says so, and not that there is no calendar."""
    by_folds = {"kind": "folds", "folds": 5, "inner_folds": 5, "repeats": 4, "cohorts": [2020]}
    told = _section(
        _card(changed(learned, "evaluation.json", "evaluations", 0, "procedure", to=by_folds)),
        "How it was learned and judged",
    )
    assert "Only one cohort has results" in told
    assert "no calendar" not in told


def test_calibrated_anew(learned: Files, changed: Changed) -> None:
    """A bundle calibrated anew says from which it was made, and its table reports the updating."""
    files = changed(learned, "evaluation.json", "recalibrated", to={"from": "ab12", "elsewhere": True})
    made = documents(files)
    card = made["card.md"].decode()
    assert "ab12 [" in _section(card, "How it was learned and judged")
    assert "stated that it had learned from none of these children" in card
    assert "stated that" not in _card(changed(learned, "evaluation.json", "recalibrated", to={"from": "ab12"}))
    assert "because the evidence is quick" not in card
    assert "see the bundle it was made from" in _section(card, "What is left out costs what")
    status = {item["item"]: item["status"] for item in json.loads(made["tripod.json"])["items"]}
    assert (status["12f"], status["24"]) == ("reported", "reported")


def test_whatever_is_not_there(full: Files) -> None:
    """Documents are written, and pass, whatever one of the evaluation, the audit, the bands or the gates does not hold."""
    for name in ("evaluation.json", "audit.json", "bands.json", "gates.json", "calibration.json"):
        everywhere = [path for path, _ in _nodes(json.loads(full[name])) if path]
        for path in everywhere[:: len(everywhere) // 12 + 1]:
            documents({**full, name: canonical(_without(json.loads(full[name]), path))})


@pytest.mark.parametrize("left", [(), ("model.json",), ("model.json", "contract.toml")])
def test_next_to_nothing_is_there(learned: Files, left: tuple[str, ...]) -> None:
    """Of a bundle that holds little more than a model the card says what is not known, and the table what is missing."""
    made = documents({name: b"{}\n" for name in READ if name.endswith("json")} | {name: learned[name] for name in left})
    assert "not known" in made["card.md"].decode()
    assert json.loads(made["tripod.json"])["counts"]["missing"] > 14


def test_small_counts(learned: Files, changed: Changed) -> None:
    """A count of fewer than ten children, or rows, is not told; any other is told to the nearest five."""
    files = changed(learned, "evaluation.json", "evaluations", 0, "flow", "on_record", to=7)
    files = changed(files, "evaluation.json", "evaluations", 0, "flow", "in_scope", to=1493)
    files = changed(files, "evaluation.json", "rows_set_aside", "births", to={"duplicate_row": 3})
    told = _section(_card(files), "The records, and the children")
    assert "| fewer than 10 [" in told
    assert "| 1,495 [" in told
    assert "duplicate_row: fewer than 10 [" in told


def test_words_of_a_contract(learned: Files) -> None:
    """Words with numbers, references and Markdown in them are told as they are, and do not pass for figures of ours."""
    words = "0.71 [1] | <b>two_year</b> `x` 9"
    contract = learned["contract.toml"].decode().replace('label = "An invented borough"', f'label = "{words}"', 1)
    made = documents({**learned, "contract.toml": contract.encode()})
    assert "# Model card: 0.71 \\[1\\] \\| \\<b\\>two_year\\</b\\> \\`x\\` 9 [1]\n" in made["card.md"].decode()


def test_places_of_the_card(written: Files) -> None:
    """Every source of the card is a place in a file beside it."""
    artefacts = Artefacts({name: data for name, data in written.items() if name != "card.md"})
    listed = _section(written["card.md"].decode(), "Sources").strip().splitlines()
    assert len(listed) > 100
    assert all(artefacts.at(Pointer.parse(line.split("`")[1])) is not None for line in listed)


def _leaves(value: Any) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    yield from ((path, each) for path, each in _nodes(value) if not isinstance(each, dict | list))


def _nodes(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    yield path, value
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inside:
        yield from _nodes(each, (*path, key))


def _without(document: Any, path: tuple[str | int, ...]) -> Any:
    inside = document
    for key in path[:-1]:
        inside = inside[key]
    del inside[path[-1]]
    return document


def test_a_release_gate_that_passed_is_told_in_its_words(learned: Files, changed: Changed) -> None:
    """A gate that passed for want of data says so on the card, and is not listed by its name as if it were proof."""
    gates = json.loads(learned["gates.json"])["gates"]
    place, _ = next((k, gate) for k, gate in enumerate(gates) if gate["kind"] == "release")
    words = "There are too few children to tell."
    files = changed(learned, "gates.json", "gates", place, "verdict", to="passed")
    files = changed(files, "gates.json", "gates", place, "words", to=words)
    told = _section(_card(files), "Whether it may be used")
    (line,) = (line for line in told.splitlines() if words in line)
    assert line.startswith("| ")
    assert line.count(" | ") == 2
    passed = told.split("passed wherever asked: ")[1]
    assert not any(gate["label"] in passed for gate in gates if gate["kind"] == "release")
    assert any(gate["label"] in passed for gate in gates if gate["kind"] == "build")
