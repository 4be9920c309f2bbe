"""
Scores pairs in Spark, for people too many for one machine; what comes before and after is the same code.

A session that is running is used, and is the road to a cluster, whose machines have this package installed and share
the folder that TMPDIR names. Where there is none, one is started on this machine alone, and stopped again.
"""

import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from pyspark import SparkContext
from pyspark.sql import SparkSession
from pyspark.sql.functions import arrow_udf
from pyspark.sql.types import DoubleType
from splink.backends.spark import SparkAPI
from splink.internals.splink_dataframe import SplinkDataFrame

from models.errors import BadInput
from models.linkage import Linkage
from training.extract_sql import literal
from training.linkage.backends import SCORED, people_of, score, with_agencies
from training.linkage.learning import learn

# Two of everything, as the private database has two threads; nothing listens beyond this machine, and errors alone are logged.
_SETTINGS = {
    "spark.sql.shuffle.partitions": "2",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}


def score_in_spark(con: duckdb.DuckDBPyConnection, linkage: Linkage, model: dict[str, Any] | None) -> dict[str, Any]:
    """
    Write `scored` from `people`, as `training.linkage.backends.score_in_duckdb` does; returns the model.

    Raises BadInput where no session is running and there is no Java to start one.
    """
    with tempfile.TemporaryDirectory(prefix="earlyid-spark-") as name, _session(Path(name)) as spark:
        folder = Path(name)
        people = _registered(con, linkage, spark, folder)
        model = model or learn(linkage, people)
        score(linkage, people, model).to_parquet(str(folder / SCORED))
        found = f"read_parquet({literal(f'{folder / SCORED}/*.parquet')})"
        con.execute(f"CREATE TABLE {SCORED} AS {with_agencies(linkage, found)}")
    return model


@contextmanager
def _session(folder: Path) -> Iterator[SparkSession]:
    """Open a session of our own, its checkpoints in `folder`: beside one that is running, or alone."""
    beside = SparkContext._active_spark_context is not None  # noqa: SLF001 (nothing public knows other threads' sessions)
    spark = SparkSession.builder.getOrCreate().newSession() if beside else _started(folder)
    earlier = spark.sparkContext.getCheckpointDir()
    spark.sparkContext.setCheckpointDir(str(folder / "checkpoints"))
    try:
        yield spark
    finally:
        if not beside:
            _end(spark)
        elif earlier is not None:
            spark.sparkContext.setCheckpointDir(earlier)


def _started(folder: Path) -> SparkSession:
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        raise BadInput("linking in Spark needs Java 17: apt-get install openjdk-17-jre-headless")
    # Spark would otherwise run whichever python3 stands first in the path.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master("local[2]").config("spark.local.dir", str(folder))
    for name, value in _SETTINGS.items():
        builder = builder.config(name, value)
    with warnings.catch_warnings():
        # Of our pandas, which Spark is never given.
        warnings.simplefilter("ignore", FutureWarning)
        return builder.config("spark.sql.warehouse.dir", str(folder / "warehouse")).getOrCreate()


def _end(spark: SparkSession) -> None:
    """Stop a session and Java under it, which would keep its settings for the next one, and make its folder again."""
    gateway = SparkContext._gateway  # noqa: SLF001 (nothing public ends Java)
    spark.stop()
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait()
    SparkContext._gateway = SparkContext._jvm = None  # noqa: SLF001 (as above)


def _registered(
    con: duckdb.DuckDBPyConnection, linkage: Linkage, spark: SparkSession, folder: Path
) -> list[SplinkDataFrame]:
    spark.udf.register("jaro_winkler", arrow_udf(_jaro_winkler, DoubleType()))
    spark.udf.register("damerau_levenshtein", arrow_udf(_damerau_levenshtein, DoubleType()))
    api = SparkAPI(spark_session=spark, break_lineage_method="parquet", register_udfs_automatically=False)
    for agency in linkage.agencies:
        path = str(folder / f"people_{agency.name}.parquet")
        con.execute(f"COPY ({people_of(agency.name)}) TO {literal(path)} (FORMAT parquet)")
        spark.read.parquet(path).createOrReplaceTempView(f"people_{agency.name}")
    return [api.register(f"people_{agency.name}") for agency in linkage.agencies]


# Splink brings these for Spark too, but its Jaro-Winkler differs from DuckDB's for one pair of names in thirty, and so
# would the links.
def _jaro_winkler(one: pa.Array, other: pa.Array) -> pa.Array:
    return _in_duckdb("jaro_winkler_similarity(one, other)", one, other)


def _damerau_levenshtein(one: pa.Array, other: pa.Array) -> pa.Array:
    return _in_duckdb("damerau_levenshtein(one, other)::DOUBLE", one, other)


def _in_duckdb(sql: str, one: pa.Array, other: pa.Array) -> pa.Array:
    with duckdb.connect(config={"threads": 1}) as con:
        con.register("given", pa.table({"one": one, "other": other}))
        return con.sql(f"SELECT {sql} AS alike FROM given").to_arrow_table()["alike"].combine_chunks()
