"""The verb `pack`: a bundle's own page to the byte, its figures as CSV, and exceptions that were made after the run."""

import datetime
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from fairness.pack.csv import tidy
from models.bundle import load_bundle
from models.errors import BadInput, GateRefused, IntegrityError
from models.exceptions import POLICY
from models.gates import Gates
from service.pack_commands import app, page_of
from service.released import Released
from training.findings import Run

Ask = Callable[..., Result]


@pytest.fixture
def ask(borough_run: Run) -> Ask:
    """Run the verb on the borough's bundle; raises what it raises."""
    return lambda *words: CliRunner().invoke(app, [str(borough_run.bundle), *map(str, words)], catch_exceptions=False)


@pytest.fixture
def exceptions(borough_run: Run, tmp_path: Path) -> Path:
    """A file that excepts a gate which said no, and one of another bundle."""
    gates = Gates.model_validate_json((borough_run.bundle / "gates.json").read_bytes())
    code = next(gate.code for gate in gates.blocked("release") if gate.code != POLICY)
    said = 'reason = "Known, and being mended."\nminute = "Board, item 4"\nby = "A. Person, director"\n'
    dated = "on = 2026-09-01\nexpires = 2027-03-01\n"
    path = tmp_path / "exceptions.toml"
    of = (borough_run.bundle.name, 64 * "0")
    path.write_text("".join(f'[[exception]]\nbundle = "{bundle}"\ngate = "{code}"\n{said}{dated}' for bundle in of))
    return path


def test_the_bundle_s_own(ask: Ask, borough_run: Run, tmp_path: Path) -> None:
    """The page and its figures are the bundle's to the byte, with the same figures as a table."""
    out = tmp_path / "pack"
    done = ask("--out", out)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[-1] == str(out / "pack.html")
    for name in ("pack.html", "audit.json"):
        assert (out / name).read_bytes() == (borough_run.bundle / name).read_bytes()
    assert (out / "pack.csv").read_text() == tidy(json.loads((out / "audit.json").read_text()))


def test_exceptions_are_shown(ask: Ask, exceptions: Path, tmp_path: Path) -> None:
    """Exceptions stand on the page with reason, minute and end, and those that lift nothing are told with why."""
    done = ask("--out", tmp_path / "pack", "--exceptions", exceptions)
    assert done.exit_code == 0
    assert ": in force" in done.stdout
    assert "not in force: it is of another bundle" in done.stdout
    page = (tmp_path / "pack" / "pack.html").read_text()
    assert "Known, and being mended." in page
    assert "Board, item 4" in page
    assert "1 March 2027" in page


def test_what_is_there_stays(ask: Ask, tmp_path: Path) -> None:
    """A folder that is there is refused and stays as it is."""
    (tmp_path / "pack").mkdir()
    with pytest.raises(BadInput, match="exists already"):
        ask("--out", tmp_path / "pack")
    assert list((tmp_path / "pack").iterdir()) == []


def test_a_touched_bundle(borough_run: Run, tmp_path: Path) -> None:
    """Of a bundle that was touched no pack is written."""
    touched = tmp_path / "touched"
    shutil.copytree(borough_run.bundle, touched)
    (touched / "audit.json").write_bytes(b"{}\n")
    with pytest.raises(IntegrityError):
        CliRunner().invoke(app, [str(touched), "--out", str(tmp_path / "pack")], catch_exceptions=False)
    assert not (tmp_path / "pack").exists()


def test_the_pack_of_what_is_live(borough_run: Run) -> None:
    """Above the pack of what is live stands its release; the bundle's own page is what it was."""
    held = load_bundle(borough_run.bundle)
    day = datetime.datetime(2026, 8, 3, tzinfo=datetime.UTC)
    released = Released("Tom, analyst", ("Ann, head", "Bob, officer"), (day.date(), day.date()), (), day)
    page = page_of(held, (), released).decode()
    told, _, own = page.partition("</aside>")
    assert "Ann, head, on 3 August 2026" in told
    assert held.files["pack.html"].decode().endswith(own)
    assert page_of(held, (), None) == held.files["pack.html"]


def test_one_bundle_is_named(ask: Ask, tmp_path: Path) -> None:
    """A bundle is named or the live one is asked for, not both; where nothing is live that is refused, and nothing is written."""
    with pytest.raises(BadInput, match="give --live"):
        ask("--out", tmp_path / "pack", "--live")
    live = [f"--home={tmp_path}", "--live", "--out", str(tmp_path / "pack")]
    with pytest.raises(GateRefused, match="nothing is live"):
        CliRunner().invoke(app, live, catch_exceptions=False)
    assert not (tmp_path / "pack").exists()
