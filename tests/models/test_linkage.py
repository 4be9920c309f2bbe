"""What a contract may say of linking: parts, agencies and blocks that hang together, and the pairs usually tried."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from models.linkage import ASPECTS, NUMBERS, Agency, Block, Key, Kind, Linkage, Part, usual_blocks

PARTS: tuple[tuple[str, Kind], ...] = (
    ("nhs_number", "nhs_number"),
    ("forename", "name"),
    ("surname", "name"),
    ("born", "date"),
    ("sex", "code"),
    ("postcode", "postcode"),
)


def parts(*wanted: tuple[str, Kind]) -> tuple[Part, ...]:
    """Parts of these names and kinds."""
    return tuple(Part(name=name, kind=kind) for name, kind in wanted)


def linkage(**changes: Any) -> Linkage:
    """A linkage of one part and two agencies, with changes."""
    agencies = [
        {"name": name, "label": name, "file": f"{name}.csv", "id": "id", "holds": {"born": "dob"}, "sources": sources}
        for name, sources in (("clinic", ["births", "visits"]), ("school", ["profile"]))
    ]
    return Linkage.model_validate({"part": [{"name": "born", "kind": "date"}], "agency": agencies} | changes)


@pytest.mark.parametrize(
    ("part", "why"),
    [
        ({"name": "born", "kind": "date", "swaps_with": "surname"}, "only a name can stand in another's place"),
        ({"name": "surname", "kind": "name", "close": [0.8, 0.9]}, "from the largest to the smallest"),
        ({"name": "surname", "kind": "name", "close": [0.9, 0.9]}, "from the largest to the smallest"),
        ({"name": "surname", "kind": "name", "close": [0.9, 0.8, 0.7, 0.6]}, "at most 3 items"),
        ({"name": "surname", "kind": "name", "close": [1.0]}, "less than 1"),
        ({"name": "surname", "kind": "name", "close": [0.0]}, "greater than 0"),
        *(({"name": "number", "kind": kind, "shared": "family"}, "identifies nobody") for kind in NUMBERS),
        ({"name": "number", "kind": "upn", "shared": "twins"}, "identifies nobody"),
        ({"name": "Surname", "kind": "name"}, "should match pattern"),
        ({"name": "surname", "kind": "nickname"}, "Input should be"),
        ({"name": "surname", "kind": "name", "weight": 2}, "Extra inputs"),
    ],
)
def test_parts_that_make_no_sense(part: dict[str, Any], why: str) -> None:
    """A part that could not be compared as it says is refused, with the reason."""
    with pytest.raises(ValidationError, match=why):
        Part.model_validate(part)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"threshold": 0.5}, "greater than 0.5"),
        ({"threshold": 1.0}, "less than 1"),
        ({"review": 0.9}, "review must lie below the threshold"),
        ({"review": 0.0}, "greater than 0"),
        ({"missed_match_margin": 0.0}, "greater than 0"),
        ({"backend": "postgres"}, "Input should be"),
        ({"part": []}, "at least 1 item"),
        ({"agency": []}, "at least 1 item"),
        ({"block": [{"on": []}]}, "at least 1 item"),
    ],
)
def test_linkages_that_make_no_sense(changes: dict[str, Any], why: str) -> None:
    """Thresholds that leave no grey zone, and lists that are empty, are refused."""
    with pytest.raises(ValidationError, match=why):
        linkage(**changes)


@pytest.mark.parametrize(
    "file", ["../people.csv", "a/b.csv", "/etc/people.csv", ".people.csv", "people.txt", "a\n.csv"]
)
def test_an_agencys_file_lies_in_the_folder(file: str) -> None:
    """A people file cannot lead out of the data folder, and is CSV or Parquet."""
    with pytest.raises(ValidationError, match="should match pattern"):
        Agency(name="clinic", label="Clinic", file=file, id="id", holds={"born": "dob"})


@pytest.mark.parametrize(
    "key", ["", "Surname", "surname.", ".sound", "a.b.c", "a b", "a=", "=b", "a==b", "l.a OR true"]
)
def test_keys_that_cannot_be_read(key: str) -> None:
    """A key of a block is a part, an aspect of one, or two that cross; anything else is refused."""
    with pytest.raises(ValidationError, match="a key is a part"):
        Block(on=(key,))


def test_no_side_of_a_key_is_passed_over() -> None:
    """Three sides are not two that cross: rather than forget the one in the middle, the key is refused."""
    with pytest.raises(ValidationError, match="a key is a part"):
        Block(on=("forename=nickname=surname",))


def test_what_a_block_asks() -> None:
    """A block tells, for each key, what is asked of the left and of the right record, and in which column that is."""
    block = Block(on=("surname.sound", "born", "forename = surname.sound"))
    columns = [(left.column, right.column) for left, right in block.keys]
    assert columns == [("surname__sound", "surname__sound"), ("born", "born"), ("forename", "surname__sound")]
    assert Key.read("born.year") == Key(part="born", aspect="year")


def test_the_usual_blocks() -> None:
    """
    Without blocks of its own a contract tries shared numbers, and enough of the rest.

    That is a date with a name's sound, a date with a postcode, most of a date or a postcode with both names' sounds, and
    names in each other's place.
    """
    assert [list(block.on) for block in usual_blocks(parts(*PARTS))] == [
        ["nhs_number"],
        ["born", "forename.sound"],
        ["born", "surname.sound"],
        ["born", "postcode"],
        ["born.year", "born.month", "forename.sound", "surname.sound"],
        ["born.year", "born.day", "forename.sound", "surname.sound"],
        ["born.month", "born.day", "forename.sound", "surname.sound"],
        ["postcode", "forename.sound", "surname.sound"],
        ["born", "forename.sound=surname.sound"],
    ]


@settings(derandomize=True, database=None)
@given(kinds=st.lists(st.sampled_from(sorted(ASPECTS)), min_size=1, max_size=6))
def test_usual_blocks_ask_only_what_there_is(kinds: list[Kind]) -> None:
    """Whatever the parts are, a usual block asks of a part no aspect that its kind does not have."""
    named = {f"part_{n}": kind for n, kind in enumerate(kinds)}
    asked = [key for block in usual_blocks(parts(*named.items())) for pair in block.keys for key in pair]
    assert all(key.aspect is None or key.aspect in ASPECTS[named[key.part]] for key in asked)


def test_blocks_of_its_own() -> None:
    """A contract that declares blocks tries those and no usual ones."""
    assert linkage().tried == usual_blocks(linkage().parts)
    assert linkage(block=[{"on": ["born"]}]).tried == (Block(on=("born",)),)


def test_whose_source_it_is() -> None:
    """Each source leads to the agency that sends it, each part to what is said of it."""
    found = linkage()
    assert {source: agency.name for source, agency in found.agency_of.items()} == {
        "births": "clinic",
        "visits": "clinic",
        "profile": "school",
    }
    assert found.part("born").kind == "date"
