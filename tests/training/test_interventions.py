"""Who had help before the result: by what the contract declares, dated by the day it began, and in the cohort's order."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from models.contract import Contract
from models.contract_reading import parse_contract
from models.feature import Condition
from models.intervention import Intervention
from training.cohort import CohortTable, assemble
from training.extracts import columns_wanted
from training.ingest import ingest
from training.interventions import left_out
from training.plan import Plan
from training.study import study_of

Had = dict[str, bool]
Helped = Callable[..., Had]
CHILDREN = "abcdef"
FAMILY = (Condition.model_validate({"column": "reason", "is": "family"}),)


def help_by(source: str, *where: Condition, handling: Any = "report", name: str = "visits") -> Intervention:
    """Help that the rows of a source are."""
    return Intervention(name=name, label="Visits", source=source, where=where, handling=handling, reason="Few have it.")


@pytest.fixture
def cohort_of(tmp_path: Path, borough_text: str) -> Callable[..., tuple[Contract, CohortTable]]:
    """Assemble a cohort of six children of the borough, born on 1 January 2016, from lines of its extracts."""
    before, name, after = borough_text.partition('name = "profile"')
    # A child may have several results here, of which one counts.
    borough = parse_contract(before + name + after.replace('rows = "one"', 'rows = "many"', 1))

    def make(*declared: Intervention, landmark: str = "one_year", **changes: Any) -> tuple[Contract, CohortTable]:
        outcome = borough.outcomes[0].model_copy(update=changes.pop("outcome", {}))
        contract = borough.model_copy(update={"interventions": declared, "outcomes": (outcome,)})
        lines = {"births": [f"{child},2016-01-01,,F,3000" for child in CHILDREN]} | changes
        for source in contract.sources:
            head = columns_wanted(source)
            if source.file.endswith(".parquet"):
                pq.write_table(pa.table({name: pa.array([], pa.string()) for name in head}), tmp_path / source.file)
            else:
                text = "\n".join([",".join(head), *lines.get(source.name, [])]) + "\n"
                (tmp_path / source.file).write_text(text, encoding="utf-8")
        con, reports = ingest(contract, tmp_path)
        assert sum(report.set_aside.total() for report in reports) == 0
        return contract, assemble(con, contract, contract.landmark(landmark))

    return make


@pytest.fixture
def helped(cohort_of: Callable[..., tuple[Contract, CohortTable]]) -> Helped:
    """Return who of the six children had the one kind of help declared."""

    def found(declared: Intervention, **lines: Any) -> Had:
        _, cohort = cohort_of(declared, **lines)
        had = cohort.helped[declared.name]["not_gld"]
        assert had.dtype == bool
        return dict(zip(cohort.matrix.children.tolist(), had.tolist(), strict=True))

    return found


def test_nothing_declared(cohort_of: Callable[..., tuple[Contract, CohortTable]]) -> None:
    """A contract that declares no help asks nobody, and leaves nobody out."""
    contract, cohort = cohort_of()
    assert cohort.helped == {}
    assert not left_out(contract, cohort.helped, "not_gld", len(CHILDREN)).any()


def test_by_the_conditions(helped: Helped) -> None:
    """Help is the rows that meet its conditions and no others, derived columns among them; one such row is enough."""
    contacts = ["b,2017-03-02,N5,,", "c,2017-03-02,A,,", "d,2017-03-02,N1,,", "d,2018-03-02,N5,,", "e,2017-03-02,,,Y"]
    assert helped(help_by("contacts", *FAMILY), contacts=contacts) == dict.fromkeys("acef", False) | {
        "b": True,
        "d": True,
    }
    behind = Condition.model_validate({"column": "behind", "is": 1})
    reviews = ["a,2018-01-01,2018-01-02,20,40,40", "b,2018-01-01,2018-01-02,40,20,20", "c,2018-01-01,2018-01-02,,20,20"]
    assert helped(help_by("reviews", behind), reviews=reviews) == dict.fromkeys("bcdef", False) | {"a": True}


@pytest.mark.parametrize("landmark", ["one_year", "two_year"])
def test_before_the_landmark_or_after(helped: Helped, landmark: str) -> None:
    """Help that began before the landmark counts as help that began after it does: no feature tells of either."""
    contacts = ["a,2016-03-02,N5,,", "b,2017-06-02,N5,,", "c,2019-06-02,N5,,"]
    had = helped(help_by("contacts"), contacts=contacts, landmark=landmark)
    assert had == dict.fromkeys("abc", True) | dict.fromkeys("def", False)


@pytest.mark.parametrize(("take", "b"), [("latest", True), ("any", True), ("first", False)])
def test_before_the_result(helped: Helped, take: str, b: bool) -> None:  # noqa: FBT001 (a case, not an option)
    """Help counts up to the day before the result that is judged; what began with it or later cannot have changed it."""
    profile = ["a,2021-06-01,2,2", "b,2021-01-01,2,2", "b,2021-06-01,1,2", "c,2021-06-01,2,2"]
    contacts = ["a,2021-06-01,N5,,", "b,2021-03-01,N5,,", "c,2021-05-31,N5,,"]
    had = helped(help_by("contacts"), contacts=contacts, profile=profile, outcome={"take": take})
    assert {child: had[child] for child in "abc"} == {"a": False, "b": b, "c": True}


def test_without_a_result(helped: Helped) -> None:
    """Of a child without a result, help counts to the last day of the outcome's window, whenever it was written down."""
    # The window closes at 2,100 days of age: 1 October 2021.
    contacts = ["a,2021-10-01,N5,,", "b,2021-10-02,N5,,", "c,2023-01-01,N5,,"]
    late = help_by("childcare")
    assert helped(help_by("contacts"), contacts=contacts) == dict.fromkeys("bcdef", False) | {"a": True}
    assert not any(helped(late).values())


