"""The plan: what it says when nothing is said, and how it refuses what it cannot mean."""

import datetime
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
    for table in ("logistic", "glass_box", "full_booster", "bands"):
        assert spelled[table].keys() == getattr(used, table).model_dump(exclude_none=True).keys()


def test_nobody_has_agreed_by_default() -> None:
    """The default bands are one in five, by nobody's agreement; each says what may be offered, and blames nobody."""
    bands = Plan().bands
    assert (bands.capacity, bands.children_a_month, bands.owner, bands.agreed) == (0.20, None, None, None)
    assert len({band.code for band in bands.band}) == 4
    words = " ".join(f"{band.label} {band.offer}".lower() for band in bands.band)
    assert [word for word in ("risk", "concern", "fail", "vulnerable", "problem", "high", "low") if word in words] == []


def test_bands_that_were_agreed(plan: Path) -> None:
    """A plan may say whose bands they are, who agreed to them and when, and how many children the team can see."""
    plan.write_text(
        "[bands]\nteam = 'ours'\nowner = 'the head of early help'\nagreed = 2026-09-01\nchildren_a_month = 12\n"
    )
    bands = load_plan(plan)[0].bands
    assert (bands.team, bands.owner, bands.children_a_month) == ("ours", "the head of early help", 12)
    assert bands.agreed == datetime.date(2026, 9, 1)
    assert bands.band == Plan().bands.band


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


def test_bands_that_blame(tmp_path: Path) -> None:
    """What a band is called, and what it may be offered, blames and labels nobody: families read it."""
    path = tmp_path / "plan.toml"
    bands = "".join(f'[[bands.band]]\ncode = "b{i}"\nlabel = "Band {i}"\noffer = "A {{}} offer"\n' for i in range(4))
    path.write_text("format = 1\n" + bands.format(*["kind"] * 4), encoding="utf-8")
    assert load_plan(path)[0].bands.band[3].label == "Band 3"
    path.write_text("format = 1\n" + bands.format("kind", "kind", "high-risk", "kind"), encoding="utf-8")
    with pytest.raises(PlanError, match="plan") as refused:
        load_plan(path)
    assert "high-risk" in str(refused.value)
