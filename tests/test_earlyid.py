"""The command itself: verbs, exit codes, and errors that are words for a person and never a traceback."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from earlyid import VERBS

ROOT = Path(__file__).parents[1]
Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.parametrize("words", [["retrain"], ["--verbose"], ["trian", "--help"]])
def test_an_unknown_verb(earlyid: Command, words: list[str]) -> None:
    """A verb that does not exist exits 2 and lists those that do, on the error stream."""
    done = earlyid(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert all(f"\n  {verb} " in done.stderr for verb in VERBS)


def test_no_verb(earlyid: Command) -> None:
    """Without a verb the command exits 2 and lists them."""
    done = earlyid()
    assert (done.returncode, done.stdout) == (2, "")
    assert "usage: earlyid VERB" in done.stderr


@pytest.mark.parametrize("word", ["--help", "-h", "help"])
def test_help(earlyid: Command, word: str) -> None:
    """Asked for help, the command exits 0 and lists the verbs on the output stream."""
    done = earlyid(word)
    assert (done.returncode, done.stderr) == (0, "")
    assert all(f"\n  {verb} " in done.stdout for verb in VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_a_verb(earlyid: Command, verb: str) -> None:
    """Every verb that is listed exists, and says what it takes."""
    done = earlyid(verb, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"earlyid {verb}" in done.stdout


@pytest.mark.parametrize("words", [["train", "--nonsense"], ["verify"], ["keys", "old"]])
def test_a_wrong_use(earlyid: Command, words: list[str]) -> None:
    """A verb that is used wrongly exits 2 without a traceback."""
    done = earlyid(*words)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


ERRORS: list[tuple[int, list[str]]] = [
    (3, ["contract", "check", "absent.toml"]),
    (3, ["contract", "check", "."]),
    (3, ["contract", "check", "README.md"]),
    (3, ["train", "--contract", "CONTRACT", "--data", "absent", "--out", "OUT"]),
    (3, ["train", "--contract", "CONTRACT", "--data", ".", "--out", "OUT", "--plan", "absent.toml"]),
    (3, ["train", "--contract", "CONTRACT", "--data", ".", "--out", "OUT", "--key", "absent.pem"]),
    (3, ["demo", "--no-serve", "--data", "absent", "--home", "OUT"]),
    (3, ["keys", "new", "README.md"]),
    (3, ["keys", "new", "README.md/key.pem"]),
    (5, ["verify", "absent"]),
    (5, ["verify", "README.md"]),
    (5, ["verify", "tests"]),
    (5, ["serve", "--bundle", "absent"]),
]


@pytest.mark.parametrize(("status", "words"), ERRORS, ids=[" ".join(words[:8]) for _, words in ERRORS])
def test_an_error(earlyid: Command, borough_contract: Path, tmp_path: Path, status: int, words: list[str]) -> None:
    """What cannot be used is refused with its exit code, in words that begin with the command's name, and leaves nothing."""
    given = {"CONTRACT": str(borough_contract), "OUT": str(tmp_path / "out")}
    done = earlyid(*(given.get(word, word) for word in words))
    assert (done.returncode, done.stdout) == (status, ""), done.stderr
    said = [line for line in done.stderr.splitlines() if not line.startswith("· ")]
    assert said[0].startswith("earlyid: ")
    assert "Traceback" not in done.stderr
    assert not [path for path in (tmp_path / "out").rglob("*") if path.is_file()]


@pytest.mark.parametrize(("verb", "absent", "extra"), [("train", "lightgbm", "train"), ("serve", "fastapi", "serve")])
def test_a_package_that_is_not_installed(verb: str, absent: str, extra: str) -> None:
    """Where an optional package is missing the command exits 2, and names the extra that has it."""
    script = f"import sys; sys.modules['{absent}'] = None; import earlyid; earlyid.main()"
    done = subprocess.run(
        [sys.executable, "-c", script, verb], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (f"earlyid {verb}: {absent} is not installed; install early-identification[{extra}]\n")


def test_a_verb_loads_its_own_package_only() -> None:
    """Asking for help of the command loads neither door: each verb is handed on when it is asked for."""
    script = "import sys, earlyid; print(sorted({'training', 'service', 'typer', 'numpy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