def test_several_kinds(cohort_of: Callable[..., tuple[Contract, CohortTable]]) -> None:
    """Each kind is told by its own name; left out are those who had any that is a stratum or an exclusion, and only they."""
    kinds = [
        help_by("contacts", *FAMILY, handling="stratum", name="family"),
        help_by("hub", handling="exclusion", name="hub"),
        help_by("addresses", handling="report", name="moves"),
    ]
    contract, cohort = cohort_of(
        *kinds,
        contacts=["a,2017-03-02,N5,,", "b,2017-03-02,N1,,"],
        hub=["b,2017-03-02,30", "a,2017-03-03,30"],
        addresses=["c,2016-01-01,,3"],
    )
    by_name = {name: by["not_gld"].tolist() for name, by in cohort.helped.items()}
    assert by_name == {
        "family": [True, *[False] * 5],
        "hub": [True, True, *[False] * 4],
        "moves": [False, False, True, *[False] * 3],
    }
    assert left_out(contract, cohort.helped, "not_gld", 6).tolist() == [True, True, *[False] * 4]


@pytest.mark.parametrize(("handling", "learned_from"), [("report", "abcd"), ("stratum", "bd"), ("exclusion", "bd")])
def test_who_is_learned_from(
    cohort_of: Callable[..., tuple[Contract, CohortTable]], handling: str, learned_from: str
) -> None:
    """Those who had help that is told apart or left out are no part of the study, and everyone else with a result is."""
    contract, cohort = cohort_of(
        help_by("contacts", handling=handling),
        contacts=["a,2017-03-02,N5,,", "c,2017-03-02,N1,,", "e,2017-03-02,N5,,"],
        profile=[f"{child},2021-06-01,{1 + (child < 'c')},2" for child in "abcd"],
    )
    study = study_of(contract, contract.landmark("one_year"), contract.outcomes[0], cohort, Plan())
    assert "".join(cohort.matrix.children[study.known].tolist()) == learned_from
