"""Whether the parts of a contract fit together: names, characteristics that are no feature, windows, and constants."""

import copy
import tomllib
from collections.abc import Callable
from typing import Any

import pytest

from models.contract import Contract
from models.contract_reading import parse_contract
from models.errors import ContractError
from models.features import FeatureSet

Document = dict[str, Any]
Change = Callable[[Document], object]


@pytest.fixture
def document(borough_text: str) -> Document:
    """The borough's contract as a document that a test may break."""
    return copy.deepcopy(tomllib.loads(borough_text))


@pytest.fixture
def problems_after(document: Document, as_toml: Callable[[Document], str]) -> Callable[[Change], list[str]]:
    """Change the borough's contract, and return every problem it then has."""

    def found(change: Change) -> list[str]:
        change(document)
        try:
            parse_contract(as_toml(document))
        except ContractError as error:
            return [str(problem) for problem in error.problems]
        return []

    return found


def part(document: Document, kind: str, name: str) -> Document:
    """The source, landmark, feature, outcome or audit attribute of that name."""
    return next(item for item in document[kind] if item["name"] == name)


def change(kind: str, which: str, **changes: Any) -> Change:
    """A change to one part of a contract."""
    return lambda document: part(document, kind, which).update(changes)


def change_column(source: str, column: str, **changes: Any) -> Change:
    """A change to one column of a source."""
    return lambda document: next(c for c in part(document, "source", source)["column"] if c["name"] == column).update(
        changes
    )


def derive(source: str, **derived: Any) -> Change:
    """One more derived column of a source."""
    return lambda document: (
        part(document, "source", source).setdefault("derived", []).append({"name": "made"} | derived)
    )


def judge_urgency(**changes: Any) -> Change:
    """A count of what lies below its own cut-off, which goes by the reason of a contact."""
    return derive("contacts", **({"kind": "count_below", "by": "reason", "cuts": {"urgent": {"family": 1}}} | changes))


def rule(**changes: Any) -> Change:
    """One more unlearned rule."""
    made = {"name": "made", "label": "made", "feature": "decile", "at_most": 2} | changes
    return lambda document: document.setdefault("rule", []).append(made)


def weigh(source: str = "births", **changes: Any) -> Change:
    """A sampling weight in a source."""
    made = {"name": "sampled", "type": "number", "step": "0.001", "roles": ["weight"]} | changes
    return lambda document: part(document, "source", source)["column"].append(
        {name: value for name, value in made.items() if value is not None}
    )


def define(codes: list[str], **changes: Any) -> Change:
    """A column that says by which definition a row of the profile was made, and an outcome that names it."""

    def declare(document: Document) -> None:
        made_by = {"name": "made_by", "type": "code", "codes": codes, "roles": ["outcome"]}
        part(document, "source", "profile")["column"].append(made_by)
        part(document, "outcome", "not_gld").update({"definition_column": "made_by"} | changes)

    return declare


def repeat(kind: str) -> Change:
    """The last part of a kind, declared once more."""
    return lambda document: document[kind].append(document[kind][-1])


def where(feature: str, **condition: Any) -> Change:
    """One condition instead of those a feature has."""
    return change("feature", feature, where=[condition])


