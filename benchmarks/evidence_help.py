"""
Evidence that outcomes changed by help are told as such: what is foreseen of those helped, beside an invented truth.

The invented authority knows of every child the chance of its outcome with the help it had and without. Observed over
expected among those helped is then made of two known parts: what the help did, and how far those who had it differed from
others of whom as much was on record. A score that tells what is foreseen without help can show the first only where the
second is near 1, which is where what decides who has it is on record by the landmark.
"""

import json
import math
import sys
import tempfile
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, ndtr, ndtri
from threadpoolctl import threadpool_limits

from models.contract import Contract
from models.feature import Landmark
from models.intervention import Handling
from training.cohort import CohortTable, assemble
from training.ingest import ingest
from training.judging import judge_by_time
from training.learning import CandidateName
from training.plan import Plan
from training.study import study_of
from training.synthetic.foresight import england
from training.synthetic.help import PLACE_EFFECT, PROGRAMME_EFFECT
from training.synthetic.write import TRUTH, Asked, synthesise
from training.validation.helped import helped, those_scored

BIRTHS, COHORTS, SEEDS = 8_000, tuple(range(2016, 2021)), (7, 8, 9)
OUTCOME, HELP = "not_gld", "talk_boost"
HANDLINGS: tuple[Handling, ...] = ("report", "stratum", "exclusion")
# Where what the programme is offered by, the review, is on record; before it, who will have it cannot be told.
REVIEWED = ("two_year", "pre_school")
SLOPE, RATIO, STANDARD_ERRORS = (0.85, 1.15), (0.93, 1.07), 3.0

Floats = NDArray[np.float64]
Part = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Those:
    """Those helped of one cohort: what happened, was foreseen, and is true with the help they had and without the programme."""

    happened: Floats
    foreseen: Floats
    true: Floats
    true_without: Floats

    @property
    def seen(self) -> float:
        """Observed over expected."""
        return float(self.happened.sum() / self.foreseen.sum())

    @property
    def expected(self) -> float:
        """What observed over expected is but for the luck of who has the outcome."""
        return float(self.true.sum() / self.foreseen.sum())

    @property
    def error(self) -> float:
        """How far that luck takes it: one standard error."""
        return math.sqrt(float((self.true * (1 - self.true)).sum())) / float(self.foreseen.sum())

    @property
    def effect(self) -> float:
        """What the help did: the outcome with it over the outcome without."""
        return float(self.true.sum() / self.true_without.sum())

    @property
    def differed(self) -> float:
        """How those helped differed from others of whom as much was on record: without help, over what was foreseen."""
        return float(self.true_without.sum() / self.foreseen.sum())


def help_known(folder: Path, births: int = BIRTHS, seeds: tuple[int, ...] = SEEDS) -> Part:
    """Observed over expected among those helped is what the truth makes it, and the others are calibrated."""
    found: dict[tuple[str, str], list[tuple[Those, Part]]] = {}
    for seed in seeds:
        data = folder / f"england-{seed}"
        print(f"· inventing England, seed {seed}", file=sys.stderr, flush=True)
        synthesise(Asked("england", births, COHORTS, seed), data, lambda _: None)
        for landmark, handling, those, told in _landmarks(england(), data):
            found.setdefault((landmark, handling), []).append((those, told))
    landmarks = [_pooled(landmark, handling, each) for (landmark, handling), each in found.items()]
    return {
        "part": "help",
        "passed": all(each["passed"] for each in landmarks),
        "births": births,
        "seeds": list(seeds),
        "outcome": OUTCOME,
        "programme_effect_in_sd": PROGRAMME_EFFECT,
        "landmarks": landmarks,
    }


def _landmarks(contract: Contract, data: Path) -> list[tuple[str, Handling, Those, Part]]:
    truth = true_chances(data)
    con, _ = ingest(contract, data)
    found = []
    for landmark in contract.landmarks:
        print(f"· {landmark.label}", file=sys.stderr, flush=True)
        cohort = assemble(con, contract, landmark)
        found += [
            (landmark.name, handling, *beside_truth(contract, landmark, cohort, handling, truth, Plan(), "glass box"))
            for handling in HANDLINGS
        ]
    return found


