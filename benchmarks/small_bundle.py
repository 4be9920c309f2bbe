"""
A small bundle for any contract, with terms written by rule and nothing learned.

Benchmarks and the tests of the service need a bundle that loads, scores and explains; they must not need a training run.
"""

from itertools import pairwise
from pathlib import Path

from models.bundle import MANIFEST, manifest_of, scorer_of
from models.canonical import canonical
from models.contract import Contract
from models.contract_reading import parse_contract
from models.feature import Feature, Landmark
from models.golden import GoldenCase, GoldenEvent, answered
from models.record import Exact
from models.source import Column, Source
from models.terms import (
    Calibration,
    Calibrations,
    EstimatorSpec,
    Input,
    LinearTerm,
    Model,
    PairTerm,
    StepTerm,
)

EDGES = (0.5, 3.0, 20.0, 1000.0)
CELLS = len(EDGES) + 2


def write_bundle(folder: Path, contract_text: str) -> Path:
    """Write a bundle for that contract into a new folder, and return the folder."""
    files = bundle_files(contract_text)
    folder.mkdir(parents=True)
    for name, data in (files | {MANIFEST: manifest_of(files)}).items():
        (folder / name).write_bytes(data)
    return folder


def bundle_files(contract_text: str) -> dict[str, bytes]:
    """Return every file of the bundle but its manifest, golden cases with the answers that its Scorer gives."""
    contract = parse_contract(contract_text)
    files = {
        "contract.toml": contract_text.encode(),
        "plan.toml": b"format = 1\n",
        "model.json": canonical(_model(contract).model_dump()),
        "calibration.json": canonical(_calibrations(contract).model_dump()),
        "evaluation.json": b"{}\n",
        "audit.json": b"{}\n",
    }
    scorer = scorer_of(files)
    cases = [answered(case, scorer) for case in invented_cases(contract)]
    return files | {"golden.jsonl": b"".join(canonical(case.model_dump()) for case in cases)}


def _model(contract: Contract) -> Model:
    pairs = [(landmark, outcome) for landmark in contract.landmarks for outcome in contract.outcomes_at(landmark)]
    return Model(estimators=tuple(_estimator(contract, at, outcome.name) for at, outcome in pairs))


def _estimator(contract: Contract, landmark: Landmark, outcome: str) -> EstimatorSpec:
    features = contract.features_at(landmark)
    together = list(pairwise(features))[::2]
    linear = [_linear(feature, i) for i, feature in enumerate(features) if i % 3 == 0]
    steps = [_step(feature, i) for i, feature in enumerate(features) if i % 3 != 0]
    return EstimatorSpec(
        landmark=landmark.name,
        outcome=outcome,
        kind="glass box",
        intercept=-0.75,
        inputs=tuple(_input(feature, i) for i, feature in enumerate(features)),
        terms=(*linear, *steps, *(_pair(first, second, i) for i, (first, second) in enumerate(together))),
    )


def _input(feature: Feature, i: int) -> Input:
    """Return an input; nothing was learned of *not known* for one in four."""
    unknown = 0 if i % 4 == 3 else 40
    return Input(feature=feature.name, low=-50.0, high=5000.0, typical=2.0, n_known=960, n_not_known=unknown)


def _linear(feature: Feature, i: int) -> LinearTerm:
    return LinearTerm(
        feature=feature.name, coefficient=0.03 / (i + 1), centre=2.0, low=0.0, high=60.0, not_known=0.07 * (i + 1)
    )


def _step(feature: Feature, i: int) -> StepTerm:
    values = tuple(round(0.1 * (cell - 2) + 0.01 * i, 3) for cell in range(CELLS))
    return StepTerm(feature=feature.name, edges=EDGES, values=values, n=(100,) * CELLS)


def _pair(first: Feature, second: Feature, i: int) -> PairTerm:
    values = tuple(
        tuple(round(0.02 * (row - across) + 0.003 * i, 4) for across in range(CELLS)) for row in range(CELLS)
    )
    counts = ((30,) * CELLS,) * CELLS
    return PairTerm(features=(first.name, second.name), edges=(EDGES, EDGES), values=values, n=counts)


def _calibrations(contract: Contract) -> Calibrations:
    return Calibrations(
        calibrations=tuple(
            Calibration(landmark=at.name, outcome=outcome.name, intercept=-0.1, slope=0.9, n=1000, events=310)
            for at in contract.landmarks
            for outcome in contract.outcomes_at(at)
        )
    )


def invented_cases(contract: Contract) -> list[GoldenCase]:
    """Return, unanswered, a child of whom nothing is known and one with an event in every source, at each landmark."""
    sources = contract.feature_sources
    return [
        GoldenCase(case=f"{at.name}-{kind}", age=at.age, events=events)
        for at in contract.landmarks
        for kind, events in (("nothing", {}), ("everything", {s.name: [_event(contract, s, at)] for s in sources}))
    ]


def _event(contract: Contract, source: Source, landmark: Landmark) -> GoldenEvent:
    happened = source.happened.constant if source.happened.constant is not None else landmark.age // 2
    known = source.known.constant if source.known.constant is not None else happened + (source.known.lag_days or 0)
    names = contract.feature_columns[source.name]
    values = {column.name: _value(column, happened) for column in source.columns if column.name in names}
    return GoldenEvent(happened=happened, known=known, values=values)


def _value(column: Column, happened: int) -> Exact:
    """Return some exact value the column can hold."""
    if column.type == "code":
        return next(iter(column.code_map.values()))
    if column.type == "date":
        return happened
    low, high = column.bounds
    return min(max(low, 1), high)
