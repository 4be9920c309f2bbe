"""The verb `score`: whole files, scored as the door would; apart from the others, which serve."""

import datetime
import json
import signal
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from models.errors import GateRefused
from models.plain_words import STAMP
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
    client: Annotated[
        str | None, typer.Option(metavar="NAME", help="Whose children these are, as the file of agreements calls it.")
    ] = None,
    home: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where state lives; EARLYID_HOME if left out.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a summary for programs.")] = False,
) -> None:
    """
    Score a file of requests or a matrix, explained; rows that cannot be scored are set aside beside OUT.

    Without --evaluation, requests are scored by what is live for a client, and each answer is recorded.
    """
    _check_forms(given.suffix, out.suffix, area_only=area_only)
    if evaluation is not None:
        bundle, tally = _evaluated(evaluation, given, out, exclusions, area_only=area_only)
    else:
        _check_use(given.suffix, exclusions)
        bundle, tally = _for_use(home, client, given, out)
    stamp = STAMP if evaluation is not None else None
    if as_json:
        told = {"out": str(out), "bundle": bundle, "stamp": stamp, **_summary(tally, area_only=area_only)}
        typer.echo(json.dumps(told))
        return
    stamped = [stamp] if stamp is not None else []
    for line in [*_words(tally, area_only=area_only), *stamped, str(out)]:
        typer.echo(line)


def _evaluated(bundle: Path, given: Path, out: Path, exclusions: Path | None, *, area_only: bool) -> tuple[str, Tally]:
    """Score by a bundle that is evaluated; returns its id with what became of the rows."""
    today = datetime.date.today()  # noqa: DTZ011 - gateways expire by the calendar of this place
    live = load_live(bundle, today, read_exclusions(exclusions) if exclusions is not None else frozenset())
    return live.bundle.id, _scored(live, given, out, area_only=area_only)


def _check_forms(given: str, out: str, *, area_only: bool) -> None:
    if given not in {LINES, MATRIX}:
        _stop(f"IN must end in {LINES} (requests) or {MATRIX} (a matrix)")
    if area_only and given == LINES:
        _stop(f"--area-only counts the rows of a matrix ({MATRIX}); requests do not say where a child lives")
    allowed = {MATRIX, TABLE} if area_only else {given}
    if out not in allowed:
        _stop(f"OUT must end in {' or '.join(sorted(allowed))}")


def _for_use(home: Path | None, client: str | None, given: Path, out: Path) -> tuple[str, Tally]:
    # The record and its database take longer to load than a short file to score, and an evaluation has none.
    from service.batch.opening import score_for_use  # noqa: PLC0415
    from service.operating.settings import read_settings  # noqa: PLC0415

    return score_for_use(read_settings(home=home), client, given, out, _progress)


def _scored(live: Live, given: Path, out: Path, *, area_only: bool) -> Tally:
    if given.suffix == LINES:
        return score_lines(live, given, out, _progress)
    from service.batch.parquet.score_matrix import MatrixScored  # noqa: PLC0415 (pyarrow, which requests need not have)

    matrix = MatrixScored(live, given, _progress)
    return matrix.areas(out) if area_only else matrix.children(out)


def _check_use(given: str, exclusions: Path | None) -> None:
    if given == MATRIX:
        raise GateRefused(
            "a matrix holds no child's record, so an answer could not be worked out again: score requests (.jsonl) for use, "
            "and a matrix with --evaluation BUNDLE"
        )
    if exclusions is not None:
        _stop("--exclusions goes with --evaluation; the record knows of whom no score is given")


def _summary(tally: Tally, *, area_only: bool) -> dict[str, object]:
    """Return what became of the rows; beside areas no total is told, or hidden ones could be worked out from it."""
    counts = {"rows": tally.rows, "scored": tally.scored, "not_scored": tally.not_scored}
    return ({} if area_only else counts) | {"set_aside": dict(sorted(tally.set_aside.items()))}


def _words(tally: Tally, *, area_only: bool) -> list[str]:
    counts = f"{tally.rows} rows: {tally.scored} scored, {tally.not_scored} not scored"
    aside = [f"set aside: {reason} × {count}" for reason, count in tally.set_aside.most_common()]
    return [*([] if area_only else [counts]), *aside]


def _progress(step: str) -> None:
    typer.echo(f"· {step}", err=True)


def _stop(why: str) -> NoReturn:
    """End as a wrong use of the command does."""
    typer.echo(f"earlyid score: {why}", err=True)
    raise typer.Exit(2)
