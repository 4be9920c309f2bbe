"""What may be told of an audit: nothing told, alone or beside the same table at another capacity, is of single children."""

import itertools
from collections import defaultdict
from typing import Any

import numpy as np
import pandas as pd
import pytest

from fairness.audit import COUNTS, MINIMUM_CELL, RATES, Audit, audits
from fairness.protected import hiding, protected
from fairness.scored import NOT_RECORDED
from models.small_numbers import nearest

AT = (0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5)
SIZES = {"A": 800, "B": 180, "C": 60, "D": 23, "E": 14, "F": 10, "G": 9, NOT_RECORDED: 1}
FIGURES = ("events", *RATES)
Told = tuple[tuple[int | None, ...], int]


def _exact(seed: int = 1, repeats: int = 2) -> list[Audit]:
    """Return the exact audits of a table as of a borough: one attribute with groups of every size, one with two large."""
    chance = np.random.default_rng(seed)
    side = np.repeat(list(SIZES), list(SIZES.values()))
    p = chance.beta(2, 4, len(side))
    observed = (chance.random(len(side)) < p).astype(int)
    parts, places = [], []
    for repeat in range(repeats):
        probability = np.clip(p + chance.normal(0, 0.05, len(p)), 0, 1)
        places.append(np.searchsorted(AT, pd.Series(-probability).rank(pct=True).to_numpy()))
        groups = {"audit_side": side, "audit_other": np.where(np.arange(len(p)) % 2, "X", "Y")}
        parts.append(pd.DataFrame(groups | {"observed": observed, "probability": probability, "repeat": repeat}))
    table = pd.concat(parts, ignore_index=True).assign(landmark="then", outcome="later")
    return audits(table, np.concatenate(places), {"side": ["none"], "other": []}, AT, small_group=100)


def _lines(audit: Audit) -> dict[str, dict[str, Any]]:
    """Return every line of an audit's one table by attribute and group, the overall one too."""
    (table,) = audit["audits"]
    lines = {f"{a['attribute']} {line['group']}": line for a in table["attributes"] for line in a["groups"]}
    return lines | {"overall": table["overall"]}


def _one(counts: dict[str, float]) -> dict[str, Any]:
    """Return what is told of a whole with these counts."""
    given = {"small_group": 100, "audits": [{"overall": counts, "attributes": []}]}
    overall: dict[str, Any] = protected(given)["audits"][0]["overall"]
    return overall


def test_by_hand() -> None:
    """Counts are to the nearest five, halves up, and rates are of those counts."""
    assert _one({"n": 203, "events": 61, "foreseen": 55.4, "flagged": 42.5, "found": 21.0}) == {
        "n": 205,
        "events": 60,
        "selection_rate": 0.22,
        "recall": 0.333,
        "fpr": 0.172,
        "ppv": 0.444,
        "calibration_gap": 0.02,
        "small": False,
    }


def test_what_it_says_of_itself() -> None:
    """Besides what the exact audit says it names the smallest cell, the rounding, and where hidden children are counted."""
    told = protected(_exact()[3])
    said = {"format": 1, "capacity": 0.1, "small_group": 100, "minimum_cell": MINIMUM_CELL, "rounded_to": 5}
    assert {name: value for name, value in told.items() if name != "audits"} == said
    assert [a["hidden_in"] for a in told["audits"][0]["attributes"]] == ["A", None]


def test_nothing_told_depends_on_more_than_rounded_counts() -> None:
    """Whatever the counts within one rounding, the same is told: rates, what is left out of them, and what is small."""
    for exact in _exact():
        for line in _lines(exact).values():
            if line["n"] >= MINIMUM_CELL:
                counts: dict[str, float] = {name: line[name] for name in COUNTS}
                assert _one(counts) == _one({name: nearest(count) for name, count in counts.items()})
    seen: defaultdict[tuple[int, ...], set[str]] = defaultdict(set)
    for n, events, flagged, found in itertools.product(range(10, 24), range(14), range(14), range(14)):
        if found <= min(events, flagged) and events + flagged - found <= n:
            told = _one({"n": n, "events": events, "foreseen": 5, "flagged": flagged, "found": found})
            seen[nearest(n), nearest(events), nearest(flagged), nearest(found)].add(str(told))
    assert len(seen) > 10
    assert {len(told) for told in seen.values()} == {1}


@pytest.mark.parametrize("seed", range(3))
def test_neighbouring_capacities(seed: int) -> None:
    """Between any two capacities no group gains children, or children with the outcome, but in fives."""
    told = [_lines(protected(exact)) for exact in _exact(seed)]
    exact = [_lines(one) for one in _exact(seed)]
    gained: list[float] = []
    for before, after in itertools.pairwise(range(len(AT))):
        for group in told[0]:
            first, second = told[before][group], told[after][group]
            for rate, whole in (("selection_rate", "n"), ("recall", "events")):
                if first[rate] is not None:
                    # A rate to three places is within half a thousandth of its whole.
                    apart = second[rate] * second[whole] - first[rate] * first[whole]
                    assert abs(apart - nearest(apart)) <= 0.001 * first[whole] + 1e-9
                    gained.append(exact[after][group]["flagged"] - exact[before][group]["flagged"])
    assert any(gain % 5 for gain in gained)


