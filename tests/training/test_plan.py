"""The plan: what it says when nothing is said, and how it refuses what it cannot mean."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from models.contract import Contract
from models.errors import PlanError
from training.plan import Plan
from training.plan_reading import read_plan

Load = Callable[[Path], tuple[Plan, str]]


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A place for a plan."""
    return tmp_path / "plan.toml"


@pytest.fixture
def load_plan(borough: Contract, borough_text: str) -> Load:
    """Read a plan for the borough's contract."""
    return lambda path: read_plan(path, borough, borough_text, datetime.date(2026, 9, 1))


def test_an_alarm_that_was_looked_into(plan: Path, load_plan: Load) -> None:
    """A plan may sign an alarm off at a place: who did so, when, and why it is none."""
    said = "alarm = 'auc_above_ceiling'\nwhere = '{}'\nreason = 'a known test'\nby = 'A. Analyst'\non = 2026-09-01\n"
    plan.write_text(
        "".join(f"[[sign_off]]\n{said.format(where)}" for where in ("two_year › not_gld", "one_year › not_gld"))
    )
    first, second = load_plan(plan)[0].sign_offs
    assert (first.alarm, first.where, first.by, second.where) == (
        *("auc_above_ceiling", "two_year › not_gld", "A. Analyst"),
        "one_year › not_gld",
    )


def test_nobody_has_agreed_by_default() -> None:
    """The default bands are one in five, by nobody's agreement; each says what may be offered, and blames nobody."""
    bands = Plan().bands
    assert (bands.capacity, bands.children_a_month, bands.owner, bands.agreed) == (0.20, None, None, None)
    assert len({band.code for band in bands.band}) == 4
    words = " ".join(f"{band.label} {band.offer}".lower() for band in bands.band)
    assert [word for word in ("risk", "concern", "fail", "vulnerable", "problem", "high", "low") if word in words] == []


def test_bands_that_were_agreed(plan: Path, load_plan: Load) -> None:
    """A plan may say whose bands they are, who agreed to them and when, and how many children the team can see."""
    plan.write_text(
        "[bands]\nteam = 'ours'\nowner = 'the head of early help'\nagreed = 2026-09-01\nchildren_a_month = 12\n"
    )
    bands = load_plan(plan)[0].bands
    assert (bands.team, bands.owner, bands.children_a_month) == ("ours", "the head of early help", 12)
    assert bands.agreed == datetime.date(2026, 9, 1)
    assert bands.band == Plan().bands.band


def test_a_plan_says_what_differs(plan: Path, load_plan: Load) -> None:
    """A plan may say only what differs from the default; its text is kept word for word."""
    said = "# ours\nseed = 3\r\n[glass_box]\npairs = 0\n"
    plan.write_bytes(said.encode())
    used, text = load_plan(plan)
    assert used == Plan(seed=3, glass_box=Plan().glass_box.model_copy(update={"pairs": 0}))
    assert text == said


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("format = 2", "format"),
        ("trees = 10", "trees"),
        ("[glass_box]\ndepth = 3", "glass_box › depth"),
        ("folds = 1", "folds"),
        ("repeats = 0", "repeats"),
        ("bootstrap = 99", "bootstrap"),
        ("set_aside_share = 1.5", "set_aside_share"),
        ("set_aside_share = nan", "set_aside_share"),
        ("capacities = []", "capacities"),
        ("capacities = [0.1, 1.0]", "capacities › 1"),
        ("refits = 1", "refits"),
        ("[bands]\ncapacity = 0.039", "bands › capacity"),
        ("[bands]\ncapacity = 0.1\nchildren_a_month = 9", "bands"),
        ("[bands]\nchildren_a_month = 0", "bands › children_a_month"),
        ("[bands]\nowner = 'the head of early help'", "bands"),
        ("[bands]\nagreed = 2026-09-01", "bands"),
        ("[bands]\nband = 3", "bands › band"),
        ("[glass_box]\nchildren_per_leaf = 19", "glass_box › children_per_leaf"),
        ("[full_booster]\nleaves = 1", "full_booster › leaves"),
        ("[logistic]\ninverse_penalty = 0", "logistic › inverse_penalty"),
        ("[logistic]\ninverse_penalty = inf", "logistic › inverse_penalty"),
        ("contract = 'borough.toml'", "contract"),
        ("evidence = 'some'", "evidence"),
        ("cohorts = [2017, 2016]", "cohorts"),
        ("cohorts = [2016, 2016]", "cohorts"),
        ("cohorts = [16]", "cohorts › 0"),
        ("cohorts = []", "cohorts"),
        ("landmarks = ['one_year', 'one_year']", "landmarks"),
        ("landmarks = []", "landmarks"),
        ("outcomes = ['not_gld', 'not_gld']", "outcomes"),
        ("candidates = ['logistic', 'logistic']", "candidates"),
        ("candidates = ['full booster']", "candidates › 0"),
        ("capacities = [0.2, 0.1]", "capacities"),
        ("[gates]\nsignal_level = 0.06", "gates › signal_level"),
        ("[gates]\nauc_ceiling = 0.951\nreason = 'tried'", "gates › auc_ceiling"),
        ("[gates]\nfeature_auc_ceiling = 0.91\nreason = 'tried'", "gates › feature_auc_ceiling"),
        ("[gates]\nslope = [0.49, 1.25]\nreason = 'tried'", "gates › slope › 0"),
        ("[gates]\nslope = [0.8, 2.01]\nreason = 'tried'", "gates › slope › 1"),
        ("[gates]\nobserved_over_expected = [0.49, 1.25]\nreason = 'tried'", "gates › observed_over_expected › 0"),
        ("[gates]\nleast_events = 99", "gates › least_events"),
        ("[gates]\nleast_without = 99", "gates › least_without"),
        ("[gates]\nauc_ceiling = 1.0", "gates › auc_ceiling"),
        ("[gates]\nfeature_auc_ceiling = 0.5", "gates › feature_auc_ceiling"),
        ("[gates]\nslope = [1.1, 1.2]", "gates › slope › 0"),
        ("[gates]\nslope = [0.8, inf]", "gates › slope › 1"),
        ("[gates]\nslope = [0.8]", "gates › slope › 1"),
        ("[gates]\nobserved_over_expected = [0.8, 0.9]", "gates › observed_over_expected › 1"),
        ("[gates]\nleast_gain = -1.0", "gates › least_gain"),
        ("[[sign_off]]\nalarm = 'same_person_twice'\nwhere = 'b'\nreason = 'c'\nby = 'd'", "sign_off › 0 › on"),
        (
            2 * "[[sign_off]]\nalarm = 'same_person_twice'\nwhere = 'b'\nreason = 'c'\nby = 'd'\non = 2026-09-01\n",
            "sign_off",
        ),
        (
            "[[sign_off]]\nalarm = 'same_person'\nwhere = 'b'\nreason = 'c'\nby = 'd'\non = 2026-09-01",
            "sign_off › 0 › alarm",
        ),
    ],
)
def test_what_a_plan_cannot_mean(plan: Path, load_plan: Load, said: str, place: str) -> None:
    """A field that does not exist or cannot have that value is named with its place."""
    plan.write_text(said, encoding="utf-8")
    with pytest.raises(PlanError) as refused:
        load_plan(plan)
    assert [problem.place for problem in refused.value.problems] == [place]


