"""Help that may change an outcome: it is declared, its conditions fit its source, and no feature asks of it in silence."""

import copy
import tomllib
from collections.abc import Callable
from typing import Any

import pytest

from models.contract_reading import parse_contract
from models.errors import ContractError

Document = dict[str, Any]
Change = Callable[[Document], object]
Problems = Callable[..., list[str]]
HELP = {"name": "visits", "label": "Home visits", "handling": "report", "reason": "Few have them."}


@pytest.fixture
def problems_with(borough_text: str, as_toml: Callable[[Document], str]) -> Problems:
    """Declare help in the borough's contract, change something else of it, and return every problem it then has."""

    def found(change: Change = lambda _document: None, **declared: Any) -> list[str]:
        document = copy.deepcopy(tomllib.loads(borough_text))
        document["intervention"] = [HELP | declared]
        change(document)
        try:
            parse_contract(as_toml(document))
        except ContractError as error:
            return [str(problem) for problem in error.problems]
        return []

    return found


def asks(feature: str) -> str:
    """What is said of a feature that asks of the help."""
    return (
        f'feature "{feature}": its rows may be those of the help "visits", which is never a feature. '
        "Leave them out with a where on a column that the intervention goes by, or take the feature out."
    )


def ask(*where: Document, **changes: Any) -> Change:
    """Of contacts the contract asks one question only, under these conditions."""

    def change(document: Document) -> None:
        kept = [feature for feature in document["feature"] if feature["source"] != "contacts"]
        asked = next(feature for feature in document["feature"] if feature["name"] == "neglect_contact")
        document["feature"] = [*kept, asked | {"where": list(where)} | changes]

    return change


def test_every_feature_of_the_source(problems_with: Problems) -> None:
    """Where all rows of a source are help, no feature may ask of it, whatever its conditions, and each is named."""
    features = ("recent_contacts", "neglect_contact", "contact_reasons", "days_since_contact")
    assert problems_with(source="contacts") == [asks(feature) for feature in features]


def test_a_source_of_its_own(problems_with: Problems) -> None:
    """Help in a source that no feature asks is no problem, nor is a role that says so."""

    def add(document: Document) -> None:
        kind = {"name": "kind", "type": "code", "codes": ["visit"], "roles": ["intervention"]}
        addresses = next(source for source in document["source"] if source["name"] == "addresses")
        document["source"].append(addresses | {"name": "visits", "file": "visits.csv", "column": [kind]})

    assert problems_with(add, source="visits", where=[{"column": "kind", "is": "visit"}]) == []


CODE, FLAG, DAY = "reason", "urgent", "closed_on"
APART: dict[str, tuple[Document, Document]] = {
    "another code": ({"column": CODE, "is": "family"}, {"column": CODE, "is": "disability"}),
    "other codes": (
        {"column": CODE, "in": ["family", "abuse_or_neglect"]},
        {"column": CODE, "in": ["disability"]},
    ),
    "not that code": ({"column": CODE, "is": "family"}, {"column": CODE, "is_not": "family"}),
    "all but that code": ({"column": CODE, "is_not": "family"}, {"column": CODE, "is": "family"}),
    "without a code": ({"column": CODE, "is": "family"}, {"column": CODE, "recorded": False}),
    "with a code": ({"column": CODE, "recorded": False}, {"column": CODE, "recorded": True}),
    "a number outside": ({"column": DAY, "at_least": 400}, {"column": DAY, "is": 399}),
    "below it": ({"column": DAY, "at_least": 400}, {"column": DAY, "below": 400}),
    "above it": ({"column": DAY, "at_most": 400}, {"column": DAY, "above": 400}),
    "never so young": ({"column": "age", "at_least": 761}, {"column": "age", "at_least": 0}),
    "before it begins": ({"column": "age", "at_least": 300}, {"column": "age", "below": 300}),
    "long before the landmarks": ({"column": "age", "at_least": 760}, {"column": "days_before", "at_least": 1}),
}
MEETING: dict[str, tuple[Document, Document]] = {
    "one code of several": ({"column": CODE, "in": ["family", "disability"]}, {"column": CODE, "is": "family"}),
    "not another code": ({"column": CODE, "is": "family"}, {"column": CODE, "is_not": "disability"}),
    "both not": ({"column": CODE, "is_not": "family"}, {"column": CODE, "is_not": "disability"}),
    "with any code": ({"column": CODE, "is": "family"}, {"column": CODE, "recorded": True}),
    "another column": ({"column": CODE, "is": "family"}, {"column": FLAG, "is": 0}),
    "the bound itself": ({"column": DAY, "at_least": 400}, {"column": DAY, "at_most": 400}),
    "a number within": ({"column": DAY, "at_least": 400}, {"column": DAY, "in": [399, 400]}),
    "both from below": ({"column": DAY, "at_least": 400}, {"column": DAY, "above": 900}),
    "at the last landmark only": ({"column": "age", "at_least": 760}, {"column": "age", "at_least": 0}),
}


