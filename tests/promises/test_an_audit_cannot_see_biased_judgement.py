"""
An audit cannot see biased judgement: where a group's outcomes were recorded with what people expect, it says that all is well.

It must be known, because the outcome is a teacher's judgement, and an audit compares with what was recorded and with nothing
else. Here children of one group who do well are recorded as not doing so, the likelier the more their early records lead
people to expect it. A model learns that, foresees it, and is right by the record in either group. Only whoever knows the truth,
which nobody does outside an invented world, sees how many of those listed never needed help.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from fairness.audited import COMPLEMENTS, VERDICTS, Figures
from fairness.engine.audit import audited
from fairness.policy.policy import AttributePolicy, Policy
from fairness.scored import audit_column
from fairness.verdicts import Verdict
from training.findings import Run
from training.glass_box import fit_glass_box
from training.plan_parts import GlassBox

CHILDREN, CAPACITY = 40_000, 0.2
EXPECTED, OTHERS = "expected to struggle", "others"
# Of the expected group's children of whom people expect it, this share need help; of the others' all.
TRULY = 0.7

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class World:
    """Children who were not learned from: their group, whether they needed help, what was recorded, and their score."""

    expected: Flags
    needed: Flags
    recorded: Flags
    score: Floats

    @property
    def listed(self) -> Flags:
        """Whether a child is among the fifth with the highest scores."""
        return np.asarray(self.score >= np.quantile(self.score, 1 - CAPACITY))

    @cached_property
    def by_the_record(self) -> Mapping[str, Figures]:
        """The audit that anybody can make: every measure against what was recorded, of the group and then of the others."""
        return self._audit(self.recorded)

    @cached_property
    def by_the_truth(self) -> Mapping[str, Figures]:
        """The audit that nobody can make: the same against who needed help."""
        return self._audit(self.needed)

    def _audit(self, outcome: Flags) -> Mapping[str, Figures]:
        scored = pd.DataFrame(
            {
                "child": np.arange(len(outcome)).astype(str),
                "landmark": "then",
                "outcome": "later",
                "probability": self.score,
                "observed": outcome.astype(np.int64),
                "repeat": 0,
                "fold": 0,
                "flagged": self.listed,
                "weight": 1.0,
                "family": np.arange(len(outcome)).astype(str),
                audit_column("side"): np.where(self.expected, EXPECTED, OTHERS),
            }
        )
        policy = Policy(attributes=(AttributePolicy(name="side", protects=(EXPECTED,)),))
        groups = {"side": (EXPECTED, OTHERS)}
        (head,) = audited(scored, 1 - self.listed.astype(np.int64), groups, (CAPACITY,), policy)
        assert head.grouped[0].groups[:2] == (EXPECTED, OTHERS)
        return head.grouped[0].figures


@pytest.fixture(scope="module")
def world() -> World:
    """
    Invent children in two like groups, of whom one is judged with what is expected; learn of half, score the other half.

    Nothing that is learned from names the group. Of every ten who are recorded with the outcome in the one group seven needed
    help, in the other ten; what is recorded hangs on the early records in the same way in both.
    """
    chance = np.random.default_rng(71)
    early = chance.standard_normal((2 * CHILDREN, 3))
    expected = chance.random(2 * CHILDREN) < 0.5
    likely = 1 / (1 + np.exp(0.9 - early @ np.array([0.8, 0.5, 0.3])))
    truly = np.where(expected, TRULY, 1.0) * likely
    needed = chance.random(2 * CHILDREN) < truly
    # Of those who did well so many are recorded as if they had not that expectation and record agree.
    believed = chance.random(2 * CHILDREN) < (likely - truly) / (1 - truly)
    recorded = needed | believed
    assert not (believed & ~expected).any()
    learned, kept = slice(None, CHILDREN), slice(CHILDREN, None)
    plan = GlassBox(trees=40, pairs=0)
    booster = fit_glass_box(early[learned], recorded[learned].astype(float), (1, 1, 1), plan, seed=7)
    score = np.asarray(booster.predict(early[kept]))
    return World(expected[kept], needed[kept], recorded[kept], score)


def _said(figures: Mapping[str, Figures], measure: str) -> list[Verdict]:
    return [VERDICTS[verdict] for verdict in figures[COMPLEMENTS.get(measure, measure)].verdict[:2, 0]]


@pytest.mark.parametrize("measure", ["recall", "fdr", "fpr", "false_omission", "observed_over_expected", "auc"])
def test_by_the_record_all_is_within_the_margin(world: World, measure: str) -> None:
    """Whatever an audit judges, it finds both groups alike: no gap in those missed, in needless flags or in calibration."""
    assert _said(world.by_the_record, measure) == [Verdict.WITHIN_MARGIN] * 2


@pytest.mark.parametrize("measure", ["fdr", "observed_over_expected"])
def test_by_the_truth_it_is_not(world: World, measure: str) -> None:
    """Held against who needed help, many more of the group's listed children did not, and fewer did than was foreseen."""
    assert _said(world.by_the_truth, measure) == [Verdict.LARGER_THAN_AGREED] * 2
    needless = [1 - world.needed[world.listed & side].mean() for side in (world.expected, ~world.expected)]
    assert needless[0] > needless[1] + 0.1


def test_nothing_recorded_tells_the_two_worlds_apart(world: World) -> None:
    """The group is recorded as often as the others, at every score: no measure of what is recorded could see it."""
    for tenth in np.array_split(np.argsort(world.score), 10):
        rates = [world.recorded[tenth][side[tenth]].mean() for side in (world.expected, ~world.expected)]
        assert rates[0] == pytest.approx(rates[1], abs=0.06)


def test_the_pack_says_so(borough_run: Run) -> None:
    """Whoever reads the pack is told on its first page, in full in its method, and told what to ask instead."""
    page = (borough_run.bundle / "pack.html").read_text(encoding="utf-8")
    first, rest = page.split("</section>", 1)
    assert "no audit can see that" in first
    assert "If children of one group were judged by what people expected of them, the score learns it" in rest
    assert "No audit of records can see that. Ask how the judgements were made and moderated." in rest
