"""The verb `earlyid verify`: whether a bundle is what it says it is, and whose signature it has."""

import datetime
import json
from pathlib import Path
from typing import Annotated

import typer

from models.bundle import Bundle, load_bundle
from models.documents.documents import check_documents
from models.errors import IntegrityError, KeyFileError
from models.golden import read_cases
from service.ledger.trusted import TrustedKeys, read_trusted

commands = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, no_args_is_help=True
)


def main(argv: list[str]) -> None:
    """Run the verb `verify`."""
    commands(args=argv[1:], prog_name="earlyid verify")


@commands.command()
def verify(
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help="The folder of the bundle to check.")],
    *,
    trusted: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Trusted keys, such as keys/trusted.json: refuse whoever else signed."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a summary for programs.")] = False,
) -> None:
    """Check a bundle: its digests, its golden cases, its documents and its signature."""
    checked = load_bundle(bundle)
    check_documents(checked.files)
    cases = len(read_cases(checked.files["golden.jsonl"]))
    signer = _signer(checked) if trusted is None else _trusted_signer(checked, _keys(trusted))
    if as_json:
        summary = {"bundle": checked.id, "files": len(checked.files), "golden_cases": cases, "signature": signer}
        typer.echo(json.dumps(summary, ensure_ascii=False))
    else:
        typer.echo(f"{checked.id}\n{len(checked.files)} files have their digests\n{cases} golden cases are reproduced")
        typer.echo("the model card and the TRIPOD+AI table say what the other files say")
        typer.echo(signer)


def _keys(path: Path) -> TrustedKeys:
    if not path.exists():
        raise KeyFileError(f"there is no file {path.name} of trusted keys; make one with: earlyid keys trust")
    return read_trusted(path)


def _signer(bundle: Bundle) -> str:
    return "unsigned" if bundle.signature is None else f"signer unknown (key id {bundle.signature.key_id})"


def _trusted_signer(bundle: Bundle, trusted: TrustedKeys) -> str:
    """Return who signed, by name; raises IntegrityError where nobody did, or nobody who is trusted for bundles today."""
    if bundle.signature is None:
        raise IntegrityError("the bundle is unsigned")
    today = datetime.datetime.now().astimezone().date()
    key = trusted.holder(bundle.signature.key_id, "bundle", today)
    if key is None:
        raise IntegrityError(
            f"the bundle is signed by a key that is not trusted for bundles ({bundle.signature.key_id})"
        )
    return f"signed by {key.name} (key id {key.key_id})"