def true_chances(data: Path) -> pd.DataFrame:
    """
    Return each child's true chance, and what it would be without the programme alone.

    The truth tells it without any help; of the difference, which is one of development, the programme's is the share that
    it added.
    """
    names = {f"p_{OUTCOME}": "true", f"p_{OUTCOME}_without_help": "without"}
    truth = pd.read_csv(data / TRUTH / "children.csv", usecols=["pseudonym", *names], index_col="pseudonym").rename(
        columns=names
    )
    kinds = pd.read_csv(data / TRUTH / "help.csv", usecols=["pseudonym", "help"])
    place = truth.index.isin(kinds.loc[kinds["help"] == "two_year_place", "pseudonym"])
    programme = truth.index.isin(kinds.loc[kinds["help"] == HELP, "pseudonym"])
    added = PROGRAMME_EFFECT * programme
    share = added / np.maximum(added + PLACE_EFFECT * place, PLACE_EFFECT)
    level = ndtri(truth["true"])
    truth["without"] = ndtr(level + share * (ndtri(truth["without"]) - level))
    return truth


def beside_truth(
    contract: Contract,
    landmark: Landmark,
    cohort: CohortTable,
    handling: Handling,
    truth: pd.DataFrame,
    plan: Plan,
    candidate: CandidateName,
) -> tuple[Those, Part]:
    """Learn by one handling, and return those helped of the latest cohort beside the truth, with what evaluation tells."""
    only = tuple(one.model_copy(update={"handling": handling}) for one in contract.interventions)
    handled = contract.model_copy(update={"interventions": only})
    (outcome,) = (one for one in contract.outcomes if one.name == OUTCOME)
    study = study_of(handled, landmark, outcome, cohort, plan)
    if study.split is None:
        raise AssertionError("an invented England has a calendar")
    judged = judge_by_time(candidate, study.task, study.rows, study.split, plan)
    scored = those_scored(handled, study, judged, plan)
    had = cohort.helped[HELP][OUTCOME][scored.rows]
    chances = truth.loc[cohort.matrix.children[scored.rows[had]]]
    those = Those(
        scored.children.y[had],
        expit(scored.log_odds[0, had]),
        chances["true"].to_numpy(),
        chances["without"].to_numpy(),
    )
    return those, helped(handled, study, judged, plan)


def _pooled(landmark: str, handling: str, found: list[tuple[Those, Part]]) -> Part:
    """Return the helped of all seeds together, and of the others each seed, whose mean is to be within the bounds."""
    others = [told["not_helped"] for _, told in found]
    ratios, slopes = (
        [round(float(each[name]["value"]), 4) for each in others]
        for name in ("observed_over_expected", "calibration_slope")
    )
    kept = _within(RATIO, ratios) and _within(SLOPE, slopes)
    told: Part = {
        "landmark": landmark,
        "handling": handling,
        "not_helped_observed_over_expected": ratios,
        "not_helped_calibration_slope": slopes,
        "phrases": [told["interventions"][0]["phrase"] for _, told in found],
    }
    if handling == "exclusion":
        return told | {"passed": kept}
    those = _together([each for each, _ in found])
    return told | _beside(those) | {"passed": kept and as_the_truth(landmark, handling, those)}


def _within(bounds: tuple[float, float], values: list[float]) -> bool:
    return bool(bounds[0] <= np.mean(values) <= bounds[1])


def _together(found: list[Those]) -> Those:
    return Those(*(np.concatenate([getattr(one, field.name) for one in found]) for field in fields(Those)))


def _beside(those: Those) -> Part:
    figures = {
        "observed_over_expected": those.seen,
        "standard_error": those.error,
        "what_the_help_did": those.effect,
        "how_those_helped_differed": those.differed,
    }
    return {"helped": len(those.true)} | {name: round(value, 4) for name, value in figures.items()}


def as_the_truth(landmark: str, handling: str, those: Those) -> bool:
    """Whether observed over expected is what the truth makes it; where it can be, what the help did and nothing else."""
    room = STANDARD_ERRORS * those.error
    alone = handling == "stratum" and landmark in REVIEWED
    return abs(those.seen - those.expected) <= room and (not alone or abs(those.seen - those.effect) <= room)


def main() -> None:
    """Print the line."""
    with tempfile.TemporaryDirectory() as name, threadpool_limits(1):
        print(json.dumps(help_known(Path(name))))


if __name__ == "__main__":
    main()
