"""A bundle made by hand, for the tests of what is in one."""

from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.small_bundle import POLICY, interval_table, thresholds
from models.bands import Bands
from models.bundle import scorer_of
from models.calibration import Calibrations
from models.canonical import canonical
from models.documents.documents import documents
from models.gates import Gates
from models.golden import GoldenCase, GoldenEvent, answered
from models.terms import Calibration, EstimatorSpec, Input, Model, PairTerm, StepTerm

Document = dict[str, Any]


@pytest.fixture(scope="session")
def small_bundle(as_toml: Callable[[Document], str], one_source: Callable[..., Document]) -> dict[str, bytes]:
    """The files of a bundle made by hand (no manifest, no signature): one landmark, two features, three golden cases."""
    columns = [{"name": "total", "type": "integer", "range": [0, 60]}]
    asked = [{"name": "latest", "take": "latest", "column": "total"}, {"name": "visits", "take": "count"}]
    document = one_source(columns, asked) | {"scope": {"needs": ["visits"]}}
    files = dict.fromkeys(("capacities.json", "refits.json", "evaluation.json", "audit.json"), b"{}\n")
    files["gates.json"] = canonical(Gates(evidence="quick", gates=()).model_dump())
    files |= {
        "contract.toml": as_toml(document).encode(),
        "plan.toml": b"format = 1\n",
        "policy.toml": b"format = 1\n",
        "pack.html": b"<!doctype html>\n",
    }
    files["model.json"] = canonical(Model(estimators=(_small_estimator(),)).model_dump())
    calibration = Calibration(landmark="at_one", outcome="outcome", intercept=0.1, slope=0.9, n=100, events=25)
    calibrations = Calibrations(calibrations=(calibration,), intervals=(interval_table("at_one", "outcome"),))
    files["calibration.json"] = canonical(calibrations.model_dump())
    bands = Bands(policy=POLICY, thresholds=(thresholds("at_one", "outcome"),))
    files["bands.json"] = canonical(bands.model_dump(mode="json"))
    seen = {"visits": [GoldenEvent(happened=day, known=day, values={"total": 7 * day}) for day in (1, 3)]}
    cases = [GoldenCase(case=f"seen at {age}", age=age, events=seen) for age in (365, 900)]
    cases.append(GoldenCase(case="never seen", age=365, events={}))
    given = [answered(case, scorer_of(files)) for case in cases]
    files["golden.jsonl"] = b"".join(canonical(case.model_dump()) for case in given)
    return files | documents(files)


def _small_estimator() -> EstimatorSpec:
    return EstimatorSpec(
        landmark="at_one",
        outcome="outcome",
        kind="glass box",
        intercept=-1.0,
        inputs=(
            Input(feature="latest", low=0.0, high=60.0, typical=20.0, n_known=90, n_not_known=10),
            Input(feature="visits", low=1.0, high=9.0, typical=2.0, n_known=100, n_not_known=0),
        ),
        terms=(
            StepTerm(feature="latest", edges=(20.5,), values=(-0.5, 0.25, 0.125), n=(40, 50, 10)),
            PairTerm(
                features=("latest", "visits"),
                edges=((20.5,), (1.5,)),
                values=((0.1, -0.1, 0.0), (0.2, -0.2, 0.0), (0.3, -0.3, 0.0)),
                n=((20, 20, 0), (25, 25, 0), (5, 5, 0)),
            ),
        ),
    )
