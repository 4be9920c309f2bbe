"""The verbs `train` and `demo`."""

import datetime
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from models.canonical import canonical
from models.signature import load_key
from training.demo import Told, run_demo, run_invented
from training.findings import Findings, NoBundle
from training.pipeline import train
from training.private_files import check_place
from training.scores import write_scores
from training.summary import findings_lines, run_lines
from training.tracking.recording import record_run, record_stopped
from training.tracking.store import check_store

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)

SMOCC = Path("examples/smocc/contract.toml")
ContractPath = Annotated[Path, typer.Option("--contract", help="The contract to train by.")]
HomePath = Annotated[Path, typer.Option("--home", envvar="EARLYID_HOME", help="Where state lives.")]
KeyPath = Annotated[
    Path | None, typer.Option("--key", envvar="EARLYID_SIGNING_KEY", help="Sign the bundle with this private key.")
]


def main(argv: list[str]) -> None:
    """Run a verb of training."""
    app(argv, prog_name="earlyid")


@app.command("train")
def train_command(
    *,
    contract: ContractPath,
    data: Annotated[Path, typer.Option(help="The folder of extracts.")],
    out: Annotated[Path, typer.Option(help="The folder bundles are written under; nothing else is.")],
    home: HomePath = Path(".earlyid"),
    plan: Annotated[Path | None, typer.Option(help="The plan; without one the default plan is used.")] = None,
    scores: Annotated[
        Path | None, typer.Option(help="Write the held-out rows here (Parquet, child-level, for your eyes only).")
    ] = None,
    key: KeyPath = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a machine-readable summary.")] = False,
) -> None:
    """Learn from extracts, judge on held-out children, and write a bundle and an MLflow run."""
    signing_key = load_key(key) if key is not None else None
    check_store(home)
    if scores is not None:
        check_place(scores)
    try:
        run = train(contract, data, out, plan_path=plan, key=signing_key, today=_today(), progress=progress)
    except NoBundle as refused:
        _say_why(refused.findings, home, as_json=as_json)
        raise
    if scores is not None:
        write_scores(scores, run.scored)
    progress("recording the run in MLflow")
    run_id, model = record_run(run, home)
    if as_json:
        _echo_json(run, bundle=str(run.bundle), mlflow_run=run_id, mlflow_model=model)
        return
    for line in run_lines(run):
        typer.echo(line)
    typer.echo(f"\nMLflow run {run_id}, model {model}")
    typer.echo(str(run.bundle))


def _say_why(findings: Findings, home: Path, *, as_json: bool) -> None:
    """Keep the evidence of a run that left no bundle, and print it."""
    progress("recording what was found in MLflow")
    run_id = record_stopped(findings, home)
    if as_json:
        _echo_json(findings, bundle=None, mlflow_run=run_id)
        return
    for line in [*findings_lines(findings), f"\nMLflow run {run_id}"]:
        typer.echo(line)


def _echo_json(findings: Findings, **more: str | None) -> None:
    summary = {**more, **findings.evaluation, **findings.gates.model_dump()}
    typer.echo(canonical(summary).decode(), nl=False)


@app.command("demo")
def demo_command(
    *,
    data: Annotated[
        Path | None, typer.Option(help="A folder of extracts; without one, an invented England is made and used.")
    ] = None,
    contract: Annotated[Path, typer.Option("--contract", help="The contract of those extracts.")] = SMOCC,
    home: HomePath = Path(".earlyid"),
    serve: Annotated[bool, typer.Option(help="Serve at the end.")] = True,
) -> None:
    """Invent England, link its agencies, train, explain one child's score in plain words, and serve."""
    told = run_invented(home, progress) if data is None else Told(contract, data)
    command = run_demo(told, home, _today(), progress)
    if serve:
        os.execv(sys.executable, [sys.executable, "-c", "import earlyid; earlyid.main()", *command])  # noqa: S606


def progress(step: str) -> None:
    """Show what is being done now."""
    typer.echo(f"· {step}", err=True)


def _today() -> datetime.date:
    return datetime.datetime.now(tz=datetime.UTC).date()
