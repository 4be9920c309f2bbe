"""What a training run came to, in lines a person can read."""

from collections.abc import Iterator
from typing import Any

from models.contract import Contract
from training.ingest import SourceReport


def ingest_lines(reports: list[SourceReport]) -> Iterator[str]:
    """Say what became of each extract; every row set aside is counted by its reason, the first by line."""
    for report in reports:
        aside = report.set_aside.total()
        yield f"{report.source}: {report.kept:,} rows kept, {aside:,} set aside"
        for reason, count in sorted(report.set_aside.items()):
            lines = [str(line) for line, why in report.examples if why == reason]
            first = f" (line{'s' * (len(lines) > 1)} {', '.join(lines)}{', …' * (count > len(lines))})" if lines else ""
            yield f"  {count:,} × {reason}{first}"


def evaluation_lines(contract: Contract, evaluation: dict[str, Any]) -> Iterator[str]:
    """Say how well each candidate did on children it had not seen, and which ships."""
    for part in evaluation["evaluations"]:
        landmark = contract.landmark(part["landmark"])
        yield ""
        yield f"{part['outcome']}, seen from {landmark.label}"
        yield (
            f"  {part['children_in_scope']:,} children in scope, {part['outcome_not_yet_known']:,} of them with no outcome yet; "
            f"judged on {part['n']:,}, of whom {part['events']:,} had it ({part['prevalence']:.1%})"
        )
        yield from _candidates(part)
        lagged = part.get("lagged")
        if lagged is not None:
            yield (
                f"  the figure to quote: learned {lagged['lag_in_cohorts']} cohorts before "
                f"(real use: {lagged['lag_in_real_use']})"
            )
            yield from _candidates(lagged)


def _candidates(part: dict[str, Any]) -> Iterator[str]:
    at = part["candidates"]["logistic"]["at_capacity"]
    ceilings = "; ".join(
        f"{a['capacity']:.0%} list: recall cannot exceed {a['recall_ceiling']:.2f}, PPV {a['ppv_ceiling']:.2f}"
        for a in at
    )
    for name, measures in part["candidates"].items():
        lists = ", ".join(
            f"{a['capacity']:.0%}: recall {_number(a['recall']['value'], 2)} PPV {_number(a['ppv']['value'], 2)}"
            for a in measures["at_capacity"]
        )
        ships = "  ← ships" if name == part["ships"] else ""
        yield f"  {name:<13} AUC {_interval(measures['auc'])}  slope {_interval(measures['calibration_slope'])}  {lists}{ships}"
    yield f"  {ceilings}"


def _interval(value: dict[str, float | None]) -> str:
    return f"{_number(value['value'], 3)} ({_number(value['low'], 3)} to {_number(value['high'], 3)})"


def _number(value: float | None, places: int) -> str:
    return "none" if value is None else f"{value:.{places}f}"