@pytest.mark.parametrize(
    ("break_it", "problem"),
    [
        (repeat("audit"), 'audit "light": declared 2 times. Give each its own name.'),
        (repeat("feature"), 'feature "childcare_hours": declared 2 times. Give each its own name.'),
        (repeat("source"), 'source "profile": declared 2 times. Give each its own name.'),
        (
            lambda d: part(d, "source", "hub")["column"].append({"name": "coverage", "type": "flag"}),
            'source "hub" › column "coverage": this name is kept for the event itself. Choose another name.',
        ),
        (
            derive("reviews", name="behind", kind="below", column="communication", cut=5),
            'source "reviews" › column "behind": declared 2 times. Give each its own name.',
        ),
        (
            derive("reviews", kind="below", column="comunication", cut=5),
            'source "reviews" › derived "made": its source has no column "comunication". Correct the name.',
        ),
        (
            derive("reviews", kind="below", column="communication", cut=7),
            'source "reviews" › derived "made": its cut is not on the step of the column. Use a cut on the step.',
        ),
        (
            derive("contacts", kind="below", column="reason", cut=7),
            'source "contacts" › derived "made": column "reason" holds codes, not numbers. Name a number or a date.',
        ),
        (
            derive("reviews", kind="count_equal", columns=["gm_*"], values=[0]),
            'source "reviews" › derived "made": no column matches "gm_*". Correct the name or the pattern.',
        ),
        (
            derive("contacts", kind="count_equal", columns=["reason"], values=["N1"]),
            'source "contacts" › derived "made": its value 1 is not one that column reason can hold. Correct it.',
        ),
        (
            derive("reviews", kind="count_equal", columns=["gross_motor"], values=[0, 2]),
            'source "reviews" › derived "made": its value 2 is not one that column gross_motor can hold. Correct it.',
        ),
        (
            derive("childcare", kind="difference", column="hours", minus="hour"),
            'source "childcare" › derived "made": its source has no column "hour". Correct the name.',
        ),
        (
            derive("contacts", kind="days_between", **{"from": "closed_on", "to": "urgent"}),
            'source "contacts" › derived "made": days between needs two date columns. Use kind "difference" for numbers.',
        ),
        (
            judge_urgency(cuts={"urgency": {"family": 1}}),
            'source "contacts" › derived "made": its source has no column "urgency". Correct the name.',
        ),
        (
            judge_urgency(by="basis"),
            (
                'source "contacts" › derived "made" › by: its source has no code column "basis". '
                "Name the column the cut-offs go by."
            ),
        ),
        (
            judge_urgency(by="closed_on"),
            (
                'source "contacts" › derived "made" › by: its source has no code column "closed_on". '
                "Name the column the cut-offs go by."
            ),
        ),
        (
            judge_urgency(cuts={"urgent": {"family": 1, "N5": 1}}),
            (
                'source "contacts" › derived "made" › cuts › urgent: column "reason" has no code "N5". '
                "Name a declared code."
            ),
        ),
        (
            derive("childcare", kind="count_below", by="basis", cuts={"basis": {"ECO": 1}, "hours": {"ECO": 15}}),
            'source "childcare" › derived "made": column "basis" holds codes, not numbers. Name a number or a date.',
        ),
        (
            lambda d: (rule()(d), rule()(d)),
            'rule "made": declared 2 times. Give each its own name.',
        ),
        (
            weigh(type="flag", step=None),
            'source "births" › column "sampled": a sampling weight is a number. Declare it with type = "number".',
        ),
        (
            weigh("hub"),
            'source "hub" › column "sampled": a child has one sampling weight. Put it in a source with rows = "one".',
        ),
        (
            lambda d: (weigh()(d), weigh("profile")(d)),
            "source › column: 2 columns have the role weight. Leave it to one.",
        ),
        (rule(feature="deciles"), 'rule "made": there is no feature "deciles". Name a declared feature.'),
        (
            rule(landmarks=["one_year", "birth"]),
            'rule "made" › landmarks: there is no landmark "birth". Name a declared landmark.',
        ),
        (
            rule(feature="communication"),
            (
                'rule "made": its feature is not asked at landmark "one_year". '
                "List the landmarks the rule is for among those of the feature."
            ),
        ),
        (
            define(["2012", "2021"], definition_column="made_on"),
            (
                'outcome "not_gld" › definition_column: its source has no column "made_on" with the code "2021". '
                "Name the column that says by which definition a row was made, and list the definition among its codes."
            ),
        ),
        (
            define(["2012", "2020"]),
            (
                'outcome "not_gld" › definition_column: its source has no column "made_by" with the code "2021". '
                "Name the column that says by which definition a row was made, and list the definition among its codes."
            ),
        ),
        (
            change("outcome", "not_gld", definition_column="goal_1"),
            (
                'outcome "not_gld" › definition_column: its source has no column "goal_1" with the code "2021". '
                "Name the column that says by which definition a row was made, and list the definition among its codes."
            ),
        ),
        (
            define(["2021"], source="school"),
            'outcome "not_gld": there is no source "school". Name a declared source.',
        ),
        (
            lambda d: d["landmark"].reverse(),
            "landmark: not in the order of age. Put the youngest first.",
        ),
        (
            change("landmark", "one_year", until=761),
            'landmark "one_year": its window runs into that of "two_year". End it at 760 days or before.',
        ),
        (
            change("outcome", "not_gld", landmarks=["two_year"]),
            'landmark "one_year": no outcome is declared for it. Add one, or take it out.',
        ),
        (
            change("outcome", "not_gld", landmarks=["one_year", "two_year", "birth"]),
            'outcome "not_gld" › landmarks: there is no landmark "birth". Name a declared landmark.',
        ),
        (
            change("outcome", "not_gld", source="school"),
            'outcome "not_gld": there is no source "school". Name a declared source.',
        ),
        (
            change("outcome", "not_gld", window=[2100, 1600]),
            'outcome "not_gld" › window: it starts after its end. Swap the two ages.',
        ),
        (
            change("outcome", "not_gld", window=[999, 2100]),
            (
                'outcome "not_gld" › window: it opens before the window of landmark "two_year" closes, so the answer may be '
                "known already. Start it at 1000 days or later."
            ),
        ),
        (
            change("feature", "decile", source="address"),
            'feature "decile": there is no source "address". Name a declared source.',
        ),
        (
            change("feature", "decile", landmarks=["birth"]),
            'feature "decile" › landmarks: there is no landmark "birth". Name a declared landmark.',
        ),
        (
            change("feature", "decile", column="imd"),
            'feature "decile": source "addresses" has no column "imd". Name a declared column.',
        ),
        (
            change("feature", "contact_reasons", take="latest"),
            'feature "contact_reasons": column "reason" holds codes. Count them ("count", "any", "distinct") with a where.',
        ),
        (
            where("neglect_contact", column="reason", **{"is": "N1"}),
            (
                'feature "neglect_contact" › where reason: it compares with a value the column cannot hold. '
                "Use a declared code or its step."
            ),
        ),
        (
            where("communication", column="communication", above=1),
            (
                'feature "communication" › where communication: it compares with a value the column cannot hold. '
                "Use a declared code or its step."
            ),
        ),
        (
            where("communication", column="behind", above=0.5),
            (
                'feature "communication" › where behind: it compares with a value the column cannot hold. '
                "Use a declared code or its step."
            ),
        ),
        (
            where("communication", column="area", above=0),
            'feature "communication" › where area: source "reviews" has no column "area". Name a declared column.',
        ),
        (
            where("communication", column="days_before", below=0),
            (
                'feature "communication": its conditions leave no age open at landmark "two_year". '
                "Widen them, or list the landmarks it is for."
            ),
        ),
        (change("audit", "sex", source="birth"), 'audit "sex": there is no source "birth". Name a declared source.'),
        (
            change("audit", "sex", column="gender"),
            'audit "sex": source "births" has no column "gender". Correct the name.',
        ),
        (
            change_column("births", "birthweight", roles=["feature"]),
            'audit "light": column "birthweight" has no role audit. Add "audit" to its roles.',
        ),
        (
            lambda d: d["scope"].update(needs=["birth"]),
            'scope › needs: there is no source "birth". Name a declared source.',
        ),
        (lambda d: d["birth"].update(source="birth"), 'birth: there is no source "birth". Name a declared source.'),
        (
            lambda d: d["birth"].update(column="sex"),
            'birth: column "sex" is not of type date. Declare it with type = "date".',
        ),
        (
            change_column("births", "date_of_birth", roles=["feature"]),
            'birth: column "date_of_birth" may not be a feature. Give it the role "identifier" or "cluster".',
        ),
        (
            lambda d: d["family"].update(column="family"),
            'family: source "births" has no column "family". Correct the name.',
        ),
        (
            change(
                "source",
                "births",
                gateway={"name": "x", "purposes": ["audit"], "expires": tomllib.loads("d=2031-01-01")["d"]},
            ),
            "source › gateway: no purpose is allowed by every source a feature is asked of. Leave one out.",
        ),
        (
            change("source", "hub", coverage={"residence": {"source": "homes", "until": "moved_out"}}),
            'source "hub" › coverage › residence: there is no source "homes". Name the source that holds the spells of residence.',
        ),
    ],
)
def test_one_problem(problems_after: Callable[[Change], list[str]], break_it: Change, problem: str) -> None:
    """Each mistake has its own place, words and remedy, and nothing else is complained of."""
    assert problems_after(break_it) == [problem]


