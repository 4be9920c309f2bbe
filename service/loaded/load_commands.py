"""
The verb `load`: puts linked child records into the service's store, every night, all or nothing.

Records come from a file of JSON lines. How linked extracts become one is training's; who stands above both hands it in, and where
it is not at hand, files that were made elsewhere can be loaded still.
"""

import datetime
import json
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from models.bundle import load_bundle
from models.contract import Contract
from models.contract_reading import parse_contract
from models.errors import BadInput
from service.loaded.by_reference import OLDEST_DAYS
from service.loaded.loading import Taken, take_in

Say = Callable[[str], None]
# Contract, linked folder, day of the extracts, file to write, progress: counts of what became of children.
WriteLines = Callable[[Contract, Path, datetime.date, Path, Say], Counter[str]]

DAY = "%Y-%m-%d"
FOLDER = "loaded"


def main(argv: list[str], write_lines: WriteLines) -> None:
    """Run the verb `load`; when told to end, it takes away what it has half written."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda number, _frame: sys.exit(128 + number))
    _app(write_lines)(argv[1:], prog_name="earlyid load")


def _app(write_lines: WriteLines) -> typer.Typer:
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, no_args_is_help=True)

    @app.command("load")
    def load_command(
        given: Annotated[
            Path, typer.Argument(metavar="LINKED", help="Linked extracts, or a .jsonl file that --only-write wrote.")
        ],
        *,
        bundle: Annotated[
            Path | None, typer.Option(metavar="BUNDLE", help="The bundle that will be asked; what is live if left out.")
        ] = None,
        contract: Annotated[Path | None, typer.Option(metavar="FILE", help="Its contract, instead of it.")] = None,
        extracted: Annotated[
            datetime.datetime | None,
            typer.Option(formats=[DAY], help="The day on which the agencies made the extracts; a file says it itself."),
        ] = None,
        teams: Annotated[
            Path | None, typer.Option(metavar="FILE", help="Which team sees which child: a CSV file, child and team.")
        ] = None,
        only_write: Annotated[
            Path | None, typer.Option(metavar="FILE", help="Write the records as JSON lines, and load nothing.")
        ] = None,
        home: Annotated[Path, typer.Option(envvar="EARLYID_HOME", help="Where the service keeps its state.")] = Path(
            ".earlyid"
        ),
        record: Annotated[
            str | None,
            typer.Option(envvar="EARLYID_RECORD", help="The record that says what is live; in the home if left out."),
        ] = None,
        oldest: Annotated[
            int,
            typer.Option(
                "--oldest",
                min=1,
                max=366,
                envvar="EARLYID_LOADED_DAYS",
                help="How many days old extracts may be in use.",
            ),
        ] = OLDEST_DAYS,
        as_json: Annotated[bool, typer.Option("--json", help="Print a summary for programs.")] = False,
    ) -> None:
        """Put child records into the service's store, in place of all that was there."""
        held = _contract(bundle, contract, home, record)
        if given.suffix == ".jsonl":
            _refuse_extracted(extracted, only_write)
            taken = take_in(given, held, home / FOLDER, teams)
            _tell({"loaded": taken}, as_json=as_json)
            _warn_if_old(taken, oldest)
            return
        day = _day(extracted)
        if only_write is not None:
            _tell({"made": write_lines(held, given, day, only_write, _progress)}, as_json=as_json)
            return
        with tempfile.TemporaryDirectory(prefix=".load.", dir=_folder(home)) as aside:
            lines = Path(aside) / "children.jsonl"
            made = write_lines(held, given, day, lines, _progress)
            _progress("loading")
            taken = take_in(lines, held, home / FOLDER, teams)
        _tell({"made": made, "loaded": taken}, as_json=as_json)
        _warn_if_old(taken, oldest)

    return app


def _contract(bundle: Path | None, contract: Path | None, home: Path, record: str | None) -> Contract:
    if bundle is not None and contract is not None:
        _stop("name the bundle that will be asked, or its contract, and not both")
    if bundle is not None:
        return load_bundle(bundle).contract
    if contract is not None:
        return _read(contract)
    from service.loaded.live_contract import live_contract  # noqa: PLC0415 (the record's database, which files need not have)

    return live_contract(home, record)


def _read(contract: Path) -> Contract:
    try:
        return parse_contract(contract.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise BadInput(f"{contract.name} cannot be read as a contract") from None


def _day(extracted: datetime.datetime | None) -> datetime.date:
    if extracted is None:
        _stop("say on which day the agencies made the extracts (--extracted YYYY-MM-DD)")
    # By the calendar of this place: at home it may be tomorrow by the world's.
    if extracted.date() > datetime.date.today():  # noqa: DTZ011
        _stop("--extracted lies in the future")
    return extracted.date()


def _warn_if_old(taken: Taken, oldest: int) -> None:
    """Say so where the service will not go by what was loaded; to evaluate, people load what is older."""
    days = (datetime.date.today() - taken.extracted).days  # noqa: DTZ011 - as above
    if days > oldest:
        _progress(
            f"loaded, but a service does not go by it: the extracts are {days} days old, and {oldest} is the most "
            "(EARLYID_LOADED_DAYS)"
        )


def _refuse_extracted(extracted: datetime.datetime | None, only_write: Path | None) -> None:
    if extracted is not None or only_write is not None:
        _stop("a .jsonl file is written already, and says itself of which day it is: leave out the other options")


def _folder(home: Path) -> Path:
    """Return the folder that records lie in, made where there is none: what is written aside stays on its disk."""
    try:
        (home / FOLDER).mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"{home.name} cannot be written: {error.strerror}") from None
    return home / FOLDER


def _tell(done: dict[str, Counter[str] | Taken], *, as_json: bool) -> None:
    counts: dict[str, int] = {}
    for part in done.values():
        counts |= part.counts if isinstance(part, Taken) else part
    if as_json:
        typer.echo(json.dumps(counts))
        return
    for name, count in counts.items():
        typer.echo(f"{count:>9,} {name.replace('_', ' ')}")


def _progress(step: str) -> None:
    typer.echo(f"· {step}", err=True)


def _stop(why: str) -> NoReturn:
    """End as a wrong use of the command does."""
    typer.echo(f"earlyid load: {why}", err=True)
    raise typer.Exit(2)
