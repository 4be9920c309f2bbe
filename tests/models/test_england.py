"""The shipped contract for England: what it foresees and when, what it may not ask, and the words it says it in."""

import datetime
import re
from pathlib import Path
from typing import get_args

import pytest

from models.contract import Contract
from models.contract_reading import load_contract
from models.derivation import CountBelow
from models.feature import Feature
from models.narrative import HIGHER, Facts, family, practitioner
from models.source import PROTECTED, Column
from training.checked_contract import checked_contract

ENGLAND = Path(__file__).parents[2] / "models/contracts/england.toml"
LATER = ("two_year", "pre_school")
# Where the answer is, what school only learns later, what is for the audit alone, and help that changes the outcome.
NEVER_ASKED = frozenset({"reception", "eyfsp", "sen_records", "programmes"})
AUDITED = {
    "sex": ("register", "sex"),
    "ethnicity": ("register", "ethnicity"),
    "ethnic_group": ("register", "ethnicity"),
    "language": ("register", "language"),
    "sen": ("reception", "senprovision"),
    "disability": ("headcount", "dafindicator"),
    "looked_after": ("looked_after", "ls"),
    "term_of_birth": ("register", "month_in_year"),
    "fsm": ("reception", "fsm"),
    "eypp": ("headcount", "eyppr"),
    "idaci_fifth": ("addresses", "idaci_decile"),
}
# The seventeen early learning goals; the first twelve make a good level of development.
GOALS = (
    *("com_e01", "com_e02", "pse_e03", "pse_e04", "pse_e05", "phy_e06", "phy_e07", "lit_e08", "lit_e09", "lit_e10"),
    *("mat_e11", "mat_e12", "utw_e13", "utw_e14", "utw_e15", "exp_e16", "exp_e17"),
)
OUTCOMES = {"not_gld": GOALS[:12], "not_communication": GOALS[:2], "not_psed": GOALS[2:5]}


@pytest.fixture(scope="module")
def england() -> Contract:
    """The contract as it ships."""
    return load_contract(ENGLAND)[0]


def _feature(contract: Contract, name: str) -> Feature:
    return next(feature for feature in contract.features if feature.name == name)


def _behind(contract: Contract, feature: Feature) -> list[Column]:
    """Every column of an extract that a feature rests on, through derived ones and through its conditions."""
    source = contract.source(feature.source)
    named = {feature.column, *(condition.column for condition in feature.where)}
    derived = [column for d in source.derived if d.name in named for column in source.inputs(d)]
    return [*derived, *(column for column in source.columns if column.name in named)]


def _names(contract: Contract, feature: Feature) -> set[str]:
    return {column.name for column in _behind(contract, feature)}


def _words(feature: Feature) -> tuple[str, ...]:
    said = (feature.label, feature.raises, feature.lowers, feature.not_known, feature.units)
    return tuple(words for words in said if words is not None)


def test_no_problem() -> None:
    """The contract has no problem, of its rules and gateways either, on the day it was written."""
    contract, text = checked_contract(ENGLAND, datetime.date(2026, 1, 1))
    assert (contract.name, len(contract.sources)) == ("england", 18)
    assert text.startswith("#:schema ../../docs/contract.schema.json\n")


def test_landmarks(england: Contract) -> None:
    """Scores are asked for at four ages, and the last window closes before any result can be there."""
    ages = {landmark.name: (landmark.age, landmark.until) for landmark in england.landmarks}
    assert ages == {
        "new_birth": (61, 183),
        "one_year": (460, 640),
        "two_year": (930, 1110),
        "pre_school": (1280, 1460),
    }


def test_help_is_declared(england: Contract) -> None:
    """The talk programme is help that changes the outcome: declared, told apart, and never asked for by a request."""
    (help_told,) = england.interventions
    assert (help_told.name, help_told.source, help_told.handling) == ("talk_boost", "programmes", "report")
    assert "programmes" not in {source.name for source in england.feature_sources}
    assert len(help_told.reason) > 100


def test_outcomes(england: Contract) -> None:
    """Three outcomes of the profile of 2021 are foreseen at every landmark, and no row of another profile is one."""
    assert [outcome.name for outcome in england.outcomes] == list(OUTCOMES)
    for outcome in england.outcomes:
        assert (outcome.source, outcome.window, outcome.take) == ("eyfsp", (1700, 2200), "latest")
        assert (outcome.definition, outcome.definition_column) == ("2021", "profile")
        assert all(outcome.used_at(landmark) for landmark in england.landmarks)


