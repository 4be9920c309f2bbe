"""The verbs `earlyid keys`: keys that sign, whose they are and what they may sign, and secrets of pseudonyms."""

import datetime
import json
from pathlib import Path
from typing import Annotated

import typer

from models.secret import new_secret
from models.signature import new_key
from service.ledger.trusted import May, public_key, read_trusted, trusted_key, trusted_path, write_trusted

commands = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, no_args_is_help=True
)
keys = typer.Typer(no_args_is_help=True, help="Keys that sign bundles and releases, and secrets of pseudonyms.")
commands.add_typer(keys, name="keys")

HomePath = Annotated[Path, typer.Option("--home", envvar="EARLYID_HOME", help="Where state lives.")]
HOME = Path(".earlyid")


def main(argv: list[str]) -> None:
    """Run one command of keys."""
    commands(args=argv, prog_name="earlyid")


@keys.command()
def new(path: Annotated[Path, typer.Argument(metavar="PATH", help="The file to write; it must not exist.")]) -> None:
    """Write a new private key that only its owner can read, and print its public part, to be handed over, and its id."""
    key_id = new_key(path)
    # Both have 64 digits, and an id that is taken for a public key is a key which nobody has.
    typer.echo(f"public {public_key(str(path)).public_bytes_raw().hex()}")
    typer.echo(f"id     {key_id}")


@keys.command()
def secret(path: Annotated[Path, typer.Argument(metavar="PATH", help="The file to write; it must not exist.")]) -> None:
    """Write a new secret that turns identities into pseudonyms, which only its owner can read."""
    new_secret(path)


@keys.command()
def public(key: Annotated[str, typer.Argument(metavar="KEY", help="The file of a private key.")]) -> None:
    """Print the public part of a key, which may be given to anybody."""
    typer.echo(public_key(key).public_bytes_raw().hex())


@keys.command()
def trust(
    key: Annotated[
        str,
        typer.Argument(metavar="KEY", help="A public key (64 digits, not its id), a file of one, or of a private key."),
    ],
    *,
    name: Annotated[str, typer.Option(help='Whose it is: "name, role".')],
    may: Annotated[May, typer.Option(help="What it may sign.")],
    since: Annotated[
        datetime.datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="From which day; today if left out."),
    ] = None,
    until: Annotated[
        datetime.datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="To the end of which day; no end if left out."),
    ] = None,
    home: HomePath = HOME,
) -> None:
    """Trust a key, or change what is said of one that is trusted; to end its trust, give --until."""
    path = trusted_path(home)
    held = read_trusted(path)
    first = since.date() if since is not None else _today()
    added = trusted_key(key, name, may, first, until.date() if until is not None else None)
    before = held.of(added.key_id)
    if before is not None and since is None:
        added = added.model_copy(update={"since": before.since})
    write_trusted(path, held.with_key(added))
    typer.echo(added.key_id)


@keys.command("list")
def listed(
    *, as_json: Annotated[bool, typer.Option("--json", help="Print it for programs.")] = False, home: HomePath = HOME
) -> None:
    """List the keys that are or were trusted."""
    held = read_trusted(trusted_path(home))
    if as_json:
        typer.echo(json.dumps(held.model_dump(mode="json", by_alias=True)["keys"], ensure_ascii=False))
        return
    for key in held.keys:
        to = f" to {key.until}" if key.until is not None else ""
        typer.echo(f"{key.key_id[:12]}  {key.may}s from {key.since}{to}  {key.name}")


def _today() -> datetime.date:
    return datetime.datetime.now().astimezone().date()