def test_an_outcome_from_the_day_a_window_closes(problems_after: Callable[[Change], list[str]]) -> None:
    """An outcome's window may open on the first day that no score may be asked for any more."""
    assert problems_after(change("outcome", "not_gld", window=[1000, 2100])) == []


@pytest.mark.parametrize(
    "sound",
    [
        judge_urgency(cuts={"urgent": {"family": 0.5}, "closed_on": {"disability": 365.25}}),
        derive("childcare", kind="count_below", by="basis", cuts={"hours": {"ECO": 15.1, "LAA": 1000}}),
        rule(),
        rule(feature="communication", landmarks=["two_year"]),
        define(["2012", "2021"]),
        lambda d: part(d, "audit", "light").update(absent="No birth record"),
        weigh(),
        weigh(type="integer", step=None),
    ],
    ids=[
        "a cut-off off the step",
        "some codes",
        "a rule",
        "a rule of one landmark",
        "a definition",
        "absent",
        "a weight",
        "a whole weight",
    ],
)
def test_no_problem(problems_after: Callable[[Change], list[str]], sound: Change) -> None:
    """A cut-off need not lie on the step nor be there for every code, and a rule may be for one landmark only."""
    assert problems_after(sound) == []


@pytest.mark.parametrize("cut", ["nan", "inf", "-inf"])
def test_cut_offs_are_numbers(document: Document, as_toml: Callable[[Document], str], cut: str) -> None:
    """What is no number is no cut-off, though TOML writes it as one: the contract is refused before a child is asked."""
    judge_urgency(cuts={"urgent": {"family": 0.125}})(document)
    text = as_toml(document)
    assert text.count("0.125") == 1
    with pytest.raises(ContractError, match="made"):
        parse_contract(text.replace("0.125", cut))


