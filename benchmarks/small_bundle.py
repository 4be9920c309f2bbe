"""
A small bundle for any contract, with terms written by rule and nothing learned.

Benchmarks and the tests of the service need a bundle that loads, scores and explains; they must not need a training run.
"""

from itertools import pairwise
from pathlib import Path

from models.bands import AtCapacity, Band, Bands, Figure, Policy, Thresholds
from models.bundle import MANIFEST, manifest_of, scorer_of
from models.calibration import Calibrations
from models.canonical import canonical
from models.contract import Contract
from models.contract_reading import parse_contract
from models.documents.documents import documents
from models.feature import Feature, Landmark
from models.gates import Gates
from models.golden import GoldenCase, GoldenEvent, answered
from models.interval import IntervalTable
from models.record import Exact
from models.source import Column, Source
from models.terms import (
    Calibration,
    EstimatorSpec,
    Input,
    LinearTerm,
    Model,
    PairTerm,
    StepTerm,
)

EDGES = (0.5, 3.0, 20.0, 1000.0)
CELLS = len(EDGES) + 2
INTERCEPT = -0.75
NOT_FOR_RELEASE = Gates(evidence="quick", gates=())
FOR_RELEASE = Gates(evidence="full", gates=())


def write_bundle(folder: Path, contract_text: str) -> Path:
    """Write a bundle for that contract into a new folder, and return the folder."""
    files = bundle_files(contract_text)
    folder.mkdir(parents=True)
    for name, data in (files | {MANIFEST: manifest_of(files)}).items():
        (folder / name).write_bytes(data)
    return folder


def bundle_files(
    contract_text: str, *, intercept: float = INTERCEPT, gates: Gates = NOT_FOR_RELEASE
) -> dict[str, bytes]:
    """
    Return every file of the bundle but its manifest, golden cases with the answers that its Scorer gives.

    Another intercept makes another bundle, all of whose scores differ; the gates say whether it may be released.
    """
    contract = parse_contract(contract_text)
    files = {
        "contract.toml": contract_text.encode(),
        "plan.toml": b"format = 1\n",
        "policy.toml": b"format = 1\n",
        "pack.html": b"<!doctype html>\n",
        "model.json": canonical(_model(contract, intercept).model_dump()),
        "calibration.json": canonical(_calibrations(contract).model_dump()),
        "bands.json": canonical(_bands(contract).model_dump(mode="json")),
        "capacities.json": b"{}\n",
        "refits.json": b'{"format":1,"refits":[]}\n',
        "evaluation.json": b"{}\n",
        "audit.json": b"{}\n",
        "gates.json": canonical(gates.model_dump()),
    }
    scorer = scorer_of(files)
    cases = [answered(case, scorer) for case in invented_cases(contract)]
    files["golden.jsonl"] = b"".join(canonical(case.model_dump()) for case in cases)
    return files | documents(files)


def _model(contract: Contract, intercept: float) -> Model:
    pairs = [(landmark, outcome) for landmark in contract.landmarks for outcome in contract.outcomes_at(landmark)]
    return Model(estimators=tuple(_estimator(contract, at, outcome.name, intercept) for at, outcome in pairs))


def _estimator(contract: Contract, landmark: Landmark, outcome: str, intercept: float) -> EstimatorSpec:
    features = contract.features_at(landmark)
    together = list(pairwise(features))[::2]
    linear = [_linear(feature, i) for i, feature in enumerate(features) if i % 3 == 0]
    steps = [_step(feature, i) for i, feature in enumerate(features) if i % 3 != 0]
    return EstimatorSpec(
        landmark=landmark.name,
        outcome=outcome,
        kind="glass box",
        intercept=intercept,
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
    places = _places(contract)
    return Calibrations(
        calibrations=tuple(
            Calibration(landmark=at, outcome=outcome, intercept=-0.1, slope=0.9, n=1000, events=310)
            for at, outcome in places
        ),
        intervals=tuple(interval_table(at, outcome) for at, outcome in places),
    )


def _places(contract: Contract) -> list[tuple[str, str]]:
    return [(at.name, outcome.name) for at in contract.landmarks for outcome in contract.outcomes_at(at)]


def interval_table(landmark: str, outcome: str) -> IntervalTable:
    """Return intervals of a quarter of a log-odds to either side, half as much again at the ends."""
    points, apart = (-4.0, -1.0, 2.0), (0.4, 0.25, 0.4)
    return IntervalTable(
        landmark=landmark,
        outcome=outcome,
        log_odds=points,
        low=tuple(at - by for at, by in zip(points, apart, strict=True)),
        high=tuple(at + by for at, by in zip(points, apart, strict=True)),
        widest=0.16,
    )


def _bands(contract: Contract) -> Bands:
    return Bands(policy=POLICY, thresholds=tuple(thresholds(at, outcome) for at, outcome in _places(contract)))


def thresholds(landmark: str, outcome: str) -> Thresholds:
    """Return thresholds that nobody chose, with figures that nobody found."""
    none = Figure(value=None, low=None, high=None)
    at = tuple(
        AtCapacity(
            capacity=capacity,
            log_odds=log_odds,
            flagged=capacity,
            left_out_tie=0.0,
            ppv=none,
            recall=none,
            recall_ceiling=1.0,
        )
        for capacity, log_odds in zip(POLICY.capacities, (1.5, 0.8, 0.1), strict=True)
    )
    return Thresholds(landmark=landmark, outcome=outcome, at=at, changes_on_refit=(0.3, 0.5, 0.4, 0.05))


POLICY = Policy(
    team="the team of this benchmark",
    owner=None,
    agreed=None,
    children_a_month=None,
    capacities=(0.05, 0.10, 0.20),
    bands=tuple(Band(code=f"band_{i}", label=f"Band {i}", offer=f"What band {i} may be offered") for i in range(1, 5)),
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
