"""The verb `compare`: a new bundle beside the one that is live, on children whom neither learned from."""

import datetime
from pathlib import Path
from typing import Annotated

import typer

from models.bundle import Bundle, load_bundle
from models.canonical import canonical
from models.errors import ContractError, Problem
from training.champion.compared import compare
from training.champion.lines import comparison_lines
from training.private_files import check_place
from training.tracking.comparing import record_comparison
from training.tracking.store import check_store

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, no_args_is_help=True)


def main(argv: list[str]) -> None:
    """Run the verb `compare`."""
    app(argv[1:], prog_name="earlyid compare")


@app.command("compare")
def compare_command(
    champion: Annotated[Path, typer.Argument(help="The bundle that is live.")],
    challenger: Annotated[Path, typer.Argument(help="The bundle that might take its place.")],
    *,
    data: Annotated[Path, typer.Option(help="The folder of extracts that the challenger learned from.")],
    out: Annotated[Path | None, typer.Option(help="Write the comparison here, too (JSON; no child is in it).")] = None,
    home: Annotated[Path, typer.Option("--home", envvar="EARLYID_HOME", help="Where state lives.")] = Path(".earlyid"),
    as_json: Annotated[bool, typer.Option("--json", help="Print the comparison for programs.")] = False,
) -> None:
    """Compare two bundles on the same held-out children, and record it with the challenger's MLflow run."""
    check_store(home)
    if out is not None:
        check_place(out)
    live, new = load_bundle(champion), load_bundle(challenger)
    for bundle in (live, new):
        _refuse_expired(bundle)
    comparison = compare(live, new, data)
    if out is not None:
        out.write_bytes(canonical(comparison))
    run_id = record_comparison(comparison, home)
    if as_json:
        typer.echo(canonical(comparison).decode(), nl=False)
        return
    for line in comparison_lines(new.contract, comparison):
        typer.echo(line)
    recorded = "no run of the challenger is in this store" if run_id is None else f"recorded with MLflow run {run_id}"
    typer.echo(f"\n{recorded}")


def _refuse_expired(bundle: Bundle) -> None:
    """Raise ContractError where a gateway has expired: the extracts are read by the contracts of both."""
    expired = bundle.contract.expired_gateways(datetime.datetime.now(tz=datetime.UTC).date())
    problems = tuple(
        Problem(f'source "{source.name}" › gateway', "has expired", "Renew the agreement, and train again by it.")
        for source in expired
    )
    if problems:
        raise ContractError(
            f"the contract of {bundle.id[:12]} does not let these extracts be read any longer", problems
        )
