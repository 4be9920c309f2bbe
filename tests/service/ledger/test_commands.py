"""The verbs of the ledger: what each prints, how it refuses, what programs read, and what goes to the tracker."""

import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from models.errors import BadInput, EarlyidError, GateRefused, exit_code
from service.release_commands import main

People = Any
Run = Callable[..., str]


class Tracker:
    """Where aliases are copied to."""

    def __init__(self) -> None:
        self.aliases: dict[str, str] = {}

    def mirror(self, aliases: dict[str, str], _home: Path, _releases: Path) -> None:
        """Take the aliases."""
        self.aliases = aliases


@pytest.fixture
def tracker() -> Tracker:
    """A tracker that knows nothing yet."""
    return Tracker()


@pytest.fixture
def run(home: Path, tracker: Tracker, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a verb of releases at the home, and return what it prints."""

    def done(*words: object) -> str:
        with pytest.raises(SystemExit) as ended:
            main(["release", *map(str, words), "--home", str(home)], tracker.mirror)
        assert ended.value.code == 0
        return capsys.readouterr().out

    return done


@pytest.fixture
def key_file(tmp_path: Path) -> Callable[[Ed25519PrivateKey], Path]:
    """Write a private key as `earlyid keys new` would."""

    def write(key: Ed25519PrivateKey) -> Path:
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path = tmp_path / f"key-{len(list(tmp_path.iterdir()))}"
        path.write_bytes(pem)
        path.chmod(0o600)
        return path

    return write


def test_the_road(
    run: Run,
    tracker: Tracker,
    bundles: tuple[Path, ...],
    people: People,
    home: Path,
    key_file: Callable[[Ed25519PrivateKey], Path],
) -> None:
    """Propose, two signatures, promote, history, rollback, mirror: each says what it did and what comes next."""
    ann, bob, name = key_file(people.ann), key_file(people.bob), bundles[0].name
    proposed = run("propose", bundles[0])
    assert f"read before you sign: {home / 'releases' / name / 'pack.html'}" in proposed
    assert "made by Tom Train, analyst" in proposed
    assert proposed.splitlines()[-1].startswith("2 more to sign")
    run("sign", name[:12], "--key", ann)
    signed = run("sign", bundles[0], "--key", bob)
    assert signed.splitlines()[-1] == f"next: earlyid release promote {name}"
    assert run("promote", name) == f"live: {name}\n"
    told = run("history")
    assert "allowed by Ann Lee, head of early help" in told
    assert "allowed by Bob Ray, data protection officer" in told
    run("propose", bundles[1])
    run("mirror")
    assert tracker.aliases == {"champion": name, "challenger": bundles[1].name}
    run("withdraw", bundles[1], "--key", ann, "--reason", "Not now")
    back = run("rollback", "--key", ann, "--reason", "A source was misread", "--to-none")
    assert back == "nothing is live: no score is given\n"
    for words in (("sign", "--key", ann), ("promote",)):
        with pytest.raises(GateRefused, match="was live and is rolled back: propose it again"):
            main(["release", words[0], name[:8], *map(str, words[1:]), "--home", str(home)], tracker.mirror)
    document = json.loads(run("history", "--json"))
    periods = document["periods"]
    assert [(period["bundle"], period["reason"]) for period in periods] == [
        (None, None),
        (name, None),
        (None, "A source was misread"),
    ]
    assert [each["name"] for each in periods[1]["release"]["allowed_by"]] == [
        "Ann Lee, head of early help",
        "Bob Ray, data protection officer",
    ]
    assert [each["reason"] for each in document["withdrawn"]] == ["Not now"]
    assert document["not_counted"] == []
    run("mirror")
    assert tracker.aliases == {}
    assert "2 more to sign" in run("propose", name[:8])


def test_a_day_tells_what_could_be_asked(
    run: Run, bundles: tuple[Path, ...], people: People, key_file: Callable[[Ed25519PrivateKey], Path]
) -> None:
    """Of a day it is told which old bundle could be asked by its id, also where it was taken back later on that day."""
    ann, bob, today = key_file(people.ann), key_file(people.bob), datetime.datetime.now().astimezone().date()
    for bundle in bundles[:2]:
        run("propose", bundle, "--keep-old-until", today)
        run("sign", bundle, "--key", ann)
        run("sign", bundle, "--key", bob)
        run("promote", bundle)
    old = bundles[0].name
    said = f"may be asked by its id to the end of {today}: bundle {old}"
    assert said in run("history")
    run("withdraw", bundles[0], "--key", ann, "--reason", "It was wrong")
    assert said not in run("history")
    assert said in run("history", "--on", today)
    told = json.loads(run("history", "--on", today, "--json"))
    assert (told["kept_until"], told["not_counted"]) == ({old: str(today)}, [])
    before = json.loads(run("history", "--on", today - datetime.timedelta(days=1), "--json"))
    assert before["kept_until"] == {}


def test_before_the_first(run: Run) -> None:
    """On a day before the first release nothing was live, and that is what is said."""
    assert "nothing was live, so no score" in run("history", "--on", "2019-01-01")


def test_a_home_that_is_not_there(tmp_path: Path, tracker: Tracker) -> None:
    """A home that was mistyped is refused, since a new one would say that nothing was ever live; none is made."""
    for verb in ("history", "mirror"):
        with pytest.raises(BadInput, match="there is no home"):
            main(["release", verb, "--home", str(tmp_path / "mistyped")], tracker.mirror)
    assert not (tmp_path / "mistyped").exists()


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("history", "--on", "2999-01-01"), 3, "still to come"),
        (("sign", "f" * 64, "--key", "KEY"), 3, "names no bundle"),
        (("rollback", "--key", "KEY", "--reason", "why"), 4, "nothing is live"),
        (("rollback", "--key", "KEY", "--reason", ""), 3, "a reason is one to 1,000 characters"),
        (("rollback", "--key", "KEY", "--reason", "x" * 1001, "--to-none"), 3, "a reason is one to 1,000 characters"),
        (("propose", "nowhere"), 5, "no such bundle folder"),
        (("propose", "f" * 8), 3, "no bundles of that id are kept"),
        (("history", "--record", "none"), 3, "the ledger is part of the record"),
        (("history", "--record", "mysql://x/y"), 3, "postgresql://"),
    ],
)
def test_refused(
    home: Path,
    tracker: Tracker,
    people: People,
    key_file: Callable[[Ed25519PrivateKey], Path],
    words: tuple[str, ...],
    status: int,
    said: str,
) -> None:
    """What cannot be done is refused in one line that has its exit code."""
    given = [str(key_file(people.ann)) if word == "KEY" else word for word in words]
    with pytest.raises(EarlyidError, match=said) as refused:
        main(["release", *given, "--home", str(home)], tracker.mirror)
    assert exit_code(refused.value) == status
    assert len(str(refused.value).splitlines()) == 1
