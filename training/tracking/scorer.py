"""
The model that MLflow logs, from code: matrix rows in; the very bundle's probabilities, intervals and contributions out.

MLflow runs this file when it loads the model; the bundle beside it is checked, golden cases included, before it scores.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from mlflow.models import set_model
from mlflow.pyfunc import PythonModel

from models.bundle import load_bundle
from models.flat_answers import FlatAnswers


class BundleScorer(PythonModel):  # type: ignore[misc]
    """
    Scores rows of a `landmark` and its features, which may be left out (NaN, or no such column: not known).

    Every column of the answer is a number, as `models.flat_answers` names them; all are NaN where a row is not scored.
    """

    def load_context(self, context: Any) -> None:
        """Check and load the bundle."""
        self._answers = FlatAnswers(load_bundle(Path(context.artifacts["bundle"])).scorer)

    def predict(self, context: Any, model_input: pd.DataFrame, params: dict[str, Any] | None = None) -> pd.DataFrame:
        """Return the answers, in the order of the rows."""
        del context, params
        known = model_input.reindex(columns=["landmark", *self._answers.features])
        values = {name: known[name].to_numpy(dtype="float64", na_value=np.nan) for name in self._answers.features}
        answers = self._answers.answer(known["landmark"].to_numpy(dtype=object), values)
        return pd.DataFrame(answers, index=model_input.index)


set_model(BundleScorer())
