"""The audit of missed matches: figures by hand, every group listed, small ones hidden, gaps judged together."""

import json
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from fairness.intervals import Z95, compare_groups, wilson
from fairness.missed_matches import FLOOR, MARGIN, finding_of, missed_matches, precision_of
from fairness.scored import NOT_RECORDED
from models.canonical import canonical
from models.small_numbers import FEWEST

Flags = NDArray[np.bool_]
Names = NDArray[np.str_]
Line = dict[str, Any]


def _pairs(*groups: tuple[str, int, int, int]) -> tuple[Flags, Names, dict[str, Names]]:
    """Return true pairs of groups: name, families, pairs of each, and how many families missed their first."""
    linked, family, side = [], [], []
    for name, families, size, missing in groups:
        linked += [not (first == 0 and number < missing) for number in range(families) for first in range(size)]
        family += [f"{name} {number}" for number in range(families) for _ in range(size)]
        side += [name] * (families * size)
    return np.array(linked, dtype=np.bool_), np.array(family, dtype=np.str_), {"side": np.array(side, dtype=np.str_)}


def _lines(audited: dict[str, Any], which: int = 0) -> dict[str, Line]:
    return {line["group"]: line for line in audited["attributes"][which]["groups"]}


def _audited(*groups: tuple[str, int, int, int], declared: tuple[str, ...] = ()) -> dict[str, Line]:
    return _lines(missed_matches(*_pairs(*groups), {"side": declared}))


def test_by_hand() -> None:
    """Pairs, families, recall and gap are what anyone can count."""
    audited = missed_matches(*_pairs(("A", 40, 5, 20), ("B", 60, 5, 3)), {"side": ["A", "B"]})
    overall, found = audited["overall"], _lines(audited)
    assert (overall["pairs"], overall["families"], overall["recall"]["value"]) == (500, 100, round(477 / 500, 6))
    assert (found["A"]["pairs"], found["A"]["families"], found["A"]["recall"]["value"]) == (200, 40, 0.9)
    assert (found["B"]["pairs"], found["B"]["families"], found["B"]["recall"]["value"]) == (300, 60, 0.99)
    assert found["A"]["gap"]["value"] == -found["B"]["gap"]["value"] == -0.09
    for figure in (overall["recall"], found["A"]["recall"], found["A"]["gap"], found["B"]["gap"]):
        assert figure["low"] < figure["value"] < figure["high"]
    assert found["A"]["gap"]["method"] == found["B"]["gap"]["method"] == "Newcombe-Wilson"
    assert found["A"]["gap"]["smallest_gap_seen"] == found["B"]["gap"]["smallest_gap_seen"]


def test_what_an_audit_says_of_itself() -> None:
    """An audit names its measure, margin, floor, resamples and the smallest cell it shows."""
    audited = missed_matches(*_pairs(("A", 20, 5, 0)), {"side": []}, margin=0.02)
    assert {name: value for name, value in audited.items() if name not in {"overall", "attributes"}} == {
        "format": 1,
        "measure": "recall",
        "margin": 0.02,
        "minimum_cell": FEWEST,
        "floor": {"pairs": 100, "families": 10},
        "resamples": 1000,
    }


def test_each_verdict_can_be_reached() -> None:
    """Large groups alike are within the margin, a wide gap is larger than agreed, a lesser one is to be watched."""
    alike = _audited(("A", 500, 10, 50), ("B", 500, 10, 60))
    assert {alike[group]["verdict"] for group in "AB"} == {"within margin"}
    apart = _audited(("A", 200, 5, 100), ("B", 500, 5, 20))
    assert {apart[group]["verdict"] for group in "AB"} == {"gap larger than agreed"}
    watched = _audited(("A", 60, 5, 15), ("B", 500, 5, 20))
    assert {watched[group]["verdict"] for group in "AB"} == {"possible gap, keep watching"}
    unknown = _audited(("A", 30, 5, 2), ("B", 500, 5, 20))
    assert {unknown[group]["verdict"] for group in "AB"} == {"not enough data to tell"}


def test_the_margin_is_the_policy_s() -> None:
    """One gap is larger than agreed at one margin and within another."""
    pairs = _pairs(("A", 200, 5, 100), ("B", 500, 5, 20))
    verdicts = [_lines(missed_matches(*pairs, {"side": []}, margin))["A"]["verdict"] for margin in (MARGIN, 0.2)]
    assert verdicts == ["gap larger than agreed", "within margin"]


def test_all_attributes_are_judged_together() -> None:
    """A gap that stands alone may not stand among many attributes that show none."""
    linked, family, groups = _pairs(("A", 60, 5, 24), ("B", 500, 5, 40))
    alone = missed_matches(linked, family, groups, {"side": []})
    chance = np.random.default_rng(1)
    more = {f"other {i}": chance.choice(["C", "D"], len(linked)) for i in range(10)}
    among = missed_matches(linked, family, groups | more, {name: [] for name in groups | more})
    assert _lines(alone)["A"]["verdict"] == "gap larger than agreed"
    assert _lines(among)["A"]["verdict"] == "possible gap, keep watching"
    assert _lines(among)["A"]["gap"] == _lines(alone)["A"]["gap"]


