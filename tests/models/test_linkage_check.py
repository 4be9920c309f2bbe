"""Whether what a contract says of linking fits together: every problem has its place and what to do about it."""

import copy
import tomllib
from collections.abc import Callable
from typing import Any

import pytest

from models.contract_reading import parse_contract
from models.errors import ContractError

Document = dict[str, Any]
Change = Callable[[Document], object]

FEED = "Name it under sources of the agency that sends it, and there only."


@pytest.fixture
def document(borough_text: str) -> Document:
    """The borough's contract, whose records two agencies hold and where older brothers and sisters are worked out."""
    document: Document = copy.deepcopy(tomllib.loads(borough_text))
    document["source"].append(_siblings(document["source"][1]))
    document["linkage"] = tomllib.loads(_LINKAGE)
    return document


def _siblings(like: Document) -> Document:
    return like | {
        "name": "siblings",
        "file": "siblings.csv",
        "column": [{"name": "reached", "type": "flag"}, {"name": "many", "type": "integer", "range": [0, 9]}],
        "derived": [],
    }


@pytest.fixture
def problems_after(document: Document, as_toml: Callable[[Document], str]) -> Callable[[Change], list[str]]:
    """Change the contract, and return every problem it then has."""

    def found(change: Change) -> list[str]:
        change(document)
        try:
            parse_contract(as_toml(document))
        except ContractError as error:
            return [str(problem) for problem in error.problems]
        return []

    return found


def at(*way: str | int, **changes: Any) -> Change:
    """A change to one table, by the way that leads to it."""

    def change(document: Document) -> None:
        here: Any = document
        for step in way:
            here = here[step]
        here.update(changes)

    return change


def source(name: str, **changes: Any) -> Change:
    """A change to one source."""
    return lambda document: next(s for s in document["source"] if s["name"] == name).update(changes)


def one_more(*way: str | int, item: Any) -> Change:
    """A change that lengthens one list."""

    def change(document: Document) -> None:
        here: Any = document
        for step in way:
            here = here[step]
        here.append(item)

    return change


def part(**changes: Any) -> Change:
    """A change that declares one more part."""
    return one_more("linkage", "part", item={"name": "more", "kind": "code"} | changes)


def block(*on: str) -> Change:
    """A change that declares a second block, after one of a date of birth."""
    return at("linkage", block=[{"on": ["date_of_birth"]}, {"on": list(on)}])


def without(*way: str) -> Change:
    """A change that takes something out."""

    def change(document: Document) -> None:
        here: Any = document
        for step in way[:-1]:
            here = here[step]
        del here[way[-1]]

    return change


