"""Reading a file that people write: every error at once, with its place and what to do."""

from pathlib import Path
from typing import Annotated, Self

import pytest
from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.errors import BadInput, PlanError, Problem
from models.shaped import read_toml, refuse, shaped


class _Inner(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    margin: Annotated[float, Field(gt=0)] = 0.1


class _Outer(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    size: Annotated[int, Field(gt=0)] = 3
    inner: _Inner = _Inner()
    names: tuple[str, ...] = Field(default=(), strict=False)
    first: str | None = None
    last: str | None = None

    @model_validator(mode="after")
    def _together(self) -> Self:
        if (self.first is None) != (self.last is None):
            raise ValueError("give first and last together")
        return self


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A file that is not there, or that is not TOML, is refused by its name and kind, without a word of what it holds."""
    with pytest.raises(PlanError, match=r"gone\.toml: there is no such plan file"):
        read_toml(tmp_path / "gone.toml", "plan", PlanError)
    path = tmp_path / "broken.toml"
    path.write_text("secret == 1\n", encoding="utf-8")
    with pytest.raises(PlanError, match=r"broken\.toml: not TOML") as refused:
        read_toml(path, "plan", PlanError)
    assert "secret" not in str(refused.value)


def test_every_error_at_once() -> None:
    """Each error has its place and a remedy, and what has a shape is kept for whatever it must agree with."""
    kept, problems = shaped(_Outer, {"size": 0, "iner": {}, "inner": {"margn": 1.0}, "names": ["a"]}, "policy")
    assert [problem.place for problem in problems] == ["size", "inner › margn", "iner"]
    assert problems[1].remedy == 'Did you mean "margin"? Otherwise take it out.'
    assert problems[2].what == "not a word of the policy"
    assert kept == _Outer(names=("a",))


def test_a_rule_over_the_whole_file() -> None:
    """What is wrong with the file as a whole is told, beside what is wrong with its parts."""
    kept, (problem,) = shaped(_Outer, {"first": "a"}, "policy")
    assert problem == Problem("the policy", "give first and last together", "Change it so, or leave it out.")
    assert kept == _Outer()
    _, problems = shaped(_Outer, {"first": "a", "size": 0}, "policy")
    assert [problem.place for problem in problems] == ["size", "the policy"]


def test_nothing_wrong(tmp_path: Path) -> None:
    """A file with nothing wrong is let pass; one problem is counted in the singular."""
    refuse(tmp_path / "p.toml", [], PlanError)
    with pytest.raises(BadInput, match=r"p\.toml: 1 problem\n"):
        refuse(tmp_path / "p.toml", [Problem("a", "b", "c")], PlanError)