@pytest.mark.parametrize("number", ["nan", "inf"])
def test_rules_are_numbers(document: Document, as_toml: Callable[[Document], str], number: str) -> None:
    """What is no number is no threshold: a rule that could flag nobody is refused, not compared with."""
    rule(at_most=0.125)(document)
    text = as_toml(document)
    assert text.count("0.125") == 1
    with pytest.raises(ContractError, match="made"):
        parse_contract(text.replace("0.125", number))


def test_cut_offs_of_no_code(problems_after: Callable[[Change], list[str]]) -> None:
    """A column without a cut-off at any code can never be judged, so the contract says so before SQL is made of it."""
    (problem,) = problems_after(judge_urgency(cuts={"urgent": {}}))
    assert problem.startswith('source "contacts" › derived "made" › ')
    assert "urgent" in problem


def test_dates_without_a_birth(problems_after: Callable[[Change], list[str]]) -> None:
    """Dates, feeds and cohorts cannot be understood without a date of birth, and every source that has one says so."""
    found = problems_after(lambda document: document.pop("birth"))
    assert (
        'source "reviews": has dates, but no date of birth is declared. Add [birth] with its source and column.'
        in found
    )
    assert "cohort: a cohort is a year of birth, but no date of birth is declared. Add [birth]." in found
    assert len(found) == 7


HIDDEN: dict[str, Document] = {
    "sex": {"roles": ["audit"], "characteristic": "sex"},
    "disability": {"roles": ["audit"], "characteristic": "disability"},
    "tells the area": {"roles": ["audit"], "proxy": "tells the area"},
    "its role is identifier": {"roles": ["identifier"]},
    "its role is cluster, audit": {"roles": ["cluster", "audit"]},
    "its role is outcome": {"roles": ["outcome"]},
    "its role is intervention": {"roles": ["intervention"]},
}
# Help must be declared besides, whatever asks of it.
ALSO = {
    "its role is intervention": [
        (
            'source "addresses" › column "hidden": no intervention is declared for it. '
            "Declare an [[intervention]] of its source, or give it another role."
        )
    ]
}
ROUTES: dict[str, Change] = {
    "asked outright": lambda d: part(d, "feature", "decile").update(column="hidden"),
    "counted apart": lambda d: part(d, "feature", "decile").update(column="hidden", take="distinct"),
    "compared": lambda d: part(d, "feature", "decile").update(where=[{"column": "hidden", "above": 0}]),
    "whether it is recorded": lambda d: part(d, "feature", "decile").update(
        where=[{"column": "hidden", "recorded": True}]
    ),
    "below a cut": lambda d: _derived(d, kind="below", column="hidden", cut=1),
    "in a count": lambda d: _derived(d, kind="count_equal", columns=["d*", "hid*"], values=[1]),
    "in a difference": lambda d: _derived(d, kind="difference", column="decile", minus="hidden"),
    "below its own cut": lambda d: _derived(
        _with_a_code(d), kind="count_below", by="kind", cuts={"decile": {"a": 3}, "hidden": {"a": 1}}
    ),
    "a derived column in a where": lambda d: _derived(d, kind="below", column="hidden", cut=1, as_condition=True),
    "a derived column recorded": lambda d: _derived(d, kind="below", column="hidden", cut=1, as_recorded=True),
}


def _with_a_code(document: Document) -> Document:
    part(document, "source", "addresses")["column"].append({"name": "kind", "type": "code", "codes": ["a"]})
    return document


