"""Reading a plan for a contract: the default for it, and every problem of one that cannot be used, at once."""

import datetime
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from models.canonical import digest
from models.contract import Contract
from models.errors import PlanError, Problem
from training.plan import Plan
from training.plan_reading import read_plan

Load = Callable[[Path | None], tuple[Plan, str]]
TODAY = datetime.date(2026, 9, 1)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A place for a plan."""
    return tmp_path / "plan.toml"


@pytest.fixture
def load_plan(borough: Contract, borough_text: str) -> Load:
    """Read a plan for the borough's contract."""
    return lambda path: read_plan(path, borough, borough_text, TODAY)


@pytest.fixture
def wrong(plan: Path, load_plan: Load) -> Callable[[str], tuple[Problem, ...]]:
    """The problems of a plan of this text."""

    def refused(text: str) -> tuple[Problem, ...]:
        plan.write_text(text, encoding="utf-8")
        with pytest.raises(PlanError) as found:
            load_plan(plan)
        return found.value.problems

    return refused


def test_the_default_plan_is_spelled_out(plan: Path, load_plan: Load, borough_text: str) -> None:
    """Without a plan the default for the contract is used, and its text says what was done and reads back as the same."""
    used, text = load_plan(None)
    assert used == Plan(
        contract=digest(borough_text.encode()), landmarks=("one_year", "two_year"), outcomes=("not_gld",)
    )
    plan.write_text(text, encoding="utf-8")
    assert load_plan(plan) == (used, text)
    spelled = tomllib.loads(text)
    assert spelled.keys() == {field.alias or name for name, field in Plan.model_fields.items()} - {
        "cohorts",
        "sign_off",
    }
    for table in ("logistic", "glass_box", "full_booster", "gates", "bands"):
        assert spelled[table].keys() == getattr(used, table).model_dump(exclude_none=True).keys()


@pytest.mark.parametrize(
    ("said", "place", "what"),
    [
        (f"contract = '{64 * 'a'}'", "contract", "another contract"),
        ("landmarks = ['two_year', 'three_year']", "landmarks › three_year", "declares none"),
        ("outcomes = ['gld']", "outcomes › gld", "declares none"),
    ],
)
def test_not_of_this_contract(wrong: Callable[[str], tuple[Problem, ...]], said: str, place: str, what: str) -> None:
    """What the contract does not declare is named with its place, and a plan for another contract is refused."""
    (problem,) = wrong(said)
    assert problem.place == place
    assert what in problem.what
    assert problem.remedy


def test_what_can_be_named_instead(wrong: Callable[[str], tuple[Problem, ...]]) -> None:
    """A name that the contract does not declare is answered with those it does, and a word of the plan with the nearest."""
    word, group = wrong("glass_boks = 3\nlandmarks = ['three_year']\n")
    assert group.remedy == "Use one of one_year, two_year."
    assert word.remedy == 'Did you mean "glass_box"? Otherwise take it out.'


def test_a_contract_without_a_calendar(plan: Path, borough: Contract, borough_text: str) -> None:
    """Cohorts, and children a month, mean something only where the contract has a calendar."""
    plan.write_text("cohorts = [2016, 2017]\n[bands]\nchildren_a_month = 12\n", encoding="utf-8")
    assert read_plan(plan, borough, borough_text, TODAY)[0].cohorts == (2016, 2017)
    with pytest.raises(PlanError) as refused:
        read_plan(plan, borough.model_copy(update={"cohort": None}), borough_text, TODAY)
    assert [problem.place for problem in refused.value.problems] == ["cohorts", "bands › children_a_month"]


def test_an_outcome_not_foreseen_from_there(plan: Path, borough: Contract) -> None:
    """A plan of a landmark from which none of its outcomes is foreseen would learn nothing, and is refused."""
    (outcome,) = borough.outcomes
    from_two = borough.model_copy(update={"outcomes": (outcome.model_copy(update={"landmarks": ("two_year",)}),)})
    plan.write_text("landmarks = ['two_year']\n", encoding="utf-8")
    assert read_plan(plan, from_two, "", TODAY)[0].landmarks == ("two_year",)
    plan.write_text("landmarks = ['one_year']\n", encoding="utf-8")
    with pytest.raises(PlanError) as refused:
        read_plan(plan, from_two, "", TODAY)
    assert [problem.place for problem in refused.value.problems] == ["outcomes"]


def test_every_problem_at_once(plan: Path, load_plan: Load) -> None:
    """Every problem of a plan is named in one go."""
    plan.write_text("folds = 1\nmode = 'fast'\n[glass_box]\ntrees = 0\n", encoding="utf-8")
    with pytest.raises(PlanError) as refused:
        load_plan(plan)
    assert {problem.place for problem in refused.value.problems} == {"folds", "mode", "glass_box › trees"}


@pytest.mark.parametrize("held", [b"seed = ", b"seed = 7\nseed = 8\n", b"\xff\xfe"])
def test_not_toml(plan: Path, load_plan: Load, held: bytes) -> None:
    """What is not TOML in UTF-8 is refused as such."""
    plan.write_bytes(held)
    with pytest.raises(PlanError, match=r"plan\.toml: not TOML"):
        load_plan(plan)


def test_a_folder_is_no_plan(tmp_path: Path, load_plan: Load) -> None:
    """A folder, or a file inside a file, is refused in words like any plan that cannot be read."""
    with pytest.raises(PlanError):
        load_plan(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(PlanError):
        load_plan(tmp_path / "file" / "plan.toml")


def test_of_every_kind_at_once(wrong: Callable[[str], tuple[Problem, ...]]) -> None:
    """A word that does not exist, a value that cannot be, and names that the contract does not declare are told together."""
    said = "landmarks = ['nowhere']\nfolds = 1\nmode = 'fast'\n[bands]\nowner = 'us'\n"
    places = [problem.place for problem in wrong(said)]
    assert sorted(places) == ["bands", "folds", "landmarks › nowhere", "mode"]


def test_time_and_place(wrong: Callable[[str], tuple[Problem, ...]]) -> None:
    """A day to come, and a place where nothing can ring, are told with all else."""
    said = "landmarks = ['one_year']\n[[sign_off]]\nalarm = 'auc_above_ceiling'\nreason = 'Known.'\nby = 'A. Analyst'\n"
    problems = wrong(said + "where = 'two_year › not_gld'\non = 2026-09-02\n")
    assert [problem.place for problem in problems] == ["sign_off › 0 › where", "sign_off › 0 › on"]


def test_all_that_is_wrong_with_a_table(wrong: Callable[[str], tuple[Problem, ...]]) -> None:
    """Whatever is wrong with a table as a whole is told together."""
    (problem,) = wrong("[bands]\nowner = 'us'\ncapacity = 0.1\nchildren_a_month = 9\nteam = 'the high-risk team'\n")
    assert all(said in problem.what for said in ("owner and agreed", "not both", "high-risk"))
