"""
Verdicts against truths that are known: invented tables through the whole audit, a few of each design of `make evidence`.

So few audits bound a rate widely: each bound here is what one audit in a thousand like these would pass if the rate were just
as promised.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from benchmarks.evidence_audits import verdict_and_held
from benchmarks.invented_audits import CAPACITY, MARGIN, MEASURES, SIDES, Design, invented_scores
from fairness.audited import VERDICTS, Floats, Grouped
from fairness.engine.audit import audited
from fairness.intervals import RESAMPLES
from fairness.policy.policy import Policy, Primary
from fairness.verdicts import Verdict

CHANCE = 0.001
BOTH: tuple[Primary, ...] = ("recall", "fdr")
FEW, RATES = 12, ("recall", "fpr", "ppv")


def _verdicts(designs: Sequence[Design], each: int) -> Counter[Verdict]:
    chance = np.random.default_rng(62)
    return Counter(verdict_and_held(design, chance)[0] for design in designs for _ in range(each))


@pytest.mark.parametrize("measure", BOTH)
def test_a_gap_of_the_margin_is_seldom_within_it(measure: Primary) -> None:
    """Where the true gap is exactly the margin and the children are many, it is hardly ever said to be within it."""
    found = _verdicts([Design(measure, 2_500, 0.5, gap) for gap in (-MARGIN, MARGIN)], 3)
    assert found[Verdict.WITHIN_MARGIN] <= binom.isf(CHANCE, found.total(), 0.04)
    assert found[Verdict.KEEP_WATCHING] > found.total() / 2


def test_no_gap_among_many_is_within_the_margin() -> None:
    """Where there is no gap, and each group has 2,500 with the outcome, nine in ten audits say that it is within five points."""
    found = _verdicts([Design("recall", 2_500, 0.5)], 10)
    assert found[Verdict.WITHIN_MARGIN] >= binom.ppf(CHANCE, found.total(), 0.9)


@pytest.mark.parametrize("measure", BOTH)
def test_no_gap_or_the_margin_is_seldom_called_larger(measure: Primary) -> None:
    """With few or many in the smaller denominator, with siblings and without, at most one audit in twenty says so."""
    settings = ((-MARGIN, 0.5, 0.0), (0.0, 0.2, 0.3))
    designs = [Design(measure, n, share, gap, alike) for n in (10, 20, 50, 500) for gap, share, alike in settings]
    found = _verdicts(designs, 3)
    assert found[Verdict.LARGER_THAN_AGREED] <= binom.isf(CHANCE, found.total(), 0.05)


@pytest.mark.parametrize("measure", BOTH)
def test_nine_are_never_enough(measure: Primary) -> None:
    """With nine in the smaller denominator nothing can be told, though the gap were the whole of the measure."""
    gap = -MEASURES[measure].counted
    found = _verdicts([Design(measure, 9, share, gap) for share in (0.5, 0.05)], 3)
    assert found == {Verdict.CANNOT_TELL: 6}


def _with_few(families: int) -> pd.DataFrame:
    """Return an invented table in which twelve of the children, of so many families, are a third group."""
    scored, _ = invented_scores(Design("recall", 200, 0.5), np.random.default_rng(63))
    few = np.arange(len(scored)) < FEW
    return scored.assign(
        audit_side=np.where(few, "few", scored["audit_side"]),
        family=np.where(few, np.char.add("few ", (np.arange(len(scored)) % families).astype(str)), scored["family"]),
        observed=np.where(few, np.arange(len(scored)) % 3 > 0, scored["observed"]).astype(np.int64),
        flagged=np.where(few, np.arange(len(scored)) % 4 > 0, scored["flagged"]).astype(np.bool_),
    )


def _sides(scored: pd.DataFrame) -> Grouped:
    place = 1 - scored["flagged"].to_numpy(dtype=np.int64)
    (head,) = audited(scored, place, {"side": SIDES}, (CAPACITY,), Policy())
    return head.grouped[0]


def _gaps_where_present(scored: pd.DataFrame, measure: str) -> Floats:
    """Return the few's gap in every resample of whole families, drawn one by one, that has any of them to measure."""
    had, listed = scored["observed"].to_numpy() == 1, scored["flagged"].to_numpy()
    inside, hit = {"recall": (had, listed), "fpr": (~had, listed), "ppv": (listed, had)}[measure]
    families, of_family = np.unique(scored["family"], return_inverse=True)
    few = scored["audit_side"].to_numpy() == "few"
    cells = [few & inside, few & inside & hit, ~few & inside, ~few & inside & hit]
    counts = np.column_stack([np.bincount(of_family, each, len(families)) for each in cells])
    chance = np.random.default_rng(64)
    drawn = np.stack([counts[chance.integers(0, len(families), len(families))].sum(axis=0) for _ in range(RESAMPLES)])
    drawn = drawn[drawn[:, 0] > 0]
    return np.asarray(drawn[:, 1] / drawn[:, 0] - drawn[:, 3] / drawn[:, 2])


@pytest.mark.parametrize("families", [1, 2])
def test_a_group_absent_from_a_resample(families: int) -> None:
    """
    A group of twelve children of one family or two, absent from a third or a seventh of resamples, is listed as it is.

    Its gap is that of all its children, and its interval is no narrower than that of the resamples that it is in, nor than that
    of twelve strangers: a resample without it counts neither as no gap nor as one more that agrees.
    """
    scored = _with_few(families)
    sides, strangers = _sides(scored), _sides(scored.assign(family=scored["child"]))
    few = sides.groups.index("few")
    assert (sides.n[few], sides.families[few]) == (FEW, families)
    for measure in RATES:
        figures = sides.figures[measure]
        low, high = figures.gap_low[few, 0], figures.gap_high[few, 0]
        present = _gaps_where_present(scored, measure)
        assert 0.6 * RESAMPLES < len(present) < 0.9 * RESAMPLES
        assert high - low >= np.ptp(np.quantile(present, [0.025, 0.975]))
        alone = strangers.figures[measure]
        assert high - low >= alone.gap_high[few, 0] - alone.gap_low[few, 0]
        assert figures.gap[few, 0] == pytest.approx(alone.gap[few, 0])
        assert low < figures.gap[few, 0] < high
    assert VERDICTS[sides.figures["recall"].verdict[few, 0]] == Verdict.CANNOT_TELL
