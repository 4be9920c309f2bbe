"""
The verb `conformance`: writes what a vendor of case systems runs to see that its system and this service understand each other.

Errors of `models.errors` are left to the caller, who prints one line and knows the exit status.
"""

import asyncio
import datetime
import json
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from models.errors import BadInput
from service.conformance.cases import MASKED, cases_of
from service.ledger.opening import live_folder
from service.live import load_live

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)
_COPIED = ("README.md", "run.py")


def main(argv: list[str]) -> None:
    """Run the verb `conformance`."""
    app(argv[1:], prog_name="earlyid conformance")


@app.command()
def conformance(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The new folder to write.")],
    bundle: Annotated[
        Path | None,
        typer.Option(metavar="BUNDLE", help="The folder of a bundle; left out: what the ledger says is live."),
    ] = None,
    home: Annotated[Path, typer.Option(envvar="EARLYID_HOME", help="Where state lives.")] = Path(".earlyid"),
    record: Annotated[
        str | None, typer.Option(envvar="EARLYID_RECORD", help="The record, a path or a URL; in the home if left out.")
    ] = None,
) -> None:
    """Write requests about invented children, what must be answered to them, and a program that compares."""
    live = load_live(bundle or asyncio.run(live_folder(home, record)), datetime.date.today())  # noqa: DTZ011 - of this place
    cases = [case.written() for case in cases_of(live)]
    told = {"bundle": live.bundle.id, "masked": list(MASKED), "cases": cases}
    files = {"cases.json": json.dumps(told, indent=1).encode()}
    _write(out, files | {name: resources.files(__package__).joinpath(name).read_bytes() for name in _COPIED})
    typer.echo(f"{len(cases)} cases of bundle {live.bundle.id[:12]}")
    typer.echo(str(out))


def _write(out: Path, files: dict[str, bytes]) -> None:
    try:
        out.mkdir()
        for name, data in files.items():
            (out / name).write_bytes(data)
    except OSError as error:
        raise BadInput(
            f"{out.name} cannot be written there: {error.strerror}; name a folder that is not there"
        ) from None
