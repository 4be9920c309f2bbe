"""The audit of a scored table: values against fairlearn and sklearn, and what no order, list or attribute may change."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from fairlearn.metrics import (
    MetricFrame,
    count,
    false_negative_rate,
    false_positive_rate,
    selection_rate,
    true_negative_rate,
    true_positive_rate,
)
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix, roc_auc_score

from fairness.audited import COMPLEMENTS, LISTED, NOT_JUDGED, STANDING, VERDICTS, Grouped, HeadAudit
from fairness.engine.audit import audited
from fairness.policy.policy import Policy
from fairness.scored import NOT_RECORDED, audit_column
from fairness.verdicts import Verdict

DECLARED = {"side": ["A", "B"], "place": ["north", "south"], "rare": []}
CUTS = (0.6, 0.4, 0.2)
Invented = Callable[..., pd.DataFrame]


def _among(said: int, was: int) -> Callable[[Any, Any], float]:
    return lambda y, flagged: float(confusion_matrix(y, flagged, labels=[0, 1], normalize="pred")[was, said])


def _places(scored: pd.DataFrame) -> NDArray[np.int64]:
    """Return the first of the lists, of scores from each of the cuts up, that a row is on."""
    return np.array([(scored["probability"] < cut).to_numpy(dtype=np.int64) for cut in CUTS]).sum(axis=0)


def _audited(scored: pd.DataFrame, policy: Policy | None = None, **declared: list[str]) -> HeadAudit:
    (head,) = audited(scored, _places(scored), declared or DECLARED, CUTS[::-1], policy or Policy())
    return head


def _of(head: HeadAudit, name: str, kind: str = "attribute") -> Grouped:
    (found,) = (each for each in head.grouped if (each.name, each.kind) == (name, kind))
    return found


@pytest.mark.parametrize(("seed", "repeats"), [(1, 1), (2, 3)])
def test_values_are_fairlearn_s(invented: Invented, seed: int, repeats: int) -> None:
    """All eight confusion measures of every group at every list are those of a MetricFrame over all repeats' rows, to the bit."""
    scored = invented(seed, 300, 200, repeats)
    head = _audited(scored)
    measures = {
        "n": count,
        "selection_rate": selection_rate,
        "recall": true_positive_rate,
        "fnr": false_negative_rate,
        "fpr": false_positive_rate,
        "tnr": true_negative_rate,
        "ppv": _among(1, 1),
        "fdr": _among(1, 0),
        "false_omission": _among(0, 1),
    }
    for which, name in ((0, "side"), (1, "place"), (2, "side")):
        frame = MetricFrame(
            metrics=measures,
            y_true=scored["observed"],
            y_pred=(_places(scored) <= which).astype(int),
            sensitive_features=scored[audit_column(name)],
        )
        found = _of(head, name)
        for group, expected in frame.by_group.iterrows():
            _same(found, found.groups.index(str(group)), which, dict(expected), repeats)


def _same(found: Grouped, group: int, which: int, expected: dict[str, float], repeats: int) -> None:
    assert found.n[group] * repeats == expected["n"]
    for name in ("selection_rate", "recall", "fpr", "ppv", "false_omission"):
        assert found.figures[name].value[group, which] == expected[name]
    n, events, flagged, right = (
        round(float(each) * repeats)
        for each in (found.n[group], found.events[group], found.flagged[group, which], found.found[group, which])
    )
    assert (events - right) / events == expected["fnr"]
    assert (n - events - flagged + right) / (n - events) == expected["tnr"]
    assert (flagged - right) / flagged == expected["fdr"]
    for name, other in COMPLEMENTS.items():
        assert expected[name] == pytest.approx(1 - found.figures[other].value[group, which], abs=1e-15)


