"""What a training run came to, in lines a person can read."""

from collections.abc import Iterator
from typing import Any

from models.bands import AtCapacity, Bands, Figure
from models.contract import Contract
from models.estimator import expit
from training.findings import Findings, Run
from training.gates.table import gate_lines
from training.ingest import SourceReport
from training.validation.ageing import ageing_lines
from training.validation.helped import helped_lines
from training.validation.learning_curve import learning_curve_lines
from training.validation.left_out_words import proxies_lines, without_lines
from training.validation.sites import sites_lines
from training.worth.lines import worth_lines


def run_lines(run: Run) -> Iterator[str]:
    """Say all that a run came to: what was read, who was judged and how well, the bands, and last every gate."""
    yield from ingest_lines(run.reports)
    yield from evaluation_lines(run.contract, run.evaluation)
    yield ""
    yield from band_lines(run.contract, run.bands, run.evaluation)
    yield ""
    yield from gate_lines(run.contract, run.gates)


def findings_lines(found: Findings) -> Iterator[str]:
    """Say what was found by a run that left no bundle, and last which gates said no."""
    yield from ingest_lines(found.reports)
    yield from evaluation_lines(found.contract, found.evaluation)
    yield ""
    yield from gate_lines(found.contract, found.gates)


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
    """Say who was judged, how well each candidate did on children it had not seen, and which ships."""
    for part in evaluation["evaluations"]:
        landmark = contract.landmark(part["landmark"])
        yield ""
        yield f"{part['outcome']}, seen from {landmark.label}"
        yield from _flow(part["flow"])
        if "ships" in part:
            yield from _judged(part)
    yield from proxies_lines(evaluation)


def _judged(part: dict[str, Any]) -> Iterator[str]:
    """Say how one landmark and outcome did that could be learned."""
    if part.get("procedure", {}).get("kind") == "folds" and len(part["procedure"].get("cohorts", ())) == 1:
        yield "  judged by folds, for want of a second cohort with results: there is no figure to quote"
    yield f"  judged on {part['n']:,} children, of whom {part['events']:,} had it ({part['prevalence']:.1%})"
    yield from _candidates(part)
    lagged = part.get("lagged")
    if lagged is not None:
        yield (
            f"  the figure to quote: learned {lagged['lag_in_cohorts']} cohorts before "
            f"(real use: {lagged['lag_in_real_use']})"
        )
        yield from _candidates(lagged)
    yield from ageing_lines(part)
    yield from worth_lines(part)
    yield from _rules(part["rules"])
    yield from _never_observed(part["outcomes_never_observed"])
    yield from helped_lines(part)
    if "full" in part:
        yield from (*sites_lines(part), *learning_curve_lines(part), *without_lines(part))


def short_lines(contract: Contract, evaluation: dict[str, Any]) -> Iterator[str]:
    """Say what ships for each landmark and outcome, one line each, with the figure to quote where there is one."""
    yield "In short: what ships, and how it did on children it had not seen"
    for part in evaluation["evaluations"]:
        ships, label = part["ships"], contract.landmark(part["landmark"]).label
        shipped = part["candidates"][ships]
        lagged = part.get("lagged")
        quoted = f", to quote: {lagged['candidates'][lagged['ships']]['auc']['value']:.3f}" if lagged else ""
        yield (
            f"  {part['outcome']:<18}{label:<20}{ships:<11}AUC {_number(shipped['auc']['value'], 3)}{quoted}, "
            f"slope {_number(shipped['calibration_slope']['value'], 2)} ({part['n']:,} children)"
        )


