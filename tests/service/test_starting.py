"""What a service that is relied on must not be started with: each refused in one line that says what to do, and holds no secret."""

import asyncio
import datetime
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.errors import BadInput
from models.secret import new_secret
from service.access.key_file import made, read_keys, write_keys
from service.current import Held
from service.live import Standby
from service.operating.settings import read_settings
from service.operating.traces import telemetry_of
from service.operating.watched import Watched
from service.starting import start

Command = Callable[..., Any]
CANARY = "canary-3f1b"
GUIDE = Path(__file__).parents[2] / "docs" / "running.md"
CLIENTS = """
[[client]]
name = "case-system"
label = "The case system of early help"
agreement = "DSA-2026-01"
expires = 2099-12-31
permissions = ["score"]
purposes = ["early_help"]
"""
# The guide's own example, so that what people copy from it works.
AUTHORITY = GUIDE.read_text(encoding="utf-8").partition("```toml\n")[2].partition("```")[0]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with everything that a service needs but a release."""
    (tmp_path / "keys").mkdir()
    for name, text in (("clients.toml", CLIENTS), ("authority.toml", AUTHORITY)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        (tmp_path / name).chmod(0o600)
    new_secret(tmp_path / "keys" / "reference.key")
    key, _ = made("case-system", datetime.datetime.now(datetime.UTC), None)
    path = tmp_path / "keys" / "api-keys.json"
    write_keys(path, read_keys(path).changed(key))
    return tmp_path


def _expired(home: Path) -> None:
    (home / "clients.toml").write_text(CLIENTS.replace("2099", "2020"), encoding="utf-8")


def _of_others(name: str) -> Callable[[Path], object]:
    return lambda home: (home / name).chmod(0o666)


def _without(name: str) -> Callable[[Path], object]:
    return lambda home: (home / name).unlink()


def _short(home: Path) -> None:
    (home / "keys" / "reference.key").write_text(CANARY, encoding="ascii")


def _as_it_is(_home: Path) -> None:
    """Change nothing."""


UNSAFE: dict[str, tuple[Callable[[Path], object], dict[str, str], str]] = {
    "no reference key": (_without("keys/reference.key"), {}, "there is no key file reference.key"),
    "a short reference key": (_short, {}, "holds fewer than 32 bytes"),
    "a reference key of others": (_of_others("keys/reference.key"), {}, "others can read the key file"),
    "no clients": (_without("clients.toml"), {}, "clients.toml"),
    "every client expired": (_expired, {}, "the agreement of every client has expired"),
    "clients that others can change": (_of_others("clients.toml"), {}, "chmod go-w clients.toml"),
    "no key and no issuer": (_without("keys/api-keys.json"), {}, "no client could be known"),
    "keys of others": (_of_others("keys/api-keys.json"), {}, "api-keys.json"),
    "no authority": (_without("authority.toml"), {}, "authority.toml"),
    "no record": (_as_it_is, {"RECORD": "none"}, "without a decision record nothing is answered"),
    "a record of another kind": (_as_it_is, {"RECORD": f"mysql://u:{CANARY}@h/n"}, "postgresql://"),
    "half an issuer": (_as_it_is, {"TOKEN_ISSUER": CANARY}, "EARLYID_TOKEN_AUDIENCE"),
    "an unknown setting": (_as_it_is, {"RECRD": CANARY}, "EARLYID_RECRD: there is no such setting. Did you mean"),
    "no number": (_as_it_is, {"PORT": CANARY}, "EARLYID_PORT: input should be a valid integer"),
    "traces to nowhere": (_as_it_is, {"TRACES": "here"}, "does not say where they go"),
    "traces elsewhere": (
        _as_it_is,
        {"TRACES": "here", "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://{CANARY}.example:4318"},
        "set EARLYID_TRACES=elsewhere",
    ),
}


@pytest.mark.parametrize(("spoil", "settings", "why"), UNSAFE.values(), ids=UNSAFE)
def test_what_is_unsafe(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    spoil: Callable[[Path], object],
    settings: dict[str, str],
    why: str,
) -> None:
    """Nothing is started with it, and the line says why without a value of any setting."""
    spoil(home)
    for name, value in settings.items():
        monkeypatch.setenv(name if name.startswith("OTEL_") else f"EARLYID_{name}", value)
    with pytest.raises(BadInput) as refused:
        _started(home)
    assert why in str(refused.value)
    assert CANARY not in str(refused.value)


def _started(home: Path) -> None:
    settings = read_settings(home=home)
    telemetry_of(settings)
    made = start(settings, Watched())
    asyncio.run(made.close())


def test_what_is_safe(home: Path) -> None:
    """A home with all that is needed is opened; nothing is live, which is told and waited out."""

    async def opened() -> tuple[Held, list[str]]:
        made = start(read_settings(home=home), Watched())
        async with made.opened() as service:
            return service.current.held, service.watched.meters.told().decode().splitlines()

    held, figures = asyncio.run(opened())
    assert isinstance(held.live, Standby)
    assert "No release is live" in held.live.why
    assert "earlyid_record_entries 0.0" in figures


def test_a_second_process(home: Path) -> None:
    """A record in SQLite bears one service process."""
    made = start(read_settings(home=home), Watched())
    with pytest.raises(BadInput, match=r"another service process writes to record\.db"):
        start(read_settings(home=home), Watched())
    asyncio.run(made.close())


def test_tables_of_another_version(home: Path) -> None:
    """A record whose tables a later version wrote is not opened."""
    _started(home)
    with sqlite3.connect(home / "record.db") as database:
        database.execute("UPDATE alembic_version SET version_num = 'later'")
    with pytest.raises(BadInput, match="record"):
        _started(home)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ([], "clients"),
        (["--host", "0.0.0.0"], "clients"),  # noqa: S104 - refused for want of clients, that is the point
    ],
)
def test_the_command(earlyid: Command, home: Path, words: list[str], why: str) -> None:
    """`earlyid serve` in a home without clients prints one line, no trace of the program, and does not exit with 0."""
    (home / "clients.toml").unlink()
    done = earlyid("serve", "--home", home, "--port", "0", *words)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (3, "", 1), done.stderr
    assert why in done.stderr
