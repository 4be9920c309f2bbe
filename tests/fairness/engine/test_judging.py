"""Verdicts of many groups: each on its own denominator, the protected and all others apart."""

import numpy as np
import pandas as pd
import pytest

from fairness.audited import VERDICTS, Grouped
from fairness.engine.audit import audited
from fairness.engine.judging import margin_of
from fairness.engine.measures import SHARES
from fairness.policy.policy import AttributePolicy, Floors, Intersection, Margins, Policy
from fairness.verdicts import Verdict


def _judged(scored: pd.DataFrame, policy: Policy, *names: str) -> dict[str, Grouped]:
    place = np.where(scored["flagged"], 0, 1).astype(np.int64)
    (head,) = audited(scored, place, {name: [] for name in names}, (0.3,), policy)
    return {each.name: each for each in head.grouped}


def _counted(found: int, missed: int, needless: int, rest: int, side: str) -> pd.DataFrame:
    """Return children of one group, each alone in its family: with the outcome on the list and not, and without it."""
    counts = {(1, True): found, (1, False): missed, (0, True): needless, (0, False): rest}
    rows = [(observed, flagged) for (observed, flagged), n in counts.items() for _ in range(n)]
    table = pd.DataFrame(rows, columns=["observed", "flagged"])
    table["probability"] = np.where(table["flagged"], 0.6, 0.2)
    table["family"] = [f"{side} {k}" for k in range(len(table))]
    return table.assign(landmark="then", outcome="later", repeat=0, audit_side=side)


def _pilot(*groups: pd.DataFrame) -> pd.DataFrame:
    return pd.concat(groups, ignore_index=True)


def _said(found: Grouped, measure: str) -> list[Verdict]:
    return [VERDICTS[place] for place in found.figures[measure].verdict[:2, 0].tolist()]


@pytest.mark.parametrize(("events", "told"), [(9, False), (10, True)])
def test_own_denominator(*, events: int, told: bool) -> None:
    """With nine with the outcome in a group nothing can be told of its recall, with ten it can; its false positive rate can anyway."""
    scored = _pilot(_counted(0, events, 60, 60, "A"), _counted(180, 20, 20, 180, "B"))
    found = _judged(scored, Policy(), "side")["side"]
    assert _said(found, "recall") == [Verdict.LARGER_THAN_AGREED if told else Verdict.CANNOT_TELL] * 2
    assert _said(found, "fpr") == [Verdict.LARGER_THAN_AGREED] * 2
    assert _said(found, "auc")[0] != Verdict.CANNOT_TELL or not told


def test_a_hundred_children() -> None:
    """Ninety-nine children are not judged, a hundred are; and a policy may ask for more."""
    for children, policy, told in (
        (99, Policy(), False),
        (100, Policy(), True),
        (100, Policy(floors=Floors(children=101)), False),
    ):
        scored = _pilot(_counted(0, 40, 30, children - 70, "A"), _counted(180, 20, 20, 180, "B"))
        said = _said(_judged(scored, policy, "side")["side"], "recall")
        assert (said == [Verdict.LARGER_THAN_AGREED] * 2) == told
        assert (said == [Verdict.CANNOT_TELL] * 2) == (not told)


def test_margins_are_the_policy_s() -> None:
    """One gap in false discoveries is larger than one policy agrees to, and within another's margin; both sides say the same."""
    scored = _pilot(_counted(300, 100, 200, 900, "A"), _counted(360, 100, 140, 900, "B"))
    for margin, verdict in ((0.01, Verdict.LARGER_THAN_AGREED), (0.2, Verdict.WITHIN_MARGIN)):
        policy = Policy(margins=Margins(fdr=margin, reason="to see both"))
        assert _said(_judged(scored, policy, "side")["side"], "ppv") == [verdict] * 2
    assert margin_of(Policy(), "slope") is None


def test_protected_groups_are_judged_apart() -> None:
    """A gap of a protected group is judged among protected groups alone; of others, among all others."""
    chance = np.random.default_rng(1)
    scored = _pilot(_counted(43, 57, 50, 250, "A"), _counted(240, 160, 150, 850, "B"))
    more = {f"audit_x{k}": chance.choice(list("CDEF"), len(scored)) for k in range(8)}
    names = [name.removeprefix("audit_") for name in more]
    alone = Policy()
    protects = Policy(attribute=(AttributePolicy(name="side", protects=("A",)),))
    assert _said(_judged(scored, alone, "side")["side"], "recall")[0] == Verdict.LARGER_THAN_AGREED
    among = scored.assign(**more)
    assert _said(_judged(among, alone, "side", *names)["side"], "recall")[0] == Verdict.KEEP_WATCHING
    assert _said(_judged(among, protects, "side", *names)["side"], "recall")[0] == Verdict.LARGER_THAN_AGREED


