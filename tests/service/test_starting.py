"""What a service that is relied on must not be started with: each refused in one line that says what to do, and holds no secret."""

import asyncio
import datetime
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from models.errors import BadInput
from models.secret import new_secret
from service.access.caller import Caller
from service.access.key_file import made, read_keys, write_keys
from service.current import Held
from service.ledger.trusted import TrustedKeys, trusted_key, trusted_path, write_trusted
from service.live import Standby
from service.operating.logs import Log
from service.operating.settings import read_settings
from service.operating.traces import telemetry_of
from service.operating.watched import Watched
from service.record.database import open_engine
from service.record.entries import Entry
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


def _loaded_by_others(home: Path) -> None:
    (home / "loaded").mkdir()
    (home / "loaded").chmod(0o770)


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
    "an authority file that others can change": (
        _of_others("authority.toml"),
        {},
        "others can change authority.toml; take that away with: chmod go-w authority.toml",
    ),
    "checkpoints that are no file": (
        lambda home: (home / "checkpoints.jsonl").mkdir(),
        {},
        "checkpoints.jsonl cannot be used: Is a directory; see what and whose it is",
    ),
    "no record": (_as_it_is, {"RECORD": "none"}, "without a decision record nothing is answered"),
    "a record of another kind": (_as_it_is, {"RECORD": f"mysql://u:{CANARY}@h/n"}, "postgresql://"),
    "half an issuer": (_as_it_is, {"TOKEN_ISSUER": CANARY}, "EARLYID_TOKEN_AUDIENCE"),
    "a setting near no other": (_as_it_is, {"ZZYZX": CANARY}, "no such setting. docs/running.md lists"),
    "a home that others can change": (lambda home: home.chmod(0o775), {}, "others can change what lies in"),
    "keys that others can change": (
        lambda home: (home / "keys").chmod(0o777),
        {},
        "keys; take that away with: chmod go-w",
    ),
    "child records that others can change": (_loaded_by_others, {}, "loaded; take that away with: chmod go-w"),
    "an unknown setting": (_as_it_is, {"RECRD": CANARY}, "EARLYID_RECRD: there is no such setting. Did you mean"),
    "an unknown setting in lower case": (
        _as_it_is,
        {"earlyid_recrd": CANARY},
        "earlyid_recrd: there is no such setting. Did you mean EARLYID_RECORD",
    ),
    "what other verbs read, in lower case": (
        _as_it_is,
        {"earlyid_signing_key": CANARY},
        "earlyid_signing_key: there is no such setting. Did you mean EARLYID_SIGNING_KEY",
    ),
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
        monkeypatch.setenv(name if name.startswith(("OTEL_", "earlyid_")) else f"EARLYID_{name}", value)
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
    lines: list[str] = []

    async def opened() -> tuple[Held, list[str]]:
        made = start(read_settings(home=home), Watched(Log(lines.append)))
        async with made.opened() as service:
            return service.current.held, service.watched.meters.told().decode().splitlines()

    held, figures = asyncio.run(opened())
    assert isinstance(held.live, Standby)
    assert "No release is live" in held.live.why
    assert "earlyid_record_entries 0.0" in figures
    told = [json.loads(line) for line in lines]
    assert [line["event"] for line in told] == ["nothing-live", "started", "stopped"]
    assert (told[0]["level"], told[0]["why"]) == ("warning", held.live.why)


def test_what_troubles_are_looked_for(home: Path) -> None:
    """Of everything that can go wrong while scores go on operators hear: of access, the ledger, loads, checkpoints and the clock."""
    made = start(read_settings(home=home), Watched())
    asyncio.run(made.close())
    troubles = made.service.watched.troubles
    assert troubles.keys() == {"access", "ledger", "loaded", "checkpoints", "clock"}
    assert made.service.watched.troubled() == {}


def test_checkpoints_that_cannot_be_written(home: Path) -> None:
    """Where no checkpoint can be written operators hear of it, while the service answers on."""

    async def opened() -> tuple[dict[str, str], dict[str, str]]:
        made = start(read_settings(home=home), Watched())
        async with made.opened() as service:
            before = service.watched.troubled()
            (home / "checkpoints.jsonl").mkdir()
            assert service.record is not None
            for _ in range(2):
                await service.record.append(*(Entry("account", "case-system", b"{}") for _ in range(600)))
            for _ in range(100):
                if "checkpoints" in service.watched.troubled():
                    break
                await asyncio.sleep(0.02)
            return before, service.watched.troubled()

    before, after = asyncio.run(opened())
    assert "checkpoints" not in before
    assert "no checkpoint could be written" in after["checkpoints"]


def test_on_postgres(home: Path, postgres: Callable[[], str]) -> None:
    """What a service on PostgreSQL opened to record and to share rates it lets go of when it is closed."""
    url = postgres()

    async def opened() -> None:
        made = start(read_settings(home=home, record=url), Watched())
        async with made.opened() as service:
            await service.access.admit(Caller("case-system", frozenset(), frozenset()))
            assert _connections(url) > 1

    asyncio.run(opened())
    deadline = time.monotonic() + 5
    while _connections(url) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert _connections(url) == 0


def test_the_record_is_lost_while_it_starts(home: Path, postgres: Callable[[], str]) -> None:
    """Where the record stops answering between the first look at it and the first answer, the last line says so."""
    url = postgres()
    asyncio.run(start(read_settings(home=home, record=url), Watched()).close())
    engine = open_engine(url)
    with engine.connect() as held:
        held.execute(sqlalchemy.text("SET idle_in_transaction_session_timeout = 0"))
        held.execute(sqlalchemy.text("LOCK TABLE exclusions"))
        done = subprocess.run(
            _serving(home),
            cwd=GUIDE.parents[1],
            env=_environment(EARLYID_RECORD=url),
            capture_output=True,
            timeout=30,
            check=False,
        )
    engine.dispose()
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.splitlines()[-1].startswith(b"earlyid: the record ")


def _connections(url: str) -> int:
    """How many connections to a database there are beside the one that counts."""
    engine = open_engine(url)
    with engine.connect() as connection:
        others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        found: int = connection.execute(sqlalchemy.text(others)).scalar_one()
    engine.dispose()
    return found


def test_who_allowed_a_model_is_known(home: Path) -> None:
    """The keys that are trusted now are those that an account names people by; without the file, or with a broken one, nobody."""
    raw = Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()
    key = trusted_key(raw, "Ann Ash, director", "release", datetime.date(2026, 9, 1))

    async def opened() -> list[tuple[str, ...]]:
        made, found = start(read_settings(home=home), Watched()), []
        async with made.opened() as service:
            found.append(_names(service.trusted()))
            write_trusted(trusted_path(home), TrustedKeys(keys=(key,)))
            found.append(_names(service.trusted()))
            trusted_path(home).write_text("{", encoding="utf-8")
            found.append(_names(service.trusted()))
        return found

    assert asyncio.run(opened()) == [(), ("Ann Ash, director",), ()]


def _names(keys: TrustedKeys) -> tuple[str, ...]:
    return tuple(key.name for key in keys.keys)


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


def test_the_first_line(home: Path) -> None:
    """A service with nothing live says in its first line that no score is given, and what changes that."""
    with subprocess.Popen(
        _serving(home),
        cwd=GUIDE.parents[1],
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert said.endswith(" serves no score yet: none is given until a release is promoted\n")


def _serving(home: Path) -> list[str]:
    return [sys.executable, "-c", "import earlyid; earlyid.main()", "serve", "--port", "0", "--home", str(home)]


def _environment(**more: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("EARLYID_")} | more
