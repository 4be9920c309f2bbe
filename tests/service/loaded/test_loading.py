"""Loads come whole or not at all, are swapped while the store is read, and take nothing in that breaks the contract."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.contract import Contract
from models.contract_reading import parse_contract
from models.errors import BadInput, DataError
from service.loaded.loading import ASIDE, STORE, Taken, take_in
from service.loaded.store import LoadedStore

ROOT = Path(__file__).parents[3]
Line = dict[str, Any]
Changed = Callable[[Callable[[list[Line]], object]], Path]


@pytest.fixture
def changed(lines: Path, tmp_path: Path) -> Changed:
    """Write the first few child records with something changed in them."""

    def made(change: Callable[[list[Line]], object]) -> Path:
        told = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()[:4]]
        change(told)
        path = tmp_path / "changed.jsonl"
        path.write_text("".join(json.dumps(line) + "\n" for line in told), encoding="utf-8")
        return path

    return made


def test_what_is_taken_in(loaded: Path, references: list[str], teams: Path, lines: Path, contract: Contract) -> None:
    """Every child of the file is there with its team; the file of the store is for its owner alone."""
    load = LoadedStore(loaded).now()
    assert load is not None
    assert list(load.references("North")) == references[::3]
    assert [child.reference for child in load.team("=West")] == references[2::3]
    assert not load.has_team("Nowhere")
    assert (loaded / STORE).stat().st_mode & 0o777 == 0o600
    taken = take_in(lines, contract, loaded.parent / "again", teams)
    assert taken.counts == {
        "children_loaded": len(references),
        "rows_of_teams": len(references),
        "rows_of_teams_of_children_not_loaded": 1,
    }


def test_a_new_load_is_seen_at_once(changed: Changed, contract: Contract, tmp_path: Path) -> None:
    """A load that is put in place answers the next question, and whoever holds the old one keeps all of it."""
    path, store = changed(lambda told: told.pop()), LoadedStore(tmp_path / "loaded")
    take_in(path, contract, tmp_path / "loaded")
    old = store.now()
    assert old is not None
    first, second = (json.loads(line)["child"] for line in path.read_text(encoding="utf-8").splitlines()[1:])
    take_in(changed(lambda told: (told.pop(), told.pop())), contract, tmp_path / "loaded")
    new = store.now()
    assert new is not None
    assert new.id != old.id
    assert [load.child(second) is not None for load in (old, new)] == [True, False]
    assert old.child(first) == new.child(first)


def test_a_load_that_cannot_be_read(changed: Changed, contract: Contract, tmp_path: Path) -> None:
    """What cannot be read leaves the load before it and is told; what was written over, or deleted, answers no more."""
    folder, store = tmp_path / "loaded", LoadedStore(tmp_path / "loaded")
    assert (store.now(), store.trouble()) == (None, None)
    path = changed(lambda told: told.pop())
    take_in(path, contract, folder)
    good = store.now()
    assert (good is not None, store.trouble()) == (True, None)
    (folder / "aside").write_bytes(b"no database")
    (folder / "aside").replace(folder / STORE)
    assert store.now() is good
    assert "load the records again" in (store.trouble() or "")
    (folder / STORE).unlink()
    assert (store.now(), store.trouble()) == (None, None)
    take_in(path, contract, folder)
    assert (store.now() is not None, store.trouble()) == (True, None)
    (folder / STORE).write_bytes(b"no database")
    assert store.now() is None
    assert "load the records again" in (store.trouble() or "")


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("period",), "x"),
        (("period",), -1),
        (("child",), None),
        (("events", "zelphine"), []),
        (("events", "births"), [[0, 0, {"zelphine": 1}]]),
        (("events", "births"), [[5, 0, {}]]),
        (("events", "births"), [[0, 99999, {}]]),
        (("events", "births"), [[0, 0, {"birthweight": 1.5}]]),
        (("coverage", "births"), [[0, 1, 0]]),
        (("links", "births"), 2.0),
        (("more",), 1),
    ],
)
def test_a_line_that_breaks_the_contract(
    changed: Changed, contract: Contract, tmp_path: Path, place: tuple[str, ...], value: Any
) -> None:
    """A line that is no child's record by the contract stops the load, naming the line and no value; the old one stays."""

    def change(told: list[Line]) -> None:
        inside = told[2]
        for part in place[:-1]:
            inside = inside[part]
        inside[place[-1]] = value

    take_in(changed(lambda _told: None), contract, tmp_path / "loaded")
    before = (tmp_path / "loaded" / STORE).read_bytes()
    with pytest.raises(DataError, match=r"changed\.jsonl, line 3: not a child's record") as refused:
        take_in(changed(change), contract, tmp_path / "loaded")
    assert "zelphine" not in str(refused.value)
    assert (tmp_path / "loaded" / STORE).read_bytes() == before
    assert not list((tmp_path / "loaded").glob(f"{ASIDE}*"))


