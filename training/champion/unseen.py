"""Children whom neither of two bundles learned from: the challenger's own test half, less those the champion was made of."""

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.bundle import Bundle
from models.errors import BadInput
from models.feature import Landmark, Outcome
from training.cohort import CohortTable, assemble
from training.ingest import ingest
from training.plan import Plan
from training.split import TimeSplit, shipped_split
from training.study import Study, study_of

Floats = NDArray[np.float64]
Keys = NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Unseen:
    """
    The children (m,) of one landmark and outcome on whom both bundles are judged, with both bundles' served log-odds.

    `learned_from` and `not_in_scope` count those of the challenger's test half who are left out: the champion was made of them,
    or its contract does not have them in scope.
    """

    landmark: Landmark
    outcome: Outcome
    y: Floats
    families: Keys
    weights: Floats
    groups: dict[str, Keys]
    champion: Floats
    challenger: Floats
    learned_from: int
    not_in_scope: int


def unseen(champion: Bundle, challenger: Bundle, data: Path) -> Iterator[Unseen]:
    """
    Yield the children of every landmark and outcome that both bundles have, with the same definition.

    Raises BadInput where there is none such, where the challenger was not judged by time (what ships was then learned on
    everyone), and where nothing tells whom the champion learned from.
    """
    heads = list(_in_both(champion, challenger))
    if not heads:
        raise BadInput("the two bundles have no landmark and outcome in common, of one age, window and definition")
    ours, theirs = _Made(challenger, data), _Made(champion, data)
    for landmark, outcome in heads:
        yield _judged(ours.study(landmark, outcome), theirs.study(landmark, outcome), ours, theirs)


def _in_both(champion: Bundle, challenger: Bundle) -> Iterator[tuple[Landmark, Outcome]]:
    theirs = {(at.name, at.age, o.name, o.window, o.definition) for at, o in _heads(champion)}
    for at, outcome in _heads(challenger):
        if (at.name, at.age, outcome.name, outcome.window, outcome.definition) in theirs:
            yield at, outcome


def _heads(bundle: Bundle) -> Iterator[tuple[Landmark, Outcome]]:
    for landmark in bundle.contract.landmarks:
        yield from ((landmark, outcome) for outcome in bundle.contract.outcomes_at(landmark))


class _Made:
    """A bundle with the extracts as its own contract reads them."""

    def __init__(self, bundle: Bundle, data: Path) -> None:
        self.bundle = bundle
        self.plan = Plan.model_validate(tomllib.loads(bundle.files["plan.toml"].decode()))
        self._con = ingest(bundle.contract, data)[0]
        self._cohorts: dict[str, CohortTable] = {}

    def study(self, landmark: Landmark, outcome: Outcome) -> Study:
        """Return the study that this bundle was made by, of the extracts as they are now."""
        contract = self.bundle.contract
        at = contract.landmark(landmark.name)
        own = next(each for each in contract.outcomes if each.name == outcome.name)
        if at.name not in self._cohorts:
            self._cohorts[at.name] = assemble(self._con, contract, at)
        return study_of(contract, at, own, self._cohorts[at.name], self.plan)

    def part(self, study: Study) -> dict[str, Any]:
        """Return what its evaluation says of a study."""
        parts: list[dict[str, Any]] = json.loads(self.bundle.files["evaluation.json"])["evaluations"]
        place = study.landmark.name, study.outcome.name
        return next(part for part in parts if (part["landmark"], part["outcome"]) == place)

    def log_odds(self, study: Study, children: Keys) -> Floats:
        """Return what it serves of children, all of whom its matrix has."""
        matrix = study.cohort.matrix
        place = {child: i for i, child in enumerate(matrix.children.tolist())}
        rows = matrix.numbers[[place[child] for child in children.tolist()]]
        return self.bundle.scorer.estimator(study.landmark.name, study.outcome.name).log_odds(rows)


def _judged(ours: Study, theirs: Study, challenger: _Made, champion: _Made) -> Unseen:
    if ours.split is None:
        raise BadInput("without a calendar what ships was learned on every child: nobody is left to compare the two on")
    test = ours.known[ours.split.test]
    children = ours.cohort.matrix.children[test]
    made_of = np.isin(children, _made_of(theirs, champion))
    outside = ~made_of & ~np.isin(children, theirs.cohort.matrix.children)
    kept = ~made_of & ~outside
    rows = ours.rows.take(ours.split.test[kept])
    return Unseen(
        ours.landmark,
        ours.outcome,
        rows.y,
        rows.families,
        rows.weights,
        {name: groups[test[kept]] for name, groups in ours.cohort.groups.items()},
        champion.log_odds(theirs, children[kept]),
        challenger.log_odds(ours, children[kept]),
        int(made_of.sum()),
        int(outside.sum()),
    )


def _made_of(study: Study, champion: _Made) -> Keys:
    """
    Return whom the champion learned from or was calibrated on.

    Its split is drawn again; where its sizes are those that its evaluation tells of, they are the same children. Else (the
    extracts have changed since) they are all children of the cohorts that its plan names.
    """
    children = study.cohort.matrix.children[study.known]
    told = champion.part(study)["procedure"]
    for split in _splits(study, champion.plan):
        if [len(split.learn), len(split.calibrate)] == [told.get("learned_on"), told.get("calibrated_on")]:
            return np.asarray(children[np.concatenate([split.learn, split.calibrate])])
    if champion.plan.cohorts is None:
        raise BadInput(
            "nothing tells whom the champion learned from: the extracts have changed since, and its plan names no cohorts"
        )
    return np.asarray(children)


def _splits(study: Study, plan: Plan) -> Iterator[TimeSplit]:
    """Yield the champion's split as it would have been at the end of every cohort, the latest first."""
    if study.years is None:
        return
    for latest in np.unique(study.years[study.years >= 0])[::-1]:
        split = shipped_split(np.where(study.years > latest, -1, study.years), study.rows.families, plan.seed)
        if split is not None:
            yield split
