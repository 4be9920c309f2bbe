"""The measures of a run as MLflow takes them: numbers with names, each with the ends of its interval; none that is not defined."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from models.bands import Bands
from models.gates import Gate, Gates


def run_metrics(evaluation: Mapping[str, Any]) -> dict[str, float]:
    """
    Return every measure of every candidate, named `<landmark>.<outcome>.<candidate>.<measure>[.low|.high]`.

    With `lagged` in the candidate's place: those of what would have shipped then, which is the figure to quote.
    """
    found: dict[str, float] = {}
    for part in evaluation["evaluations"]:
        place = f"{part['landmark']}.{part['outcome']}"
        found |= {f"{place}.{name}": part[name] for name in ("n", "events") if name in part}
        judged = dict(part.get("candidates", {}))
        if part.get("lagged") is not None:
            judged["lagged"] = part["lagged"]["candidates"][part["lagged"]["ships"]]
        for candidate, measures in judged.items():
            found |= {f"{place}.{candidate}.{name}": value for name, value in candidate_metrics(measures).items()}
    return found


def gate_metrics(gates: Gates) -> dict[str, float]:
    """
    Return what each gate found where it measured something, named `<landmark>.<outcome>.gate.<code>[.low|.high]`.

    Where several of one code stand at one place, as slope and observed over expected do, each has its label behind the code.
    """
    often = Counter(map(_gate_name, gates.gates))
    found: dict[str, float] = {}
    for gate in gates.gates:
        name = _gate_name(gate)
        label = re.sub(r"[^a-z0-9]+", "_", gate.label.lower()).strip("_")
        told = gate.model_dump(include={"value", "low", "high"})
        found |= interval(name if often[name] == 1 else f"{name}.{label}", told)
    return found


def _gate_name(gate: Gate) -> str:
    place = "" if gate.landmark is None else f"{gate.landmark}.{gate.outcome}."
    return f"{place}gate.{gate.code}"


def candidate_metrics(measures: Mapping[str, Any]) -> dict[str, float]:
    """Return one candidate's measures, named `<measure>[.low|.high]`, those of a list `<measure>_at_<capacity>`."""
    found: dict[str, float] = {}
    for name, value in measures.items():
        if name != "at_capacity":
            found |= interval(name, value)
    for at in measures.get("at_capacity", ()):
        for name in ("recall", "ppv"):
            found |= interval(f"{name}_at_{at['capacity']:g}", at[name])
    return found


def list_metrics(bands: Bands) -> dict[str, float]:
    """Return what each list of the team's bands finds, and how many of a band would be in another after learning again."""
    found: dict[str, float] = {}
    for one in bands.thresholds:
        place = f"{one.landmark}.{one.outcome}.bands"
        for at in one.at:
            for name, figure in (("recall", at.recall), ("ppv", at.ppv)):
                found |= interval(f"{place}.{name}_at_{at.capacity:g}", figure.model_dump())
        for band, share in zip(bands.policy.bands, one.changes_on_refit, strict=True):
            found |= interval(f"{place}.{band.code}.changes_on_refit", {"value": share})
    return found


def interval(name: str, value: Mapping[str, Any] | float | None) -> dict[str, float]:
    """Return a figure, with the ends of its interval where it has one, less what is not defined: MLflow takes no null."""
    ends = value if isinstance(value, Mapping) else {"value": value}
    named = {name: ends.get("value"), f"{name}.low": ends.get("low"), f"{name}.high": ends.get("high")}
    return {key: float(number) for key, number in named.items() if isinstance(number, int | float)}
