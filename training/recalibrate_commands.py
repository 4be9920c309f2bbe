"""The verb `recalibrate`: a bundle that was learned elsewhere, with intercept and slope of an authority's own."""

import datetime
from pathlib import Path
from typing import Annotated

import typer

from models.signature import load_key
from training.findings import NoBundle
from training.recalibration.recalibrate import recalibrate
from training.recalibration.told import recalibration_lines
from training.run_output import echo_run, keep_and_say, progress
from training.summary import run_lines
from training.tracking.recalibrated import record_recalibration, record_refused
from training.tracking.store import check_store

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, no_args_is_help=True)


def main(argv: list[str]) -> None:
    """Run the verb `recalibrate`."""
    app(argv[1:], prog_name="earlyid recalibrate")


@app.command("recalibrate")
def recalibrate_command(
    bundle: Annotated[Path, typer.Argument(help="The bundle: its terms stay as they were learned, to the byte.")],
    *,
    data: Annotated[
        Path, typer.Option(help="The folder of your own extracts, of children whom the bundle did not learn from.")
    ],
    out: Annotated[Path, typer.Option(help="The folder bundles are written under; nothing else is.")],
    contract: Annotated[
        Path | None, typer.Option(help="Your own contract of these extracts; without one, the bundle's is used.")
    ] = None,
    cohorts: Annotated[int, typer.Option(min=1, help="How many cohorts to go by, the latest that have outcomes.")] = 1,
    elsewhere: Annotated[
        bool,
        typer.Option(
            "--elsewhere",
            help="State that the bundle learned from none of these children, though it was made of the same cohorts. Recorded.",
        ),
    ] = False,
    home: Annotated[Path, typer.Option("--home", envvar="EARLYID_HOME", help="Where state lives.")] = Path(".earlyid"),
    key: Annotated[
        Path | None, typer.Option("--key", envvar="EARLYID_SIGNING_KEY", help="Sign the bundle with this private key.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a machine-readable summary.")] = False,
) -> None:
    """
    Set intercept and slope of a bundle anew on your own recent outcomes, and audit it on your own children.

    Nothing in a bundle tells whom it was learned from, but of which cohorts: of the same ones you must state that your children
    are none of them. It goes by children without declared help, and takes 30 who have the outcome and 30 who have not for an
    intercept, and 100 of each for a slope.
    """
    signing_key = load_key(key) if key is not None else None
    check_store(home)
    try:
        run = recalibrate(
            bundle,
            data,
            out,
            contract_path=contract,
            cohorts=cohorts,
            elsewhere=elsewhere,
            key=signing_key,
            today=datetime.datetime.now(tz=datetime.UTC).date(),
            progress=progress,
        )
    except NoBundle as refused:
        keep_and_say(refused.findings, record_refused, home, as_json=as_json)
        raise
    progress("recording the run in MLflow")
    lines = (*run_lines(run), "", *recalibration_lines(run.contract, run.evaluation))
    echo_run(run, record_recalibration(run, home), lines, as_json=as_json)