@pytest.mark.parametrize("which", list(APART))
def test_rows_that_cannot_be_help(problems_with: Problems, which: str) -> None:
    """A feature whose conditions leave every row of the help out may be asked: nothing of the help is in it."""
    helped, asked = APART[which]
    assert problems_with(ask(asked), source="contacts", where=[helped]) == []


@pytest.mark.parametrize("which", list(MEETING))
def test_rows_that_could_be_help(problems_with: Problems, which: str) -> None:
    """Where one row could meet both, or nobody can show that none does, the feature is refused."""
    helped, asked = MEETING[which]
    assert problems_with(ask(asked), source="contacts", where=[helped]) == [asks("neglect_contact")]


@pytest.mark.parametrize(("helped_at", "problems"), [(365, [asks("neglect_contact")]), (366, [])])
def test_a_feature_of_one_landmark(problems_with: Problems, helped_at: int, problems: list[str]) -> None:
    """A feature that is asked at an early landmark alone cannot see help that nobody has as young, and may be asked."""
    change = ask(landmarks=["one_year"])
    assert problems_with(change, source="contacts", where=[{"column": "age", "at_least": helped_at}]) == problems


def test_a_role_without_a_declaration(problems_with: Problems) -> None:
    """A column whose role is intervention belongs to help that is declared, so that it is handled in some way."""

    def give_role(document: Document) -> None:
        hub = next(source for source in document["source"] if source["name"] == "hub")
        hub["column"].append({"name": "course", "type": "flag", "roles": ["intervention"]})
        del document["intervention"]

    (problem,) = problems_with(give_role, source="hub")
    assert problem == (
        'source "hub" › column "course": no intervention is declared for it. '
        "Declare an [[intervention]] of its source, or give it another role."
    )


def test_a_role_of_broken_help(problems_with: Problems) -> None:
    """Of a column whose help is itself broken nothing more is said."""

    def give_role(document: Document) -> None:
        addresses = next(source for source in document["source"] if source["name"] == "addresses")
        addresses["column"].append({"name": "course", "type": "flag", "roles": ["intervention"]})

    (problem,) = problems_with(give_role, source="addresses", handling="both")
    assert problem.startswith('intervention "visits" › handling: not one of the allowed words.')


@pytest.mark.parametrize(
    ("declared", "problem"),
    [
        ({"source": "homes"}, 'intervention "visits": there is no source "homes". Name a declared source.'),
        (
            {"source": "profile", "where": [{"column": "course", "is": 1}]},
            'intervention "visits" › where course: source "profile" has no column "course". Name a declared column.',
        ),
        (
            {"source": "contacts", "where": [{"column": "reason", "is": "N5"}, {"column": "reason", "is": "family"}]},
            (
                'intervention "visits" › where reason: it compares with a value the column cannot hold. '
                "Use a declared code or its step."
            ),
        ),
        (
            {"source": "profile", "where": [{"column": "days_before", "above": 1}]},
            (
                'intervention "visits" › where days_before: help is the same at every landmark, and so before none of them. '
                "Use age."
            ),
        ),
        ({"source": "profile", "reason": ""}, 'intervention "visits" › reason: '),
        (
            {"source": "profile", "where": [{"column": "age"}]},
            'intervention "visits" › where number 1: give exactly one',
        ),
    ],
)
def test_one_problem(problems_with: Problems, declared: Document, problem: str) -> None:
    """Each mistake in a declaration has its own place, words and remedy, and nothing else is complained of."""
    only_births = ask({"column": "reason", "is": "disability"})
    (found,) = problems_with(only_births, **declared)
    assert found.startswith(problem)


def test_order_of_codes(problems_with: Problems) -> None:
    """Codes have no order, so no help lies above one, and a feature that asks for one is not thereby kept apart from it."""
    problems = problems_with(
        ask({"column": "reason", "is": "family"}), source="contacts", where=[{"column": "reason", "above": 1}]
    )
    assert (
        'intervention "visits" › where reason: column "reason" holds codes. Count them ("count", "any", "distinct") with a where.'
        in problems
    )
    assert asks("neglect_contact") in problems


def test_any_column_may_say_who_was_helped(problems_with: Problems) -> None:
    """What help goes by is asked by no score: a column for the audit, or of the outcome, may say who had it."""
    where = [{"column": "goal_1", "recorded": True}, {"column": "age", "above": 100}]
    assert problems_with(source="profile", where=where) == []


def test_declared_twice(problems_with: Problems) -> None:
    """Help has a name of its own."""
    twice = problems_with(lambda d: d["intervention"].append(HELP | {"source": "profile"}), source="profile")
    assert twice == ['intervention "visits": declared 2 times. Give each its own name.']
