"""`earlyid keys`: whose keys are trusted and what for; nothing private is printed, and nobody else may read the file."""

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from models.errors import KeyFileError
from models.signature import new_key
from service.key_commands import main

Run = Callable[..., str]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a verb of keys, and return what it prints."""

    def done(*words: object) -> str:
        with pytest.raises(SystemExit) as ended:
            main(["keys", *map(str, words)])
        assert ended.value.code == 0
        return capsys.readouterr().out

    return done


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A new private key."""
    new_key(tmp_path / "key")
    return tmp_path / "key"


def test_trust(run: Run, key: Path, tmp_path: Path) -> None:
    """A key is trusted by its public part, listed, and its trust ended; the private part is nowhere."""
    home = tmp_path / "home"
    public = run("public", key).strip()
    words = ("--name", "Ann Lee, head of early help", "--may", "release", "--home", home)
    made = run("trust", public, *words, "--from", "2026-01-01").strip()
    run("trust", key, *words, "--until", "2027-01-01")
    (listed,) = json.loads(run("list", "--json", "--home", home))
    assert (listed["key_id"], listed["public_key"]) == (made, public)
    assert (listed["from"], listed["until"]) == ("2026-01-01", "2027-01-01")
    path = home / "keys" / "trusted.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "PRIVATE" not in path.read_text(encoding="utf-8")
    assert "to 2027-01-01  Ann Lee, head of early help" in run("list", "--home", home)


@pytest.mark.parametrize(
    ("given", "name", "said"),
    [
        ("KEY", "Ann", "name, role"),
        ("0" * 63, "Ann Lee, head", "no key file"),
        ("z" * 64, "Ann Lee, head", "no public key"),
        ("absent", "Ann Lee, head", "no key file absent"),
    ],
)
def test_refused(key: Path, tmp_path: Path, given: str, name: str, said: str) -> None:
    """What is no key, or nobody's, is not trusted, and nothing is written."""
    given = str(key) if given == "KEY" else given
    with pytest.raises(KeyFileError, match=said):
        main(["keys", "trust", given, "--name", name, "--may", "release", "--home", str(tmp_path / "home")])
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("verb", ["new", "secret"])
def test_in_a_new_home(run: Run, tmp_path: Path, verb: str) -> None:
    """A key or a secret in a home that is not there yet makes it, its owner's alone, as is every folder above it."""
    path = tmp_path / "srv" / "earlyid" / "keys" / "one.key"
    run(verb, path)
    made = [path, *path.parents[:3]]
    assert [stat.S_IMODE(each.stat().st_mode) for each in made] == [0o600, 0o700, 0o700, 0o700]
