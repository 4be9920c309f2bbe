"""The logged model: its signature, its pins, and what it says of matrix rows."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.bundle import load_bundle
from models.flat_answers import columns_of
from models.scorer import Scored
from training.cohort import assemble
from training.ingest import ingest

InMlflow = Callable[..., Any]


def test_the_signature_is_explicit(model: Path) -> None:
    """The signature is the contract's: a landmark, every feature as a number that may be missing, and every answer as one."""
    written = (model / "MLmodel").read_text(encoding="utf-8")
    inputs, outputs = (
        json.loads(found) for found in re.findall(r"(?:inputs|outputs): '(.*?)'\n", written.replace("\n   ", ""))
    )
    bundle = load_bundle(next((model / "artifacts").iterdir()))
    features = [{"type": "double", "name": feature.name, "required": False} for feature in bundle.contract.features]
    assert inputs == [{"type": "string", "name": "landmark", "required": True}, *features]
    assert outputs == [{"type": "double", "name": name, "required": False} for name in columns_of(bundle.scorer)]
    assert outputs[0]["name"] == "not_gld"


def test_the_requirements_are_pinned(model: Path) -> None:
    """The model's requirements are what scoring needs, each pinned to what it was made with, and no learner."""
    lines = (model / "requirements.txt").read_text(encoding="utf-8").split()
    names = ["cryptography", "mlflow", "numpy", "pandas", "pydantic"]
    assert sorted(lines) == [f"{name}=={version(name)}" for name in names]


PREDICT = """
import json, sys
import mlflow, pandas as pd

home, uri, given = sys.argv[1:]
mlflow.set_tracking_uri(f"sqlite:///{home}/mlflow.db")
model = mlflow.pyfunc.load_model(uri)
rows = pd.DataFrame(json.load(open(given)))
rows = rows.astype({name: "float64" for name in rows.columns if name != "landmark"})

def answered(index):
    try:
        return model.predict(rows.set_axis(index)).to_dict(orient="list")
    except Exception as error:
        return repr(error)

numbered, named_alike = answered(range(len(rows))), answered([0] * len(rows))
known = rows[rows["landmark"] == "one_year"]
few = model.predict(known[["landmark", "birthweight", "decile"]])["not_gld"].tolist()
others = [name for name in rows.columns if name not in ("landmark", "birthweight", "decile")]
blank = model.predict(known.assign(**{name: float("nan") for name in others}))["not_gld"].tolist()
refused = []
for wrong in (rows.assign(landmark="001"), rows.assign(decile="001"), rows.assign(landmark=float("nan"))):
    try:
        refused.append(model.predict(wrong)["not_gld"].tolist())
    except Exception as error:
        refused.append(type(error).__name__)
print(json.dumps([numbered, named_alike, few == blank, refused, sys.modules["models.bundle"].__file__]))
"""


@dataclass(frozen=True, slots=True)
class Predicted:
    """What the Scorer gives for rows of both landmarks, what the logged model gives, and whose code it ran."""

    expected: list[float]
    numbered: dict[str, list[float]]
    named_alike: dict[str, list[float]]
    left_out_is_not_known: bool
    refused: list[str]
    code: Path


@pytest.fixture(scope="module")
def predicted(
    store: Any, in_mlflow: InMlflow, borough_extracts: Path, tmp_path_factory: pytest.TempPathFactory
) -> Predicted:
    """Load the logged model afresh, in a process of its own, and ask it of real rows of the borough's matrices."""
    bundle = load_bundle(store.bundle)
    con, _ = ingest(bundle.contract, borough_extracts)
    names = [feature.name for feature in bundle.contract.features]
    rows: list[dict[str, Any]] = []
    expected: list[float] = []
    for landmark in reversed(bundle.contract.landmarks):
        matrix = assemble(con, bundle.contract, landmark).matrix
        for row in matrix.numbers[:150].tolist():
            answer = bundle.scorer.score_row(landmark, row)
            assert isinstance(answer, Scored)
            (score,) = answer.scores
            expected.append(score.probability)
            known = {name: x for name, x in zip(matrix.names, row, strict=True) if x == x}
            rows.append({"landmark": landmark.name, **dict.fromkeys(names), **known})
    given = tmp_path_factory.mktemp("rows") / "rows.json"
    given.write_text(json.dumps(rows), encoding="utf-8")
    (uri,) = re.findall(r"model (models:/m-[0-9a-f]+)", store.out)
    *told, code = in_mlflow(PREDICT, store.home, uri, given)
    return Predicted(expected, *told, Path(code))


def test_the_model_scores_as_the_scorer(predicted: Predicted) -> None:
    """The model scores rows of any landmark, some of it not known, as the bundle's own Scorer does, to 1e-12."""
    assert len(predicted.expected) == 300
    assert np.abs(np.array(predicted.numbered["not_gld"]) - np.array(predicted.expected)).max() <= 1e-12


def test_the_names_of_rows_say_nothing(predicted: Predicted) -> None:
    """Rows that go by one name, as after two tables were put together, are scored as when they are numbered."""
    assert str(predicted.named_alike) == str(predicted.numbered)


def test_a_feature_left_out_is_not_known(predicted: Predicted) -> None:
    """A table without a column is scored as one in which nothing of that column is known."""
    assert predicted.left_out_is_not_known


def test_what_is_no_row_is_refused(predicted: Predicted) -> None:
    """A landmark that the contract has not, a code where a number belongs, and no landmark at all are refused, not guessed at."""
    assert predicted.refused == ["ValueError", "MlflowException", "MlflowException"]


def test_the_model_runs_the_code_logged_with_it(predicted: Predicted, store: Any) -> None:
    """What scores is the code that was logged beside the bundle, and not whatever is installed by then."""
    assert predicted.code.is_relative_to(store.home)
