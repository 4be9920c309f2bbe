"""The gate of fairness: a protected group's shortfall blocks, and nothing else does."""

import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.contract import Contract
from models.gates import Gate
from training.gates.fairness import fairness_gate
from training.plan import Plan
from training.plan_parts import FairnessPlan

# Of a group: children, those with the outcome, and those of them who are on the list.
Counts = tuple[int, int, int]
EQUAL = (1000, 300, 120)


def _scored(sex: dict[str, Counts], light: tuple[str, ...] = ("2,500 g or more",), family: int = 1) -> pd.DataFrame:
    """A scored table of these groups of children in families of so many; groups of `light` take turns."""
    parts = [
        pd.DataFrame({"audit_sex": group, "observed": np.arange(n) < had, "flagged": np.arange(n) < listed})
        for group, (n, had, listed) in sex.items()
    ]
    table = pd.concat(parts, ignore_index=True)
    at = np.arange(len(table))
    return table.assign(
        child=[f"c{i}" for i in at],
        landmark="two_year",
        outcome="not_gld",
        observed=table["observed"].astype(np.int8),
        repeat=0,
        family=[f"f{i // family}" for i in at],
        audit_light=[light[i % len(light)] for i in at],
    )


def _plan(margin: float = 0.05, **protects: tuple[str, ...]) -> Plan:
    agreed = datetime.date(2026, 9, 1)
    why = "Agreed by the board." if margin > 0.1 else None
    return Plan(fairness=FairnessPlan(margin=margin, reason=why, protects=protects, owner="the board", agreed=agreed))


def _gate(table: pd.DataFrame, borough: Contract, plan: Plan) -> Gate:
    (gate,) = fairness_gate(table, borough, plan)
    return gate


def test_nobody_has_agreed(borough: Contract) -> None:
    """Without a policy that somebody agreed to, one gate blocks the whole run, though the groups are named."""
    plan = Plan(fairness=FairnessPlan(protects={"sex": ("Girls",)}))
    gate = _gate(_scored({"Girls": EQUAL, "Boys": EQUAL}), borough, plan)
    assert (gate.landmark, gate.outcome, gate.verdict, gate.value) == (None, None, "blocked", None)
    assert gate.words.startswith("Nobody has agreed what to ask")


def test_a_protected_group_falls_short(borough: Contract) -> None:
    """A protected group's recall well below everyone else's blocks, with the gap, its interval and the group's name."""
    gate = _gate(_scored({"Girls": (1000, 300, 75), "Boys": EQUAL}), borough, _plan(sex=("Girls",)))
    assert (gate.landmark, gate.outcome, gate.code, gate.kind) == ("two_year", "not_gld", "fairness", "release")
    assert gate.verdict == "blocked"
    assert gate.value == -0.15
    assert gate.low is not None
    assert gate.high is not None
    assert gate.low < -0.15 < gate.high < -0.05
    assert gate.threshold == "at most 5 points below everyone else's"
    assert "further below everyone else's than agreed: Girls (Sex)." in gate.words
    assert gate.next


def test_a_gap_in_its_favour(borough: Contract) -> None:
    """A protected group that is found more often than everyone else blocks nothing."""
    gate = _gate(_scored({"Girls": (1000, 300, 225), "Boys": EQUAL}), borough, _plan(sex=("Girls",)))
    assert (gate.verdict, gate.value) == ("passed", 0.35)
    assert "keep watching" not in gate.words


def test_a_group_that_nobody_named(borough: Contract) -> None:
    """A shortfall of a group that the policy does not name is for the audit to show."""
    table = _scored({"Girls": EQUAL, "Boys": (1000, 300, 30)})
    assert _gate(table, borough, _plan(sex=("Girls",))).verdict == "passed"
    assert _gate(table, borough, _plan(sex=("Boys",))).verdict == "blocked"


def test_within_what_was_agreed(borough: Contract) -> None:
    """The same gap passes by a wider margin; where it is clear of none, it is one to watch."""
    table = _scored({"Girls": (1000, 300, 75), "Boys": EQUAL})
    gate = _gate(table, borough, _plan(margin=0.15, sex=("Girls",)))
    assert gate.verdict == "passed"
    assert "Possible gap, keep watching: Girls (Sex)." in gate.words
    many = _scored({"Girls": (4000, 1200, 300), "Boys": (4000, 1200, 480)})
    assert "keep watching" not in _gate(many, borough, _plan(margin=0.2, sex=("Girls",))).words


@pytest.mark.parametrize("few", [(99, 40, 0), (400, 9, 0), (0, 0, 0)])
def test_too_few_to_tell(borough: Contract, few: Counts) -> None:
    """A group of fewer than 100 children, or of ten with the outcome, is not judged: where all are so, that is no pass."""
    gate = _gate(_scored({"Girls": few, "Boys": EQUAL}), borough, _plan(sex=("Girls", "Boys")))
    assert gate.verdict == "blocked"
    assert gate.words.startswith("Nothing could be told of any protected group")
    assert "Not enough data to tell: 2 of 2 groups." in gate.words
    assert gate.next.startswith("Judge more children")
    assert gate.value is None