@pytest.mark.parametrize(
    "looser",
    [
        "signal_level = 0.02",
        "auc_ceiling = 0.86",
        "feature_auc_ceiling = 0.76",
        "slope = [0.79, 1.25]",
        "slope = [0.8, 1.26]",
        "observed_over_expected = [0.5, 2.0]",
    ],
)
def test_what_is_looser_has_a_reason(plan: Path, load_plan: Load, looser: str) -> None:
    """What is looser than by default is refused by name without a reason, and stands with one."""
    plan.write_text(f"[gates]\n{looser}\n", encoding="utf-8")
    with pytest.raises(PlanError) as refused:
        load_plan(plan)
    (problem,) = refused.value.problems
    assert problem.place == "gates"
    assert problem.what.endswith(f"looser than agreed for everyone: {looser.split(' ', maxsplit=1)[0]}")
    plan.write_text(f"[gates]\n{looser}\nreason = 'A register of children born early.'\n", encoding="utf-8")
    assert load_plan(plan)[0].gates.reason == "A register of children born early."


def test_what_is_stricter_needs_none() -> None:
    """Stricter values need no reason."""
    strict = {"signal_level": 0.005, "auc_ceiling": 0.8, "feature_auc_ceiling": 0.7, "slope": (0.9, 1.1)}
    assert Plan.model_validate({"gates": strict}).gates.reason is None


@pytest.mark.parametrize(
    "said", ['seed = "7"', "repeats = 2.0", "folds = true", 'set_aside_share = "0.1"', "bootstrap = '100'"]
)
def test_nothing_is_coerced(plan: Path, load_plan: Load, said: str) -> None:
    """A value of another type is refused, and not read as one that was not written."""
    plan.write_text(said, encoding="utf-8")
    with pytest.raises(PlanError):
        load_plan(plan)


def test_a_plan_does_not_change() -> None:
    """A plan that was read cannot be changed afterwards."""
    with pytest.raises(ValidationError):
        Plan().seed = 4  # type: ignore[misc]


def test_bands_that_blame(plan: Path, load_plan: Load) -> None:
    """What a band is called, and what it may be offered, blames and labels nobody: families read it."""
    path = plan
    bands = "".join(f'[[bands.band]]\ncode = "b{i}"\nlabel = "Band {i}"\noffer = "A {{}} offer"\n' for i in range(4))
    path.write_text("format = 1\n" + bands.format(*["kind"] * 4), encoding="utf-8")
    assert load_plan(path)[0].bands.band[3].label == "Band 3"
    path.write_text("format = 1\n" + bands.format("kind", "kind", "high-risk", "kind"), encoding="utf-8")
    with pytest.raises(PlanError, match="plan") as refused:
        load_plan(path)
    assert "high-risk" in str(refused.value)
