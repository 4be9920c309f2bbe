"""
The model that MLflow logs, from code: matrix rows in, the very bundle's probabilities out.

MLflow runs this file when it loads the model; the bundle beside it is checked, golden cases included, before it scores.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from mlflow.models import set_model
from mlflow.pyfunc import PythonModel

from models.bundle import load_bundle


class BundleScorer(PythonModel):  # type: ignore[misc]
    """Scores rows of a `landmark` and its features (NaN: not known): one `<outcome>` column of probabilities each."""

    def load_context(self, context: Any) -> None:
        """Check and load the bundle."""
        self._scorer = load_bundle(Path(context.artifacts["bundle"])).scorer

    def predict(self, context: Any, model_input: pd.DataFrame, params: dict[str, Any] | None = None) -> pd.DataFrame:
        """Return a column of probabilities for each outcome, in the order of the rows."""
        del context, params
        contract = self._scorer.contract
        answers = {outcome.name: np.full(len(model_input), np.nan) for outcome in contract.outcomes}
        asked_at = model_input["landmark"].to_numpy()
        for landmark in contract.landmarks:
            rows = np.flatnonzero(asked_at == landmark.name)
            names = [feature.name for feature in contract.features_at(landmark)]
            matrix = model_input[names].to_numpy(dtype="float64")[rows]
            for outcome in contract.outcomes_at(landmark):
                estimator = self._scorer.estimator(landmark.name, outcome.name)
                answers[outcome.name][rows] = estimator.score_matrix(matrix)[1]
        return pd.DataFrame(answers, index=model_input.index)


set_model(BundleScorer())