@pytest.mark.parametrize(("name", "goals"), OUTCOMES.items(), ids=OUTCOMES)
def test_goals(england: Contract, name: str, goals: tuple[str, ...]) -> None:
    """An outcome is judged by its goals and no other, each expected, of children who were assessed in all of them."""
    outcome = next(outcome for outcome in england.outcomes if outcome.name == name)
    assert re.findall(r"fsp_(\w+) = 2", outcome.rule) == list(goals)
    assert re.findall(r"fsp_(\w+) IS NOT NULL", outcome.valid or "") == list(goals)
    assert re.sub(r"fsp_\w+ = 2|\s|AND", "", outcome.rule) == "NOT()"
    assert re.sub(r"fsp_\w+ IS NOT NULL|\s|AND", "", outcome.valid or "") == ""


def test_every_goal_is_read(england: Contract) -> None:
    """The extract has all seventeen goals, each emerging, expected or not assessed."""
    goals = [column for column in england.source("eyfsp").columns if column.name != "profile"]
    assert [goal.name for goal in goals] == [f"fsp_{goal}" for goal in GOALS]
    assert {(goal.read(1), goal.read(2), goal.read("A")) for goal in goals} == {(1, 2, None)}


def test_what_is_never_asked(england: Contract) -> None:
    """No feature rests on an outcome, on what only school learns, on special needs, or on help that changes the outcome."""
    assert NEVER_ASKED.issubset(source.name for source in england.sources)
    assert NEVER_ASKED.isdisjoint(source.name for source in england.feature_sources)


def test_no_feature_rests_on_what_is_for_the_audit(england: Contract) -> None:
    """Every column behind a feature, through derived ones and conditions, is declared as one that may be a feature."""
    for feature in england.features:
        for column in _behind(england, feature):
            assert "feature" in column.roles, (feature.name, column.name)
            assert column.characteristic is None
            assert column.proxy is None


def test_protected_characteristics(england: Contract) -> None:
    """Sex, ethnicity, language, disability and special needs are in the extracts for the audit alone; religion is not."""
    held = {c.characteristic: c for source in england.sources for c in source.columns if c.characteristic is not None}
    assert held.keys() == set(get_args(PROTECTED)) - {"religion"}
    assert {column.roles for column in held.values()} == {("audit",)}


def test_words(england: Contract) -> None:
    """What people read of a feature fits on a line, and is a sentence but for its full stop."""
    for feature in england.features:
        for words in _words(feature):
            assert len(words) <= 110, (feature.name, words)
            assert words == words.strip().removesuffix(".")


def test_no_two_features_say_the_same(england: Contract) -> None:
    """No sentence is said of two features, and none has two labels alike, so that nobody takes one for the other."""
    said = [words for f in england.features for words in {f.raises, f.lowers, f.not_known}]
    assert len(set(said)) == len(said)
    labels = [feature.label for feature in england.features]
    assert len(set(labels)) == len(labels)


def test_every_sentence_can_be_told(england: Contract) -> None:
    """Every sentence alone is short and easy enough for a practitioner, and for a family what is not private, of any outcome."""
    for outcome in england.outcomes:
        facts = Facts(outcome, "about 77", "about 77", "between 77 and 77", ())
        for feature in england.features:
            for words in (feature.raises, feature.lowers, feature.not_known):
                assert f"- {words}." in practitioner(facts, [(HIGHER, words)])
                assert f"- {words}." in family(facts, [(HIGHER, words)], untold=True)


def test_what_is_private(england: Contract) -> None:
    """What is of one parent's health or choices, of another child, or of social care is not in the text for a family."""
    private = {feature.name for feature in england.features if feature.private}
    of_parents = {"mood_concern", "smoking_at_delivery", "breast_milk_at_6_to_8_weeks", "registered_by_one_parent"}
    of_care = {f.name for f in england.features if f.source in {"referrals", "cin", "cpp", "looked_after"}}
    assert private == of_parents | of_care | {"sibling_prior_gld"}


def test_months_are_named(england: Contract) -> None:
    """The month of birth is told by its name, September first."""
    labels = _feature(england, "month_of_birth").labels
    assert list(labels) == [str(month) for month in range(12)]
    assert (labels["0"], labels["11"]) == ("September", "August")


def test_words_of_what_is_expected_either_way(england: Contract) -> None:
    """A feature expected to push neither way says the same both ways; one that pushes says two different things."""
    for feature in england.features:
        assert (feature.raises == feature.lowers) is (feature.direction == "none"), feature.name


