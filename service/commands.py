"""
The command of the door: `earlyid serve`.

Errors of `models.errors` are left to the caller, who prints one line and knows the exit status.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from models.errors import EarlyidError
from models.plain_words import STAMP
from service.app import app_of
from service.call import Service
from service.exclusions import read_exclusions
from service.guard import is_loopback
from service.live import Standby
from service.operating.logs import to_stderr
from service.operating.settings import Settings, read_settings
from service.operating.traces import telemetry_of
from service.operating.watched import Watched
from service.server import bind, run
from service.starting import Start, start

commands = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, no_args_is_help=False
)
_WHERE = "An address to listen on; any but this machine's own needs a proxy before it. EARLYID_HOST, or 127.0.0.1."


def main(argv: list[str]) -> None:
    """Run the verb `serve`."""
    commands(args=argv[1:], prog_name="earlyid serve")


@commands.command()
def serve(
    bundle: Annotated[
        Path | None,
        typer.Option(metavar="BUNDLE", help="Evaluate this bundle on this machine; every answer is stamped."),
    ] = None,
    host: Annotated[str | None, typer.Option(metavar="ADDRESS", help=_WHERE)] = None,
    port: Annotated[
        int | None,
        typer.Option(metavar="PORT", min=0, max=65535, help="0 takes any free port. EARLYID_PORT, or 8000."),
    ] = None,
    home: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where state lives. EARLYID_HOME, or .earlyid.")
    ] = None,
    exclusions: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="With --bundle: references, one a line, of children who get no score."),
    ] = None,
) -> None:
    """Answer callers who are known by what the ledger says is live; with --bundle, evaluate a bundle on this machine."""
    settings = read_settings(bundle=bundle, host="127.0.0.1" if host == "localhost" else host, port=port, home=home)
    excluded = _excluded(settings, exclusions)
    telemetry = telemetry_of(settings)
    watched = Watched(to_stderr(settings.log_level))
    made = start(settings, watched, excluded)
    bound = _bound(settings, made)
    failed: list[EarlyidError] = []

    @asynccontextmanager
    async def opened() -> AsyncIterator[Service]:
        async with AsyncExitStack() as kept_open:
            try:
                service = await kept_open.enter_async_context(made.opened())
            except EarlyidError as error:
                failed.append(error)
                raise
            # Only now is it known whether anything is live.
            typer.echo(_said(settings, bound, service))
            if excluded:
                typer.echo(f"{len(excluded):,} references are excluded, as the file said when this began")
            yield service

    try:
        run(app_of(opened, telemetry), bound, watched.stop)
    except SystemExit:
        # The server says only that it could not start.
        if failed:
            raise failed[0] from None
        raise


def _excluded(settings: Settings, file: Path | None) -> frozenset[str]:
    if file is None:
        return frozenset()
    if settings.bundle is None:
        _stop("--exclusions is for --bundle: what is served is told of exclusions by POST /v1/subjects/exclusions")
    return read_exclusions(file)


def _bound(settings: Settings, made: Start) -> socket.socket:
    try:
        return bind(settings.host, settings.port)
    except OSError:
        asyncio.run(made.close())
        _stop(f"{settings.host} port {settings.port} cannot be had; choose another with --port")


def _said(settings: Settings, bound: socket.socket, service: Service) -> str:
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    here = f"http://{shown}:{bound.getsockname()[1]}"
    if settings.bundle is not None:
        return f"{here} serves {settings.bundle.name}: {STAMP}"
    beyond = "" if is_loopback(settings.host) else "; a proxy before it must end TLS"
    nothing = isinstance(service.current.held.live, Standby)
    live = "no score yet: none is given until a release is promoted" if nothing else "what the ledger says is live"
    return f"{here} serves {live}{beyond}"


def _stop(why: str) -> NoReturn:
    """End as a wrong use of the command does."""
    typer.echo(f"earlyid: {why}", err=True)
    raise typer.Exit(2)