def test_standing_values(invented: Invented) -> None:
    """AUC is sklearn's, observed over expected and its difference are sums, of a group and in its gap to everyone else."""
    scored = invented(3, 400, 300)
    found = _of(_audited(scored), "place")
    for i, group in enumerate(found.groups[:3]):
        inside = scored["audit_place"] == group
        for name, measure in _STANDING.items():
            figures = found.figures[name]
            value, rest = (measure(scored[rows]) if rows.any() else np.nan for rows in (inside, ~inside))
            assert figures.value[i, 0] == pytest.approx(value, abs=1e-12, nan_ok=True)
            assert figures.gap[i, 0] == pytest.approx(value - rest, abs=1e-12, nan_ok=True)


_STANDING: dict[str, Callable[[pd.DataFrame], float]] = {
    "auc": lambda rows: float(roc_auc_score(rows["observed"], rows["probability"])),
    "observed_over_expected": lambda rows: float(rows["observed"].sum() / rows["probability"].sum()),
    "calibration_gap": lambda rows: float(rows["observed"].mean() - rows["probability"].mean()),
}


def test_the_bootstrap_is_fairlearn_s(invented: Invented) -> None:
    """
    Where every cell is fifty or more and no two are of one family, intervals are those of fairlearn's resamples of rows.

    Fairlearn's few resamples leave their ends uncertain by about a tenth of the interval's width; ours are within a quarter.
    """
    scored = invented(14, 1_500, 1_500).assign(family=[f"own {k}" for k in range(1_500)])
    found = _of(_audited(scored), "side")
    frame = MetricFrame(
        metrics={"recall": lambda y, on_list: on_list[y == 1].mean(), "ppv": lambda y, on_list: y[on_list == 1].mean()},
        y_true=scored["observed"],
        y_pred=(_places(scored) <= 1).astype(int),
        sensitive_features=scored["audit_side"],
        n_boot=200,
        ci_quantiles=[0.025, 0.975],
        random_state=1,
    )
    low, high = frame.by_group_ci
    for name in low.columns:
        figures = found.figures[name]
        assert figures.bootstrap[:2, 1].all()
        for i, group in enumerate("AB"):
            ends = low.loc[group, name], high.loc[group, name]
            ours = figures.low[i, 1], figures.high[i, 1]
            assert ours == pytest.approx(ends, abs=(ends[1] - ends[0]) / 4)


def test_net_benefit(invented: Invented) -> None:
    """Net benefit weighs a needless flag at the odds of the lowest score on the list, everyone's, not the group's."""
    scored = invented(4, 300, 200)
    found, which = _of(_audited(scored), "side"), 1
    on_list = scored["probability"] >= CUTS[which]
    lowest = scored.loc[on_list, "probability"].min()
    rows = scored[scored["audit_side"] == "A"]
    flagged = rows[on_list[rows.index]]
    right, wrong = (flagged["observed"] == 1).sum(), (flagged["observed"] == 0).sum()
    assert found.figures["net_benefit"].value[0, which] == pytest.approx(
        (right - wrong * lowest / (1 - lowest)) / len(rows)
    )


def test_no_group_is_left_out(invented: Invented) -> None:
    """A group declared without a child is listed, one that nobody declared too, and *not recorded* comes last."""
    head = _audited(invented(5, 200, 150))
    assert [(each.name, each.kind) for each in head.grouped] == [(name, "attribute") for name in DECLARED]
    place, rare = _of(head, "place"), _of(head, "rare")
    assert place.groups == ("north", "south", "east", "west", NOT_RECORDED)
    assert (rare.groups, rare.n.tolist()) == (("few", NOT_RECORDED), [3, 197])
    assert (place.n[1], place.families[1]) == (0, 0)
    for name in (*LISTED, *STANDING):
        figures = place.figures[name]
        assert np.isnan([figures.value[1], figures.low[1], figures.high[1], figures.gap[1], figures.gap_high[1]]).all()
        assert {VERDICTS[v] for v in figures.verdict[1] if v != NOT_JUDGED} <= {Verdict.CANNOT_TELL}
    assert set(rare.figures["recall"].verdict[0].tolist()) == {VERDICTS.index(Verdict.CANNOT_TELL)}


