"""The candidate runs: one below the run that trained them for each landmark, outcome and candidate, to sort and to compare."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from training.tracking.metrics import candidate_metrics


@dataclass(frozen=True, slots=True)
class Candidate:
    """One candidate of one landmark and outcome, with its measures on the held-out children."""

    landmark: str
    outcome: str
    name: str
    ships: bool
    measures: Mapping[str, Any]


def candidates(evaluation: Mapping[str, Any]) -> Iterator[Candidate]:
    """Yield every candidate that was judged, and the logistic of six features that stands beside them for scale."""
    for part in evaluation["evaluations"]:
        place = part["landmark"], part["outcome"]
        for name, measures in part.get("candidates", {}).items():
            yield Candidate(*place, name, name == part["ships"], measures)
        six = part.get("worth", {}).get("six_variables")
        if six is not None:
            yield Candidate(*place, "six variables", ships=False, measures=six)


def record_candidates(mlflow: Any, parent: Any, evaluation: Mapping[str, Any]) -> None:
    """Record each candidate as a run of its own below `parent`, each in one transaction."""
    client, info = mlflow.MlflowClient(), parent.info
    for candidate in candidates(evaluation):
        _record(mlflow, client, info, candidate)


def _record(mlflow: Any, client: Any, parent: Any, candidate: Candidate) -> None:
    now = int(time.time() * 1000)
    name = f"{candidate.landmark} {candidate.outcome} {candidate.name}"
    tags = {
        "mlflow.parentRunId": parent.run_id,
        "landmark": candidate.landmark,
        "outcome": candidate.outcome,
        "candidate": candidate.name,
        "ships": "yes" if candidate.ships else "no",
    }
    run = client.create_run(parent.experiment_id, tags=tags, run_name=name).info.run_id
    measured = candidate_metrics(candidate.measures).items()
    client.log_batch(run, metrics=[mlflow.entities.Metric(key, value, now, 0) for key, value in measured])
    client.set_terminated(run)