@pytest.mark.parametrize("few", [(99, 40, 0), (400, 9, 0), (0, 0, 0)])
def test_too_few_beside_others(borough: Contract, few: Counts) -> None:
    """A group too small to be judged does not gate beside one that was judged, and the words begin with it."""
    sizes = {"Girls": EQUAL, "Boys": EQUAL, "not recorded": few}
    gate = _gate(_scored(sizes), borough, _plan(sex=("Girls", "not recorded")))
    assert gate.verdict == "passed"
    assert gate.words.startswith("1 of 2 protected groups could not be judged: too few children")


def test_too_uncertain_is_not_too_few(borough: Contract) -> None:
    """A group that has children enough, and a gap too uncertain to be called anything, blocks nothing."""
    gate = _gate(_scored({"Girls": (200, 40, 14), "Boys": EQUAL}), borough, _plan(sex=("Girls",)))
    assert gate.verdict == "passed"
    assert "Not enough data to tell: 1 of 1 groups." in gate.words
    assert "could not be judged" not in gate.words


def test_no_small_count_is_told(borough: Contract) -> None:
    """A shortfall that rests on fewer than ten children on the list blocks by name, and no figure gives them away."""
    gate = _gate(_scored({"Girls": (1000, 300, 3), "Boys": EQUAL}), borough, _plan(sex=("Girls",)))
    assert gate.verdict == "blocked"
    assert (gate.value, gate.low, gate.high) == (None, None, None)
    assert "Girls" in gate.words


def test_groups_of_several_attributes(borough: Contract) -> None:
    """Of all protected groups the one furthest below is told, and all that fall short are named."""
    sizes = {"Girls": (2000, 600, 120), "Boys": (2000, 600, 240), "not recorded": (200, 60, 24)}
    table = _scored(sizes, light=("Under 2,500 g", "2,500 g or more"))
    plan = _plan(sex=("Girls", "Boys", "not recorded"), light=("Under 2,500 g",))
    gate = _gate(table, borough, plan)
    assert gate.verdict == "blocked"
    assert "agreed: Girls (Sex)." in gate.words
    assert "The gap shown is of Girls (Sex)." in gate.words
    assert gate.value == -0.2


def test_families_are_no_proof(borough: Contract) -> None:
    """What ten families share is less sure than what as many children alone would show: a gap of theirs may not block."""
    counts = {"Girls": (1000, 300, 75), "Boys": EQUAL}
    alone = _gate(_scored(counts), borough, _plan(sex=("Girls",)))
    shared = _gate(_scored(counts, family=75), borough, _plan(sex=("Girls",)))
    assert alone.low is not None
    assert shared.low is not None
    assert shared.value == alone.value
    assert shared.low < alone.low
    assert (alone.verdict, shared.verdict) == ("blocked", "passed")


def test_each_landmark_and_outcome(borough: Contract) -> None:
    """Each landmark and outcome has its own gate, in the table's order."""
    short, equal = _scored({"Girls": (1000, 300, 75), "Boys": EQUAL}), _scored({"Girls": EQUAL, "Boys": EQUAL})
    table = pd.concat([short, equal.assign(landmark="one_year")], ignore_index=True)
    gates = fairness_gate(table, borough, _plan(sex=("Girls",)))
    assert [(gate.landmark, gate.verdict) for gate in gates] == [("two_year", "blocked"), ("one_year", "passed")]


def test_each_child_once(borough: Contract) -> None:
    """Of children who were scored in several repeats, the first alone counts: ten repeats of few are few."""
    once = _scored({"Girls": (90, 30, 0), "Boys": EQUAL})
    table = pd.concat([once.assign(repeat=repeat) for repeat in range(10)], ignore_index=True)
    assert fairness_gate(table, borough, _plan(sex=("Girls",))) == fairness_gate(once, borough, _plan(sex=("Girls",)))


@settings(derandomize=True, database=None, deadline=None, max_examples=15)
@given(seed=st.integers(0, 2**32 - 1))
def test_order_does_not_matter(borough: Contract, seed: int) -> None:
    """The order of the rows changes nothing."""
    table = _scored({"Girls": (300, 90, 30), "Boys": (300, 90, 40)}, family=2)
    rows = np.random.default_rng(seed).permutation(len(table))
    plan = _plan(sex=("Girls", "Boys"))
    assert fairness_gate(table.iloc[rows], borough, plan) == fairness_gate(table, borough, plan)


def test_a_gap_as_agreed_seldom_blocks(borough: Contract) -> None:
    """Of a hundred audits of a group that falls short by just the margin, at most 6 % say that it is by more (quick form)."""
    chance, blocked = np.random.default_rng(5), 0
    for _ in range(100):
        girls, boys = (int(chance.binomial(300, recall)) for recall in (0.35, 0.40))
        table = _scored({"Girls": (500, 300, girls), "Boys": (500, 300, boys)})
        blocked += _gate(table, borough, _plan(sex=("Girls",))).verdict == "blocked"
    assert 0 < blocked <= 6
