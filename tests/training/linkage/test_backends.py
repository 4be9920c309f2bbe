"""Where pairs are scored: what is taken from a model that was saved, and what is said where Spark is not installed."""

import json
import subprocess
import sys
from typing import Any

import pytest

from models.errors import BadInput
from training.linkage.backends import score_in_duckdb, weighed
from training.linkage.people import private_database, read_people


@pytest.fixture(scope="module")
def learned(town: Any) -> dict[str, Any]:
    """The model learned from the town's people; nothing in it may be changed."""
    with private_database() as con:
        read_people(con, town.contract.linkage, town.folder)
        return score_in_duckdb(con, town.contract.linkage, None)


@pytest.mark.parametrize("dialect", ["duckdb", "spark"])
def test_only_probabilities_are_taken(town: Any, learned: dict[str, Any], dialect: str) -> None:
    """Of a saved model its probabilities are taken and its SQL is not, so that it serves the other backend too."""
    model = json.loads(json.dumps(learned))
    for level in (level for one in model["comparisons"] for level in one["comparison_levels"]):
        level["sql_condition"] = "1 = 1"
    assert weighed(town.contract.linkage, model, dialect) == weighed(town.contract.linkage, learned, dialect)
    assert "1 = 1" not in json.dumps(weighed(town.contract.linkage, model, dialect), default=str)


@pytest.mark.parametrize("change", ["without a comparison", "without a probability", "with another level", "empty"])
def test_another_model(town: Any, learned: dict[str, Any], change: str) -> None:
    """A model that was learned for other comparisons is refused, with the remedy."""
    model = json.loads(json.dumps(learned))
    match change:
        case "without a comparison":
            model["comparisons"].pop()
        case "without a probability":
            model["comparisons"][1]["comparison_levels"][1].pop("m_probability")
        case "with another level":
            model["comparisons"][1]["comparison_levels"][1]["label_for_charts"] = "another"
        case _:
            model = {"comparisons": None}
    with pytest.raises(BadInput, match="leave it out to learn one"):
        weighed(town.contract.linkage, model, "duckdb")


def test_one_agency(town: Any) -> None:
    """The people of one agency are linked among themselves."""
    linkage = town.contract.linkage
    nursery = next(agency for agency in linkage.agencies if not agency.one_id_a_child)
    alone = linkage.model_copy(update={"agencies": (nursery,)})
    with private_database() as con:
        read_people(con, alone, town.folder)
        score_in_duckdb(con, alone, None)
        agencies = con.execute("SELECT DISTINCT agency_l, agency_r FROM scored").fetchall()
    assert agencies == [(nursery.name, nursery.name)]


def test_no_spark() -> None:
    """Without Spark, a contract that links in it is told what to install."""
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT_SPARK], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert "install early-identification[spark]" in done.stdout


_WITHOUT_SPARK = """
import sys

sys.modules["pyspark"] = None
from models.errors import BadInput
from models.linkage import Linkage
from training.linkage.backends import backend_of

part = {"name": "forename", "kind": "name"}
agency = {"name": "one", "label": "One", "file": "one.csv", "id": "id", "holds": {"forename": "forename"}}
try:
    backend_of(Linkage.model_validate({"backend": "spark", "part": [part], "agency": [agency]}))
except BadInput as error:
    print(error)
"""
