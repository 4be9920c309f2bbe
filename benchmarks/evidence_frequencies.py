"""
Evidence that the natural frequencies which scores are told in come true, on invented authorities.

Every authority learns from its own children, at its own rate, by the shipped contract cut down to one question; what ships
is then asked of children whom it never saw: the half of the latest cohort that tested it, and as many born there anew, by
another seed, who had no part in its thresholds either. In each band the displayed numbers, averaged over its children, are
held against the share who had the outcome.
"""

import json
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.frequency_cells import Answer, Cell, cells, shown, told
from benchmarks.one_question import LANDMARK, OUTCOME, one_question
from models.bundle import load_bundle
from models.scope import NotScored
from models.scorer import Scorer
from training.cohort import assemble
from training.findings import Run
from training.ingest import ingest
from training.pipeline import train
from training.synthetic.area import area_names
from training.synthetic.calendar import AS_AT
from training.synthetic.write import Asked, synthesise

COHORTS = tuple(range(2016, 2021))
# A twentieth of the half that tests is a hundred children from 5,000 on. So many more that, of the error that is allowed, no
# more than half is the sampling of the children asked; as many as test it, and some, are born anew.
BIRTHS, BORN_ANEW, SEED = 16_000, 9_000, 4_000
INSIDE, ERROR, CELLS = 0.90, 3.0, 32
# Resamples and refits say how sure figures are: no displayed number is made of them.
PLAN = "format = 1\nbootstrap = 100\nrefits = 2\n"

Part = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Authority:
    """An invented authority's cells, by the children they are of, what it ships, and what it says knowing nothing."""

    ships: str
    held_out: list[Cell]
    anew: list[Cell]
    knowing_nothing: Cell


def frequencies(folder: Path) -> Part:
    """Displayed numbers lie in the interval of what happened as often as they should, and are nowhere far off."""
    start = time.perf_counter()
    found = [authority(area, SEED + 2 * k, (BIRTHS, BORN_ANEW), folder) for k, area in enumerate(area_names())]
    anew = told([cell for one in found for cell in one.anew])
    return {
        "part": "natural frequencies",
        "passed": anew["cells"] >= CELLS and anew["inside"] >= INSIDE and anew["mean_absolute_error"] <= ERROR,
        "authorities": len(found),
        "births_a_cohort": BIRTHS,
        "ships": sorted({one.ships for one in found}),
        "anew": anew,
        "held_out": told([cell for one in found for cell in one.held_out]),
        "knowing_nothing": told([one.knowing_nothing for one in found]),
        "seconds": round(time.perf_counter() - start),
    }


def authority(area: str, seed: int, births: tuple[int, int], folder: Path) -> Authority:
    """
    Invent an authority, have it learn, and ask what it ships of the children it never saw.

    `births` are those of each cohort it learns, calibrates and tests on, and those born anew, of the next seed.
    """
    print(f"· the frequencies of {area}, seed {seed}", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(dir=folder) as name:
        place = Path(name)
        run = _trained(Asked(area, births[0], COHORTS, seed), place)
        scorer = load_bundle(run.bundle).scorer
        held_out = answers(scorer, place / "extracts", set(run.scored["child"]))
        shutil.rmtree(place / "extracts")
        synthesise(Asked(area, births[1], COHORTS[-1:], seed + 1), place / "extracts", lambda _: None)
        anew = answers(scorer, place / "extracts", None)
    displayed = shown(scorer.head(LANDMARK, OUTCOME).base_rate)
    nothing = [Answer(0, displayed, answer.happened) for answer in anew]
    ships = run.evaluation["evaluations"][0]["ships"]
    return Authority(ships, cells(area, held_out), cells(area, anew), cells(area, nothing)[0])


def _trained(asked: Asked, place: Path) -> Run:
    synthesise(asked, place / "extracts", lambda _: None)
    contract, plan = place / "contract.toml", place / "plan.toml"
    contract.write_text(one_question(), encoding="utf-8")
    plan.write_text(PLAN, encoding="utf-8")
    return train(
        contract,
        place / "extracts",
        place / "releases",
        plan_path=plan,
        key=None,
        today=AS_AT,
        progress=lambda _: None,
    )


def answers(scorer: Scorer, extracts: Path, children: set[str] | None) -> list[Answer]:
    """Score the children of these extracts who have an outcome: those named, or all of them."""
    landmark = scorer.contract.landmark(LANDMARK)
    con, _ = ingest(scorer.contract, extracts)
    cohort = assemble(con, scorer.contract, landmark)
    con.close()
    happened = cohort.outcomes[OUTCOME]
    keys = cohort.matrix.children.tolist()
    wanted = [i for i in np.flatnonzero(~np.isnan(happened)).tolist() if children is None or keys[i] in children]
    scored = ((i, scorer.score_row(landmark, cohort.matrix.numbers[i].tolist())) for i in wanted)
    return [
        Answer(answer.scores[0].banding.place, shown(answer.scores[0].probability), bool(happened[i]))
        for i, answer in scored
        if not isinstance(answer, NotScored)
    ]


def main() -> None:
    """Print the figures, one line of JSON; exits 1 when they are out of bounds."""
    with tempfile.TemporaryDirectory() as folder:
        found = frequencies(Path(folder))
    print(json.dumps(found))
    sys.exit(0 if found["passed"] else 1)


if __name__ == "__main__":
    main()
