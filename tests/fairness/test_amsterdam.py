"""
Amsterdam's pilot replayed: wrongly flagged were 16 of 27 in one group and 83 of 114 in the other.

That was read as bias turned round, and the model was given up. Nobody could say that so few children of one group tell nothing.
"""

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from fairness.audited import VERDICTS
from fairness.engine.audit import audited
from fairness.intervals import FamilyBootstrap, NewcombeWilson, compare_groups, resample_families
from fairness.policy.policy import Policy, PrimaryMeasure
from fairness.verdicts import Finding, Support, Verdict, judge

ONE, OTHER = (16, 27), (83, 114)
# The gap is the other group's share less the first's, and so above 0: that it was, was read as the bias.
NO_FLOOR_OF_CHILDREN = Support(n=0, denominator=10)

Integers = NDArray[np.int64]


@pytest.fixture(scope="module")
def pilot() -> tuple[Integers, Integers]:
    """Each person, a family of one: a row in the other group or in the one, and whether wrongly flagged: (141, 2) each."""
    n, wrongly = np.zeros((2, ONE[1] + OTHER[1], 2), dtype=np.int64)
    n[: OTHER[1], 0], n[OTHER[1] :, 1] = 1, 1
    wrongly[: OTHER[0], 0], wrongly[OTHER[1] : OTHER[1] + ONE[0], 1] = 1, 1
    return n, wrongly


def test_by_either_method_the_interval_is_as_wide_as_all_that(pilot: tuple[Integers, Integers]) -> None:
    """
    By Newcombe-Wilson the gap lies between 4.9 points below 0 and 33.5 above, by the bootstrap between 6.7 and 34.4.

    The latter is what four million resamples say; the ends of a thousand are within two points of it.
    """
    n, wrongly = pilot
    compared = compare_groups(n, wrongly)[0]
    drawn = resample_families(np.column_stack([n, wrongly]))
    value, resampled = OTHER[0] / OTHER[1] - ONE[0] / ONE[1], drawn[:, 2:] / drawn[:, :2]
    bootstrap = FamilyBootstrap(value, resampled[:, 0] - resampled[:, 1])
    assert NewcombeWilson(compared.group, compared.rest).bounds == pytest.approx((-0.0492, 0.3348), abs=5e-5)
    assert bootstrap.bounds == pytest.approx((-0.067, 0.344), abs=0.02)


@pytest.mark.parametrize("margin", [0.01, 0.05, 0.1, 0.2])
def test_there_is_not_enough_to_tell(pilot: tuple[Integers, Integers], margin: float) -> None:
    """With no floor of children, whatever margin a policy may have, neither group's gap could be told from any other."""
    compared = compare_groups(*pilot)
    findings = [Finding(each.gap, Support(0, each.group.n), Support(0, each.rest.n)) for each in compared]
    assert judge(findings, margin, NO_FLOOR_OF_CHILDREN) == [Verdict.CANNOT_TELL] * 2


def test_it_is_the_number_of_people_that_it_hangs_on(pilot: tuple[Integers, Integers]) -> None:
    """The same shares of thirty times as many people are a gap that is called larger than agreed: nothing else hid it."""
    n, wrongly = (np.tile(each, (30, 1)) for each in pilot)
    compared = compare_groups(n, wrongly)
    findings = [Finding(each.gap, Support(0, each.group.n), Support(0, each.rest.n)) for each in compared]
    assert judge(findings, 0.05, NO_FLOOR_OF_CHILDREN) == [Verdict.LARGER_THAN_AGREED] * 2


def test_a_whole_audit_says_so_too(pilot: tuple[Integers, Integers]) -> None:
    """Both groups are in the audit of those flagged, with how many they are and an interval, and no gap is said to be any."""
    n, wrongly = pilot
    people = len(n)
    scored = pd.DataFrame(
        {
            "child": np.arange(people).astype(str),
            "landmark": "application",
            "outcome": "rightly_flagged",
            "probability": np.linspace(0.2, 0.8, people),
            "observed": 1 - wrongly.sum(axis=1),
            "repeat": 0,
            "fold": 0,
            "flagged": True,
            "weight": 1.0,
            "family": np.arange(people).astype(str),
            "audit_side": np.where(n[:, 0] == 1, "other", "one"),
        }
    )
    policy = Policy(primary=PrimaryMeasure(measure="fdr", reason="A needless look into a family is an intrusion."))
    (head,) = audited(scored, np.zeros(people, dtype=np.int64), {"side": ("one", "other")}, (1.0,), policy)
    sides, figures = head.grouped[0], head.grouped[0].figures["ppv"]
    assert (sides.groups[:2], sides.n[:2].tolist()) == (("one", "other"), [ONE[1], OTHER[1]])
    assert [VERDICTS[verdict] for verdict in figures.verdict[:2, 0]] == [Verdict.CANNOT_TELL] * 2
    # Of those flagged, rightly: the one group's gap is the other's of those wrongly flagged.
    assert (figures.gap_low[0, 0], figures.gap_high[0, 0]) == pytest.approx((-0.0492, 0.3348), abs=0.02)
