"""Contracts whose words nobody should have to read are refused, each with its place and the remedy."""

from collections.abc import Callable
from typing import Any

import pytest

from models.contract_reading import parse_contract
from models.errors import ContractError
from models.narrative import LONGEST_LABEL
from models.wording_check import wording_problems

Document = dict[str, Any]


@pytest.fixture
def problems(as_toml: Callable[[Document], str], one_source: Callable[..., Document]) -> Callable[..., list[str]]:
    """Name every problem of a small contract of which one part is changed."""

    def told(part: str | None, **changed: object) -> list[str]:
        document = one_source([], [{"name": "asked", "take": "count"}])
        if part is None:
            document |= changed
        else:
            document.setdefault(part, [{}])[0].update(changed)
        with pytest.raises(ContractError) as caught:
            parse_contract(as_toml(document), "contract", wording_problems)
        return [str(problem) for problem in caught.value.problems]

    return told


@pytest.mark.parametrize("field", ["label", "raises", "lowers", "not_known", "units"])
def test_features(problems: Callable[..., list[str]], field: str) -> None:
    """Every word of a feature is read, wherever it stands."""
    (problem,) = problems("feature", **{field: "visits that the parents missed"})
    assert problem == (
        f'feature "asked" › {field}: says "missed", which blames or labels people. Say only what is on record.'
    )


@pytest.mark.parametrize(
    ("part", "changed", "place"),
    [
        ("feature", {"labels": {"1": "Refused"}}, 'feature "asked" › labels › "1"'),
        ("landmark", {"label": "when troubled"}, 'landmark "at_one" › label'),
        ("source", {"label": "Failed visits"}, 'source "visits" › label'),
        ("source", {"agency": "Team for vulnerable children"}, 'source "visits" › agency'),
        ("outcome", {"label": "fell behind"}, 'outcome "outcome" › label'),
        ("outcome", {"happens": "fell behind"}, 'outcome "outcome" › happens'),
        ("outcome", {"plainly": "fell behind"}, 'outcome "outcome" › plainly'),
        (None, {"label": "At risk"}, "label"),
        (None, {"description": "Of high-risk families."}, "description"),
        (
            "rule",
            {"name": "many", "label": "vulnerable", "feature": "asked", "at_least": 2},
            'rule "many" › label',
        ),
    ],
)
def test_places(problems: Callable[..., list[str]], part: str | None, changed: Document, place: str) -> None:
    """Words are read of landmarks, sources, outcomes, rules and the contract itself, and each is named with its place."""
    (problem,) = problems(part, **changed)
    assert problem.startswith(f"{place}: says ")
    assert "which blames or labels people" in problem


def test_audit(as_toml: Callable[[Document], str], one_source: Callable[..., Document]) -> None:
    """The names of groups are read too."""
    columns = [{"name": "kind", "type": "code", "codes": ["A"], "roles": ["audit"]}]
    audit: Document = {"name": "kind", "label": "Problem families", "source": "visits", "column": "kind"}
    audit |= {"labels": {"A": "Victims"}, "absent": "Not troubled"}
    with pytest.raises(ContractError) as caught:
        parse_contract(as_toml(one_source(columns) | {"audit": [audit]}), "contract", wording_problems)
    places = [problem.place for problem in caught.value.problems]
    assert places == ['audit "kind" › label', 'audit "kind" › labels › "A"', 'audit "kind" › absent']


def test_protected(problems: Callable[..., list[str]]) -> None:
    """No protected characteristic is told of a child, though the audit may name one."""
    (problem,) = problems("feature", raises="A boy's visits")
    assert problem == (
        'feature "asked" › raises: says "boy": no such characteristic is told of a child. Say it without.'
    )


def test_hard_outcomes(problems: Callable[..., list[str]]) -> None:
    """An outcome that would make what people read too hard is refused; so is one too long for a line."""
    hard = "demonstrated developmental characteristics necessitating additional multidisciplinary consideration"
    found = problems("outcome", happens=hard, label="a" * (LONGEST_LABEL + 1))
    assert [problem.split(":")[0] for problem in found] == [
        'outcome "outcome" › label',
        'outcome "outcome" › happens',
        'outcome "outcome" › plainly',
    ]


def test_hard_for_families_alone(problems: Callable[..., list[str]]) -> None:
    """What a practitioner can read may be too hard for a family, and `plainly` is held to the family's limit."""
    (problem,) = problems("outcome", plainly="had comprehensive developmental difficulties at preschool registration")
    assert problem.startswith('outcome "outcome" › plainly: ')


def test_said_plainly(as_toml: Callable[[Document], str], one_source: Callable[..., Document]) -> None:
    """An outcome that is hard to read is taken where it is said plainly for families as well."""
    document = one_source([], [{"name": "asked", "take": "count"}])
    happens = "did not reach the expected level in personal, social and emotional development at the end of Reception"
    document["outcome"][0] |= {"happens": happens}
    with pytest.raises(ContractError):
        parse_contract(as_toml(document), "contract", wording_problems)
    document["outcome"][0] |= {"plainly": "had more to learn at five"}
    assert parse_contract(as_toml(document), "contract", wording_problems).outcomes[0].happens == happens


def test_an_older_contract_opens(as_toml: Callable[[Document], str], one_source: Callable[..., Document]) -> None:
    """What may not be trained any more may still be opened: words are not asked of when a contract is only read."""
    document = one_source([]) | {"label": "Problem families"}
    assert parse_contract(as_toml(document)).label == "Problem families"
    with pytest.raises(ContractError):
        parse_contract(as_toml(document), "contract", wording_problems)
