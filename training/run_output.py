"""What a command prints at the end of a run, for people or for programs; and the MLflow run in which all of it is kept."""

from collections.abc import Callable, Iterable
from pathlib import Path

import typer

from models.canonical import canonical
from training.findings import Findings, Run
from training.summary import findings_lines


def progress(step: str) -> None:
    """Show what is being done now."""
    typer.echo(f"· {step}", err=True)


def echo_run(run: Run, recorded: tuple[str, str], lines: Iterable[str], *, as_json: bool) -> None:
    """Print a run that left a bundle; `recorded` is its MLflow run and model. The last line for people is the bundle's path."""
    run_id, model = recorded
    if as_json:
        _echo_json(run, bundle=str(run.bundle), mlflow_run=run_id, mlflow_model=model)
        return
    for line in (*lines, f"\nMLflow run {run_id}, model {model}", str(run.bundle)):
        typer.echo(line)


def keep_and_say(findings: Findings, record: Callable[[Findings, Path], str], home: Path, *, as_json: bool) -> None:
    """Keep the evidence of a run that left no bundle, and print it."""
    progress("recording what was found in MLflow")
    run_id = record(findings, home)
    if as_json:
        _echo_json(findings, bundle=None, mlflow_run=run_id)
        return
    for line in (*findings_lines(findings), f"\nMLflow run {run_id}"):
        typer.echo(line)


def _echo_json(findings: Findings, **more: str | None) -> None:
    summary = {**more, **findings.evaluation, **findings.gates.model_dump()}
    typer.echo(canonical(summary).decode(), nl=False)
