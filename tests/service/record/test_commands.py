"""The commands of the record: each says what it did, refuses what it must, and ends with the status that it promises."""

import asyncio
import datetime
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from models.errors import EarlyidError, exit_code
from models.secret import new_secret, secret_bytes
from service.record.commands import main
from service.record.entries import Entry
from service.record.references import References
from service.record.store import open_record

THEN = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
BUNDLE = "b" * 64
Ran = subprocess.CompletedProcess[str]
Run = Callable[..., Ran]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a record of five children, each scored and read a few years ago."""
    home = tmp_path_factory.mktemp("home")
    (home / "keys").mkdir(mode=0o700)
    new_secret(home / "keys" / "reference.key")
    references = References(secret_bytes(home / "keys" / "reference.key"))

    async def write() -> None:
        async with open_record(home / "record.db", checkpoints=home / "checkpoints.jsonl", now=lambda: THEN) as record:
            for number in range(5):
                id_ = f"00000000-0000-7000-8000-{number:012d}"
                subject = references.of(f"child-{number}")
                await record.append(
                    Entry("score", "case", b'{"answer":{}}', id=id_, bundle=BUNDLE, subject=subject),
                    Entry("read", "case", b"{}", about=id_, subject=subject),
                )

    asyncio.run(write())
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    """A copy of that home for one test."""
    return shutil.copytree(made, tmp_path / "home")


@pytest.fixture
def run(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `earlyid record` on that home, in this process; the reference of a child is in a file."""
    (tmp_path / "child").write_text("child-3\n")

    def record(verb: str, *words: object) -> Ran:
        status = _status(["record", verb, "--home", *map(str, (home, *words))])
        return Ran(["earlyid", "record", verb], status, *capsys.readouterr())

    return record


def _status(words: list[str]) -> int:
    """Return the exit status of a command, as the process of `earlyid` has it."""
    try:
        main(words)
    except SystemExit as ended:
        return int(ended.code or 0)
    except EarlyidError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return exit_code(error)
    return 0


def edit(home: Path, statement: str) -> None:
    """Change the database behind the service's back."""
    with sqlite3.connect(home / "record.db") as connection:
        connection.execute(statement)
    connection.close()


def test_verify(run: Run, home: Path) -> None:
    """A whole record ends with 0; one that was edited with 5, naming the entry; one without checkpoints with 5."""
    whole = run("verify", "--json")
    assert whole.returncode == 0, whole.stderr
    assert (json.loads(whole.stdout)["head"], json.loads(whole.stdout)["proven"]) == (10, 10)
    edit(home, "UPDATE chain SET client = 'another' WHERE seq = 4")
    broken = run("verify")
    assert broken.returncode == 5
    assert broken.stdout.startswith("entry 4 was edited\n")
    (home / "checkpoints.jsonl").unlink()
    unproven = run("verify")
    assert unproven.returncode == 5
    assert "no checkpoint" in unproven.stderr


def test_the_real_command(earlyid: Run, home: Path) -> None:
    """The command itself ends as these functions do."""
    edit(home, "DELETE FROM chain WHERE seq = 4")
    found = earlyid("record", "verify", "--home", home)
    assert (found.returncode, found.stdout.splitlines()[0]) == (5, "entry 4 was deleted")
    assert earlyid("record", "verify", "--home", home / "nowhere").returncode == 3


def test_verify_against_a_copy_kept_elsewhere(run: Run, home: Path, tmp_path: Path) -> None:
    """Who cuts off the end of the record and of its checkpoints is found by a copy of the checkpoints."""
    (tmp_path / "kept").write_bytes((home / "checkpoints.jsonl").read_bytes())
    run("hold", "--subject-file", tmp_path / "child", "--reason", "case 12")
    marks = (home / "checkpoints.jsonl").read_bytes().splitlines(keepends=True)
    (tmp_path / "kept").write_bytes(b"".join(marks))
    (home / "checkpoints.jsonl").write_bytes(marks[0])
    edit(home, "DELETE FROM chain WHERE seq > 10")
    edit(home, "DELETE FROM held WHERE seq > 10")
    edit(home, "DELETE FROM legal_holds")
    assert run("verify").returncode == 0
    found = run("verify", "--checkpoints", tmp_path / "kept")
    assert found.returncode == 5
    assert "entry 11: cut off the end" in found.stdout