def test_no_group_is_left_out() -> None:
    """A group declared without a pair is listed, one that nobody declared too, and *not recorded* comes last."""
    found = _audited((NOT_RECORDED, 30, 5, 3), ("A", 30, 5, 3), ("B", 30, 5, 3), declared=(NOT_RECORDED, "C", "B"))
    assert list(found) == ["C", "B", "A", NOT_RECORDED]
    assert found[NOT_RECORDED]["recall"]["value"] == 0.98
    assert found["C"] == {
        "group": "C",
        "pairs": 0,
        "families": 0,
        "recall": None,
        "gap": None,
        "verdict": "not enough data to tell",
    }


@pytest.mark.parametrize("families", [1, FEWEST - 1, FEWEST])
def test_under_the_smallest_cell(families: int) -> None:
    """However many its pairs, a group of few families shows neither its size nor a rate; nor is its rest shown by its gap."""
    found = _audited(("few", families, 50, families), ("many", 200, 5, 30))
    hidden = families < FEWEST
    size = (found["few"]["pairs"], found["few"]["families"])
    assert size == ((None, None) if hidden else (families * 50, families))
    assert [found["few"][name] is None for name in ("recall", "gap")] == [hidden, hidden]
    assert [found["many"][name] is None for name in ("recall", "gap")] == [False, hidden]
    if hidden:
        assert {line["verdict"] for line in found.values()} == {"not enough data to tell"}


def test_a_hundred_pairs_are_the_floor() -> None:
    """Under a hundred pairs the gap is shown and no verdict reached, however wide it is."""
    under, at = (_audited(("A", pairs, 1, pairs), ("B", 500, 5, 5))["A"] for pairs in (99, 100))
    assert under["gap"] is not None
    assert (under["verdict"], at["verdict"]) == ("not enough data to tell", "gap larger than agreed")


def test_pairs_of_a_family_are_not_independent() -> None:
    """Misses that come by whole families give a wider interval than as many that come one by one."""
    together = missed_matches(*_whole_families(), {"side": []})
    apart = missed_matches(*_pairs(("A", 400, 5, 100), ("B", 400, 5, 100)), {"side": []})
    assert together["overall"]["recall"]["value"] == apart["overall"]["recall"]["value"]
    assert _width(together["overall"]["recall"]) > 2 * _width(apart["overall"]["recall"])
    assert _width(_lines(together)["A"]["gap"]) > 2 * _width(_lines(apart)["A"]["gap"])


def _whole_families() -> tuple[Flags, Names, dict[str, Names]]:
    _, family, groups = _pairs(("A", 400, 5, 100), ("B", 400, 5, 100))
    return np.tile(np.repeat([False, True], [100, 1900]), 2), family, groups


def _width(figure: dict[str, float]) -> float:
    return figure["high"] - figure["low"]


def test_no_order_and_no_name_matters() -> None:
    """Pairs in another order, and families of other names, are audited to the same bytes."""
    linked, family, groups = _pairs(("A", 60, 5, 20), ("B", 200, 4, 30))
    order = np.random.default_rng(3).permutation(len(linked))
    renamed = np.array(
        [f"{hash_of % 9973:05d} {hash_of}" for hash_of in np.unique(family, return_inverse=True)[1] * 7919]
    )
    once = missed_matches(linked, family, groups, {"side": ["A"]})
    again = missed_matches(linked[order], renamed[order], {"side": groups["side"][order]}, {"side": ["A"]})
    assert canonical(once) == canonical(again)


def test_it_is_json() -> None:
    """What is written is what was found: plain numbers of at most six places, words and none."""
    audited = missed_matches(*_pairs(("A", 60, 5, 20), ("B", 200, 4, 30), ("few", 2, 3, 1)), {"side": ["C"]})
    assert json.loads(canonical(audited)) == audited
    recall = audited["overall"]["recall"]
    assert all(number == round(number, 6) for number in recall.values())


def test_no_pairs() -> None:
    """Without a pair there is nothing to tell, and every declared group is still listed."""
    found = missed_matches(*_pairs(), {"side": ["A"]})
    assert found["overall"] == {"pairs": 0, "families": 0, "recall": None}
    assert list(_lines(found)) == ["A", NOT_RECORDED]
    assert {line["verdict"] for line in _lines(found).values()} == {"not enough data to tell"}


def test_what_a_finding_rests_on() -> None:
    """A comparison is judged by its pairs and, since those of a family are not independent, by its families."""
    (first, _) = compare_groups(np.array([[30, 0], [20, 5], [0, 60]]), np.array([[30, 0], [19, 5], [0, 55]]))
    finding = finding_of(first)
    assert (finding.group.n, finding.group.denominator) == (50, 2)
    assert (finding.rest.n, finding.rest.denominator) == (65, 2)
    assert FLOOR.denominator == FEWEST


def test_precision_by_agency_pair() -> None:
    """Precision is of all linked pairs first, then by agency pair; too few linked pairs show none."""
    counts = {("births", "schools"): (200, 198), ("births", "hub"): (5, 5), ("hub", "schools"): (0, 0)}
    overall, schools, hub, none = precision_of(counts)
    assert (overall["agencies"], overall["linked"]) == (None, 205)
    assert overall["precision"]["value"] == round(203 / 205, 6)
    low, high = wilson(0.99, 200, Z95)
    assert schools == {
        "agencies": ["births", "schools"],
        "linked": 200,
        "precision": {"value": 0.99, "low": round(low, 6), "high": round(high, 6)},
    }
    assert hub == {"agencies": ["births", "hub"], "linked": 5, "precision": None}
    assert none == {"agencies": ["hub", "schools"], "linked": 0, "precision": None}
