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
from models.contract_reading import parse_contract
from models.errors import BadInput
from models.feature import Landmark, Outcome
from training.cohort import CohortTable, assemble
from training.ingest import ingest
from training.made_of import cohorts_made_of
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
    everyone) or not on these extracts, and where nothing tells whom the champion learned from.
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
        self.evaluation: dict[str, Any] = json.loads(bundle.files["evaluation.json"])
        declared = parse_contract(bundle.files["contract.toml"].decode())
        self._con = ingest(declared, data)[0]
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
        parts: list[dict[str, Any]] = self.evaluation["evaluations"]
        place = study.landmark.name, study.outcome.name
        return next(part for part in parts if (part["landmark"], part["outcome"]) == place)

    def log_odds(self, study: Study, children: Keys) -> Floats:
        """Return what it serves of children, all of whom its matrix has."""
        matrix = study.cohort.matrix
        place = {child: i for i, child in enumerate(matrix.children.tolist())}
        rows = matrix.numbers[[place[child] for child in children.tolist()]]
        return self.bundle.scorer.estimator(study.landmark.name, study.outcome.name).log_odds(rows)


def _judged(ours: Study, theirs: Study, challenger: _Made, champion: _Made) -> Unseen:
    split = _split_of(ours, challenger)
    test = ours.known[split.test]
    children = ours.cohort.matrix.children[test]
    made_of = np.isin(children, _made_of(theirs, champion))
    outside = ~made_of & ~np.isin(children, theirs.cohort.matrix.children)
    kept = ~made_of & ~outside
    rows = ours.rows.take(split.test[kept])
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


def _split_of(study: Study, challenger: _Made) -> TimeSplit:
    """Return the challenger's split, drawn again; by its sizes it must be the one that its evaluation tells of."""
    told = challenger.part(study)["procedure"]
    if told["kind"] == "recalibrated":
        raise BadInput(
            "the challenger was recalibrated, on all of its own children: nobody is left to compare the two on. Compare the "
            "bundle that it was made of"
        )
    if told["kind"] != "time" or study.split is None:
        raise BadInput(
            "without a split in time what ships was learned on every child: nobody is left to compare the two on"
        )
    split, names = study.split, ("learned_on", "calibrated_on", "tested_on")
    if [len(split.learn), len(split.calibrate), len(split.test)] != [told[name] for name in names]:
        raise BadInput(
            "these are not the extracts that the challenger was made of, or they have changed since: whom it learned from "
            "cannot be told"
        )
    return split


def _made_of(study: Study, champion: _Made) -> Keys:
    """
    Return whom the champion learned from or was calibrated on.

    Its split is drawn again; where its sizes are those that its evaluation tells of, they are the same children. Else (it was
    recalibrated, or the extracts have changed since) they are all children of the cohorts that it was made of.
    """
    cohort, told = study.cohort, champion.part(study)["procedure"]
    children = cohort.matrix.children[study.known]
    for split in _splits(study, champion.plan):
        if [len(split.learn), len(split.calibrate)] == [told.get("learned_on"), told.get("calibrated_on")]:
            return np.asarray(children[np.concatenate([split.learn, split.calibrate])])
    cohorts = cohorts_made_of(champion.evaluation, study.landmark.name, study.outcome.name, champion.plan)
    if cohorts is None or cohort.years is None:
        raise BadInput(
            "nothing tells whom the champion learned from: by these extracts it would be others, and it names no cohorts"
        )
    return np.asarray(cohort.matrix.children[np.isin(cohort.years, cohorts)])


def _splits(study: Study, plan: Plan) -> Iterator[TimeSplit]:
    """Yield the champion's split as it would have been at the end of every cohort, the latest first."""
    if study.years is None:
        return
    for latest in np.unique(study.years[study.years >= 0])[::-1]:
        split = shipped_split(np.where(study.years > latest, -1, study.years), study.rows.families, plan.seed)
        if split is not None:
            yield split
