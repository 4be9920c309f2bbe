"""Who cannot be scored: every child on record is scored or refused for the first reason that holds, and told of by group."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from fairness.policy.policy import Policy
from fairness.report import FIELDS
from models.contract import Contract
from models.feature import Landmark, Resident, Scope
from training.cohort import CohortTable, assemble
from training.extract_sql import quoted
from training.ingest import ingest
from training.refused import coverage_by_group

AT = FIELDS.index


@pytest.fixture(scope="module")
def con(borough: Contract, borough_extracts: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The borough's extracts, read."""
    yield (found := ingest(borough, borough_extracts)[0])
    found.close()


@pytest.fixture(scope="module")
def strict(borough: Contract) -> Contract:
    """The borough's contract, which refuses whoever is late or little known of, too."""
    scope = Scope(
        needs=("reviews",), resident=Resident(source="addresses", days=100), stale_after_days=400, least_known_share=0.5
    )
    return borough.model_copy(update={"scope": scope})


def _asked(
    con: duckdb.DuckDBPyConnection, contract: Contract, landmark: Landmark
) -> tuple[CohortTable, CohortTable, "np.ndarray[tuple[int], np.dtype[np.bool_]]"]:
    """Return the cohort, everyone, and who of them is on record and of a cohort with results."""
    cohort = assemble(con, contract, landmark)
    everyone = assemble(con, contract.model_copy(update={"scope": Scope()}), landmark)
    rows = " UNION ".join(
        f"SELECT child FROM {quoted('events_' + source.name)} WHERE known <= {landmark.age}"
        for source in contract.feature_sources
    )
    on_record = np.isin(everyone.matrix.children, [child for (child,) in con.execute(rows).fetchall()])
    known = ~np.isnan(next(iter(cohort.outcomes.values())))
    assert cohort.years is not None
    assert everyone.years is not None
    return cohort, everyone, on_record & np.isin(everyone.years, np.unique(cohort.years[known]))


@pytest.fixture(scope="module")
def found(con: duckdb.DuckDBPyConnection, strict: Contract) -> dict[str, Any]:
    """Who is missing at the last landmark, by the strict contract."""
    landmark = strict.landmarks[-1]
    return coverage_by_group(con, strict, landmark, assemble(con, strict, landmark), Policy())


def test_counted(con: duckdb.DuckDBPyConnection, strict: Contract, found: dict[str, Any]) -> None:
    """Those on record are those scored and those who were not, to the nearest five; the share refused is theirs."""
    cohort, everyone, asked = _asked(con, strict, strict.landmarks[-1])
    scored = np.isin(everyone.matrix.children[asked], cohort.matrix.children)
    assert found["n"] == pytest.approx(asked.sum(), abs=2)
    assert found["scored"] == pytest.approx(scored.sum(), abs=2)
    assert found["figures"]["refused"][0] == pytest.approx(1 - scored.mean(), abs=0.005)
    unknown = np.isnan(everyone.matrix.numbers[asked][scored]).mean()
    assert found["figures"]["unknown"][0] == pytest.approx(unknown, abs=0.005)
    told = [count for count in found["reasons"].values() if count is not None]
    assert told
    assert sum(told) <= found["n"] - found["scored"] + 5 * len(told)
    assert set(found["reasons"]) == {"identity-not-certain", "too-little-known", "moved-in-too-late", "too-stale"}


def test_every_group(found: dict[str, Any], strict: Contract) -> None:
    """Every attribute has its declared groups, then *not recorded*; a gap is judged by the margin of refusals, what is unknown is not."""
    assert [each["attribute"] for each in found["attributes"]] == [attribute.name for attribute in strict.audit]
    for attribute in found["attributes"]:
        assert attribute["groups"][-1]["group"] == "not recorded"
        shown = [line for line in attribute["groups"] if line["figures"]]
        assert shown
        for line in shown:
            assert line["figures"]["unknown"][AT("verdict")] is None
            assert line["figures"]["refused"][AT("verdict")] in {0, 1, 2, 3}
    assert all(
        line["n"] is None or line["n"] == 0 or line["n"] >= 10
        for each in found["attributes"]
        for line in each["groups"]
    )


def test_the_first_reason(con: duckdb.DuckDBPyConnection, strict: Contract) -> None:
    """A contract that asks one thing refuses for that alone, one that asks nothing nobody; of two reasons the first is told."""
    landmark, late = strict.landmarks[-1], Resident(source="reviews", days=100)

    def reasons(**asked: Any) -> dict[str, int]:
        contract = strict.model_copy(update={"scope": Scope(**asked)})
        told = coverage_by_group(con, contract, landmark, assemble(con, contract, landmark), Policy())
        assert (told["figures"]["refused"][0] > 0) == bool(asked)
        return {code: count for code, count in told["reasons"].items() if count}

    needs, resident, known = reasons(needs=("hub",)), reasons(resident=late), reasons(least_known_share=0.9)
    assert [list(each) for each in (needs, resident, known)] == [
        ["too-little-known"],
        ["moved-in-too-late"],
        ["too-little-known"],
    ]
    assert not reasons()
    both = reasons(needs=("hub",), resident=late)
    assert both["too-little-known"] == needs["too-little-known"]
    assert both["moved-in-too-late"] < resident["moved-in-too-late"]


def test_a_group_that_is_refused_more(con: duckdb.DuckDBPyConnection, strict: Contract) -> None:
    """Where half of one group cannot be scored, its gap is larger than agreed, and in that direction."""
    landmark = strict.landmarks[-1]
    cohort = assemble(con, strict, landmark)
    name, of = next(iter(cohort.groups.items()))
    group = max(np.unique(of).tolist(), key=lambda each: int((of == each).sum()))
    kept = (of != group) | (np.arange(len(of)) % 2 == 0)
    less = cohort.matrix.children[kept]
    matrix = type(cohort.matrix)(landmark, less, cohort.matrix.names, cohort.matrix.numbers[kept])
    fewer = CohortTable(
        matrix,
        {k: v[kept] for k, v in cohort.outcomes.items()},
        cohort.families[kept],
        None if cohort.years is None else cohort.years[kept],
        {k: v[kept] for k, v in cohort.groups.items()},
        cohort.weights[kept],
        {},
    )
    told = coverage_by_group(con, strict, landmark, fewer, Policy())
    (attribute,) = (each for each in told["attributes"] if each["attribute"] == name)
    (line,) = (each for each in attribute["groups"] if each["group"] == group)
    assert line["figures"]["refused"][AT("verdict")] == 1
    assert line["figures"]["refused"][AT("gap")] > 0.2
