"""The verb `link`: apart from the others, so that linking waits for no learning library."""

import datetime
import json
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from training.checked_contract import checked_contract
from training.linkage.asked import Asked
from training.linkage.report_lines import report_lines

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, no_args_is_help=True)


def main(argv: list[str]) -> None:
    """Run the verb `link`; when told to end, it takes away what it has half written."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda number, _frame: sys.exit(128 + number))
    app(argv[1:], prog_name="earlyid link")


@app.command("link")
def link_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the agencies' people and extracts.")],
    *,
    contract: Annotated[Path, typer.Option(help="The contract; its [linkage] says how records are linked.")],
    key: Annotated[Path, typer.Option(help="The secret of the pseudonyms: earlyid keys secret makes one.")],
    review: Annotated[Path, typer.Option(help="Pairs for a person to decide on; decisions in it are read back.")],
    map_file: Annotated[Path, typer.Option("--map", help="Keeps each child's pseudonym from year to year.")],
    out: Annotated[Path, typer.Option(help="The folder to write: linked extracts, and the report.")],
    truth: Annotated[
        Path | None, typer.Option(help="True identities (agency, id, child), for the report only.")
    ] = None,
    model: Annotated[
        Path | None, typer.Option(help="A model that an earlier linking saved, instead of learning one.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report for programs.")] = False,
) -> None:
    """Find the records of each child in agencies that share no identifier, and write them under pseudonyms."""
    from training.linkage.link import link  # noqa: PLC0415 (seconds, which help and refusals need not wait for)

    checked, _ = checked_contract(contract, _today())
    report = link(checked, Asked(folder, key, review, map_file, out, truth, model), _progress)
    if as_json:
        typer.echo(json.dumps(report, allow_nan=False))
        return
    for line in report_lines(report):
        typer.echo(line)
    typer.echo(str(out))


def _progress(step: str) -> None:
    typer.echo(f"· {step}", err=True)


def _today() -> datetime.date:
    return datetime.datetime.now(tz=datetime.UTC).date()