def test_retain(run: Run) -> None:
    """It says first what it would erase; the days are the authority's to say; what is erased leaves a whole record."""
    assert run("retain").returncode == 2
    first = run("retain", "--older-than", 30)
    assert first.returncode == 0
    assert "10 entries would be erased with --erase; nothing was changed" in first.stdout
    done = run("retain", "--older-than", 30, "--erase", "--json")
    assert json.loads(done.stdout) == {"entries": 10, "gone": True}
    assert json.loads(run("verify", "--json").stdout)["erased"] == 10


def test_clock(run: Run, home: Path) -> None:
    """Entries that a clock dated ahead are told of with the command that goes on from there, which wants the time read elsewhere."""
    told = datetime.datetime.now(datetime.UTC).astimezone()
    of_another = ("--now", f"{told:%Y-%m-%dT%H:%M}", "--reason", "the battery was flat")
    assert "there is nothing to set" in run("clock", *of_another).stderr

    async def write() -> None:
        wrong = datetime.datetime(2090, 1, 1, tzinfo=datetime.UTC)
        async with open_record(home / "record.db", checkpoints=home / "checkpoints.jsonl", now=lambda: wrong) as record:
            await record.append(Entry("account", "case", b"{}"))

    asyncio.run(write())
    refused = run("seen", "--subject-file", home.parent / "child")
    assert (refused.returncode, "earlyid record clock" in refused.stderr) == (3, True)
    assert "set it right first" in run("clock", "--now", "2020-01-01T12:00", "--reason", "none").stderr
    assert run("clock", *of_another).stdout.startswith("entry 12: from here on")
    assert run("seen", "--subject-file", home.parent / "child").returncode == 0
    assert run("verify").returncode == 0


def test_holds(run: Run, tmp_path: Path) -> None:
    """A hold is begun once, listed without the reference, keeps the child, and is ended once."""
    about = ("--subject-file", tmp_path / "child", "--reason", "case 12")
    assert run("hold", *about).returncode == 0
    again = run("hold", *about)
    assert (again.returncode, "under hold since entry 11" in again.stderr) == (3, True)
    listed = run("holds")
    assert "case 12" in listed.stdout
    assert "child-3" not in listed.stdout
    assert json.loads(run("retain", "--older-than", 30, "--erase", "--json").stdout)["entries"] == 8
    assert run("unhold", *about).returncode == 0
    assert run("unhold", *about).returncode == 3
    assert "0 holds stand" in run("holds").stdout


def test_who_saw_the_scores(run: Run, tmp_path: Path) -> None:
    """Every asking and reading is listed with the system, the person it named and the time; the next time this one is too."""
    about = ("--subject-file", tmp_path / "child")
    first = json.loads(run("seen", *about, "--json").stdout)
    assert [(one["client"], one["did"]) for one in first] == [
        ("case", "asked for a score"),
        ("case", "read the score, or a challenge to it"),
    ]
    assert {(one["at"], one["score"]) for one in first} == {(THEN.isoformat(), "00000000-0000-7000-8000-000000000003")}
    lines = run("seen", *about).stdout.splitlines()
    assert lines[-1] == "seen 3 times"
    assert "earlyid" in lines[2]
    assert "child-3" not in "".join(lines)


def test_scores_of_a_bundle(run: Run, tmp_path: Path) -> None:
    """Every score of a bundle is listed, with the references of those children that the reader knows."""
    listed = run("scores", "--bundle", BUNDLE[:8], "--references", tmp_path / "child")
    rows = listed.stdout.splitlines()
    assert rows[0] == "score,at,client,child,reference,erased"
    assert len(rows) == 6
    assert [row for row in rows if ",child-3," in row] == [rows[4]]
    assert len(run("scores", "--bundle", BUNDLE, "--from", "2020-01-02").stdout.splitlines()) == 1
    assert len(run("scores", "--bundle", BUNDLE, "--to", "2020-01-01").stdout.splitlines()) == 6
    assert json.loads(run("verify", "--json").stdout)["head"] == 13


@pytest.mark.parametrize("given", ["c" * 64, "c" * 8, BUNDLE[:7], "%" * 8])
def test_scores_of_no_bundle(run: Run, given: str) -> None:
    """A bundle that the record does not name is refused, before a table is begun or a listing recorded."""
    refused = run("scores", "--bundle", given)
    assert (refused.returncode, refused.stdout) == (3, "")
    assert "first 8 digits" in refused.stderr
    assert json.loads(run("verify", "--json").stdout)["head"] == 10