def test_a_small_group_has_no_figure() -> None:
    """At every capacity a group of one to nine has no figure, one of nobody is 0, and from ten on there are counts."""
    for exact in _exact():
        lines = _lines(protected(exact))
        for group in ("G", NOT_RECORDED):
            assert lines[f"side {group}"] == {"group": group, "n": None, **dict.fromkeys(FIGURES), "small": True}
        assert lines["side none"] == {"group": "none", "n": 0, **dict.fromkeys(FIGURES), "small": True}
        assert (lines["side F"]["n"], lines["side F"]["small"]) == (10, True)
        assert lines["side F"]["selection_rate"] is not None


def test_hidden_children_are_counted_with_the_largest_group() -> None:
    """The largest group's line is that of its own children and the hidden ones; every other group's is its own."""
    for exact in _exact():
        before, after = _lines(exact), _lines(protected(exact))
        together = {name: sum(before[f"side {g}"][name] for g in ("A", "G", NOT_RECORDED)) for name in COUNTS}
        assert after["side A"] == {"group": "A", **_one(together)}
        for group in "BCDEF":
            assert after[f"side {group}"] == {"group": group, **_one(before[f"side {group}"])}


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({"events": 12, "flagged": 50, "found": 12}, {"recall": None, "ppv": 0.2}),
        ({"events": 13, "flagged": 50, "found": 13}, {"recall": 1.0, "ppv": 0.3}),
        ({"events": 40, "flagged": 12, "found": 8}, {"recall": 0.25, "ppv": None}),
        ({"events": 40, "flagged": 13, "found": 8}, {"recall": 0.25, "ppv": 0.667}),
        ({"events": 88, "flagged": 50, "found": 45}, {"fpr": None, "ppv": 0.9}),
        ({"events": 82, "flagged": 50, "found": 45}, {"fpr": 0.25, "ppv": 0.9}),
    ],
)
def test_rates_of_few(counts: dict[str, float], told: dict[str, float | None]) -> None:
    """A rate is told only where its own denominator, to the nearest five, is above the smallest cell."""
    line = _one({"n": 100, "foreseen": 30, **counts})
    assert {name: line[name] for name in told} == told


def test_no_rate_above_one() -> None:
    """Where rounding would flag more without the outcome than there are, the rate is 1."""
    line = _one({"n": 32, "events": 13, "foreseen": 13, "flagged": 23, "found": 7.4})
    assert (line["n"], line["events"], line["fpr"]) == (30, 15, 1.0)


@pytest.mark.parametrize(
    ("sizes", "hidden", "place"),
    [
        ([30, 20], [], None),
        ([30, 0], [], None),
        ([30, 3, 40], [1], 2),
        ([40, 3, 40, 1], [1, 3], 0),
        ([10, 0, 10, 1], [0, 2, 3], None),
        ([17, 3], [1], 0),
        ([16, 3], [0, 1], None),
        ([9, 0], [0], None),
        ([9, 9, 9], [0, 1, 2], None),
    ],
)
def test_hiding(sizes: list[int], hidden: list[int], place: int | None) -> None:
    """Those of one to nine are hidden in the largest; where that is itself hardly any children, all are hidden in none."""
    found, into = hiding(sizes)
    assert [i for i, is_hidden in enumerate(found) if is_hidden] == hidden
    assert into == place


@pytest.mark.parametrize(("parts", "top"), [(2, 60), (3, 36)])
def test_what_is_hidden_cannot_be_worked_out(parts: int, top: int) -> None:
    """Of every small table, all that is told and the exact whole too leave a hidden group five sizes that it could be."""
    could_be: defaultdict[tuple[Told, int], set[int]] = defaultdict(set)
    for sizes in itertools.product(range(top), repeat=parts):
        # Of fewer than ten in all nothing is told; a table larger than all those tried could be another of that whole.
        if MINIMUM_CELL <= sum(sizes) < top:
            told = tuple(line["n"] for line in _sizes_told(sizes)), sum(sizes)
            for part in range(parts):
                if told[0][part] is None:
                    could_be[told, part].add(sizes[part])
    assert len(could_be) > 50
    assert min(map(len, could_be.values())) >= 5


def _sizes_told(sizes: tuple[int, ...]) -> list[dict[str, Any]]:
    groups = [{"group": str(i), **dict.fromkeys(COUNTS, 0), "n": size} for i, size in enumerate(sizes)]
    whole = {**dict.fromkeys(COUNTS, 0), "n": sum(sizes)}
    table = {"overall": whole, "attributes": [{"attribute": "side", "groups": groups}]}
    lines: list[dict[str, Any]] = protected({"small_group": 100, "audits": [table]})["audits"][0]["attributes"][0][
        "groups"
    ]
    return lines
