"""What is told of an audit, line by line."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from fairness.audited import LISTED, STANDING, VERDICTS, HeadAudit
from fairness.disclosure.told import Told, told
from fairness.policy.policy import Policy
from fairness.scored import NOT_RECORDED

Invented = tuple[list[HeadAudit], Policy, dict[tuple[str, str], dict[str, str]]]
Line = dict[str, Any]


@pytest.fixture(scope="module")
def exact(invented: Callable[..., Invented]) -> Invented:
    """An invented audit."""
    return invented(1)


@pytest.fixture(scope="module")
def said(exact: Invented) -> Told:
    """What is told of it."""
    heads, policy, within = exact
    return told(heads, policy, {"side": "Side of town", "sex": "Sex"}, within)


def _groups(audit: Line, kind: str = "attribute") -> Iterator[tuple[Line, Line]]:
    for attribute in audit["attributes"]:
        if attribute["kind"] == kind:
            for line in attribute["groups"]:
                yield attribute, line


def test_form(said: Told) -> None:
    """At each list a line for everyone and for each group, with eight numbers of each measure; the verdicts are places."""
    assert [len(audits) for audits in said.audits] == [1] * 5
    audit = said.audits[2][0]
    assert {name: audit[name] for name in ("landmark", "outcome")} == {"landmark": "then", "outcome": "later"}
    assert [(a["attribute"], a["kind"], a["label"]) for a in audit["attributes"]] == [
        ("side", "attribute", "Side of town"),
        ("side", "pooled", "Side of town"),
        ("wide", "attribute", "wide"),
        ("sex", "attribute", "Sex"),
        ("sex × wide", "intersection", "Sex × wide"),
    ]
    for _, line in _groups(audit):
        assert set(line["figures"]) in ({*LISTED}, set())
        assert all(len(figure) == 8 for figure in line["figures"].values())
        assert all(figure[7] is None or 0 <= figure[7] < len(VERDICTS) for figure in line["figures"].values())
    for _, line in _groups(said.foresight[0]):
        assert set(line["figures"]) in ({*STANDING}, set())
    overall = audit["overall"]
    assert (overall["n"], overall["figures"]["recall"][3:]) == (490, [None] * 5)


def test_small_groups(said: Told) -> None:
    """A group of one to nine has no figure and is counted with the largest; one of nobody is 0; every declared one is there."""
    for (audit,) in said.audits:
        lines = {line["group"]: line for attribute, line in _groups(audit) if attribute["attribute"] == "side"}
        assert audit["attributes"][0]["hidden_in"] == "A"
        for group in ("G", "H", NOT_RECORDED):
            assert lines[group]["n"] is lines[group]["events"] is lines[group]["found"] is None
            assert (lines[group]["figures"], lines[group]["small"]) == ({}, True)
        assert (lines["none"]["n"], lines["none"]["figures"], lines["none"]["small"]) == (0, {}, True)
        assert (lines["A"]["n"], lines["A"]["small"]) == (315, False)
        assert (lines["F"]["n"], lines["F"]["small"], lines["F"]["protected"]) == (10, True, False)
        assert lines["B"]["protected"]


def test_pools_and_whom_nobody_can_judge(exact: Invented, said: Told) -> None:
    """A group too small to be judged names the pool it is judged in; one beyond the margin all the same is said to be."""
    (head,), policy, _ = exact
    side = head.grouped[0]
    for at, (audit,) in enumerate(said.audits):
        for (attribute, line), _ in zip(_groups(audit), range(len(side.groups)), strict=False):
            place = side.groups.index(line["group"])
            few = side.n[place] < 100 or side.events[place] < 10
            assert line["pool"] == (policy.of("side").pool_of(line["group"]) if few else None)
            gap_high = side.figures["recall"].gap_high[place, at]
            # Of exact counts, so only where the figure beside it is told, and no count comes out.
            assert not line["beyond"] or (
                few and gap_high < -policy.margins.recall and line["figures"]["recall"][3] is not None
            )
            assert attribute["attribute"] == "side"


def test_reach(said: Told) -> None:
    """The primary measure was asked of every group there is or was declared, and answered of those with enough children."""
    for (audit,) in said.audits:
        reach = audit["reach"]
        # Of a side nobody was not recorded in, nothing was asked.
        assert (reach["measure"], reach["groups"]) == ("recall", 9 + 1 + 3 + 1 + 2)
        assert 0 <= reach["narrow"] <= reach["judged"] <= 5
    assert said.audits[2][0]["reach"]["judged"] >= 4


def test_what_is_not_told_has_no_figure(said: Told) -> None:
    """Where a count is withheld, or its denominator is told as under ten, no share of it is told."""
    of = {"selection_rate": "n", "recall": "events", "ppv": "flagged"}
    empty = 0
    for (audit,) in said.audits:
        for _, line in [*_groups(audit), *_groups(audit, "intersection"), *_groups(audit, "pooled")]:
            for measure, whole in of.items():
                if line["figures"] and (line[whole] is None or line[whole] < 10):
                    assert line["figures"][measure][:7] == [None] * 7
                    empty += 1
    assert empty > 10


def test_second_interval(said: Told) -> None:
    """With the threshold drawn again there is an interval about the same value, where there is a value and enough families."""
    drawn = 0
    for (audit,) in said.audits:
        for _, line in _groups(audit):
            if line["figures"] and line["figures"]["recall"][0] is not None:
                value, _, _, gap, *_ = line["figures"]["recall"]
                # None of fewer than ten found, or ten missed.
                if line["again"] is not None:
                    low, high, gap_low, gap_high = line["again"]
                    drawn += low is not None
                    assert low is None or low <= value <= high
                    assert gap_low is None or gap_low <= gap <= gap_high
            else:
                assert line["again"] is None
    assert drawn > 10


def test_as_wide_where_children_were_judged_several_times(invented: Callable[..., Invented]) -> None:
    """Four rows of a child are worth about one: told intervals are as wide as exact ones, within what rounding makes of counts."""
    (head,), policy, within = invented(1, 4)
    ratios = []
    for at, (audit,) in enumerate(told([head], policy, {}, within).audits):
        for grouped, attribute in zip(head.grouped, audit["attributes"], strict=True):
            for place, line in enumerate(attribute["groups"]):
                if (line["found"] or 0) < 15 or line["group"] == attribute["hidden_in"]:
                    continue
                for measure in ("selection_rate", "recall"):
                    # Of fewer the nearest five is too far off to compare by.
                    exact, value = grouped.figures[measure], line["figures"][measure]
                    if value[1] is not None and not exact.bootstrap[place, at]:
                        width = exact.high[place, at] - exact.low[place, at]
                        ratios.append((value[2] - value[1]) / width)
    assert len(ratios) > 15
    assert 0.95 < float(np.median(ratios)) < 1.05
    assert 0.8 < min(ratios) <= max(ratios) < 1.25


def test_verdicts(exact: Invented, said: Told) -> None:
    """A verdict is the exact one or is not told, and most are; of a hidden group nothing is said to lie beyond the margin."""
    (head,), _, _ = exact
    verdicts = []
    for at, (audit,) in enumerate(said.audits):
        for grouped, attribute in zip(head.grouped, audit["attributes"], strict=True):
            for place, line in enumerate(attribute["groups"]):
                assert line["figures"] or not line["beyond"]
                verdicts += [
                    (line["figures"][measure][7], grouped.figures[measure].verdict[place, at])
                    for measure in ("recall", "ppv", "fpr", "false_omission")
                    if line["figures"]
                ]
    assert all(given in {None, true} for given, true in verdicts)
    assert 0 < sum(given is None for given, _ in verdicts) < len(verdicts) / 4


def test_close_to_what_is(exact: Invented, said: Told) -> None:
    """What is told of a group of a hundred lies within a few children of what is, and as wide."""
    (head,), _, _ = exact
    for at, (audit,) in enumerate(said.audits):
        for grouped, attribute in zip(head.grouped, audit["attributes"], strict=True):
            for place, line in enumerate(attribute["groups"]):
                if line["group"] == attribute["hidden_in"] or not line["n"] or line["n"] < 100:
                    continue
                exactly, value = grouped.figures["recall"], line["figures"]["recall"]
                if value[0] is not None:
                    children = abs(value[0] - exactly.value[place, at]) * grouped.events[place]
                    assert children < 12
                    width = exactly.high[place, at] - exactly.low[place, at]
                    assert value[2] - value[1] == pytest.approx(width, abs=0.08)


def test_foresight(exact: Invented, said: Told) -> None:
    """AUC and slope are the exact ones to two places where there are enough of either kind, and nothing else is told of few."""
    (head,), _, _ = exact
    told_some = 0
    for grouped, attribute in zip(head.grouped, said.foresight[0]["attributes"], strict=True):
        for place, line in enumerate(attribute["groups"]):
            few = line["n"] is None or line["n"] == 0 or line["events"] is None
            if few or line["events"] <= 10 or line["n"] - line["events"] <= 10:
                assert all(value[:7] == [None] * 7 for value in line["figures"].values())
                assert line["curve"] is None
            else:
                assert line["figures"]["auc"][0] == round(float(grouped.figures["auc"].value[place, 0]), 2)
                told_some += 1
    assert told_some > 5


def test_curves(said: Told) -> None:
    """A curve's bins hold fifty children or more, and together everyone of the group; shares lie within their intervals."""
    points = said.foresight[0]["overall"]["curve"]
    assert len(points) >= 5
    assert abs(sum(point[1] for point in points) - 491) <= 2.5 * len(points)
    for foreseen, n, happened, low, high in points:
        assert n >= 50
        assert low <= happened <= high
        assert 0 < foreseen < 1
    assert np.all(np.diff([point[0] for point in points]) > 0)
