"""Sites held out whole: judged by what others teach, told of by number and never by key, few children never alone."""

import dataclasses
import json
from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import expit

from models.contract import Contract
from models.contract_reading import parse_contract
from training.cohort import CohortTable
from training.plan import Plan
from training.snapshots import Matrix
from training.study import Study, study_of
from training.validation.sites import sites, sites_lines

COUNT = 4000
PLAN = Plan(seed=3, bootstrap=100, folds=3, inner_folds=2, repeats=1)
Known = Callable[[NDArray[np.str_]], duckdb.DuckDBPyConnection]
_DECLARED = '{ name = "area", label = "small area", type = "key", roles = ["site"] },'
_BEFORE = '{ name = "family_key", type = "key"'


@pytest.fixture(scope="module")
def placed(borough_text: str) -> Contract:
    """The borough's contract, with a small area in the birth record and no other site."""
    contract = parse_contract(borough_text.replace(_BEFORE, f"{_DECLARED}\n    {_BEFORE}"))
    found = [(s.name, c.name) for s in contract.sources for c in s.columns if "site" in c.roles]
    assert found == [("births", "area")]
    return contract


def _study(contract: Contract, keys: NDArray[np.str_], apart: float) -> Study:
    """Return children of four cohorts at these places; at each the outcome is commoner or rarer by so many log-odds."""
    chance, landmark, (outcome,) = np.random.default_rng(8), contract.landmark("two_year"), contract.outcomes
    names = tuple(feature.name for feature in contract.features_at(landmark))
    _, place = np.unique(keys, return_inverse=True)
    x = chance.normal(size=(COUNT, len(names)))
    push = apart * chance.normal(size=int(place.max()) + 1)
    chances = expit(-1 - x[:, names.index("birthweight")] + push[place])
    cohort = CohortTable(
        Matrix(landmark, _children(), names, x),
        {outcome.name: (chance.random(COUNT) < chances).astype(float)},
        np.array([f"family {i // 2}" for i in range(COUNT)]),
        chance.integers(2014, 2018, COUNT),
        {},
        np.ones(COUNT),
        {},
    )
    return study_of(contract, landmark, outcome, cohort, PLAN)


def _children() -> NDArray[np.str_]:
    return np.array([f"child {i:04}" for i in range(COUNT)])


def _keys(shares: dict[str, int]) -> NDArray[np.str_]:
    """Return whole families of children at places of these sizes."""
    return np.repeat(np.array(list(shares)), list(shares.values()))


@pytest.fixture
def known() -> Known:
    """A database that knows where each child lived at birth (an empty key: nowhere that is known)."""

    def made(keys: NDArray[np.str_]) -> duckdb.DuckDBPyConnection:
        con = duckdb.connect()
        con.execute("CREATE TABLE events_births (child VARCHAR, happened INTEGER, known INTEGER, area VARCHAR)")
        places = [key or None for key in keys.tolist()]
        con.execute("INSERT INTO events_births SELECT unnest($1), 0, 0, unnest($2)", [_children().tolist(), places])
        return con

    return made


