"""The demo: invent England and link its agencies (or take extracts), train, explain one child's score in plain words, say how to go on."""

import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import typer

from models.bundle import load_bundle
from models.contract import Contract
from models.errors import DataError
from models.feature import Landmark
from models.head import Score
from models.plain_words import STAMP
from models.reason_words import ToldReason
from models.record import ChildRecord, Event
from models.scorer import Scored, Scorer
from models.source import Source
from models.telling import Teller
from training.demo_england import Invented, invented_england
from training.findings import Run
from training.ingest import ingest
from training.linkage.report_lines import report_lines
from training.linked_folder import PAGE, linked_report
from training.outcomes import outcome_sql
from training.pipeline import Progress, train
from training.private_files import write_private
from training.records import read_record
from training.snapshots import in_scope
from training.summary import run_lines, short_lines
from training.synthetic.compared import compared, compared_lines, true_names
from training.synthetic.foresight import ENGLAND, LANDMARK
from training.tracking.recording import record_run

ADDRESS = "http://127.0.0.1:8000"
# So many children are looked through for one to show.
LOOKED_AT = 300


# What a board of England could ask; nobody has agreed to it.
ENGLAND_POLICY = files("fairness") / "policy" / "england.toml"


@dataclass(frozen=True, slots=True)
class Told:
    """What a demo is of: a contract, extracts, the landmark a child is shown at (none: the last), an invented authority, a policy."""

    contract: Path
    data: Path
    shown_at: str | None = None
    invented: Invented | None = None
    policy: Path | None = None


def run_invented(home: Path, progress: Progress) -> Told:
    """Return an invented England, its agencies linked, under the home folder; made where it is not there yet."""
    invented = invented_england(home, progress)
    for line in report_lines(linked_report(invented.linked)):
        typer.echo(line)
    return Told(Path(str(ENGLAND)), invented.linked, LANDMARK, invented, Path(str(ENGLAND_POLICY)))


def run_demo(told: Told, home: Path, today: datetime.date, progress: Progress) -> list[str]:
    """Train, explain one child, print how to go on; returns the command line that serves the bundle."""
    home.mkdir(parents=True, exist_ok=True)
    run = train(
        *(told.contract, told.data, home / "releases"),
        plan_path=None,
        policy_path=told.policy,
        key=None,
        today=today,
        progress=progress,
    )
    progress("recording the run in MLflow")
    run_id, model = record_run(run, home)
    for line in [*run_lines(run), "", *short_lines(run.contract, run.evaluation), *_truth(run, told)]:
        typer.echo(line)
    scorer = load_bundle(run.bundle).scorer
    landmark = run.contract.landmark(told.shown_at) if told.shown_at is not None else run.contract.landmarks[-1]
    record, answer = _one_child(scorer, told.data, landmark)
    for line in _explained(Teller(scorer), answer):
        typer.echo(line)
    request = home / "demo-request.json"
    write_private(request, json.dumps(_request(run.contract, record, landmark), indent=1).encode())
    for line in _how_to_go_on(home, run.bundle, request, run_id, model):
        typer.echo(line)
    if told.invented is not None:
        typer.echo(f"The links:   {told.invented.linked / PAGE}   (a page to open)")
    return ["serve", "--bundle", str(run.bundle), "--home", str(home)]


def _truth(run: Run, told: Told) -> Iterator[str]:
    if told.invented is not None:
        yield ""
        yield from compared_lines(
            compared(run, told.invented.raw, true_names(told.invented.map, told.invented.identities))
        )


def _one_child(scorer: Scorer, data: Path, landmark: Landmark) -> tuple[ChildRecord, Scored]:
    """Return a child, of whom no outcome is known yet, with as much known at the landmark as can be, and the answer."""
    con, _ = ingest(scorer.contract, data)
    best: tuple[ChildRecord, Scored] | None = None
    for child in _today(con, scorer.contract, landmark):
        record = read_record(con, scorer.contract, child)
        answer = scorer.score(record, landmark.age)
        if isinstance(answer, Scored) and (best is None or len(answer.not_known) < len(best[1].not_known)):
            best = record, answer
            if not answer.not_known:
                break
    if best is None:
        raise DataError("no child of these extracts is in scope; there is nobody to show")
    return best


