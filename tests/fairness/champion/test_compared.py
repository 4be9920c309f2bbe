"""Champion against challenger as the pack tells it: every group listed, small ones by name only, new gaps counted."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from fairness.champion.compared import compared
from fairness.policy.policy import Policy
from models.canonical import canonical

Tables = tuple[pd.DataFrame, pd.DataFrame]
GROUPS = {"side": ["North", "East"], "size": []}


@pytest.fixture(scope="module")
def found(invented: Callable[[float], Tables]) -> dict[str, Any]:
    """The challenger that foresees less of the south."""
    champion, challenger = invented(1.2)
    return compared(challenger, champion, GROUPS, Policy(), 0.2)


def test_every_group(found: dict[str, Any]) -> None:
    """A group that was declared and has nobody is there, and so are those found; one of four is counted with the largest."""
    (head,) = found["compared"]
    side, size = head["attributes"]
    assert [line["group"] for line in side["groups"]] == ["North", "East", "South", "not recorded"]
    assert [line["n"] for line in side["groups"]] == [1150, 0, 1150, 0]
    few, many, _ = size["groups"]
    assert (few["n"], few["figures"], few["moves"], few["says"]) == (None, {}, None, None)
    assert (size["hidden_in"], many["n"]) == ("Many", 2300)


def test_a_new_gap_is_found(found: dict[str, Any]) -> None:
    """The south loses places on the list, and that is counted as a new gap; everyone together has none."""
    (head,) = found["compared"]
    north, _, south, _ = head["attributes"][0]["groups"]
    assert (found["says"][south["says"]], found["says"][north["says"]]) == ("new gap", "no new gap")
    assert found["new_gaps"] == 1
    assert south["moves"]["off"] > 50
    assert south["moves"]["on"] is None
    assert south["gap"][2] < -0.1
    assert (head["overall"]["gap"], head["only_champion"], head["only_challenger"]) == (None, 100, None)


def test_same_table_same_bytes(found: dict[str, Any], invented: Callable[[float], Tables]) -> None:
    """The order of the rows changes nothing."""
    champion, challenger = (table.sample(frac=1, random_state=4) for table in invented(1.2))
    assert canonical(compared(challenger, champion, GROUPS, Policy(), 0.2)) == canonical(found)
