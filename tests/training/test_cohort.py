"""The cohort of a landmark, from extracts small enough to read: who is in it, of which family, year and groups."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray

from models.contract import Contract
from models.contract_reading import parse_contract
from training.cohort import CohortTable, assemble
from training.extracts import columns_wanted
from training.ingest import ingest

Extracts = dict[str, list[str]]
Assembled = Callable[..., CohortTable]


@pytest.fixture
def assembled(tmp_path: Path, borough: Contract) -> Assembled:
    """Assemble the borough's cohort at a landmark from lines of its extracts; an extract that is not given is empty."""

    def make(extracts: Extracts, landmark: str = "one_year", contract: Contract = borough) -> CohortTable:
        for source in contract.sources:
            head = columns_wanted(source)
            if source.file.endswith(".parquet"):
                pq.write_table(pa.table({name: pa.array([], pa.string()) for name in head}), tmp_path / source.file)
            else:
                lines = [",".join(head), *extracts.get(source.name, [])]
                (tmp_path / source.file).write_text("\n".join(lines) + "\n", encoding="utf-8")
        con, _ = ingest(contract, tmp_path)
        return assemble(con, contract, contract.landmark(landmark))

    return make


def _by_child(cohort: CohortTable, values: NDArray[Any]) -> dict[str, Any]:
    return dict(zip(cohort.matrix.children.tolist(), values.tolist(), strict=True))


def test_families(assembled: Assembled) -> None:
    """Children who share a key are one family; a child without one is a family alone, by a key that no family has."""
    births = ["a,2016-01-02,k1,F,3000", "b,2018-01-02,k1,M,3000", "c,2016-01-02,,F,3000", "d,2016-01-02,c,F,3000"]
    births += ["e,2016-01-02,child c,F,3000", "f,2016-01-02,,F,3000"]
    cohort = assembled({"births": births})
    families = _by_child(cohort, cohort.families)
    assert families["a"] == families["b"]
    assert len(set(families.values())) == 5


def test_years(assembled: Assembled) -> None:
    """A cohort is the academic year of birth: 31 August ends one, 1 September begins the next."""
    days = {"a": "2016-08-31", "b": "2016-09-01", "c": "2017-01-01", "d": "2017-08-31", "e": "2017-09-01"}
    cohort = assembled({"births": [f"{child},{day},,F,3000" for child, day in days.items()]})
    assert cohort.years is not None
    assert _by_child(cohort, cohort.years) == {"a": 2015, "b": 2016, "c": 2016, "d": 2016, "e": 2017}


def test_no_date_of_birth(assembled: Assembled) -> None:
    """A child whose date of birth is not known is of no cohort, and is still there."""
    cohort = assembled({"births": ["a,,k1,F,3000", "b,2016-01-02,k1,M,3000"]})
    assert cohort.years is not None
    assert _by_child(cohort, cohort.years) == {"a": -1, "b": 2015}


def test_no_calendar(assembled: Assembled, borough_text: str) -> None:
    """A contract that declares no cohort has no years."""
    text = borough_text.replace("cohort = { year_starts_month = 9 }", "")
    cohort = assembled({"births": ["a,2016-01-02,k1,F,3000"]}, contract=parse_contract(text))
    assert cohort.years is None


def test_groups(assembled: Assembled) -> None:
    """A group is the code's own label, by row-level derivation too; what is missing is *not recorded*."""
    births = ["a,2016-01-02,,F,2499", "b,2016-01-02,,M,2500", "c,2016-01-02,,U,9999", "d,2016-01-02,,,"]
    cohort = assembled({"births": births})
    assert _by_child(cohort, cohort.groups["sex"]) == {
        "a": "Girls",
        "b": "Boys",
        "c": "not recorded",
        "d": "not recorded",
    }
    assert _by_child(cohort, cohort.groups["light"]) == {
        "a": "Under 2,500 g",
        "b": "2,500 g or more",
        "c": "not recorded",
        "d": "not recorded",
    }


AUDITED = """
[[audit]]
name = "area"
label = "Area"
source = "addresses"
column = "decile"

[[audit]]
name = "talk"
label = "Talk"
source = "reviews"
column = "communication"
"""


@pytest.fixture
def audited(borough_text: str) -> Contract:
    """The borough's contract with two more attributes audited, of sources with many rows a child."""
    text = borough_text.replace("[[source]]", AUDITED + "\n[[source]]", 1)
    text = text.replace("range = [1, 10] }", 'range = [1, 10], roles = ["feature", "audit"] }')
    text = text.replace(
        'missing_below = 0, tie = "min" }', 'missing_below = 0, tie = "min", roles = ["feature", "audit"] }'
    )
    return parse_contract(text)