def test_a_linkage_that_fits(problems_after: Callable[[Change], list[str]]) -> None:
    """A linkage whose every name leads somewhere has no problem."""
    assert problems_after(lambda _document: None) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (part(name="surname", kind="name"), 'linkage › part "surname": declared 2 times. Give each its own name.'),
        (
            at("linkage", "agency", 1, name="clinic"),
            'linkage › agency "clinic": declared 2 times. Give each its own name.',
        ),
        (
            at("linkage", "agency", 1, file="people_clinic.csv"),
            'linkage › agency › file "people_clinic.csv": declared 2 times. Give each its own name.',
        ),
        (
            part(name="two__parts"),
            'linkage › part "two__parts": two underscores together are kept for the aspects of a part. Use one.',
        ),
        (
            part(name="nickname", kind="name", swaps_with="petname"),
            'linkage › part "nickname": "petname" is no other name. Name the part it may change places with.',
        ),
        (
            part(name="nickname", kind="name", swaps_with="nickname"),
            'linkage › part "nickname": "nickname" is no other name. Name the part it may change places with.',
        ),
        (
            part(name="nickname", kind="name", swaps_with="date_of_birth"),
            'linkage › part "nickname": "date_of_birth" is no other name. Name the part it may change places with.',
        ),
        (
            at("linkage", "agency", 0, "holds", shoe_size="shoe"),
            'linkage › agency "clinic" › holds: there is no part "shoe_size". Name a declared part.',
        ),
        (
            one_more("linkage", "agency", 0, "sources", item="dentist"),
            'linkage › agency "clinic" › sources: there is no source "dentist". Name a declared source.',
        ),
        (block("shoe"), 'linkage › block number 2: there is no part "shoe". Name a declared part.'),
        (
            block("surname.year"),
            'linkage › block number 2: a name has no aspect "year". Use the part itself, or one of sound, initial.',
        ),
        (
            block("nhs.initial"),
            'linkage › block number 2: a nhs_number has no aspect "initial". Use the part itself.',
        ),
        (
            block("surname=date_of_birth.sound"),
            'linkage › block number 2: a date has no aspect "sound". Use the part itself, or one of year, month, day.',
        ),
        (
            one_more("linkage", "agency", 1, "sources", item="births"),
            'source "births": is held by several agencies. Leave it with one.',
        ),
        (at("linkage", "agency", 1, sources=["childcare"]), f'source "profile": is held by no agency. {FEED}'),
        (
            one_more("linkage", "agency", 1, "sources", item="siblings"),
            f'source "siblings": is worked out, and held by an agency. {FEED}',
        ),
        (
            one_more("source", 1, "column", item={"name": "points", "type": "integer"}),
            'source "reviews" › column "points": may hold numbers as long as an NHS number. Give it a range.',
        ),
        (
            at("linkage", birth_month={"source": "dentist", "column": "month"}),
            'linkage › birth_month: no agency holds a source "dentist". Name a source that is linked.',
        ),
        (
            at("linkage", birth_month={"source": "siblings", "column": "many"}),
            'linkage › birth_month: no agency holds a source "siblings". Name a source that is linked.',
        ),
        (
            at("linkage", birth_month={"source": "births", "column": "month"}),
            'linkage › birth_month: source "births" has no whole number "month". Declare the column.',
        ),
        (
            at("linkage", birth_month={"source": "births", "column": "sex"}),
            'linkage › birth_month: source "births" has no whole number "sex". Declare the column.',
        ),
        (
            at("linkage", "places", source="dentist"),
            'linkage › places: no agency holds a source "dentist". Name a source that is linked.',
        ),
        (
            at("linkage", "places", columns=["decile", "ward"]),
            'linkage › places: source "addresses" has no column "ward". Declare the column.',
        ),
        (
            at("linkage", "places", postcode="moved_out"),
            "linkage › places: the postcode is a column of the source, and would be kept. Take that column out.",
        ),
        (
            at("linkage", "older_siblings", not_happened="brothers"),
            'linkage › older_siblings: no source has a flag "brothers". Name a source and its flag.',
        ),
        (
            at("linkage", "older_siblings", not_happened="many"),
            'linkage › older_siblings: no source has a flag "many". Name a source and its flag.',
        ),
        (
            source("siblings", happened={"constant": 0}),
            "linkage › older_siblings: the source needs dates for when it happened and was known. Declare both.",
        ),
        (
            source("siblings", known={"lag_days": 7}),
            "linkage › older_siblings: the source needs dates for when it happened and was known. Declare both.",
        ),
        (
            at("linkage", "older_siblings", outcome="not_gldd"),
            'linkage › older_siblings: there is no outcome "not_gldd". Name a declared outcome.',
        ),
        (
            without("family"),
            "linkage › older_siblings: no family key is declared. Add [family] with its source and column.",
        ),
    ],
)
def test_what_does_not_fit(change: Change, said: str, problems_after: Callable[[Change], list[str]]) -> None:
    """Each thing that does not fit is the only problem then, told by its place, what it is, and what to do."""
    assert problems_after(change) == [said]


