"""The commands of access: a key is shown once, works until it is ended, and no secret is ever kept or listed."""

import datetime
import json
import stat
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from models.errors import BadInput, KeyFileError
from service.access.api_keys import ApiKeys
from service.access.commands import main
from service.access.key_file import read_keys
from service.access.refusals import NotKnown

Run = Callable[..., list[str]]


@pytest.fixture
def run(clients_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command with a home of the test's own; returns the lines it printed."""

    def command(*words: str) -> list[str]:
        with pytest.raises(SystemExit) as ended:
            main(["access", *words, "--home", str(tmp_path)])
        assert ended.value.code == 0
        return capsys.readouterr().out.splitlines()

    assert clients_file.parent == tmp_path
    return command


def _why(path: Path, key: str, days: float = 0) -> str | None:
    """Return why a key is refused in some days; None where it is good."""
    now = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=days)
    try:
        assert ApiKeys(path, lambda: now, lambda: 0.0, _no_trouble).client(key.encode()) == "mosaic"
    except NotKnown as refused:
        return refused.why
    return None


def _no_trouble(error: BadInput) -> None:
    raise error


def test_create(run: Run, keys_file: Path) -> None:
    """A key is printed once and works; the file is its owner's only and holds nothing it could be made of."""
    (key,) = run("key", "create", "mosaic")
    prefix, id_, secret = key.split("_", 2)
    assert (prefix, len(id_), len(secret)) == ("eid", 12, 43)
    assert _why(keys_file, key) is None
    assert stat.S_IMODE(keys_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(keys_file.parent.stat().st_mode) == 0o700
    text = keys_file.read_text(encoding="utf-8")
    assert id_ in text
    assert secret not in text
    assert [path.name for path in keys_file.parent.iterdir() if ".lock" not in path.name] == ["api-keys.json"]


def test_expiry(run: Run, keys_file: Path) -> None:
    """A key is good to the end of its last day."""
    today = datetime.datetime.now(datetime.UTC).date()
    (key,) = run("key", "create", "mosaic", "--expires", (today + datetime.timedelta(days=1)).isoformat())
    assert (_why(keys_file, key), _why(keys_file, key, 1), _why(keys_file, key, 2)) == (None, None, "expired-key")
    (listed,) = run("key", "list")
    assert listed.endswith(f" to {today + datetime.timedelta(days=1)}")


def test_rotate(run: Run, keys_file: Path) -> None:
    """Both keys are good for the days that were asked for, then the new one alone; without days, at once."""
    (old,) = run("key", "create", "mosaic")
    (new,) = run("key", "rotate", old.split("_")[1], "--keep-days", "7")
    assert [_why(keys_file, old, days) for days in (0, 6.9, 7.1)] == [None, None, "expired-key"]
    assert _why(keys_file, new, 3650) is None
    (newer,) = run("key", "rotate", new.split("_")[1])
    assert (_why(keys_file, new), _why(keys_file, newer)) == ("revoked-key", None)


def test_rotating_lengthens_nothing(run: Run, keys_file: Path) -> None:
    """To rotate a key that ends soon keeps neither it nor the new one for longer."""
    today = datetime.datetime.now(datetime.UTC).date()
    (old,) = run("key", "create", "mosaic", "--expires", today.isoformat())
    (new,) = run("key", "rotate", old.split("_")[1], "--keep-days", "30")
    assert (_why(keys_file, old, 2), _why(keys_file, new, 2)) == ("expired-key", "expired-key")


def test_revoke(run: Run, keys_file: Path) -> None:
    """A revoked key is refused at once, cannot be rotated, and stays in the list."""
    (key,) = run("key", "create", "mosaic")
    id_ = key.split("_")[1]
    assert run("key", "revoke", id_) == [
        f"{id_} of mosaic is good no more; a running service refuses it within five seconds"
    ]
    first = keys_file.read_bytes()
    run("key", "revoke", id_)
    assert keys_file.read_bytes() == first
    assert _why(keys_file, key) == "revoked-key"
    with pytest.raises(KeyFileError, match="good no more"):
        main(["access", "key", "rotate", id_, "--home", str(keys_file.parents[1])])
    assert "revoked" in run("key", "list")[0]


def test_list(run: Run, keys_file: Path) -> None:
    """The list names every key with its state, and neither a secret nor its digest."""
    keys = [run("key", "create", "mosaic")[0], run("key", "create", "board", "--expires", "2020-01-01")[0]]
    shown, told = run("key", "list"), json.loads("\n".join(run("key", "list", "--json")))
    assert [line.split()[1:3] for line in shown] == [["mosaic", "good"], ["board", "expired"]]
    assert [(each["client"], each["state"]) for each in told] == [("mosaic", "good"), ("board", "expired")]
    for key, kept in zip(keys, read_keys(keys_file).keys, strict=True):
        assert key.split("_", 2)[2] not in str(shown) + str(told)
        assert kept.digest not in str(shown) + str(told)


def test_clients(run: Run) -> None:
    """The sharing agreements are told in words: who, until when, what for and how often."""
    lines = run("clients")
    assert lines[:3] == [
        "mosaic: The early-help case system, ISA-2026-014, until 2027-03-31",
        "  may: score, read, feedback; for: early_help",
        "  600 requests a minute, 10 at once",
    ]
    assert [client["name"] for client in json.loads("\n".join(run("clients", "--json")))] == ["mosaic", "board"]


def test_unknown_names(run: Run, keys_file: Path) -> None:
    """A client or a key that there is not is refused, and no file is left."""
    home = str(keys_file.parents[1])
    with pytest.raises(BadInput, match="no client of that name"):
        main(["access", "key", "create", "nobody", "--home", home])
    for verb in ("revoke", "rotate"):
        with pytest.raises(KeyFileError, match="no key of that id"):
            main(["access", "key", verb, "0" * 12, "--home", home])
    assert run("key", "list") == []
    assert not keys_file.exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"keys":[{"id":"x"}]}', '{"format":2}', '{"keys":[],"more":1}'])
def test_files(keys_file: Path, text: str) -> None:
    """What is not a file of keys, or could be read by others, is refused."""
    keys_file.parent.mkdir()
    keys_file.write_text(text, encoding="utf-8")
    keys_file.chmod(0o600)
    with pytest.raises(KeyFileError, match="not a file of API keys"):
        read_keys(keys_file)
    keys_file.chmod(0o640)
    with pytest.raises(KeyFileError, match="others can read"):
        read_keys(keys_file)


def test_at_the_same_time(earlyid: Callable[..., subprocess.CompletedProcess[str]], clients_file: Path) -> None:
    """Commands that run at the same time all leave their key, each printed alone on its line by the real command."""
    home = clients_file.parent
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _: earlyid("access", "key", "create", "mosaic", "--home", home), range(3)))
    keys = [each.stdout.strip() for each in done]
    assert [each.returncode for each in done] == [0, 0, 0]
    assert all("shown once" in each.stderr for each in done)
    assert [_why(home / "keys" / "api-keys.json", key) for key in keys] == [None] * 3
