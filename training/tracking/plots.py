"""The drawings of a run, each with the table of what it shows: reliability, ROC, precision-recall, decision and term curves."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from models.bands import AtCapacity
from models.bundle import Bundle
from models.calibration import Calibrations
from models.capacities import Capacities
from models.estimator import expit
from models.interval import IntervalTable
from models.refits import Curve, Refits
from training.findings import Run
from training.tracking.curves import list_points, reach, spans, stairs, term_points
from training.tracking.drawing import Axis, Line, chart
from training.tracking.reliability import reliability

# Of so many terms the curve is drawn, those that move scores most; the table beside them has all.
DRAWN = 10
Files = Iterator[tuple[str, bytes]]
_FORESEEN, _OBSERVED = Axis("foreseen probability", 0, 1), Axis("share who had the outcome", 0, 1)
_WRONGLY = Axis("share on the list of those without the outcome", 0, 1)
_RECALL, _PPV = Axis("recall", 0, 1), Axis("PPV: share of the list who had the outcome", 0, 1)


def plots(run: Run, bundle: Bundle) -> dict[str, bytes]:
    """Return every drawing of what ships, and its table, by its path: `<landmark>.<outcome>/reliability.svg` and `.csv`."""
    files: dict[str, bytes] = {}
    calibrations = Calibrations.model_validate_json(bundle.files["calibration.json"])
    lists = Capacities.model_validate_json(bundle.files["capacities.json"])
    refits = Refits.model_validate_json(bundle.files["refits.json"])
    for part, of in zip(run.evaluation["evaluations"], lists.outcomes, strict=True):
        place = part["landmark"], part["outcome"]
        label = next(outcome.label for outcome in run.contract.outcomes if outcome.name == part["outcome"])
        title = f"{label}, seen from {run.contract.landmark(part['landmark']).label}"
        table = next(t for t in calibrations.intervals if (t.landmark, t.outcome) == place)
        curves = next(refit.curves for refit in refits.refits if (refit.landmark, refit.outcome) == place)
        drawn = [
            *_reliability(run, place, title, table),
            *_lists(title, part, of.at),
            *_decision(title, part.get("worth", {}).get("net_benefit", [])),
            *_terms(bundle, place, title, curves),
        ]
        files |= {f"{'.'.join(place)}/{name}": data for name, data in drawn}
    return files


def _reliability(run: Run, place: tuple[str, str], title: str, table: IntervalTable) -> Files:
    landmark, outcome = place
    rows = run.scored[(run.scored["landmark"] == landmark) & (run.scored["outcome"] == outcome)]
    tenths = reliability(rows, run.plan.seed)
    seen = Line(
        "held-out children", [(t.foreseen, t.observed) for t in tenths], [(t.low, t.high) for t in tenths], True
    )
    bounds = [(expit(low), expit(high)) for low, high in zip(table.low, table.high, strict=True)]
    served = [(expit(x), expit(x)) for x in table.log_odds]
    lines = [seen, Line("as foreseen, interval served", served, bounds)]
    yield "reliability.svg", chart(f"Reliability: {title}", _FORESEEN, _OBSERVED, lines)
    yield "reliability.csv", table_of([asdict(tenth) for tenth in tenths])


def _lists(title: str, part: Mapping[str, Any], lists: Sequence[AtCapacity]) -> Files:
    prevalence = part["prevalence"]
    points = list(list_points(lists, part["n"], prevalence))
    chance = Line("a list drawn by chance", [(0.0, 0.0), (1.0, 1.0)])
    roc = Line(
        "lists of what ships",
        [(0.0, 0.0), *((p.false_positive_rate, p.recall) for p in points)],
        [(0.0, 0.0), *(_ends(p.recall, p.recall_low, p.recall_high) for p in points)],
        marked=True,
    )
    yield "roc.svg", chart(f"ROC: {title}", _WRONGLY, _RECALL, [roc, chance])
    found = Line(
        "lists of what ships",
        [(p.recall, p.ppv) for p in points],
        [_ends(p.ppv, p.ppv_low, p.ppv_high) for p in points],
        marked=True,
    )
    by_chance = Line("a list drawn by chance", [(0.0, prevalence), (1.0, prevalence)])
    yield "precision_recall.svg", chart(f"Precision and recall: {title}", _RECALL, _PPV, [found, by_chance])
    yield "lists.csv", table_of([asdict(point) for point in points])


def _ends(value: float, low: float | None, high: float | None) -> tuple[float, float]:
    """Return an interval's ends; where it has none it is no wider than its figure."""
    return (value if low is None else low), (value if high is None else high)


def _decision(title: str, found: Sequence[dict[str, Any]]) -> Files:
    if not found:
        return
    named = {"what ships": "what_ships", "everyone is offered": "everyone", "nobody is": "nobody"}
    flat = [{**at, **{f"rule: {rule}": value for rule, value in at["rules"].items()}} for at in found]
    keys = named | {key: key for key in flat[0] if key.startswith("rule: ")}
    lines = [_along(name, [(at["threshold"], at[key]) for at in flat]) for name, key in keys.items()]
    heights = [y for line in lines for _, y in line.points]
    # Offering to everyone soon falls far below nothing, and would press what matters flat.
    up = Axis("net benefit, per child", -0.05, max(0.05, *heights))
    across = Axis("threshold probability", found[0]["threshold"], found[-1]["threshold"])
    yield "decision_curve.svg", chart(f"Decision curve: {title}", across, up, lines)
    columns = ["threshold", *keys.values()]
    gains = [{f"gain_{end}": at["gain"][end] for end in ("value", "low", "high")} for at in found]
    yield (
        "decision_curve.csv",
        table_of([{c: at[c] for c in columns} | gain for at, gain in zip(flat, gains, strict=True)]),
    )


def _along(name: str, points: Sequence[tuple[float, float | None]]) -> Line:
    return Line(name, [(x, y) for x, y in points if y is not None])


def _terms(bundle: Bundle, place: tuple[str, str], title: str, curves: Sequence[Curve]) -> Files:
    """Yield the curves that move scores most, as they are served; the table is of every one."""
    head = bundle.scorer.head(*place)
    found = {curve.feature: term_points(head.estimator.spec, head.slope, curve) for curve in curves}
    shown = [feature for feature, points in found.items() if spans(head.estimator.spec, feature, points)]
    moving = sorted(shown, key=lambda feature: -reach(found[feature]))[:DRAWN]
    for feature in sorted(moving):
        label = next(each.label for each in bundle.contract.features if each.name == feature)
        stretches, bounds = stairs(head.estimator.spec, feature, found[feature])
        heights = [*(y for _, y in stretches), *(y for both in bounds for y in both), -0.1, 0.1]
        across = Axis(label, stretches[0][0], stretches[-1][0])
        up = Axis("contribution to the log-odds, with its bounds on learning again", min(heights), max(heights))
        yield f"terms/{feature}.svg", chart(f"{label}: {title}", across, up, [Line("as served", stretches, bounds)])
    rows = [{"feature": feature, **asdict(point)} for feature, points in found.items() for point in points]
    yield "terms.csv", table_of(rows)


def table_of(rows: Sequence[dict[str, Any]]) -> bytes:
    """Return rows as a table of comma-separated values under the names of their columns; what is not defined is empty."""
    written = io.StringIO()
    if rows:
        table = csv.DictWriter(written, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    return written.getvalue().encode()
