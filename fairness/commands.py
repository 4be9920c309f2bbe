"""The verb `audit`: what a board decides on, from scored children, or from how a score was used."""

import datetime
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from fairness.from_scored import audit_of_scored
from fairness.in_short import in_short
from fairness.in_use.groups import attributes_of
from fairness.in_use.in_use import in_use
from fairness.in_use.page import page as page_in_use
from fairness.in_use.tidy import tidy as tidy_in_use
from fairness.pack.csv import tidy
from fairness.pack.folder import AUDIT, PAGE, TABLE, check_new, write_folder
from fairness.pack.page import pack
from fairness.pack.pdf import REMEDY, print_pdf
from fairness.policy.policy import Policy
from fairness.policy.reading import read_policy
from fairness.scored import audit_column
from fairness.scored_file import read_scored
from fairness.table_file import read_table
from models.canonical import canonical
from models.errors import Problem

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)


def main(argv: list[str]) -> None:
    """Run the verb `audit`."""
    app(argv[1:], prog_name="earlyid audit")


@app.command()
def audit(
    scored: Annotated[
        Path | None, typer.Argument(metavar="[SCORED]", help="The held-out rows that `earlyid train --scores` writes.")
    ] = None,
    *,
    out: Annotated[Path, typer.Option(help="The new folder to write: a page, its figures as JSON and CSV, and a PDF.")],
    policy: Annotated[
        Path | None,
        typer.Option(help="What a board asks of gaps between groups; without one, nobody has agreed to anything."),
    ] = None,
    champion: Annotated[
        Path | None, typer.Option(help="The same children as the model in use scored them, to be set beside these.")
    ] = None,
    used: Annotated[
        tuple[Path, Path],
        typer.Option(
            "--in-use",
            metavar="RECORD GROUPS",
            help="How a score was used, and of whom: two tables, joined here.",
            show_default=False,
        ),
    ] = (Path(), Path()),
) -> None:
    """Audit scored children by a policy, or how a score was used (--in-use), and write the board's pack."""
    in_use_asked = used != (Path(), Path())
    if (scored is None) is not in_use_asked or (in_use_asked and champion is not None):
        raise typer.BadParameter("give either SCORED (with --champion, if there is one), or --in-use RECORD GROUPS")
    check_new(out)
    files = _used(*used, policy) if scored is None else _scored(scored, policy, champion)
    page = next(name for name in files if name.endswith(".html"))
    write_folder(out, files)
    if not print_pdf(out / page, (out / page).with_suffix(".pdf")):
        typer.echo(f"no {page.removesuffix('.html')}.pdf: {REMEDY}", err=True)
    typer.echo(str(out / page))


def _scored(scored: Path, policy: Path | None, champion: Path | None) -> dict[str, bytes]:
    table, words = read_scored(scored)
    there = {name: table[audit_column(name)].unique().tolist() for name in words.groups}
    asked, text = read_policy(policy, words.groups, words.contract, _today(), there)
    found = audit_of_scored(table, words, asked, text, champion)
    for line in in_short(found):
        typer.echo(line)
    written = {AUDIT: canonical(found), "policy.toml": text.encode()}
    return written | {PAGE: pack(written).encode(), TABLE: tidy(found).encode()}


def _used(record: Path, groups: Path, policy: Path | None) -> dict[str, bytes]:
    rows = read_table(groups)
    # A table that cannot be read is refused with all else that is wrong, and no policy can be held against it.
    found = in_use(record, groups, Policy() if isinstance(rows, Problem) else _asked(policy, rows))
    return {
        "in_use.json": canonical(found),
        "in_use.html": page_in_use(found).encode(),
        "in_use.csv": tidy_in_use(found).encode(),
    }


def _asked(policy: Path | None, rows: pd.DataFrame) -> Policy:
    """Return the policy, held against the groups of a table that declares none."""
    there = {
        name: rows[audit_column(name)].astype("string").str.strip().dropna().unique().tolist()
        for name in attributes_of(rows)
    }
    return read_policy(policy, {name: [] for name in there}, None, _today(), there)[0]


def _today() -> datetime.date:
    return datetime.datetime.now(tz=datetime.UTC).date()
