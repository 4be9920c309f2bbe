"""Reading a contract: the shipped ones parse, and a broken one is told of everything at once, with place and remedy."""

import copy
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.contract_reading import load_contract, parse_contract
from models.errors import ContractError, exit_code

Document = dict[str, Any]
Change = Callable[[Document], object]
CONTRACTS = Path(__file__).parents[2]


@pytest.fixture
def document(borough_text: str) -> Document:
    """The borough's contract as a document that a test may break."""
    return copy.deepcopy(tomllib.loads(borough_text))


COUNT: Document = {"name": "made", "kind": "count_below", "by": "goal_1"}
RULE: Document = {"name": "made", "label": "made", "feature": "decile"}


def source(document: Document, name: str) -> Document:
    """The source of that name."""
    return next(item for item in document["source"] if item["name"] == name)


def column(document: Document, owner: str, name: str) -> Document:
    """A column of a source."""
    return next(item for item in source(document, owner)["column"] if item["name"] == name)


def feature(document: Document, name: str) -> Document:
    """The feature of that name."""
    return next(item for item in document["feature"] if item["name"] == name)


def problems(text: str) -> set[str]:
    """Every problem of a contract, each as one line."""
    with pytest.raises(ContractError) as refused:
        parse_contract(text, "broken.toml")
    assert refused.value.headline == f"broken.toml: {len(refused.value.problems)} problem" + "s" * (
        len(refused.value.problems) != 1
    )
    return {str(problem) for problem in refused.value.problems}


@pytest.mark.parametrize(
    ("path", "name", "sources"),
    [
        ("examples/smocc/contract.toml", "smocc", 2),
        ("models/contracts/england.toml", "england", 18),
        ("tests/contracts/borough.toml", "borough", 7),
    ],
)
def test_shipped_contracts(path: str, name: str, sources: int) -> None:
    """The contracts of this repository have no problem, and come with their text."""
    contract, text = load_contract(CONTRACTS / path)
    assert (contract.name, len(contract.sources)) == (name, sources)
    assert text == (CONTRACTS / path).read_text(encoding="utf-8")