def test_everyone(invented: Invented) -> None:
    """Everyone is one group with intervals, and has no gap and no verdict."""
    everyone = _audited(invented(5, 200, 150)).everyone
    assert (everyone.kind, everyone.groups, everyone.n.tolist()) == ("everyone", ("everyone",), [200])
    for figures in everyone.figures.values():
        assert (figures.low < figures.value).all()
        assert (figures.value < figures.high).all()
        assert np.isnan([figures.gap, figures.gap_low, figures.gap_high, figures.smallest_gap]).all()
        assert (figures.verdict == NOT_JUDGED).all()


def test_a_group_of_everyone_has_nobody_beside_it(invented: Invented) -> None:
    """Where all children are of one group there is no gap, and nothing can be told."""
    scored = invented(5, 300, 200).assign(audit_side="A")
    figures = _of(_audited(scored), "side").figures["recall"]
    assert np.isnan(figures.gap[0]).all()
    assert set(figures.verdict[0].tolist()) == {VERDICTS.index(Verdict.CANNOT_TELL)}


def test_no_order_of_rows_matters(invented: Invented) -> None:
    """Rows in another order have the same figures."""
    scored = invented(6, 300, 150)
    one, other = _audited(scored), _audited(scored.sample(frac=1, random_state=3))
    for a, b in zip(one.grouped, other.grouped, strict=True):
        for name, figures in a.figures.items():
            for part in ("value", "low", "high", "gap", "gap_low", "gap_high", "verdict"):
                again = getattr(b.figures[name], part)
                np.testing.assert_allclose(getattr(figures, part), again, rtol=0, atol=1e-5 if name in STANDING else 0)


def test_lists_do_not_know_each_other(invented: Invented) -> None:
    """A list has the same figures alone as beside others."""
    scored = invented(7, 300, 200)
    together = _of(_audited(scored), "place")
    for which, cut in enumerate(CUTS):
        place = (scored["probability"] < cut).to_numpy(dtype=np.int64)
        (head,) = audited(scored, place, DECLARED, (cut,), Policy())
        alone = _of(head, "place")
        for name in LISTED:
            for part in ("value", "low", "high", "gap_low", "gap_high", "effect", "verdict"):
                one, other = (getattr(each.figures[name], part) for each in (together, alone))
                np.testing.assert_array_equal(one[:, which], other[:, 0])
        np.testing.assert_allclose(together.again_gap_low[:, which], alone.again_gap_low[:, 0], rtol=0, atol=1e-6)


def test_heads_in_the_table_s_order(invented: Invented) -> None:
    """Each landmark and outcome is audited for itself, in the order in which the table has them."""
    one, other = invented(8, 200, 150), invented(9, 200, 150).assign(outcome="another")
    scored = pd.concat([other, one], ignore_index=True)
    heads = audited(scored, _places(scored), DECLARED, CUTS[::-1], Policy())
    assert [head.outcome for head in heads] == ["another", "later"]
    alone = _of(_audited(one), "side").figures["recall"]
    np.testing.assert_array_equal(_of(heads[1], "side").figures["recall"].gap_low, alone.gap_low)


def test_repeats_are_of_the_same_children(invented: Invented) -> None:
    """Five repeats are five rows of each child, not five times as many children: intervals hardly narrow, floors count children."""
    once, often = (_of(_audited(invented(10, 400, 400, repeats)), "side") for repeats in (1, 5))
    assert often.n.tolist() == once.n.tolist()
    assert often.families.tolist() == once.families.tolist()
    one, five = (each.figures["recall"] for each in (once, often))
    width, narrower = (each.gap_high[0, 1] - each.gap_low[0, 1] for each in (one, five))
    assert 0.75 * width < narrower < 1.1 * width
    # Design effects are those of children: of rows five times as much.
    assert 5 * five.effect[0, 1] > 2.5
    few = _of(_audited(invented(10, 90, 90, repeats=5)), "side").figures["recall"]
    assert set(few.verdict[:2].ravel().tolist()) == {VERDICTS.index(Verdict.CANNOT_TELL)}
