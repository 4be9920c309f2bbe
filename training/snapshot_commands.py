"""The verb `snapshots`: apart from the others, so that it waits for no learning library."""

import datetime
import json
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from models.contract import Contract
from models.errors import BadInput
from models.feature import Landmark, Pointer
from models.private_file import check_free
from training.checked_contract import checked_contract
from training.ingest import ingest
from training.matrix_file import default_area, write_matrix
from training.snapshots import in_scope, take_matrix
from training.summary import ingest_lines

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, no_args_is_help=True)


def main(argv: list[str]) -> None:
    """Run the verb `snapshots`; when told to end, it takes away what it has half written."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda number, _frame: sys.exit(128 + number))
    app(argv[1:], prog_name="earlyid snapshots")


@app.command("snapshots")
def snapshots_command(
    *,
    contract: Annotated[Path, typer.Option(help="The contract; that of the bundle which is to score.")],
    data: Annotated[Path, typer.Option(help="The folder of extracts, linked where it has to be.")],
    landmark: Annotated[str, typer.Option(help="The landmark, by its name in the contract.")],
    out: Annotated[Path, typer.Option(help="The file to write (Parquet, child-level, for your eyes only).")],
    cohort: Annotated[
        list[int] | None, typer.Option(help="Only children born in the academic year that began in this year.")
    ] = None,
    area: Annotated[
        str | None,
        typer.Option(metavar="SOURCE.COLUMN", help="A column of the role site; else that of addresses."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a summary for programs.")] = False,
) -> None:
    """Write the matrix of every child in scope at a landmark, who may not have reached it yet: see --cohort."""
    check_free(out)
    checked, _ = checked_contract(contract, datetime.datetime.now(tz=datetime.UTC).date())
    at, where = _landmark(checked, landmark), _area(checked, area)
    children = _of_cohorts(checked, in_scope(checked, at), cohort or [])
    con, reports = ingest(checked, data)
    matrix = take_matrix(con, checked, at, children)
    write_matrix(out, con, checked, matrix, where)
    if as_json:
        typer.echo(json.dumps({"out": str(out), "landmark": at.name, "children": len(matrix.children)}))
        return
    for line in ingest_lines(reports):
        typer.echo(line)
    typer.echo(f"{len(matrix.children):,} children at {at.label}\n{out}")


def _landmark(contract: Contract, name: str) -> Landmark:
    names = [landmark.name for landmark in contract.landmarks]
    if name not in names:
        raise BadInput(f"the contract has no such landmark; it has {', '.join(names)}")
    return contract.landmark(name)


def _area(contract: Contract, named: str | None) -> Pointer | None:
    if named is None:
        return default_area(contract)
    source, _, column = named.partition(".")
    sites = {(each.name, c.name) for each in contract.sources for c in each.columns if "site" in c.roles}
    if (source, column) not in sites:
        raise BadInput('--area must be SOURCE.COLUMN, a column that the contract gives the role "site"')
    return Pointer(source=source, column=column)


def _of_cohorts(contract: Contract, children: str, years: list[int]) -> str:
    if not years:
        return children
    if contract.cohort is None:
        raise BadInput("the contract has no cohorts; leave --cohort out")
    born = f"SELECT child FROM birth WHERE cohort IN ({', '.join(map(str, years))})"
    return f"SELECT child FROM ({children}) WHERE child IN ({born})"
