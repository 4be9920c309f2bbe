"""The verb `contract`: apart from the others, so that checking or drafting a contract waits for no learning library."""

import datetime
import json
from pathlib import Path
from typing import Annotated

import typer

from models.contract import Contract
from models.private_file import check_free, written_whole
from training.checked_contract import checked_contract
from training.draft.draft import draft
from training.ingest import SourceReport, ingest
from training.summary import ingest_lines

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)
contract_app = typer.Typer(no_args_is_help=True, help="Check or draft a contract, or print its schema for editors.")
app.add_typer(contract_app, name="contract")


def main(argv: list[str]) -> None:
    """Run a verb of the contract."""
    app(argv, prog_name="earlyid")


@contract_app.command("check")
def check(
    contract: Path,
    data: Annotated[Path | None, typer.Option(help="Also read these extracts by it.")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print a machine-readable summary.")] = False,
) -> None:
    """Name every error of a contract at once; with --data, also every row that breaks it, by line and reason."""
    checked, _ = checked_contract(contract, datetime.datetime.now(tz=datetime.UTC).date())
    reports = ingest(checked, data)[1] if data is not None else []
    if as_json:
        typer.echo(json.dumps({"contract": checked.name, "sources": [_as_json(report) for report in reports]}))
        return
    typer.echo(
        f"{contract.name}: no problem (sources {len(checked.sources)}, landmarks {len(checked.landmarks)}, "
        f"features {len(checked.features)}, outcomes {len(checked.outcomes)})"
    )
    for line in ingest_lines(reports):
        typer.echo(line)


def _as_json(report: SourceReport) -> dict[str, object]:
    return {
        "source": report.source,
        "kept": report.kept,
        "set_aside": dict(sorted(report.set_aside.items())),
        "examples": [{"line": line, "reason": reason} for line, reason in report.examples],
    }


@contract_app.command("draft")
def draft_command(
    folder: Annotated[Path, typer.Argument(help="The folder of extracts, each child under one key in all of them.")],
    out: Annotated[Path | None, typer.Option(help="Write it here; a file that is there stays as it is.")] = None,
) -> None:
    """Draft a contract from extracts: what was guessed, with the evidence in counts, and what a person must say."""
    if out is not None:
        check_free(out)
    text, found = draft(folder, lambda step: typer.echo(f"· {step}", err=True))
    if out is None:
        typer.echo(text, nl=False)
        return
    with written_whole(out) as file:
        file.write(text.encode())
    columns = sum(len(source.columns) for source in found.sources)
    typer.echo(f"{out.name}: a draft of {len(found.sources)} sources and {columns} columns, which nobody has agreed")
    typer.echo("at its top stands what could not be guessed; earlyid contract check names what is left to settle")


@contract_app.command("schema")
def schema() -> None:
    """Print the JSON Schema of a contract, for editors that check TOML as you type."""
    typer.echo(contract_schema(), nl=False)


def contract_schema() -> str:
    """Return the JSON Schema of a contract, by the names used in the file."""
    return json.dumps(Contract.model_json_schema(by_alias=True), indent=2, sort_keys=True) + "\n"
