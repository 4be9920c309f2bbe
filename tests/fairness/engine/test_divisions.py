"""How children are divided: attributes, pools and two attributes together, none left out."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from fairness.engine.divisions import MOST_COMBINATIONS, NOBODY, Division, divisions
from fairness.policy.policy import AttributePolicy, Intersection, Policy
from fairness.scored import NOT_RECORDED, audit_column

Invented = Callable[..., pd.DataFrame]
POLICY = Policy(
    attribute=(
        AttributePolicy(name="side", protects=("A",)),
        AttributePolicy(name="place", protects=("south",), pools={"far": ("north", "south"), "west": ("west",)}),
    ),
    intersection=(Intersection(attributes=("side", "place")),),
)


def _divided(scored: pd.DataFrame, policy: Policy = POLICY) -> dict[tuple[str, str], Division]:
    declared = {"side": ["A", "B"], "place": ["north", "south"]}
    return {(each.name, each.kind): each for each in divisions(scored, declared, policy)}


def test_pools(invented: Invented) -> None:
    """Groups of a pool are one; a group in no pool is in none; a pool is protected where it stands for a protected group."""
    scored = invented(1, 100, 80)
    found = _divided(scored)
    assert list(found) == [
        ("side", "attribute"),
        ("place", "attribute"),
        ("place", "pooled"),
        ("side × place", "intersection"),
    ]
    pooled = found["place", "pooled"]
    assert (pooled.groups, pooled.protected) == (("far", "west"), (True, False))
    expected = scored["audit_place"].map({"north": 0, "south": 0, "west": 1, "east": NOBODY})
    np.testing.assert_array_equal(pooled.number, expected)
    assert found["side", "attribute"].protected == (True, False, False)
    assert found["place", "attribute"].protected == (False, True, False, False, False)


def test_two_together(invented: Invented) -> None:
    """Every declared combination is listed, and every other that a child is in."""
    scored = invented(1, 100, 80)
    crossed = _divided(scored)["side × place", "intersection"]
    assert set(crossed.groups) == {f"{a}, {b}" for a in "AB" for b in ("north", "south", "east", "west")}
    assert not any(crossed.protected)
    named = np.array(crossed.groups)[crossed.number]
    assert (named == scored["audit_side"] + ", " + scored["audit_place"]).all()


def test_too_many_combinations(invented: Invented) -> None:
    """Of more than sixty combinations only those that a child is in are listed."""
    declared = {"side": [f"s{k}" for k in range(9)], "place": [f"p{k}" for k in range(9)]}
    crossed = divisions(invented(1, 100, 80), declared, POLICY)[-1]
    assert len(crossed.groups) == 6
    assert len(declared["side"]) * len(declared["place"]) > MOST_COMBINATIONS


def test_not_recorded_is_a_group(invented: Invented) -> None:
    """Children whose group is not recorded are the last group, wherever it was declared."""
    scored = invented(1, 20, 20).assign(**{audit_column("side"): NOT_RECORDED})
    (side,) = divisions(scored, {"side": [NOT_RECORDED, "A"]}, Policy())
    assert side.groups == ("A", NOT_RECORDED)
    assert (side.number == 1).all()


def test_a_protected_group_has_a_line() -> None:
    """A group that the policy protects is listed where nobody is in it and nobody declares it."""
    policy = Policy(attribute=(AttributePolicy(name="side", protects=("Nowhere", NOT_RECORDED)),))
    (side,) = divisions(pd.DataFrame({"audit_side": ["A", "B"]}), {"side": []}, policy)
    assert side.groups == ("A", "B", "Nowhere", NOT_RECORDED)
    assert side.protected == (False, False, True, True)
