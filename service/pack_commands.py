"""
The verb `pack`: the board's pack of a bundle, for people to read, print and sign by.

The page is the bundle's own, to the byte, unless exceptions were made after the run: those stand outside the bundle, and the pack is
drawn again with them. The pack of what is live has above it who released it. It shows what was computed in training; nothing is
computed here.
"""

import asyncio
import datetime
import json
from pathlib import Path
from typing import Annotated

import typer

from fairness.pack.csv import tidy
from fairness.pack.folder import AUDIT, PAGE, PRINTED, TABLE, check_new, write_folder
from fairness.pack.page import pack
from fairness.pack.pdf import REMEDY, print_pdf
from models.bundle import Bundle, load_bundle
from models.canonical import canonical
from models.errors import BadInput
from models.exceptions import Standing, read_exceptions, standings
from models.gates import Gates
from service.ledger.opening import live_release
from service.pages.after_signing import with_release
from service.released import Released

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)


def main(argv: list[str]) -> None:
    """Run the verb `pack`."""
    app(argv[1:], prog_name="earlyid pack")


@app.command()
def write_pack(
    *,
    bundle: Annotated[
        Path | None, typer.Argument(metavar="BUNDLE", help="The folder of the bundle; left out with --live.")
    ] = None,
    out: Annotated[
        Path, typer.Option(help="The new folder to write: the page, its figures as JSON and CSV, and a PDF.")
    ],
    exceptions: Annotated[
        Path | None,
        typer.Option(help="Exceptions to gates that were made after the run, to be shown on its first page."),
    ] = None,
    live: Annotated[bool, typer.Option("--live", help="The bundle that the ledger of the home says is live.")] = False,
    home: Annotated[Path, typer.Option(envvar="EARLYID_HOME", help="Where state lives.")] = Path(".earlyid"),
    record: Annotated[
        str | None, typer.Option(envvar="EARLYID_RECORD", help="The record, a path or a URL; in the home if left out.")
    ] = None,
) -> None:
    """Write the board's pack of a bundle: the page, its figures as JSON and CSV, and a PDF where a Chromium is found."""
    check_new(out)
    folder, released = _asked(bundle, home, record, live=live)
    held = load_bundle(folder)
    found = _standings(held, exceptions)
    page = page_of(held, found, released)
    audit = held.files[AUDIT]
    files = {PAGE: page, AUDIT: audit, TABLE: tidy(json.loads(audit)).encode()}
    write_folder(out, files)
    for standing in found:
        typer.echo(f"exception to {standing.exception.gate}: {standing.state}")
    if not print_pdf(out / PAGE, out / PRINTED):
        typer.echo(f"no pack.pdf: {REMEDY}", err=True)
    typer.echo(str(out / PAGE))


def _asked(bundle: Path | None, home: Path, record: str | None, *, live: bool) -> tuple[Path, Released | None]:
    """Return the folder of the bundle that is named, or of what is live with how it came to be; raises BadInput unless it is one of the two."""
    if live == (bundle is not None):
        raise BadInput("name the folder of a bundle, or give --live for the one that is live")
    return (bundle, None) if bundle is not None else asyncio.run(live_release(home, record))


def _standings(held: Bundle, exceptions: Path | None) -> tuple[Standing, ...]:
    if exceptions is None:
        return ()
    gates = Gates.model_validate_json(held.files["gates.json"])
    today = datetime.datetime.now(tz=datetime.UTC).date()
    return standings(gates, read_exceptions(exceptions), held.id, today)


def page_of(held: Bundle, found: tuple[Standing, ...], released: Released | None) -> bytes:
    """Return the page of a bundle's pack, with exceptions made after the run, and (None: it is not asked as what is live) its release."""
    page = _drawn(held, found)
    return page if released is None else with_release(page.decode(), held.id, released).encode()


def _drawn(held: Bundle, found: tuple[Standing, ...]) -> bytes:
    if not found:
        return held.files[PAGE]
    shown = canonical([standing.shown() for standing in found])
    return pack({**held.files, "exceptions.json": shown}).encode()