@pytest.mark.parametrize("taken", ["agency", "family", "id", "uid", "name", "child", "strength", "born"])
def test_names_that_linking_keeps_for_itself(taken: str, problems_after: Callable[[Change], list[str]]) -> None:
    """A part cannot be called what linking calls a column of its own."""
    said = "linking has this word for something of its own. Choose another name."
    assert problems_after(part(name=taken)) == [f'linkage › part "{taken}": {said}']


@pytest.mark.parametrize("taken", ["links.csv", "children.csv", "coverage.csv", "changes.csv"])
def test_files_that_linking_writes_itself(taken: str, problems_after: Callable[[Change], list[str]]) -> None:
    """A source's file cannot be called what linking writes beside the extracts, which would overwrite it."""
    said = f"linking writes a file of its own called {taken}. Give it another name."
    assert problems_after(source("reviews", file=taken)) == [f'source "reviews": {said}']


def test_a_date_format_that_is_none(problems_after: Callable[[Change], list[str]]) -> None:
    """An agency's date format that no date can be read by is refused as such, before any file is blamed for it."""
    (said,) = problems_after(at("linkage", "agency", 0, date_format="%Q"))
    assert said.startswith('linkage › agency "clinic" › date_format: ')


def test_no_date(problems_after: Callable[[Change], list[str]]) -> None:
    """Without a date among the parts no age could be counted, and every block that asks for it is named too."""

    def change(document: Document) -> None:
        linkage = document["linkage"]
        linkage["part"] = [part for part in linkage["part"] if part["kind"] != "date"]
        linkage["block"] = [{"on": ["date_of_birth.year"]}]
        for agency in linkage["agency"]:
            del agency["holds"]["date_of_birth"]

    assert problems_after(change) == [
        "linkage: no part is a date. Declare the date of birth: ages are counted from it.",
        'linkage › block number 1: there is no part "date_of_birth". Name a declared part.',
    ]


def test_everything_at_once(problems_after: Callable[[Change], list[str]]) -> None:
    """Problems of linking are named together with each other and with those of the rest of the contract."""

    def change(document: Document) -> None:
        document["linkage"]["agency"][0]["holds"]["shoe_size"] = "shoe"
        document["linkage"]["places"]["source"] = "dentist"
        document["scope"]["needs"] = ["dentist"]

    said = problems_after(change)
    assert len(said) == 3
    assert {text.split(": ")[0] for text in said} >= {'linkage › agency "clinic" › holds', "linkage › places"}


def test_a_linkage_without_a_shape(problems_after: Callable[[Change], list[str]]) -> None:
    """Where a part of the linkage has no shape, that part is named, and no source is called unlinked for it."""
    (said,) = problems_after(at("linkage", "part", 1, kind="nickname"))
    assert said.startswith('linkage › part "forename" › kind: not one of the allowed words. Use one of')


def test_a_contract_that_does_not_link(document: Document, as_toml: Callable[[Document], str]) -> None:
    """A contract without a linkage needs none: its extracts share a key already."""
    del document["linkage"]
    assert parse_contract(as_toml(document)).linkage is None


_LINKAGE = """
places = { file = "places.csv", key = "postcode", source = "addresses", postcode = "postcode", columns = ["decile"] }
older_siblings = { source = "siblings", outcome = "not_gld", not_happened = "reached" }
part = [
    { name = "nhs", kind = "nhs_number" },
    { name = "forename", kind = "name", swaps_with = "surname" },
    { name = "surname", kind = "name", shared = "family" },
    { name = "date_of_birth", kind = "date", shared = "twins" },
]

[[agency]]
name = "clinic"
label = "Clinic"
file = "people_clinic.csv"
id = "clinic_id"
sources = ["births", "reviews", "contacts", "addresses", "hub"]
holds = { nhs = "nhs", forename = "forename", surname = "surname", date_of_birth = "born" }

[[agency]]
name = "school"
label = "School"
file = "people_school.csv"
id = "school_id"
sources = ["childcare", "profile"]
holds = { forename = "forename", surname = "surname", date_of_birth = "born" }
"""
