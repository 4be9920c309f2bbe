"""Keeps a comparison with the run that made the challenger."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models.canonical import canonical
from training.tracking.metrics import interval
from training.tracking.store import open_store


def record_comparison(comparison: Mapping[str, Any], home: Path) -> str | None:
    """Record a comparison with the newest run that made the challenger, and return the run's id; None where there is none."""
    mlflow = open_store(home)
    client = mlflow.MlflowClient()
    everywhere = [experiment.experiment_id for experiment in client.search_experiments()]
    made = client.search_runs(everywhere, f"tags.bundle_id = '{comparison['challenger']}'", max_results=1)
    if not made:
        return None
    run_id: str = made[0].info.run_id
    for name, value in comparison_metrics(comparison).items():
        client.log_metric(run_id, name, value)
    before = made[0].data.tags.get("compared_with", "").split()
    client.set_tag(run_id, "compared_with", " ".join(dict.fromkeys([*before, comparison["champion"]])))
    client.log_text(run_id, canonical(comparison).decode(), f"comparison/{_short(comparison)}.json")
    return run_id


def comparison_metrics(comparison: Mapping[str, Any]) -> dict[str, float]:
    """
    Return the differences, named `<landmark>.<outcome>.minus_champion.<the champion's short id>.<measure>[.low|.high]`.

    A bundle that is compared with a second champion keeps what was found beside the first.
    """
    found: dict[str, float] = {}
    for part in comparison["compared"]:
        for measure, figures in (part["measures"] or {}).items():
            place = f"{part['landmark']}.{part['outcome']}.minus_champion.{_short(comparison)}"
            found |= interval(f"{place}.{measure}", figures["difference"])
    return found


def _short(comparison: Mapping[str, Any]) -> str:
    """Return the first letters of the champion's id, which tell it from any other."""
    return str(comparison["champion"][:12])