def test_each_protected_group_is_judged_once() -> None:
    """A pool that stands for nobody is judged among all others; one that stands for a group too few, among the protected."""
    scored = _pilot(_counted(43, 57, 50, 250, "A"), _counted(240, 160, 150, 850, "B"), _counted(60, 40, 40, 200, "C"))

    def said(
        protects: tuple[str, ...], pools: dict[str, tuple[str, ...]], table: pd.DataFrame
    ) -> dict[str, list[Verdict]]:
        policy = Policy(attribute=(AttributePolicy(name="side", protects=protects, pools=pools),))
        (head,) = audited(table, np.where(table["flagged"], 0, 1).astype(np.int64), {"side": []}, (0.3,), policy)
        found = {each.kind: each.figures["recall"].verdict[:, 0].tolist() for each in head.grouped}
        return {kind: [VERDICTS[place] for place in places] for kind, places in found.items()}

    alone, pooled = said(("A",), {}, scored), said(("A",), {"AC": ("A", "C")}, scored)
    assert alone["attribute"][0] == pooled["attribute"][0] == Verdict.LARGER_THAN_AGREED
    few = _pilot(*(_counted(12, 28, 10, 30, side) for side in "AD"), scored[scored["audit_side"] != "A"])
    stands = said(("A", "D"), {"AD": ("A", "D")}, few)
    assert stands["attribute"][0] == Verdict.CANNOT_TELL
    assert stands["pooled"] == [Verdict.LARGER_THAN_AGREED]


def test_two_characteristics_are_judged_among_the_others() -> None:
    """Groups of two characteristics are judged beside protected ones, and take nothing from them."""
    scored = _pilot(_counted(43, 57, 50, 250, "A"), _counted(240, 160, 150, 850, "B"))
    scored["audit_half"] = np.where(scored.index % 2 == 0, "C", "D")
    protects = (AttributePolicy(name="side", protects=("A",)), AttributePolicy(name="elsewhere", protects=("E",)))
    both = (Intersection(attributes=("side", "half")),)
    one, other = (
        _judged(scored, Policy(attribute=protects, intersection=pairs), "side", "half") for pairs in ((), both)
    )
    assert _said(one["side"], "recall") == _said(other["side"], "recall")
    assert _said(one["side"], "recall")[0] == Verdict.LARGER_THAN_AGREED
    assert Verdict.KEEP_WATCHING in _said(other["side × half"], "recall")


@pytest.mark.parametrize("families", [1, 9, 10])
def test_a_group_absent_from_resamples_keeps_its_gap(families: int) -> None:
    """A group of one family, in two of three resamples, neither disappears nor has a narrower gap: of few, only shares have one."""
    few = _counted(5, 40, 25, 60, "A")
    scored = _pilot(few.assign(family=few.index % families), _counted(180, 20, 20, 180, "B"))
    found = _judged(scored, Policy(), "side")["side"]
    assert found.families[0] == families
    assert found.figures["recall"].gap[0, 0] == pytest.approx(1 / 9 - 0.9)
    for name, figures in found.figures.items():
        assert not np.isnan(figures.value[:2]).any()
        assert np.isnan(figures.gap_high[0]).all() == (families < 10 and name not in SHARES)
    one, apart = (each.figures for each in (found, _judged(_pilot(few, scored[130:]), Policy(), "side")["side"]))
    for name in SHARES:
        widths = [each[name].gap_high[0, 0] - each[name].gap_low[0, 0] for each in (one, apart)]
        assert widths[0] >= 0.95 * widths[1]
    assert (one["recall"].effect[0, 0] == pytest.approx(45)) == (families == 1)


def test_a_resample_without_the_group_is_left_out_for_it_alone() -> None:
    """Of a group that few resamples lack, the spread is that of those which have it; another group's does not change."""
    few, many = _counted(12, 12, 1, 90, "A"), _counted(180, 20, 20, 180, "B")
    rare = _pilot(few, _counted(1, 0, 1, 20, "C"), many)
    with_it, without = (_judged(each, Policy(), "side")["side"].figures for each in (rare, _pilot(few, many)))
    assert not np.isnan(with_it["recall"].low[:3]).any()
    for end in ("low", "high"):
        one, other = (getattr(each["recall"], end)[0, 0] for each in (with_it, without))
        assert one == pytest.approx(other, abs=0.02)
