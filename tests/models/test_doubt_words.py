"""The words for what makes an answer less sure."""

from pathlib import Path

import pytest

from models.contract import Contract
from models.contract_reading import load_contract
from models.doubt_words import link_words, not_known_words, reliability_words
from models.links import LinkDoubt
from models.reliability import Code, Ground, Reliability

BOROUGH = Path(__file__).parents[1] / "contracts/borough.toml"


@pytest.fixture(scope="module")
def borough() -> Contract:
    """A contract with several agencies."""
    return load_contract(BOROUGH)[0]


@pytest.mark.parametrize(
    ("without", "then"),
    [
        (0, "the band would be an earlier one"),
        (2, "the band would be the same"),
        (3, "the band would be a later one"),
        (None, "there would be no score"),
    ],
)
def test_link(borough: Contract, without: int | None, then: str) -> None:
    """The weakest link is told by its agencies, each once, with what would be without it, and how often such are right."""
    sources = tuple(borough.source(name) for name in ("births", "hub"))
    link = LinkDoubt(0.9999, sources, (None, without))
    assert link_words(link, 1, 2) == (
        "The least certain link is to the records of Maternity and Family hub (of 100 such links, about 99 are right). "
        f"Without it {then}."
    )


def test_good() -> None:
    """A score with no ground against it is said to have none that was found."""
    assert reliability_words(Reliability("good", ())) == (
        "Nothing found makes this score less reliable than others here.",
    )


@pytest.mark.parametrize(
    ("code", "part"),
    [
        ("source-not-known", "could move the child to another band: A and B."),
        ("nothing-learned-of-not-known", "of every child learned from: A and B."),
        ("outside-range-seen", "Outside what was seen of the children learned from: A and B."),
        ("link-not-certain", "may be of another child, and without them the band would be another: A and B."),
    ],
)
def test_grounds(code: Code, part: str) -> None:
    """Every ground is told in a sentence that names what it is about, after the level."""
    level, sentence = reliability_words(Reliability("limited", (Ground(code, ("A", "B")),)))
    assert level == "This score is less reliable than most here."
    assert sentence.endswith(part)


def test_poor() -> None:
    """A poor score says so, and that little is known where that is why."""
    assert reliability_words(Reliability("poor", (Ground("little-known", ()),))) == (
        "This score is far less reliable than most here.",
        "Less than half of what is asked is known.",
    )


def test_not_known() -> None:
    """How much is not known is told as a count of what is asked."""
    assert not_known_words(40, 3) == "Not known: 3 of the 40 things asked."
