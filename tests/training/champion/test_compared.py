"""Champion against challenger on the same children."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models.bundle import Bundle
from models.canonical import canonical
from models.errors import BadInput
from training.champion.compared import compare
from training.champion.lines import comparison_lines


@pytest.fixture(scope="module")
def comparison(champion: Bundle, challenger: Bundle, borough_extracts: Path) -> dict[str, Any]:
    """The borough's challenger beside the bundle of the year before."""
    return compare(champion, challenger, borough_extracts)


def test_the_difference_is_of_the_same_children(comparison: dict[str, Any]) -> None:
    """A difference is the challenger's figure less the champion's, and its interval is narrower than both of theirs together."""
    assert [part["landmark"] for part in comparison["compared"]] == ["one_year", "two_year"]
    for part in comparison["compared"]:
        for name, found in part["measures"].items():
            low, high = found["difference"]["low"], found["difference"]["high"]
            assert found["difference"]["value"] == pytest.approx(
                found["challenger"]["value"] - found["champion"]["value"], abs=2e-6
            )
            assert low <= found["difference"]["value"] <= high
            apart = sum(found[each]["high"] - found[each]["low"] for each in ("champion", "challenger"))
            assert high - low < apart, name


def test_no_small_count_is_told(comparison: dict[str, Any]) -> None:
    """Every count of who moves, and of who was left out, is in fives and not below ten, or not told."""
    for count in _counts(comparison):
        assert count is None or (count >= 10 and count % 5 == 0)


def _counts(comparison: dict[str, Any]) -> Iterator[int | None]:
    for part in comparison["compared"]:
        yield from part["left_out"].values()
        yield from (count for line in part["moves"]["table"] for count in line)
        groups = [part["moves"]["everyone"], *(g for of in part["moves"]["by_group"].values() for g in of.values())]
        yield from (group[way] for group in groups for way in ("earlier", "same", "later"))


def test_no_child_is_in_it(comparison: dict[str, Any], canaries: tuple[str, ...]) -> None:
    """No key, family or date of birth of a child is in a comparison."""
    written = canonical(comparison).decode()
    assert not [text for text in canaries if text in written]


def test_it_can_be_read(comparison: dict[str, Any], challenger: Bundle) -> None:
    """The lines say on whom, every measure with its interval, whether the two can be told apart, and who would move."""
    lines = list(comparison_lines(challenger.contract, comparison))
    assert any("whom neither learned from" in line for line in lines)
    assert sum("AUC" in line for line in lines) == 2
    assert any("cannot be told apart" in line for line in lines)
    assert max(map(len, lines)) <= 120


def test_a_bundle_is_not_compared_with_itself(challenger: Bundle, borough_extracts: Path) -> None:
    """One and the same bundle is refused before anything is read."""
    with pytest.raises(BadInput, match="one and the same bundle"):
        compare(challenger, challenger, borough_extracts / "not there")


def test_of_too_few_nothing_is_said(comparison: dict[str, Any], challenger: Bundle) -> None:
    """Where too few are left, that is what the lines say."""
    part = {**comparison["compared"][0], "measures": None, "n": None, "events": None}
    lines = list(comparison_lines(challenger.contract, {**comparison, "compared": [part]}))
    assert any("nothing can be said" in line for line in lines)


def test_a_champion_that_is_the_newer_one(champion: Bundle, challenger: Bundle, borough_extracts: Path) -> None:
    """Where the champion was made of every child that the challenger is judged by, that is said, as of any bad input."""
    with pytest.raises(BadInput, match="nobody is left whom neither bundle learned from"):
        compare(challenger, champion, borough_extracts)
