"""The plan: what it says when nothing is said, and how it refuses what it cannot mean."""

import tomllib
from pathlib import Path

import pytest
from pydantic import ValidationError

from models.errors import PlanError
from training.plan import Plan, default_plan_text, load_plan


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A place for a plan."""
    return tmp_path / "plan.toml"


def test_the_default_plan_is_spelled_out() -> None:
    """Without a plan the default is used, and its text says every field, so that a bundle shows what was done."""
    used, text = load_plan(None)
    assert used == Plan() == Plan.model_validate(tomllib.loads(text))
    assert text == default_plan_text()
    spelled = tomllib.loads(text)
    assert spelled.keys() == Plan.model_fields.keys()
    for table in ("logistic", "glass_box", "full_booster"):
        assert spelled[table].keys() == getattr(used, table).model_dump().keys()


def test_a_plan_says_what_differs(plan: Path) -> None:
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
        ("audit_capacity = 0", "audit_capacity"),
        ("[glass_box]\nchildren_per_leaf = 19", "glass_box › children_per_leaf"),
        ("[full_booster]\nleaves = 1", "full_booster › leaves"),
        ("[logistic]\ninverse_penalty = 0", "logistic › inverse_penalty"),
    ],
)
def test_what_a_plan_cannot_mean(plan: Path, said: str, place: str) -> None:
    """A field that does not exist or cannot have that value is named with its place."""
    plan.write_text(said, encoding="utf-8")
    with pytest.raises(PlanError) as refused:
        load_plan(plan)
    assert [problem.place for problem in refused.value.problems] == [place]


@pytest.mark.parametrize(
    "said", ['seed = "7"', "repeats = 2.0", "folds = true", 'set_aside_share = "0.1"', "bootstrap = '100'"]
)
def test_nothing_is_coerced(plan: Path, said: str) -> None:
    """A value of another type is refused, and not read as one that was not written."""
    plan.write_text(said, encoding="utf-8")
    with pytest.raises(PlanError):
        load_plan(plan)


def test_every_problem_at_once(plan: Path) -> None:
    """Every problem of a plan is named in one go."""
    plan.write_text("folds = 1\nmode = 'fast'\n[glass_box]\ntrees = 0\n", encoding="utf-8")
    with pytest.raises(PlanError) as refused:
        load_plan(plan)
    assert {problem.place for problem in refused.value.problems} == {"folds", "mode", "glass_box › trees"}


@pytest.mark.parametrize("held", [b"seed = ", b"seed = 7\nseed = 8\n", b"\xff\xfe"])
def test_not_toml(plan: Path, held: bytes) -> None:
    """What is not TOML in UTF-8 is refused as such."""
    plan.write_bytes(held)
    with pytest.raises(PlanError, match=r"plan\.toml: not TOML"):
        load_plan(plan)


def test_a_folder_is_no_plan(tmp_path: Path) -> None:
    """A folder, or a file inside a file, is refused in words like any plan that cannot be read."""
    with pytest.raises(PlanError):
        load_plan(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(PlanError):
        load_plan(tmp_path / "file" / "plan.toml")


def test_a_plan_does_not_change() -> None:
    """A plan that was read cannot be changed afterwards."""
    with pytest.raises(ValidationError):
        Plan().seed = 4  # type: ignore[misc]
