"""
The commands of access: `earlyid access clients` and `earlyid access key create | rotate | revoke | list`.

A key is printed once, when it is made, and is nowhere afterwards. A running service sees a change within five seconds.
"""

import datetime
import json
from pathlib import Path
from typing import Annotated

import typer

from models.errors import BadInput, KeyFileError
from service.access.agreements import Agreements, read_agreements, shown
from service.access.key_file import Key, held, made, read_keys, write_keys

commands = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, no_args_is_help=True
)
access = typer.Typer(no_args_is_help=True, help="Who may ask for scores: clients and their keys.")
key = typer.Typer(no_args_is_help=True, help="API keys: each of one client, shown once, kept as a digest.")
commands.add_typer(access, name="access")
access.add_typer(key, name="key")

Home = Annotated[Path, typer.Option(envvar="EARLYID_HOME", help="The folder in which the service keeps its state.")]
Clients = Annotated[
    Path | None,
    typer.Option(envvar="EARLYID_CLIENTS", help="The file of sharing agreements; HOME/clients.toml if left out."),
]
KeyId = Annotated[str, typer.Argument(metavar="KEYID", help="The id of a key, as `list` shows it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print a summary for programs.")]
_HOME = Path(".earlyid")
_ONCE = "This is shown once. Hand it over by a way that only its client can read."


def main(argv: list[str]) -> None:
    """Run one command of access."""
    commands(args=argv, prog_name="earlyid")


@access.command()
def clients(*, home: Home = _HOME, clients: Clients = None, as_json: AsJson = False) -> None:
    """Check the file of sharing agreements, and list its clients."""
    found = _agreements(home, clients).clients.values()
    if as_json:
        typer.echo(json.dumps([client.model_dump(mode="json") for client in found]))
        return
    today = _now().date()
    for client in found:
        state = "until" if client.holds(today) else "EXPIRED on"
        typer.echo(f"{client.name}: {client.label}, {client.agreement}, {state} {client.expires.isoformat()}")
        typer.echo(f"  may: {shown(client)}; for: {', '.join(sorted(client.purposes)) or 'no purpose'}")
        typer.echo(f"  {client.per_minute:,} requests a minute, {client.burst:,} at once")


@key.command()
def create(
    client: Annotated[str, typer.Argument(metavar="CLIENT", help="The name of a client of the sharing agreements.")],
    *,
    expires: Annotated[
        datetime.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day on which the key is good.")
    ] = None,
    home: Home = _HOME,
    clients: Clients = None,
) -> None:
    """Make a key of a client, and print it."""
    if client not in _agreements(home, clients).clients:
        raise BadInput("there is no client of that name in the sharing agreements; see: earlyid access clients")
    path = _path(home)
    with held(path):
        kept, told = made(client, _now(), None if expires is None else _end(expires))
        write_keys(path, read_keys(path).changed(kept))
    _tell(told)


@key.command()
def rotate(
    key_id: KeyId,
    *,
    keep_days: Annotated[
        int, typer.Option(metavar="N", min=0, max=90, help="How long the old key stays good beside the new one.")
    ] = 0,
    home: Home = _HOME,
) -> None:
    """Make another key of the same client, and end the old one now or in some days."""
    path, now = _path(home), _now()
    with held(path):
        keys = read_keys(path)
        old = keys.one(key_id)
        if _state(old, now) != "good":
            raise KeyFileError("that key is good no more; make another with: earlyid access key create")
        kept, told = made(old.client, now, old.expires)
        write_keys(path, keys.changed(_ended(old, now, keep_days)).changed(kept))
    _tell(told)


@key.command()
def revoke(key_id: KeyId, *, home: Home = _HOME) -> None:
    """End a key now."""
    path = _path(home)
    with held(path):
        keys = read_keys(path)
        old = keys.one(key_id)
        if old.revoked is None:
            write_keys(path, keys.changed(_ended(old, _now(), 0)))
    typer.echo(f"{old.id} of {old.client} is good no more; a running service refuses it within five seconds")


@key.command(name="list")
def list_(*, home: Home = _HOME, as_json: AsJson = False) -> None:
    """List the keys: whose, since when, until when; never a secret."""
    now = _now()
    found = read_keys(_path(home)).keys
    if as_json:
        told = [each.model_dump(mode="json", exclude={"digest"}) | {"state": _state(each, now)} for each in found]
        typer.echo(json.dumps(told))
        return
    for each in found:
        typer.echo(f"{each.id}  {each.client:<24}{_state(each, now):<9}{each.created:%Y-%m-%d} to {_last_day(each)}")


def _agreements(home: Path, clients: Path | None) -> Agreements:
    return read_agreements(clients or home / "clients.toml")


def _path(home: Path) -> Path:
    return home / "keys" / "api-keys.json"


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _end(day: datetime.datetime) -> datetime.datetime:
    """Return when a day ends, which is when a key is good no more."""
    return day.replace(tzinfo=datetime.UTC) + datetime.timedelta(days=1)


def _ended(old: Key, now: datetime.datetime, keep_days: int) -> Key:
    """Return a key that ends in so many days, never later than it would have."""
    if keep_days == 0:
        return old.model_copy(update={"revoked": now})
    end = now + datetime.timedelta(days=keep_days)
    return old.model_copy(update={"expires": end if old.expires is None else min(end, old.expires)})


def _state(key: Key, now: datetime.datetime) -> str:
    if key.revoked is not None:
        return "revoked"
    return "good" if key.expires is None or key.expires > now else "expired"


def _last_day(key: Key) -> str:
    """Return the last day on which a key is good: one that ends as a day begins was not good on that day."""
    if key.revoked is not None:
        return f"{key.revoked:%Y-%m-%d}"
    return f"{key.expires - datetime.timedelta(microseconds=1):%Y-%m-%d}" if key.expires is not None else "no end"


def _tell(told: str) -> None:
    """Print a key alone on its line of standard output, and what to do with it beside it."""
    typer.echo(told)
    typer.echo(_ONCE, err=True)
