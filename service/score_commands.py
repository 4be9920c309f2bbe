"""The verb `score`: whole files, scored as the door would; apart from the others, which serve."""

import json
import signal
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from models.errors import GateRefused
from models.plain_words import STAMP
from service.app import local_today
from service.batch.lines import score_lines
from service.batch.tally import Tally
from service.exclusions import read_exclusions
from service.live import Live, load_live

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, no_args_is_help=True)

LINES, MATRIX, TABLE = ".jsonl", ".parquet", ".csv"


def main(argv: list[str]) -> None:
    """Run the verb `score`; when told to end, it takes away what it has half written."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda number, _frame: sys.exit(128 + number))
    app(argv[1:], prog_name="earlyid score")


@app.command("score")
def score_command(
    given: Annotated[Path, typer.Argument(metavar="IN", help="Requests (.jsonl), or a matrix (.parquet).")],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The file to write, of the same kind; it must not exist.")],
    *,
    evaluation: Annotated[
        Path | None,
        typer.Option(metavar="BUNDLE", help="Score by this bundle; every row says: not approved, not for use."),
    ] = None,
    exclusions: Annotated[
        Path | None, typer.Option(metavar="FILE", help="References, one a line, of children of whom no score is given.")
    ] = None,
    area_only: Annotated[
        bool, typer.Option("--area-only", help="Expected numbers by area (OUT: .parquet or .csv), and no child.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a summary for programs.")] = False,
) -> None:
    """Score a file of requests or a matrix, explained; rows that cannot be scored are set aside beside OUT."""
    _check_forms(given.suffix, out.suffix, area_only=area_only)
    if evaluation is None:
        raise GateRefused(
            "nothing is live: no release was signed; --evaluation BUNDLE scores by one that is not approved"
        )
    live = load_live(evaluation, local_today(), read_exclusions(exclusions) if exclusions is not None else frozenset())
    tally = _scored(live, given, out, area_only=area_only)
    if as_json:
        told = {"out": str(out), "bundle": live.bundle.id, "stamp": STAMP, **_summary(tally, area_only=area_only)}
        typer.echo(json.dumps(told))
        return
    for line in [*_words(tally, area_only=area_only), str(out)]:
        typer.echo(line)


def _check_forms(given: str, out: str, *, area_only: bool) -> None:
    if given not in {LINES, MATRIX}:
        _stop(f"IN must end in {LINES} (requests) or {MATRIX} (a matrix)")
    if area_only and given == LINES:
        _stop(f"--area-only counts the rows of a matrix ({MATRIX}); requests do not say where a child lives")
    allowed = {MATRIX, TABLE} if area_only else {given}
    if out not in allowed:
        _stop(f"OUT must end in {' or '.join(sorted(allowed))}")


def _scored(live: Live, given: Path, out: Path, *, area_only: bool) -> Tally:
    if given.suffix == LINES:
        return score_lines(live, given, out, _progress)
    from service.batch.parquet.score_matrix import MatrixScored  # noqa: PLC0415 (pyarrow, which requests need not have)

    matrix = MatrixScored(live, given, _progress)
    return matrix.areas(out) if area_only else matrix.children(out)


def _summary(tally: Tally, *, area_only: bool) -> dict[str, object]:
    """Return what became of the rows; beside areas no total is told, or hidden ones could be worked out from it."""
    counts = {"rows": tally.rows, "scored": tally.scored, "not_scored": tally.not_scored}
    return ({} if area_only else counts) | {"set_aside": dict(sorted(tally.set_aside.items()))}


def _words(tally: Tally, *, area_only: bool) -> list[str]:
    counts = f"{tally.rows} rows: {tally.scored} scored, {tally.not_scored} not scored"
    aside = [f"set aside: {reason} × {count}" for reason, count in tally.set_aside.most_common()]
    return [*([] if area_only else [counts]), *aside, STAMP]


def _progress(step: str) -> None:
    typer.echo(f"· {step}", err=True)


def _stop(why: str) -> NoReturn:
    """End as a wrong use of the command does."""
    typer.echo(f"earlyid score: {why}", err=True)
    raise typer.Exit(2)