def test_questionnaires_only_when_they_are_done(england: Contract) -> None:
    """ASQ is asked of at the two landmarks after the two-year review, and nowhere before."""
    asked = [feature for feature in england.features if feature.source == "reviews"]
    assert len(asked) == 9
    assert {feature.landmarks for feature in asked} == {LATER}
    elsewhere = [feature for feature in england.features if feature.source != "reviews"]
    assert not any(name.startswith("asq") for feature in elsewhere for name in _names(england, feature))


def test_cut_offs(england: Contract) -> None:
    """A domain has one cut-off at each interval, wherever it is named, and every interval has one for each domain."""
    source = england.source("reviews")
    counts = [derived for derived in source.derived if isinstance(derived, CountBelow)]
    whole = next(derived for derived in counts if derived.name == "domains_below")
    assert whole.cuts.keys() == {column.name for column in source.columns if column.type == "number"}
    assert {tuple(at) for at in whole.cuts.values()} == {("24", "27", "30")}
    assert all(derived.cuts[name] == whole.cuts[name] for derived in counts for name in derived.cuts)
    assert {derived.by for derived in counts} == {"asq_interval"}


def test_month_of_birth(england: Contract) -> None:
    """Month of birth may be asked at every landmark, and errors are compared by it: by term, four months to each."""
    feature = _feature(england, "month_of_birth")
    assert _names(england, feature) == {"month_in_year"}
    assert all(feature.used_at(landmark) for landmark in england.landmarks)
    (term,) = (attribute for attribute in england.audit if attribute.name == "term_of_birth")
    named = [term.labels[str(month)] for month in range(12)]
    assert named == ["Autumn-born"] * 4 + ["Spring-born"] * 4 + ["Summer-born"] * 4
    assert england.cohort is not None
    assert england.cohort.year_starts_month == 9


def test_audit(england: Contract) -> None:
    """Errors are compared by every characteristic that the law or the evidence names, each from its own column."""
    assert {attribute.name: (attribute.source, attribute.column) for attribute in england.audit} == AUDITED


@pytest.mark.parametrize("name", AUDITED)
def test_every_value_has_its_group(england: Contract, name: str) -> None:
    """Every value that a column of the audit can hold has a group with a name for people, and no name is left over."""
    (attribute,) = (attribute for attribute in england.audit if attribute.name == name)
    column = england.source(attribute.source).column(attribute.column)
    assert column is not None
    low, high = column.bounds
    values = set(column.code_map.values()) or set(range(low, high + 1))
    assert attribute.labels.keys() == {str(value) for value in values}


def test_groups_of_no_record(england: Contract) -> None:
    """A child of whom social care has no episode was not looked after; of nothing else does no record say so."""
    assert {a.name: a.absent for a in england.audit if a.absent is not None} == {"looked_after": "Not looked after"}


def test_fifths(england: Contract) -> None:
    """The ten tenths of areas make five groups of two, the most deprived first."""
    (fifths,) = (attribute for attribute in england.audit if attribute.name == "idaci_fifth")
    named = [fifths.labels[str(tenth)] for tenth in range(1, 11)]
    assert named[::2] == named[1::2]
    assert list(dict.fromkeys(named)) == [
        "Most deprived fifth",
        "Second fifth",
        "Third fifth",
        "Fourth fifth",
        "Least deprived fifth",
    ]


def test_rules_to_beat(england: Contract) -> None:
    """At every landmark there is a rule to beat, and each flags what its words say."""
    named = {landmark.name: [rule.name for rule in england.rules_at(landmark)] for landmark in england.landmarks}
    always, later = ["most_deprived_fifth", "known_to_social_care"], ["asq_below_cut_off", "two_year_offer"]
    assert {name: set(rules) for name, rules in named.items()} == {
        "new_birth": set(always),
        "one_year": set(always),
        "two_year": {*always, *later},
        "pre_school": {*always, *later},
    }
    flagged = {rule.name: [value for value in range(11) if rule.flags(value)] for rule in england.rules}
    assert flagged.pop("most_deprived_fifth") == [0, 1, 2]
    assert flagged == {
        name: [*range(1, 11)] for name in ("asq_below_cut_off", "two_year_offer", "known_to_social_care")
    }


def test_family_and_birth(england: Contract) -> None:
    """Every child scored is on the register, which says when they were born and with whom they live."""
    assert england.scope.needs == ("register",)
    assert england.birth is not None
    assert england.family is not None
    assert (england.birth.source, england.birth.column) == ("register", "person_birth_date")
    assert (england.family.source, england.family.column) == ("register", "household")
