"""The verb `load` as it is run: from extracts in one step or two, for a bundle or its contract, with its counts told."""

import datetime
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from service.loaded.store import LoadedStore

Command = Callable[..., Any]


def test_in_one_step_or_two(
    earlyid: Command, small_bundle: Path, borough_extracts: Path, teams: Path, tmp_path: Path
) -> None:
    """Extracts loaded at once, and made into a file that is loaded elsewhere, are the same children; nothing else is left."""
    lines, homes = tmp_path / "children.jsonl", [tmp_path / "one", tmp_path / "two"]
    common = ("--bundle", small_bundle, "--extracted", "2018-05-25")
    once = earlyid("load", borough_extracts, *common, "--teams", teams, "--home", homes[0], "--json")
    assert once.returncode == 0, once.stderr
    made = earlyid("load", borough_extracts, *common, "--only-write", lines)
    contract = tmp_path / "contract.toml"
    contract.write_bytes((small_bundle / "contract.toml").read_bytes())
    twice = earlyid("load", lines, "--contract", contract, "--home", homes[1])
    assert (made.returncode, twice.returncode) == (0, 0), made.stderr + twice.stderr
    loads = [LoadedStore(home / "loaded").now() for home in homes]
    assert loads[0] is not None
    assert loads[1] is not None
    for loaded in (once, twice):
        assert "a service does not go by it: the extracts are" in loaded.stderr
    told = json.loads(once.stdout)
    assert told["written"] == told["children_loaded"] == told["rows_of_teams"]
    assert f"{told['children_loaded']:,} children loaded" in twice.stdout
    north = list(loads[0].references("North"))
    assert [loads[0].child(one) for one in north] == [loads[1].child(one) for one in north]
    assert {path.name for path in (homes[0] / "loaded").iterdir()} == {".lock", "children.db"}


def test_today_is_that_of_this_place(small_bundle: Path, borough_extracts: Path, tmp_path: Path) -> None:
    """Extracts of today are loaded at any hour, also where it is tomorrow already by the clock of the world."""
    now = datetime.datetime.now(datetime.UTC)
    here = {"TZ": f"HERE-{24 - now.hour}", "PATH": os.environ["PATH"]}
    words = ("--extracted", f"{now.date() + datetime.timedelta(days=1)}", "--bundle", small_bundle)
    command = [sys.executable, "-c", "import earlyid; earlyid.main()", "load", borough_extracts, *words]
    done = subprocess.run(
        [*map(str, command), "--only-write", str(tmp_path / "lines")],
        cwd=Path(__file__).parents[3],
        env=here,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("LINKED", "--bundle", "BUNDLE"), 2, "--extracted"),
        (("LINKED", "--bundle", "BUNDLE", "--extracted", "2999-01-01"), 2, "future"),
        (("LINKED", "--bundle", "BUNDLE", "--contract", "BUNDLE"), 2, "not both"),
        (("x.jsonl", "--bundle", "BUNDLE", "--extracted", "2018-05-25"), 2, "says itself"),
        (("x.jsonl", "--bundle", "BUNDLE"), 3, "cannot be read"),
        (("x.jsonl", "--contract", "nothing.toml"), 3, "cannot be read as a contract"),
        (("x.jsonl",), 3, "nothing is live"),
    ],
)
def test_what_is_refused(
    earlyid: Command,
    small_bundle: Path,
    borough_extracts: Path,
    tmp_path: Path,
    words: tuple[str, ...],
    status: int,
    said: str,
) -> None:
    """What cannot be loaded is refused in one line, and nothing is made."""
    named = {"LINKED": borough_extracts, "BUNDLE": small_bundle}
    (tmp_path / "home").mkdir()
    done = earlyid("load", *(named.get(word, word) for word in words), "--home", tmp_path / "home")
    assert (done.returncode, said in done.stderr) == (status, True), done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "home" / "loaded" / "children.db").exists()
