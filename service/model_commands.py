"""
The command that shows a model to people: `earlyid model show`.

Errors of `models.errors` are left to the caller, who prints one line and knows the exit status.
"""

from pathlib import Path
from typing import Annotated

import typer

from models.bundle import load_bundle
from models.errors import BadInput
from service.model_sheet.sheet import sheet

commands = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, no_args_is_help=True
)
model = typer.Typer(no_args_is_help=True, help="What a bundle's model is, for people.")
commands.add_typer(model, name="model")


def main(argv: list[str]) -> None:
    """Run one command of the model."""
    commands(args=argv, prog_name="earlyid")


@model.command()
def show(
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help="The folder of the bundle to show.")],
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The page to write; without it, a file here that is named after the bundle."),
    ] = None,
) -> None:
    """Check a bundle, and write its whole model on one page: every curve, in drawings, words and figures."""
    checked = load_bundle(bundle)
    path = out or Path(f"model-{checked.id[:12]}.html")
    _write(path, sheet(checked).encode())
    typer.echo(str(path))


def _write(path: Path, page: bytes) -> None:
    """Write a page, whole or not at all; raises BadInput when another file is there, or none can be written."""
    try:
        if path.exists():
            if path.read_bytes() != page:
                raise BadInput(f"{path.name} is there already; name another file with --out")
            return
        aside = path.with_name(f".{path.name}.part")
        aside.write_bytes(page)
        aside.replace(path)
    except OSError:
        raise BadInput(f"{path.name} cannot be written there; name another file with --out") from None