def _derived(document: Document, *, as_condition: bool = False, as_recorded: bool = False, **derived: Any) -> None:
    derive("addresses", **derived)(document)
    if as_condition:
        part(document, "feature", "decile").update(where=[{"column": "made", "is": 1}])
    elif as_recorded:
        part(document, "feature", "decile").update(where=[{"column": "made", "recorded": True}])
    else:
        part(document, "feature", "decile").update(column="made")


@pytest.mark.parametrize("route", list(ROUTES))
@pytest.mark.parametrize("why", list(HIDDEN))
def test_what_may_never_be_a_feature(problems_after: Callable[[Change], list[str]], route: str, why: str) -> None:
    """A characteristic, a proxy, an identifier or an outcome is no feature, by whatever road it is asked."""

    def hide(document: Document) -> None:
        part(document, "source", "addresses")["column"].append({"name": "hidden", "type": "integer"} | HIDDEN[why])
        ROUTES[route](document)

    problem, *also = problems_after(hide)
    assert problem.startswith('feature "decile"')
    assert problem.endswith(f'column "hidden" may not be a feature: {why}. Ask another column.')
    assert also == ALSO.get(why, [])


@pytest.mark.parametrize("why", list(HIDDEN))
def test_what_a_cut_off_may_not_go_by(problems_after: Callable[[Change], list[str]], why: str) -> None:
    """A cut-off that goes by a characteristic would tell it: what may be no feature may not choose a cut-off either."""

    def hide(document: Document) -> None:
        hidden = {"name": "hidden", "type": "code", "codes": ["a", "b"]} | HIDDEN[why]
        part(document, "source", "addresses")["column"].append(hidden)
        _derived(document, kind="count_below", by="hidden", cuts={"decile": {"a": 3, "b": 5}})

    problem, *also = problems_after(hide)
    assert problem == f'feature "decile": column "hidden" may not be a feature: {why}. Ask another column.'
    assert also == ALSO.get(why, [])


@pytest.mark.parametrize("take", ["any", "count", "days_since"])
def test_rows_that_are_a_characteristic(problems_after: Callable[[Change], list[str]], take: str) -> None:
    """That there is a row at all is a characteristic too, where a source holds nothing else: an award of DLA, say."""

    def ask_for_awards(document: Document) -> None:
        award = {"name": "award", "type": "flag", "roles": ["audit"], "characteristic": "disability"}
        document["source"].append(part(document, "source", "addresses") | {"name": "dla", "column": [award]})
        document["feature"].append(part(document, "feature", "decile") | {"name": "dla", "source": "dla", "take": take})
        del document["feature"][-1]["column"]

    (problem,) = problems_after(ask_for_awards)
    assert problem.startswith('feature "dla"')


@pytest.mark.parametrize("count", [3, 2**38])
@pytest.mark.parametrize("operator", ["is", "above"])
def test_constants_of_derived_columns(problems_after: Callable[[Change], list[str]], operator: str, count: int) -> None:
    """A derived column is compared with what it can hold: a lead of one five-point total over another is never 3."""
    (problem,) = problems_after(where("uneven_most", column="uneven", **{operator: count}))
    assert problem.startswith('feature "uneven_most" › where uneven: ')


def test_order_of_codes(problems_after: Callable[[Change], list[str]]) -> None:
    """Codes have no order, so nothing is above or below one."""
    found = problems_after(where("neglect_contact", column="reason", above=1))
    assert (
        'feature "neglect_contact" › where reason: column "reason" holds codes. Count them ("count", "any", "distinct") with a where.'
        in found
    )


def test_constants_of_derived_columns_on_the_step(document: Document, as_toml: Callable[[Document], str]) -> None:
    """A constant on the step is no problem, and the question can be put."""
    where("uneven_most", column="uneven", at_least=15)(document)
    contract: Contract = parse_contract(as_toml(document))
    assert "uneven_most" in FeatureSet(contract, contract.landmarks[0]).names


@pytest.mark.parametrize("name", ["child", "source"])
def test_names_of_features(problems_after: Callable[[Change], list[str]], name: str) -> None:
    """A feature may not take the name by which a matrix calls its children; any other is its own affair."""
    found = problems_after(change("feature", "decile", name=name))
    assert bool(found) is (name == "child")


@pytest.mark.parametrize("name", ["row", "reason", "born", "day", "start", "end", "value"])
def test_names_of_columns(problems_after: Callable[[Change], list[str]], name: str) -> None:
    """A column may have any name but those kept for the event itself: extracts are not ours to rename."""
    assert problems_after(lambda d: part(d, "source", "hub")["column"].append({"name": name, "type": "integer"})) == []
