"""What is told of a recalibration: what was found, what was set, and the same children's figures before and after."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from models.contract import Contract
from models.terms import Calibration
from training.affine import fit_affine
from training.judging import HeldOut, Rows
from training.metrics import calibration_intercept
from training.plan import Plan
from training.recalibration.choice import Chosen, Floats
from training.recalibration.cross_fitting import Recalibrated
from training.recalibration.original import OriginalHead
from training.resampled import Figure, Resampled, figure, resampled
from training.validation.told import drawn, figures, minus

Part = dict[str, Any]
_SAID = {
    "keep": "kept as it was",
    "intercept": "intercept set anew",
    "intercept and slope": "intercept and slope set anew",
}


def told(head: OriginalHead, found: Recalibrated, rows: Rows, plan: Plan) -> Part:
    """
    Return what was chosen and why, with 95 % intervals that draw whole families.

    All of it is of the children whom it went by: those without declared help. `found` is of the log-odds as they were served
    before: the intercept they lack at a slope of 1, and the slope. The figures `after` are those of folds, or, of what is kept,
    those before.
    """
    by, held_out, chosen = found.shipped.calibrated_on.rows, found.shipped.held_out, found.chosen
    children = resampled(rows, HeldOut(by, held_out.log_odds[:, by], held_out.folds[:, by]), plan)
    served = found.before[0, by]
    before, after = drawn(found.before[:, by], children), drawn(held_out.log_odds[:, by], children)
    return {
        "landmark": head.spec.landmark,
        "outcome": head.spec.outcome,
        "n": len(by),
        "events": int(rows.y[by].sum()),
        "families": len(np.unique(rows.families[by])),
        "choice": chosen.update,
        "p_values": {
            "any_change": round(chosen.any_change, 6),
            "slope_too": None if chosen.slope_too is None else round(chosen.slope_too, 6),
        },
        "found": _found(served, children),
        "calibration": {
            "before": {"intercept": round(head.calibration.intercept, 6), "slope": round(head.calibration.slope, 6)},
            "after": _after(head.calibration, chosen, served, children),
        },
        "figures": {"before": figures(before), "after": figures(after), "after_minus_before": minus(after, before)},
    }


def recalibration_lines(contract: Contract, evaluation: Mapping[str, Any]) -> Iterator[str]:
    """Say what was recalibrated from which bundle, and what it came to."""
    whole = evaluation["recalibrated"]
    yield f"Recalibrated from bundle {whole['from'][:12]}; every term is as it was learned"
    if whole["elsewhere"]:
        yield "Stated by whoever ran this: none of these children is one whom the bundle was learned from"
    among = " without declared help" if contract.interventions else ""
    for one in whole["heads"]:
        cohorts = ", ".join(map(str, one["cohorts"])) or "all"
        ratios = [_interval(one["figures"][when]["observed_over_expected"]) for when in ("before", "after")]
        yield f"  {one['outcome']}, seen from {contract.landmark(one['landmark']).label}: {_SAID[one['choice']]}{_why(one)}"
        yield (
            f"    {one['n']:,} own children{among} (cohorts: {cohorts}), {one['events']:,} had it: intercept off by "
            f"{_interval(one['found']['intercept'])}, slope {_interval(one['found']['slope'])}"
        )
        after = "as before" if one["choice"] == "keep" else f"{ratios[1]} after, by folds"
        yield f"    observed / expected {ratios[0]} before, {after}"
    yield "  who would be in another band (above) is of drawing the thresholds again on other draws of these children alone"


def _why(one: Part) -> str:
    """Say of what was kept why it was: what is off may still be in plain sight."""
    p_value = one["p_values"]["any_change"]
    return f": that anything is off is not shown (p = {p_value:.2f})" if one["choice"] == "keep" else ""


def _found(served: Floats, children: Resampled) -> dict[str, Figure]:
    y, once = children.y, children.weights[None, :]
    return {
        "intercept": figure(
            float(calibration_intercept(served, y, once)[0]), calibration_intercept(served, y, children.drawn)
        ),
        "slope": figure(float(fit_affine(served, y, once)[1][0]), fit_affine(served, y, children.drawn)[1]),
    }


def _after(before: Calibration, chosen: Chosen, served: Floats, children: Resampled) -> dict[str, Figure]:
    """Return the intercept and slope of the calibration that ships; without interval what was not set."""
    slope = _set(chosen.slope * before.slope)
    match chosen.update:
        case "keep":
            return {"intercept": _set(before.intercept), "slope": slope}
        case "intercept":
            shifts = calibration_intercept(served, children.y, children.drawn)
            return {"intercept": figure(before.intercept + chosen.intercept, before.intercept + shifts), "slope": slope}
        case "intercept and slope":
            intercepts, slopes = fit_affine(served, children.y, children.drawn)
            value = chosen.intercept + chosen.slope * before.intercept
            return {
                "intercept": figure(value, intercepts + slopes * before.intercept),
                "slope": figure(chosen.slope * before.slope, slopes * before.slope),
            }


def _set(value: float) -> Figure:
    return {"value": round(value, 6), "low": None, "high": None}


def _interval(of: Figure) -> str:
    value, low, high = (of[name] for name in ("value", "low", "high"))
    return "none" if value is None or low is None or high is None else f"{value:.2f} ({low:.2f} to {high:.2f})"