def test_whole_days_of_this_place(home: Path) -> None:
    """A day begins and ends by the calendar of the machine: midnight in London was still yesterday in New York."""
    words = ("record", "scores", "--bundle", BUNDLE, "--home", home, "--from", "2019-12-31", "--to", "2019-12-31")
    listed = {
        zone: subprocess.run(
            [sys.executable, "-c", "import earlyid; earlyid.main()", *map(str, words)],
            env=os.environ | {"TZ": zone},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
        for zone in ("Europe/London", "America/New_York")
    }
    assert {zone: len(lines) - 1 for zone, lines in listed.items()} == {"Europe/London": 0, "America/New_York": 5}


def test_a_key_is_named_whole(run: Run) -> None:
    """The first digits of a key's id are no id: that is a wrong use, and says what to give."""
    wrong = run("verify", "--key", "a" * 12)
    assert wrong.returncode == 2
    assert "64 digits" in wrong.stderr


def test_what_is_gone_by_hand(run: Run, home: Path) -> None:
    """Of a payload that somebody deleted it is not said that retention erased it."""
    edit(home, "DELETE FROM held WHERE seq = 4")
    found = run("verify")
    assert (found.returncode, "nothing is held any more of 1;" in found.stdout) == (5, True)
    assert "retention erased" not in found.stdout


def test_a_reference_is_never_repeated(run: Run, tmp_path: Path) -> None:
    """A file that holds none, several or a national identifier is refused without being quoted."""
    for text in ("", "child-1\nchild-2\n", "9434765919\n", "not a reference\n"):
        (tmp_path / "wrong").write_text(text)
        refused = run("account", "--subject-file", tmp_path / "wrong")
        assert refused.returncode == 3
        assert not any(word and word in refused.stderr for word in text.split("\n"))


def test_backup_and_restore(run: Run, home: Path, tmp_path: Path) -> None:
    """A copy is whole and its owner's alone; it is put back only where there is no record, and only if it is whole."""
    copy = tmp_path / "copy"
    assert run("backup", copy).returncode == 0
    assert {path.name: oct(path.stat().st_mode & 0o777) for path in (copy, *copy.iterdir())} == {
        "copy": "0o700",
        "record.db": "0o600",
        "checkpoints.jsonl": "0o600",
    }
    assert run("backup", copy).returncode == 3
    there = run("restore", copy)
    assert (there.returncode, "is there" in there.stderr) == (3, True)
    for path in (*home.glob("record.db*"), home / "checkpoints.jsonl"):
        path.unlink()
    put_back = run("restore", copy)
    assert put_back.returncode == 0, put_back.stderr
    assert json.loads(run("verify", "--json").stdout)["proven"] == 10


def test_a_copy_that_was_tampered_with_is_not_put_back(run: Run, home: Path, tmp_path: Path) -> None:
    """A copy that is not whole leaves nothing where the record was."""
    run("backup", tmp_path / "copy")
    edit(tmp_path / "copy", "DELETE FROM chain WHERE seq = 10")
    for path in (*home.glob("record.db*"), home / "checkpoints.jsonl"):
        path.unlink()
    refused = run("restore", tmp_path / "copy")
    assert refused.returncode == 5
    assert "not whole: entry 10: cut off the end" in refused.stderr
    assert sorted(path.name for path in home.iterdir()) == ["keys"]


def test_a_checkpoint_is_signed_for_a_whole_record_only(run: Run, home: Path) -> None:
    """It prints the newest entry, its hash and the key; of a record that is not whole it signs nothing."""
    signed = json.loads(run("checkpoint", "--json").stdout)
    assert signed["seq"] == 10
    edit(home, "UPDATE held SET payload = x'7b7d' WHERE seq = 1")
    before = (home / "checkpoints.jsonl").read_bytes()
    assert run("checkpoint").returncode == 5
    assert (home / "checkpoints.jsonl").read_bytes() == before


def test_no_record_is_made_where_there_is_none(run: Run, home: Path) -> None:
    """Each command refuses a home without a record, in one line, and makes none."""
    for path in home.glob("record.db*"):
        path.unlink()
    for words in (("verify",), ("retain", "--older-than", 9), ("holds",), ("upgrade",), ("backup", home / "copy")):
        refused = run(*words)
        assert (refused.returncode, len(refused.stderr.splitlines())) == (3, 1), refused.stderr
    assert not list(home.glob("record.db*"))


def test_upgrade_leaves_a_new_record_as_it_is(run: Run) -> None:
    """The tables of this version stay as they are."""
    assert run("upgrade").stdout.startswith("the tables are of version ")
    assert run("verify").returncode == 0
