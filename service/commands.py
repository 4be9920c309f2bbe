"""
The commands of the door: `earlyid serve`, `earlyid verify` and `earlyid keys`.

Errors of `models.errors` are left to the caller, who prints one line and knows the exit status.
"""

import json
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from models.bundle import Bundle, load_bundle
from models.documents.documents import check_documents
from models.golden import read_cases
from models.plain_words import STAMP
from models.secret import new_secret
from models.signature import new_key
from service.app import app_that, local_today
from service.exclusions import read_exclusions
from service.guard import is_loopback
from service.live import load_live
from service.server import bind, run

commands = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, no_args_is_help=True
)
keys = typer.Typer(no_args_is_help=True, help="Keys that sign bundles and releases, and secrets of pseudonyms.")
commands.add_typer(keys, name="keys")


def main(argv: list[str]) -> None:
    """Run one command of the door."""
    commands(args=argv, prog_name="earlyid")


@commands.command()
def serve(
    bundle: Annotated[Path, typer.Option(metavar="BUNDLE", help="The folder of the bundle to serve.")],
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="An address of this machine only.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="PORT", min=0, max=65535, help="0 takes any free port.")] = 8000,
    exclusions: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="References, one a line, of children of whom no score is given."),
    ] = None,
) -> None:
    """Answer scoring requests from this machine; every answer says: not approved, not for use."""
    address = "127.0.0.1" if host == "localhost" else host
    if not is_loopback(address):
        _stop("--host must be an address of this machine only, such as 127.0.0.1")
    excluded = read_exclusions(exclusions) if exclusions is not None else frozenset()
    live = load_live(bundle, local_today(), excluded)
    try:
        bound = bind(address, port)
    except OSError:
        _stop(f"{host} port {port} cannot be had; choose another with --port")
    shown = f"[{address}]" if ":" in address else address
    typer.echo(f"http://{shown}:{bound.getsockname()[1]} serves {bundle.name}: {STAMP}")
    if excluded:
        typer.echo(f"{len(excluded):,} references are excluded, as the file said when this began")
    run(app_that(lambda _day: live), bound)


@commands.command()
def verify(
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help="The folder of the bundle to check.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print a summary for programs.")] = False,
) -> None:
    """Check a bundle: its digests, its golden cases, its documents and its signature."""
    checked = load_bundle(bundle)
    check_documents(checked.files)
    cases = len(read_cases(checked.files["golden.jsonl"]))
    if as_json:
        summary = {
            "bundle": checked.id,
            "files": len(checked.files),
            "golden_cases": cases,
            "signature": _signer(checked),
        }
        typer.echo(json.dumps(summary))
    else:
        typer.echo(f"{checked.id}\n{len(checked.files)} files have their digests\n{cases} golden cases are reproduced")
        typer.echo("the model card and the TRIPOD+AI table say what the other files say")
        typer.echo(_signer(checked))


@keys.command()
def new(path: Annotated[Path, typer.Argument(metavar="PATH", help="The file to write; it must not exist.")]) -> None:
    """Write a new private key that only its owner can read, and print its key id."""
    typer.echo(new_key(path))


@keys.command()
def secret(path: Annotated[Path, typer.Argument(metavar="PATH", help="The file to write; it must not exist.")]) -> None:
    """Write a new secret that turns identities into pseudonyms, which only its owner can read."""
    new_secret(path)


def _signer(bundle: Bundle) -> str:
    return "unsigned" if bundle.signature is None else f"signer unknown (key id {bundle.signature.key_id})"


def _stop(why: str) -> NoReturn:
    """End as a wrong use of the command does."""
    typer.echo(f"earlyid: {why}", err=True)
    raise typer.Exit(2)