def _today(con: duckdb.DuckDBPyConnection, contract: Contract, landmark: Landmark) -> list[str]:
    """Return the first children, by key, of whom the outcome is not known; where it is known of all, of everyone."""
    known = " UNION ".join(f"SELECT child FROM ({outcome_sql(contract, o)})" for o in contract.outcomes_at(landmark))
    for condition in (f"child NOT IN ({known})", "true"):
        found = con.execute(
            f"SELECT child FROM ({in_scope(contract, landmark)}) WHERE {condition} ORDER BY child LIMIT {LOOKED_AT}"
        ).fetchall()
        if found:
            return [child for (child,) in found]
    return []


def _explained(teller: Teller, answer: Scored) -> Iterator[str]:
    yield ""
    yield f"One child, {answer.landmark.label}, as known then ({STAMP}):"
    for score in answer.scores:
        yield from (f"  {line}" for line in _score_lines(teller, answer, score))
    yield from (f"  {sentence}" for sentence in teller.limits(answer))
    yield "  It suggests whom to offer support to. It decides nothing."


def _score_lines(teller: Teller, answer: Scored, score: Score) -> Iterator[str]:
    yield teller.frequency(score)
    yield f"{score.scored.baseline:+.3f}  the average child here"
    for reason in score.explanation.shown:
        yield _reason_line(teller.reason(reason, answer, score))
    yield f"{score.explanation.everything_else:+.3f}  everything else"
    yield f"{score.scored.log_odds:+.3f}  in all, on the log-odds: a probability of {score.probability:.3f}"
    yield " ".join(teller.interval_words(score))
    yield teller.band(score).words
    yield " ".join(teller.reliability(score))


def _reason_line(reason: ToldReason) -> str:
    effect = {"raises": "raises the score", "lowers": "lowers the score", "none": "moves it next to nothing"}
    typical = f", typically {reason.typical}" if reason.typical is not None else ""
    told = f"{' and '.join(reason.labels)}: {reason.value}{typical}"
    return f"{reason.contribution:+.3f}  {reason.words} ({told}): {effect[reason.direction]}"


def _request(contract: Contract, record: ChildRecord, landmark: Landmark) -> dict[str, Any]:
    """Return the scoring request that asks of this child what was known at the landmark."""
    sources = {source.name: _source(source, record, landmark) for source in contract.feature_sources}
    return {"subject": "demo-child", "purpose": contract.purposes[0], "as_of": landmark.age, "sources": sources}


def _source(source: Source, record: ChildRecord, landmark: Landmark) -> dict[str, Any]:
    known = [event for event in record.events.get(source.name, ()) if event.known <= landmark.age]
    sent: dict[str, Any] = {"events": [_event(source, event) for event in known]}
    if source.coverage is not None:
        spans = record.coverage.get(source.name, ())
        sent["coverage"] = [{"from": span.start, "to": span.end, "known": span.known} for span in spans]
    return sent


def _event(source: Source, event: Event) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if source.happened.constant is None:
        fields["happened"] = event.happened
    if source.known.constant is None and source.known.lag_days is None:
        fields["known"] = event.known
    for name, value in event.values.items():
        column = source.column(name)
        if value is not None and column is not None:
            fields[name] = column.written(value)
    return fields


def _how_to_go_on(home: Path, bundle: Path, request: Path, run_id: str, model: str) -> Iterator[str]:
    yield ""
    yield f"The bundle:  {bundle}"
    yield f"The pack:    {bundle / 'pack.html'}   (a page to open: what a board decides on)"
    yield f"Check it:    .venv/bin/earlyid verify {bundle}"
    yield f"Serve it:    .venv/bin/earlyid serve --bundle {bundle}"
    yield f"Ask it:      curl -s {ADDRESS}/v1/scores -H 'content-type: application/json' --data @{request}"
    yield f"MLflow:      MLFLOW_DISABLE_TELEMETRY=true .venv/bin/mlflow ui --backend-store-uri sqlite:///{home / 'mlflow.db'}   (run {run_id}, model {model})"
