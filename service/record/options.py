"""The options that the commands of the record share."""

import re
from pathlib import Path
from typing import Annotated

import typer

HOME = Path(".earlyid")

Home = Annotated[Path, typer.Option(envvar="EARLYID_HOME", help="The folder in which the service keeps its state.")]
At = Annotated[
    str | None,
    typer.Option("--record", envvar="EARLYID_RECORD", help="The record: a path or a URL; HOME/record.db if left out."),
]
ReferenceKey = Annotated[
    Path | None,
    typer.Option(envvar="EARLYID_REFERENCE_KEY", help="The secret of references; HOME/keys/reference.key if left out."),
]
Evaluation = Annotated[bool, typer.Option("--evaluation", help="The record of a bundle served for evaluation.")]
_WHOLE = re.compile(r"[0-9a-f]{64}")


def _whole(keys: list[str] | None) -> list[str] | None:
    if any(not _WHOLE.fullmatch(each) for each in keys or []):
        raise typer.BadParameter("give all 64 digits of the key's id, as `earlyid record checkpoint` prints it")
    return keys


Keys = Annotated[
    list[str] | None,
    typer.Option(
        "--key", metavar="KEYID", callback=_whole, help="Believe checkpoints of this key; the home's own if left out."
    ),
]
SubjectFile = Annotated[
    str,
    typer.Option(metavar="FILE", help="A file that holds the child's reference, or - to pipe it in: never typed here."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print what programs read.")]
Reason = Annotated[
    str, typer.Option(metavar="TEXT", help="The matter, such as the number of a case; never the name of a person.")
]
commands = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, no_args_is_help=True
)
record = typer.Typer(no_args_is_help=True, help="The decision record: what was asked, answered, seen and done.")
commands.add_typer(record, name="record")
