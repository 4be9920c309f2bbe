"""The verbs `train` and `demo`."""

import datetime
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from models.signature import load_key
from training.demo import Told, run_demo, run_invented
from training.findings import NoBundle
from training.pipeline import train
from training.private_files import check_place
from training.run_output import echo_run, keep_and_say, progress
from training.scores import write_scores
from training.summary import run_lines
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
    policy: Annotated[
        Path | None,
        typer.Option(help="What a board asks of gaps between groups; without one, nobody has agreed to anything."),
    ] = None,
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
        run = train(
            *(contract, data, out),
            plan_path=plan,
            policy_path=policy,
            key=signing_key,
            today=_today(),
            progress=progress,
        )
    except NoBundle as refused:
        keep_and_say(refused.findings, record_stopped, home, as_json=as_json)
        raise
    if scores is not None:
        write_scores(scores, run)
    progress("recording the run in MLflow")
    echo_run(run, record_run(run, home), run_lines(run), as_json=as_json)


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


def _today() -> datetime.date:
    return datetime.datetime.now(tz=datetime.UTC).date()