def test_everything_at_once(document: Document, as_toml: Callable[[Document], str]) -> None:
    """Mistakes of shape and of fit, in every part of a contract, are all named in one run, and nothing else is."""
    document["landmark"][0]["until"] = 800
    document["outcome"][0]["window"] = [900, 2100]
    document["audit"][0]["column"] = "gender"
    document["scope"]["needs"] = ["births", "health"]
    del source(document, "reviews")["agency"]
    column(document, "contacts", "closed_on")["stepp"] = "2"
    column(document, "contacts", "reason")["missing"] = "A"
    source(document, "childcare")["absence"] = "not_known"
    source(document, "addresses")["column"].append({"name": "known", "type": "integer"})
    source(document, "hub")["coverage"]["residence"]["until"] = "left"
    feature(document, "decile")["column"] = "imd"
    feature(document, "birthweight")["where"] = [{"column": "sex", "is": "F"}]
    feature(document, "hub_minutes")["where"] = [{"column": "age", "below": 0}]
    feature(document, "contact_reasons")["take"] = "count"
    feature(document, "days_since_contact")["where"] = [{"column": "closed_on"}]
    assert problems(as_toml(document)) == {
        'source "reviews" › agency: missing. Add it.',
        (
            'source "contacts" › column "closed_on" › stepp: not a word of the contract. '
            'Did you mean "step"? Otherwise take it out.'
        ),
        'source "contacts" › column "reason" › missing: input should be a valid tuple. Correct it.',
        'source "childcare": absence = "none" needs a coverage that proves it; "not_known" has none. Change it so.',
        'feature "contact_reasons": take "count" names no column. Change it so.',
        (
            'feature "days_since_contact" › where number 1: '
            "give exactly one of is, is_not, in, at_least, at_most, above, below, recorded. Change it so."
        ),
        'source "addresses" › column "known": this name is kept for the event itself. Choose another name.',
        (
            'source "hub" › coverage › residence: source "addresses" has no date or age column "left". '
            "Name the column a spell ends in."
        ),
        'landmark "one_year": its window runs into that of "two_year". End it at 760 days or before.',
        'feature "birthweight" › where sex: column "sex" may not be a feature: sex. Ask another column.',
        'feature "decile": source "addresses" has no column "imd". Name a declared column.',
        (
            'feature "hub_minutes": its conditions leave no age open at landmark "one_year". '
            "Widen them, or list the landmarks it is for."
        ),
        (
            'feature "hub_minutes": its conditions leave no age open at landmark "two_year". '
            "Widen them, or list the landmarks it is for."
        ),
        (
            'outcome "not_gld" › window: it opens before the window of landmark "two_year" closes, '
            "so the answer may be known already. Start it at 1000 days or later."
        ),
        'audit "sex": source "births" has no column "gender". Correct the name.',
        'scope › needs: there is no source "health". Name a declared source.',
    }


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d.update(lable="x"), "lable: not a word of the contract"),
        (lambda d: d.pop("description"), "description: missing. Add it."),
        (lambda d: d["birth"].pop("column"), "birth › column: missing. Add it."),
        (lambda d: d["scope"].update(neds=["births"]), "scope › neds: not a word of the contract"),
        (lambda d: d["outcome"][0].update(take="last"), 'outcome "not_gld" › take: not one of the allowed words'),
    ],
    ids=["a wrong word", "a missing word", "birth", "scope", "the only outcome"],
)
def test_one_mistake_hides_no_other(
    document: Document, as_toml: Callable[[Document], str], change: Change, said: str
) -> None:
    """A mistake at the top of a contract, or in the only item of a list, leaves the others to be found, and adds none."""
    change(document)
    feature(document, "decile")["column"] = "imd"
    found = problems(as_toml(document))
    assert 'feature "decile": source "addresses" has no column "imd". Name a declared column.' in found
    assert len(found) == 2
    assert any(problem.startswith(said) for problem in found)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d.update(format=2), "format: not one of the allowed words. Use one of 1."),
        (lambda d: d["source"][0].update(rows="two"), 'source "births" › rows: not one of the allowed words'),
        (lambda d: d["source"][0].update(file="../x.csv"), 'source "births" › file: '),
        (lambda d: d["source"][0].update(file="x.xlsx"), 'source "births" › file: '),
        (lambda d: d["source"][0].update(happened={"lag_days": 1}), 'source "births": happened cannot be a lag'),
        (lambda d: d["source"][0]["derived"][0].update(kind="above"), 'source "births" › derived "light"'),
        (
            lambda d: d["source"][1]["derived"].append(COUNT | {"cuts": {}}),
            'source "reviews" › derived "made" › cuts: ',
        ),
        (
            lambda d: d["source"][1]["derived"].append(COUNT | {"cuts": {"gross_motor": {"a": "5"}}}),
            'source "reviews" › derived "made" › ',
        ),
        (
            lambda d: d["source"][1]["derived"].append({"name": "made", "kind": "count_below", "by": "goal_1"}),
            'source "reviews" › derived "made" › cuts: missing. Add it.',
        ),
        (
            lambda d: d.update(rule=[RULE]),
            'rule "made": give exactly one of at_least, at_most. Change it so.',
        ),
        (
            lambda d: d.update(rule=[RULE | {"at_least": 1, "at_most": 2}]),
            'rule "made": give exactly one of at_least, at_most. Change it so.',
        ),
        (lambda d: d.update(rule=[RULE | {"at_least": "1"}]), 'rule "made" › at_least'),
        (lambda d: d.update(rule=[RULE | {"at_least": 1, "landmarks": []}]), 'rule "made" › landmarks: '),
        (
            lambda d: d.update(rule=[RULE | {"at_leats": 1}]),
            'rule "made" › at_leats: not a word of the contract. Did you mean "at_least"?',
        ),
        (lambda d: d["audit"][0].update(absent=""), 'audit "sex" › absent: '),
        (lambda d: d["outcome"][0].update(definition_column="By"), 'outcome "not_gld" › definition_column: '),
        (lambda d: d["landmark"][0].update(until=365), 'landmark "one_year": until must lie after age'),
        (lambda d: d["feature"][0].update(correctable="yes"), 'feature "birthweight" › correctable: '),
        (lambda d: d["feature"][0].pop("raises"), 'feature "birthweight" › raises: missing. Add it.'),
        (lambda d: d["feature"][0].update(name="Weight"), 'feature "Weight" › name: '),
        (lambda d: d["feature"][0].pop("name"), "feature number 1 › name: missing. Add it."),
        (
            lambda d: d["source"][0].update(gateway={"name": "x", "purposes": [], "expires": 1}),
            'source "births" › gateway',
        ),
    ],
)
def test_shapes(document: Document, as_toml: Callable[[Document], str], change: Change, said: str) -> None:
    """A part that has no shape is named by its place, in the contract's own words."""
    change(document)
    assert any(problem.startswith(said) for problem in problems(as_toml(document)))


def test_what_points_at_a_broken_part(document: Document, as_toml: Callable[[Document], str]) -> None:
    """Nothing is said of the features of a source that is itself broken."""
    source(document, "reviews")["rows"] = "some"
    assert len(problems(as_toml(document))) == 1


def test_the_definition_of_a_broken_source(document: Document, as_toml: Callable[[Document], str]) -> None:
    """Nothing is said of the column an outcome's definition is in, where its source is itself broken."""
    source(document, "profile")["rows"] = "some"
    document["outcome"][0]["definition_column"] = "goal_1"
    assert len(problems(as_toml(document))) == 1


def test_the_rule_of_a_broken_feature(document: Document, as_toml: Callable[[Document], str]) -> None:
    """Nothing is said of a rule whose feature or landmark is itself broken, nor of what names a broken rule."""
    document["rule"] = [RULE | {"at_most": 2, "landmarks": ["one_year"]}]
    feature(document, "decile")["take"] = "last"
    document["landmark"][0]["until"] = 365
    assert len(problems(as_toml(document))) == 2


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (None, "contract.toml: there is no such contract file"),
        (b"\xff\xfe", "contract.toml: the contract is not UTF-8 text; save it as UTF-8"),
        (b"name = ", "contract.toml: not TOML: "),
        (b"", "contract.toml: "),
    ],
)
def test_no_contract(tmp_path: Path, data: bytes | None, said: str) -> None:
    """A file that is not there, is not text or is not TOML is bad input, and the file is named."""
    path = tmp_path / "contract.toml"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(ContractError) as refused:
        load_contract(path)
    assert refused.value.headline.startswith(said)
    assert exit_code(refused.value) == 3
