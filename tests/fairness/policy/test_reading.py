"""Reading a policy for what is audited: the default, and every problem of one that cannot be used, at once."""

import datetime
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from fairness.policy.policy import Policy
from fairness.policy.reading import read_policy
from fairness.policy.text import default_policy
from models.contract_reading import parse_contract
from models.errors import PolicyError, Problem
from training.scores import groups_of_audit

ROOT = Path(__file__).parents[3]
TODAY = datetime.date(2026, 9, 1)
DECLARED = {"sex": ["Girls", "Boys"], "place": []}
CONTRACT = 64 * "a"
Load = Callable[[str], tuple[Policy, str]]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Read a policy of this text."""

    def read(text: str) -> tuple[Policy, str]:
        path = tmp_path / "policy.toml"
        path.write_text(text, encoding="utf-8")
        return read_policy(path, DECLARED, CONTRACT, TODAY)

    return read


@pytest.fixture
def wrong(load: Load) -> Callable[[str], tuple[Problem, ...]]:
    """The problems of a policy of this text."""

    def refused(text: str) -> tuple[Problem, ...]:
        with pytest.raises(PolicyError) as found:
            load(text)
        return found.value.problems

    return refused


def test_the_default_is_spelled_out(load: Load) -> None:
    """Without a policy the default is used; its text reads back as the same, and lists the groups that could be protected."""
    policy, text = read_policy(None, DECLARED, CONTRACT, TODAY)
    assert (policy, text) == default_policy(DECLARED, CONTRACT)
    assert load(text) == (policy, text)
    assert '\nname = "sex"\n# protects, left out: ' in text
    assert '\n# ["Girls", "Boys"]\n' in text
    assert [asked["name"] for asked in tomllib.loads(text)["attribute"]] == ["sex", "place"]


def test_groups_that_are_protected(load: Load) -> None:
    """Any group that is declared may be protected, children whose group is not recorded, and any of an undeclared attribute."""
    policy, _ = load(
        "[[attribute]]\nname = 'sex'\nprotects = ['Girls', 'not recorded']\n[[attribute]]\nname = 'place'\nprotects = ['1']\n"
    )
    assert policy.of("sex").protects == ("Girls", "not recorded")
    assert policy.of("place").protects == ("1",)


def test_every_problem_at_once(wrong: Callable[[str], tuple[Problem, ...]]) -> None:
    """Words that are none, groups and attributes that nobody audits, another contract and days to come are told together."""
    problems = wrong(
        f"contract = '{64 * 'b'}'\nowner = 'the board'\nagreed = 2027-01-01\nmargns = 3\n[[attribute]]\nname = 'sex'\nprotects = ['F']\n"
        "pools = { Both = ['Girls', 'M'] }\n[[attribute]]\nname = 'age'\n[[intersection]]\nattributes = ['sex', 'wealth']\n"
    )
    assert [problem.place for problem in problems] == [
        "margns",
        "contract",
        "attribute › sex › protects › F",
        "attribute › sex › pools › Both › M",
        "attribute › age",
        "intersection › wealth",
        "agreed",
    ]
    assert problems[0].remedy == 'Did you mean "margins"? Otherwise take it out.'
    assert problems[2].remedy == "Use one of Girls, Boys, not recorded."


def test_a_policy_of_no_contract(tmp_path: Path) -> None:
    """Where nobody knows which contract scores are of, a policy is taken by its attributes alone."""
    path = tmp_path / "policy.toml"
    path.write_text(f"contract = '{64 * 'b'}'\n", encoding="utf-8")
    assert read_policy(path, DECLARED, None, TODAY)[0].contract == 64 * "b"


def test_the_policy_of_england() -> None:
    """What is shipped as a proposal for England fits the contract of England, and nobody has agreed to it."""
    contract = parse_contract((ROOT / "models/contracts/england.toml").read_text(encoding="utf-8"))
    path = ROOT / "fairness/policy/england.toml"
    policy, _ = read_policy(path, groups_of_audit(contract), None, TODAY)
    assert policy.owner is None
    assert all(policy.of(name).protects for name in ("ethnicity", "language", "sen", "disability", "fsm"))


def test_groups_that_were_found(tmp_path: Path) -> None:
    """Beside a table a policy names groups that are declared or found; what was found of children stands in no message."""
    path = tmp_path / "policy.toml"
    path.write_text(
        "[[attribute]]\nname = 'place'\nprotects = ['Nroth']\npools = { all = ['North', 'Suoth'] }\n"
        "[[attribute]]\nname = 'sex'\nprotects = ['Another', 'Girls', 'Gals']\n"
    )
    with pytest.raises(PolicyError) as raised:
        read_policy(path, DECLARED, None, TODAY, {"place": ["North", "South"], "sex": ["Another"]})
    assert [problem.place for problem in raised.value.problems] == [
        "attribute › place › protects › Nroth",
        "attribute › place › pools › all › Suoth",
        "attribute › sex › protects › Gals",
    ]
    assert "South" not in str(raised.value)
    assert "declared or found" in str(raised.value)