def band_lines(contract: Contract, bands: Bands, evaluation: dict[str, Any]) -> Iterator[str]:
    """Say whose bands they are, and for each landmark and outcome its thresholds, what each list finds, how sure that is."""
    policy = bands.policy
    agreed = (
        f"agreed by {policy.owner}, {policy.agreed}" if policy.owner is not None else "nobody has agreed to them yet"
    )
    month = f" ({policy.children_a_month:,} children a month)" if policy.children_a_month is not None else ""
    yield f"Bands for {policy.team}, who can see {policy.capacity:.0%} of children{month}; {agreed}"
    for one, part in zip(bands.thresholds, evaluation["evaluations"], strict=True):
        yield f"  {one.outcome}, {contract.landmark(one.landmark).label}: {'; '.join(map(_list, one.at))}"
        yield (
            f"    recall cannot exceed {', '.join(f'{at.recall_ceiling:.2f}' for at in one.at)}; learned again, "
            f"{', '.join(map(_percent, one.changes_on_refit))} of each band's children would be in another; "
            f"interval {_number(part['interval']['mean_width'], 3)} wide on average"
        )


def _list(at: AtCapacity) -> str:
    if at.log_odds is None:
        return f"{at.capacity:.0%}: nobody, so many score alike"
    tied = f", {at.left_out_tie:.1%} tied below" if at.left_out_tie >= 0.001 else ""
    found = f"PPV {_figure(at.ppv)}, recall {_figure(at.recall)}"
    if at.recall.value is None:
        found = "too few on it to tell what it finds"
    return f"{at.capacity:.0%} from {expit(at.log_odds):.2f}, {found}{tied}"


def _figure(figure: Figure) -> str:
    return f"{_number(figure.value, 2)} ({_number(figure.low, 2)} to {_number(figure.high, 2)})"


def _percent(share: float | None) -> str:
    return "none" if share is None else f"{share:.0%}"


def _flow(flow: dict[str, Any]) -> Iterator[str]:
    without = flow["without_result"]
    yield (
        f"  {flow['on_record']:,} on record → {flow['in_scope']:,} in scope here → {flow['with_result']:,} with a result "
        f"(without: {without['cohort_has_none']:,} of cohorts that have none, {without['no_row']:,} moved away or taught "
        f"elsewhere, {without['not_assessed']:,} not assessed)"
    )
    yield from _not_studied(flow.get("not_studied", {}))
    if "tested_on" in flow:
        yield (
            f"  → learned on {flow['learned_on']:,}, calibrated on {flow['calibrated_on']:,}, "
            f"judged on {flow['tested_on']:,}"
        )


def _not_studied(left_out: dict[str, int | None]) -> Iterator[str]:
    why = {
        "cohort_left_out": "of cohorts that the plan leaves out",
        "help_set_apart": "had help that is set apart",
        "cohort_not_known": "of no known cohort",
    }
    said = [
        f"{'fewer than 10' if count is None else f'{count:,}'} {why[name]}"
        for name, count in left_out.items()
        if count != 0
    ]
    if said:
        yield f"  of them not studied: {', '.join(said)}"


def _rules(rules: list[dict[str, Any]]) -> Iterator[str]:
    for rule in rules:
        if rule["flagged"] is None:
            yield f"  rule: {rule['label']}: flags too few to tell"
            continue
        yield (
            f"  rule: {rule['label']}: flags {rule['flagged']:,}, {_found(rule)}; "
            f"what ships, as many: {_found(rule['what_ships'])}"
        )


def _found(listed: dict[str, Any]) -> str:
    """Return what a list finds; too few to tell where it is hidden."""
    if listed["recall"] is None:
        return "too few to tell"
    return f"recall {_number(listed['recall'], 2)} PPV {_number(listed['ppv'], 2)}"


def _never_observed(observed: dict[str, Any]) -> Iterator[str]:
    if not observed["without_result"]:
        return
    bounds = [observed[f"observed_over_expected_if_unobserved_at_{odds}_the_odds"] for odds in ("half", "twice")]
    yield (
        f"  observed / expected {_interval(observed['observed_over_expected'])}, weighted for the "
        f"{observed['without_result']:,} like them without a result "
        f"{_interval(observed['weighted_observed_over_expected'])}; theirs at half and at twice the odds: "
        f"{bounds[0]:.3f} to {bounds[1]:.3f}"
    )


def _candidates(part: dict[str, Any]) -> Iterator[str]:
    at = next(iter(part["candidates"].values()))["at_capacity"]
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
