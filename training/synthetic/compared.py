"""What a run foresaw of an invented authority, beside the truth: observed over expected, plain, weighted, and true (M1)."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from training.findings import Run
from training.synthetic.write import TRUTH


def compared(run: Run, folder: Path, names: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """
    Return observed over expected for each landmark and outcome.

    `names` gives the true name of each child that linking named otherwise.

    The truth counts what happened, or would have happened, to the judged children and to those like them who left, went to
    a school without a return, or were not assessed. Weights know only what is recorded at the landmark. Families who leave
    have more hardship than any record tells, so that the truth tends to lie above both; that is what the bounds are for.
    """
    truth = pd.read_csv(folder / TRUTH / "children.csv", usecols=["pseudonym", *_outcomes(run)], index_col="pseudonym")
    followed = run.followed if names is None else run.followed.assign(child=run.followed["child"].map(dict(names)))
    return [_compared(part, followed, truth) for part in run.evaluation["evaluations"]]


def true_names(known: Path, identities: Path) -> dict[str, str]:
    """Return the true child that each pseudonym of a map stands for: of whom most of its records are, then the first."""
    told = pd.read_csv(known, dtype=str).merge(
        pd.read_csv(identities, dtype=str), on=["agency", "id"], suffixes=("", "_true")
    )
    votes = told.groupby(["child", "child_true"]).size().reset_index(name="records")
    ordered = votes.sort_values(["child", "records", "child_true"], ascending=[True, False, True])
    return dict(ordered.drop_duplicates("child")[["child", "child_true"]].itertuples(index=False))


def _outcomes(run: Run) -> list[str]:
    return [outcome.name for outcome in run.contract.outcomes]


def _compared(part: dict[str, Any], followed: pd.DataFrame, truth: pd.DataFrame) -> dict[str, Any]:
    place = {"landmark": part["landmark"], "outcome": part["outcome"]}
    rows = followed[(followed["landmark"] == part["landmark"]) & (followed["outcome"] == part["outcome"])]
    happened = truth.loc[rows["child"], part["outcome"]].to_numpy()
    weight = rows["part"].to_numpy()
    observed = part["outcomes_never_observed"]
    return {
        **place,
        "observed_only": observed["observed_over_expected"]["value"],
        "weighted": observed["weighted_observed_over_expected"]["value"],
        "true": round(float((weight * happened).sum() / (weight * rows["probability"].to_numpy()).sum()), 6),
        "bounds": [observed[f"observed_over_expected_if_unobserved_at_{odds}_the_odds"] for odds in ("half", "twice")],
        "with_result": observed["with_result"],
        "without_result": observed["without_result"],
    }


def compared_lines(found: list[dict[str, Any]]) -> Iterator[str]:
    """Say it as a table."""
    yield "Observed over expected: by those with a result, weighted for those without, in truth; and its bounds"
    for one in found:
        yield (
            f"  {one['outcome']:<18}{one['landmark']:<12}{one['observed_only']:>7.3f}{one['weighted']:>7.3f}"
            f"{one['true']:>7.3f}   {one['bounds'][0]:.3f} to {one['bounds'][1]:.3f} "
            f"({one['with_result']:,} with a result, {one['without_result']:,} without)"
        )
