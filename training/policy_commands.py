"""The verb `policy`: prints what a contract's audit could be asked, to be agreed on by a board before results."""

import datetime
from pathlib import Path
from typing import Annotated

import typer

from fairness.policy.text import default_policy
from models.canonical import digest
from training.checked_contract import checked_contract
from training.new_file import write_new
from training.scores import groups_of_audit

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)


def main(argv: list[str]) -> None:
    """Run the verb `policy`."""
    app(argv[1:], prog_name="earlyid policy")


@app.command()
def policy(
    contract: Annotated[Path, typer.Argument(help="The contract that declares the audit.")],
    out: Annotated[Path | None, typer.Option(help="Write it here; a file that is there stays as it is.")] = None,
) -> None:
    """Print the policy of a contract's audit, every field spelled out: a board agrees on it before it sees results."""
    declared, text = checked_contract(contract, datetime.datetime.now(tz=datetime.UTC).date())
    said = default_policy(groups_of_audit(declared), digest(text.encode()))[1]
    if out is None:
        typer.echo(said, nl=False)
    else:
        write_new(out, said)
