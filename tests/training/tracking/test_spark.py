"""The logged model as a function of Spark's: deselected unless `-m spark` asks for it (`make spark-test`)."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.bundle import load_bundle
from models.flat_answers import FlatAnswers
from training.cohort import assemble
from training.ingest import ingest

pytestmark = pytest.mark.spark
InMlflow = Callable[..., Any]
ROWS = 60

# Spark has no NaN that is null: what is not known is null in its tables, as it is in anybody's.
UDF = """
import json, os, sys
import mlflow
from pyspark.sql import SparkSession
from pyspark.sql.functions import struct
from pyspark.sql.types import DoubleType, StringType, StructField, StructType

home, uri, given = sys.argv[1:]
# Spark's workers are processes of whatever Python is first on the path, unless it is told.
os.environ["PYSPARK_PYTHON"] = sys.executable
mlflow.set_tracking_uri(f"sqlite:///{home}/mlflow.db")
rows = json.load(open(given))
spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
names = list(rows[0])
schema = StructType([StructField(name, StringType() if name == "landmark" else DoubleType()) for name in names])
table = spark.createDataFrame([tuple(row[name] for name in names) for row in rows], schema)
score = mlflow.pyfunc.spark_udf(spark, uri, env_manager="local")
found = [row["score"].asDict() for row in table.withColumn("score", score(struct(*names))).collect()]
spark.stop()
print(json.dumps(found))
"""


def test_spark_says_what_the_scorer_says(
    store: Any, in_mlflow: InMlflow, borough_extracts: Path, tmp_path: Path
) -> None:
    """Every column of the answer is in Spark, by its name, what the bundle says of the row, to 1e-12; or not there in both."""
    bundle = load_bundle(store.bundle)
    con, _ = ingest(bundle.contract, borough_extracts)
    names = [feature.name for feature in bundle.contract.features]
    rows: list[dict[str, Any]] = []
    for landmark in bundle.contract.landmarks:
        matrix = assemble(con, bundle.contract, landmark).matrix
        for row in matrix.numbers[:ROWS].tolist():
            known = {name: x for name, x in zip(matrix.names, row, strict=True) if x == x}
            rows.append({"landmark": landmark.name, **dict.fromkeys(names), **known})
    (tmp_path / "rows.json").write_text(json.dumps(rows), encoding="utf-8")
    (uri,) = re.findall(r"model (models:/m-[0-9a-f]+)", store.out)
    found = in_mlflow(UDF, store.home, uri, tmp_path / "rows.json")
    expected = _expected(FlatAnswers(bundle.scorer), rows)
    assert len(found) == 2 * ROWS
    for i, answer in enumerate(found):
        told = {name: x for name, x in answer.items() if x is not None and x == x}
        known = {name: column[i] for name, column in expected.items() if column[i] == column[i]}
        assert told.keys() == known.keys()
        assert max(abs(told[name] - x) for name, x in known.items()) <= 1e-12


def _expected(answers: FlatAnswers, rows: list[dict[str, Any]]) -> dict[str, Any]:
    values = {name: np.array([np.nan if row[name] is None else row[name] for row in rows]) for name in answers.features}
    return answers.answer(np.array([row["landmark"] for row in rows], dtype=object), values)