def test_groups_of_many_rows(assembled: Assembled, audited: Contract) -> None:
    """Of many rows the latest with a value counts; where that day's values disagree the group is *not recorded*."""
    births = [f"{child},2016-01-02,,F,3000" for child in "abcd"]
    addresses = ["a,2016-01-02,2016-02-01,3", "a,2016-02-02,,8", "b,2016-01-02,,3", "b,2016-01-02,,4"]
    addresses += ["c,2016-01-02,,5", "c,2016-03-02,,"]
    cohort = assembled({"births": births, "addresses": addresses}, contract=audited)
    assert _by_child(cohort, cohort.groups["area"]) == {"a": "8", "b": "not recorded", "c": "5", "d": "not recorded"}


def test_groups_are_in_real_units(assembled: Assembled, audited: Contract) -> None:
    """A group of a number is named by the number, as the extract has it, and not by its count of steps."""
    reviews = ["a,2016-03-02,2016-03-02,40,,", "b,2016-03-02,2016-03-02,0,,"]
    births = [f"{child},2016-01-02,,F,3000" for child in "ab"]
    cohort = assembled({"births": births, "reviews": reviews}, contract=audited)
    assert _by_child(cohort, cohort.groups["talk"]) == {"a": "40", "b": "0"}


PLACED = """
[[audit]]
name = "contact"
label = "Contact"
source = "contacts"
column = "reason"
absent = "No contact"
labels = { family = "Family" }
"""


@pytest.fixture
def placed(borough_text: str) -> Contract:
    """The borough's contract with an attribute audited of whose source no row says something."""
    text = borough_text.replace("[[source]]", PLACED + "\n[[source]]", 1)
    text = text.replace(
        'N5 = "family" }, missing = ["A"] }', 'N5 = "family" }, missing = ["A"], roles = ["feature", "audit"] }'
    )
    return parse_contract(text)


def test_groups_of_no_row(assembled: Assembled, placed: Contract) -> None:
    """A child of whom the source has no row is in the group of that name; one whose row says nothing is *not recorded*."""
    births = [f"{child},2016-01-02,,F,3000" for child in "abcde"]
    contacts = ["b,2016-03-02,N5,,", "c,2016-03-02,A,,", "d,2016-03-02,N1,,", "d,2016-03-02,N5,,", "e,2020-03-02,N5,,"]
    contacts += ["z,2016-03-02,N5,,"]
    cohort = assembled({"births": births, "contacts": contacts}, contract=placed)
    assert _by_child(cohort, cohort.groups["contact"]) == {
        "a": "No contact",
        "b": "Family",
        "c": "not recorded",
        "d": "not recorded",
        "e": "Family",
    }


def test_groups_where_nobody_has_a_row(assembled: Assembled, placed: Contract) -> None:
    """Where a source has no row of anybody, everybody is in the group of no row, and other groups are as they were."""
    births = ["a,2016-01-02,,F,2499", "b,2016-01-02,,U,9999"]
    cohort = assembled({"births": births}, contract=placed)
    assert _by_child(cohort, cohort.groups["contact"]) == {"a": "No contact", "b": "No contact"}
    assert _by_child(cohort, cohort.groups["sex"]) == {"a": "Girls", "b": "not recorded"}


def test_outcomes(assembled: Assembled) -> None:
    """An outcome is yes, no, or not yet known: code A, outside the window and no row at all are not known, never no."""
    births = [f"{child},2016-01-02,,F,3000" for child in "abcdef"]
    profile = ["a,2021-06-01,2,2", "b,2021-06-01,1,2", "c,2021-06-01,A,2", "d,2019-06-01,2,2", "e,2021-06-01,,"]
    cohort = assembled({"births": births, "profile": profile})
    happened = _by_child(cohort, cohort.outcomes["not_gld"])
    assert {child: happened[child] for child in "ab"} == {"a": 0.0, "b": 1.0}
    assert all(np.isnan(happened[child]) for child in "cdef")


def test_who_is_in_scope(assembled: Assembled) -> None:
    """Only children in scope are in the cohort: without a birth record, nothing is learned of a child or said of one."""
    births = ["b,2016-01-02,,F,3000", "a,2016-01-02,,F,3000"]
    hub = ["z,2016-03-01,30", "a,2016-03-01,30"]
    cohort = assembled({"births": births, "hub": hub})
    assert cohort.matrix.children.tolist() == ["a", "b"]


def test_nobody(assembled: Assembled) -> None:
    """Where nobody is in scope every part of the cohort is empty, and nothing fails."""
    cohort = assembled({})
    assert len(cohort.matrix.children) == len(cohort.families) == len(cohort.outcomes["not_gld"]) == 0
    assert cohort.years is not None
    assert {name: len(groups) for name, groups in cohort.groups.items()} == {"sex": 0, "light": 0}