@pytest.mark.parametrize("first", [b"", b"{}\n", b'{"format": 2}\n', b"\xff\n"])
def test_a_file_that_is_something_else(contract: Contract, tmp_path: Path, first: bytes) -> None:
    """A file that does not begin as child records do is refused at its first line."""
    path = tmp_path / "other.jsonl"
    path.write_bytes(first)
    with pytest.raises(DataError, match=r"other\.jsonl, line 1"):
        take_in(path, contract, tmp_path / "loaded")


def test_records_of_another_form(changed: Changed, borough_text: str, tmp_path: Path) -> None:
    """Records made by a contract whose columns mean something else are refused; other words change nothing."""
    path = changed(lambda _told: None)
    words = parse_contract(borough_text.replace("Birthweight was lower", "Weighed less"))
    assert take_in(path, words, tmp_path / "loaded").children == 3
    other = parse_contract(borough_text.replace('step = "0.25"', 'step = "0.5"'))
    with pytest.raises(DataError, match="not of the form"):
        take_in(path, other, tmp_path / "loaded")


def test_references_that_may_not_be_loaded(changed: Changed, contract: Contract, tmp_path: Path) -> None:
    """A national identifier or what no request may give as a reference is set aside and counted, never loaded."""

    def change(told: list[Line]) -> None:
        told[1]["child"], told[2]["child"] = "943 476 5919", "943-476-5919"

    taken = take_in(changed(change), contract, tmp_path / "loaded")
    assert taken == Taken(taken.extracted, 1, taken.set_aside)
    assert taken.set_aside == {"no_reference": 1, "reference_is_an_identifier": 1}


def test_one_child_twice_or_none(changed: Changed, contract: Contract, tmp_path: Path) -> None:
    """Two records of one child, and no record at all, are refused: a load never makes less of what there was."""
    with pytest.raises(DataError, match="two records of one child"):
        take_in(changed(lambda told: told.append(told[1])), contract, tmp_path / "loaded")
    with pytest.raises(DataError, match="no child who can be loaded"):
        take_in(changed(lambda told: told.__delitem__(slice(1, None))), contract, tmp_path / "loaded")
    assert not (tmp_path / "loaded" / STORE).exists()


@pytest.mark.parametrize("rows", ["", "child,group\n", "child,team\na\n", "child,team\na, North\n", "child,team\na,\n"])
def test_teams_that_are_none(changed: Changed, contract: Contract, tmp_path: Path, rows: str) -> None:
    """A file of teams that is not one is refused by its line, and nothing is loaded."""
    teams = tmp_path / "teams.csv"
    teams.write_text(rows, encoding="utf-8")
    with pytest.raises(DataError, match=r"teams\.csv, line [12]"):
        take_in(changed(lambda _told: None), contract, tmp_path / "loaded", teams)
    assert not (tmp_path / "loaded" / STORE).exists()


def test_a_load_that_is_killed(
    changed: Changed, contract: Contract, lines: Path, small_bundle: Path, tmp_path: Path
) -> None:
    """
    Killed in its midst, a load leaves the old one in place and readable; the next takes away what was half written.

    The killed one reads from a pipe that stays open, so it certainly is in its midst; a second meanwhile is refused.
    """
    folder, store = tmp_path / "home" / "loaded", LoadedStore(tmp_path / "home" / "loaded")
    take_in(changed(lambda _told: None), contract, folder)
    old, pipe = store.now(), tmp_path / "pipe.jsonl"
    os.mkfifo(pipe)
    words = ("load", pipe, "--bundle", small_bundle, "--home", tmp_path / "home")
    command = [sys.executable, "-c", "import earlyid; earlyid.main()", *map(str, words)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        with pipe.open("wb") as writing:
            writing.write(b"".join(lines.read_bytes().splitlines(keepends=True)[:900]))
            writing.flush()
            until = time.monotonic() + 30
            while not any(path.stat().st_size > 0 for path in folder.glob(f"{ASIDE}*")) and time.monotonic() < until:
                time.sleep(0.02)
            with pytest.raises(BadInput, match="another load goes on"):
                take_in(lines, contract, folder)
            process.send_signal(signal.SIGKILL)
        process.wait(timeout=30)
    assert list(folder.glob(f"{ASIDE}*"))
    assert store.now() is old
    take_in(lines, contract, folder)
    assert not list(folder.glob(f"{ASIDE}*"))
    assert store.now() is not old


@pytest.mark.parametrize("rows", ["", "nobody,North\nno-one,North\n"])
def test_teams_of_nobody(lines: Path, contract: Contract, loaded: Path, tmp_path: Path, rows: str) -> None:
    """A file of teams that names no child who is loaded stops the load: every worklist would be empty."""
    (tmp_path / "teams.csv").write_text(f"child,team\n{rows}", encoding="utf-8")
    before = (loaded / STORE).stat().st_ino
    with pytest.raises(DataError, match=r"^teams\.csv names no child who is loaded; what was loaded before stays$"):
        take_in(lines, contract, loaded, tmp_path / "teams.csv")
    assert (loaded / STORE).stat().st_ino == before
