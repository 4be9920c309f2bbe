"""The verb `contract draft`, by the real command: what it writes, what it never overwrites, and what refuses its work."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def written(earlyid: Command, borough_extracts: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The borough's draft, as the command writes it."""
    path = tmp_path_factory.mktemp("draft") / "draft.toml"
    done = earlyid("contract", "draft", borough_extracts, "--out", path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("draft.toml: a draft of 7 sources and 17 columns, which nobody has agreed\n")
    return path


def test_it_says_what_it_could_not_guess(written: Path) -> None:
    """At the top of a draft stands, line by line, what could not be guessed and what to do; every guess has its evidence."""
    text = written.read_text(encoding="utf-8")
    top = text[: text.index("format = 1")]
    for said in (
        "the outcome:",
        "gateways:",
        "absence:",
        "landmarks:",
        "words:",
        'source "contacts": no column says when',
    ):
        assert f"# could not guess: {said}" in top
    assert all("  # guessed: " in line for line in text.splitlines() if line.startswith("    { name"))


def test_the_check_refuses_it_and_training_does(
    earlyid: Command, written: Path, borough_extracts: Path, tmp_path: Path
) -> None:
    """Neither the check nor training takes a draft: both name every gateway that nobody has agreed, exit 3."""
    checked = earlyid("contract", "check", written)
    trained = earlyid(
        "train", "--contract", written, "--data", borough_extracts, "--out", tmp_path / "out", "--home", tmp_path
    )
    for done in (checked, trained):
        assert done.returncode == 3
        for name in ("addresses", "births", "childcare", "contacts", "hub", "profile", "reviews"):
            assert f'source "{name}" › gateway: expired on 2000-01-01' in done.stderr


def test_it_overwrites_nothing(earlyid: Command, written: Path, borough_extracts: Path) -> None:
    """A file that is there stays as it is, and is said to be there, exit 3, before any extract is read."""
    before = written.read_bytes()
    done = earlyid("contract", "draft", borough_extracts, "--out", written)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == "earlyid: draft.toml exists already; choose another name, or take it away\n"
    assert written.read_bytes() == before


def test_without_out_it_is_printed(
    earlyid: Command, written: Path, borough_extracts: Path, canaries: tuple[str, ...]
) -> None:
    """Without --out the draft is printed, and nothing else is on that stream; neither stream names a child."""
    done = earlyid("contract", "draft", borough_extracts)
    assert done.stdout == written.read_text(encoding="utf-8")
    assert not [canary for canary in canaries if canary in done.stdout + done.stderr]