EVEN = {f"secret-{i:02}": COUNT // 20 for i in range(20)}


def _found(contract: Contract, known: Known, keys: NDArray[np.str_], apart: float) -> dict[str, Any]:
    (found,) = sites(known(keys), contract, _study(contract, keys, apart), "logistic", PLAN)
    return found


def test_sites_that_differ(placed: Contract, known: Known) -> None:
    """Where places differ, what is foreseen is off by as much from place to place; where they do not, by chance alone."""
    differing, alike = (_found(placed, known, _keys(EVEN), apart)["spread"] for apart in (0.5, 0.0))
    ratio = differing["observed_over_expected"]
    assert (ratio["sites"], differing["auc"]["sites"]) == (20, 20)
    assert 0.15 < ratio["low"] < ratio["value"] < 0.5
    assert alike["observed_over_expected"]["low"] == 0
    assert alike["observed_over_expected"]["value"] < 0.1


def test_told_by_number(placed: Contract, known: Known) -> None:
    """Places are numbered, the largest first, with rounded counts; no key is in what is told, and a line says the gist."""
    sizes = {"secret-a": 600, "secret-b": 1400, "secret-c": 1000, "secret-d": 402, "secret-e": 560, "secret-f": 38}
    found = _found(placed, known, _keys(sizes), 0.0)
    assert [(one["site"], one["n"]) for one in found["each"]] == [
        ("site 1", 1400),
        ("site 2", 1000),
        ("site 3", 600),
        ("site 4", 560),
        ("site 5", 400),
    ]
    assert found["others"] == {"sites": 1, "n": 40, "figures": None}
    assert "secret" not in json.dumps(found)
    gist, spread = sites_lines({"full": {"sites": [found]}})
    assert "births, area" in gist
    assert "6 places" in spread
    assert "secret" not in gist + spread


def test_small_sites_are_told_of_together(placed: Contract, known: Known) -> None:
    """Places of fewer than a hundred children have their figures together, and are among those that the spread is over."""
    found = _found(placed, known, np.repeat([f"secret-{i:02}" for i in range(80)], 50), 0.6)
    assert found["each"] == []
    assert (found["others"]["sites"], found["others"]["n"]) == (80, COUNT)
    assert found["others"]["figures"] == found["figures"]
    assert found["spread"]["auc"] is None
    assert found["spread"]["observed_over_expected"]["low"] > 0.15


def test_a_site_is_judged_by_others(placed: Contract, known: Known) -> None:
    """Turning the outcomes of a place round changes nothing of what is foreseen there, only how right it is."""
    keys = _keys({"secret-a": 2000, "secret-b": 2000})
    study = _study(placed, keys, 0.0)
    turned = np.where(keys[study.known] == "secret-a", 1 - study.rows.y, study.rows.y)
    other = dataclasses.replace(study, rows=dataclasses.replace(study.rows, y=turned))
    before, after = (sites(known(keys), placed, one, "logistic", PLAN)[0]["each"] for one in (study, other))
    auc = [one[0]["figures"]["auc"]["value"] for one in (before, after)]
    assert auc[0] > 0.6
    assert auc[1] == pytest.approx(1 - auc[0], abs=2e-6)


def test_without_a_calendar(placed: Contract, known: Known) -> None:
    """Without a calendar places are held out the same way, each learned of by the nested procedure on the others."""
    keys = _keys(EVEN)
    study = dataclasses.replace(_study(placed, keys, 0.0), split=None, years=None)
    (found,) = sites(known(keys), placed, study, "logistic", PLAN)
    assert found["figures"]["auc"]["value"] > 0.6
    assert found["figures"]["observed_over_expected"]["value"] == pytest.approx(1, abs=0.05)


def test_where_few_have_a_site(placed: Contract, borough: Contract, known: Known) -> None:
    """Of a column that most children have no value of, of one single place, and of no column, nothing is told."""
    keys = _keys(EVEN)
    study = _study(placed, keys, 0.0)
    few = np.where(np.arange(COUNT) < COUNT * 0.4, keys, "")
    assert sites(known(few), placed, study, "logistic", PLAN) == []
    assert sites(known(np.full(COUNT, "secret")), placed, study, "logistic", PLAN) == []
    assert sites(known(keys), borough, study, "logistic", PLAN) == []
    some = np.where(np.arange(COUNT) < COUNT * 0.9, keys, "")
    (found,) = sites(known(some), placed, study, "logistic", PLAN)
    assert found["without_a_site"] == COUNT // 10


def test_nothing_to_learn_elsewhere(placed: Contract, known: Known) -> None:
    """Where only one place ever had the outcome the others teach nothing, and that is what is said."""
    keys = _keys({"secret-a": 2000, "secret-b": 2000})
    study = _study(placed, keys, 0.0)
    y = np.where(keys[study.known] == "secret-a", study.rows.y, 0.0)
    only = dataclasses.replace(study, rows=dataclasses.replace(study.rows, y=y))
    (found,) = sites(known(keys), placed, only, "logistic", PLAN)
    assert found["figures"] is found["spread"] is None
    (line,) = sites_lines({"full": {"sites": [found]}})
    assert line.endswith("nothing could be learned of the others")
