"""The verb `plan`: prints the plan that a run by this contract has when it is given none, to be changed before results."""

import datetime
from pathlib import Path
from typing import Annotated

import typer

from training.checked_contract import checked_contract
from training.new_file import write_new
from training.plan_reading import default_plan

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)


def main(argv: list[str]) -> None:
    """Run the verb `plan`."""
    app(argv[1:], prog_name="earlyid plan")


@app.command()
def plan(
    contract: Annotated[Path, typer.Argument(help="The contract to train by.")],
    out: Annotated[Path | None, typer.Option(help="Write it here; a file that is there stays as it is.")] = None,
) -> None:
    """Print the default plan of a contract, every field spelled out: change it before you see results, not after."""
    declared, text = checked_contract(contract, datetime.datetime.now(tz=datetime.UTC).date())
    said = default_plan(declared, text)[1]
    if out is None:
        typer.echo(said, nl=False)
    else:
        write_new(out, said)
