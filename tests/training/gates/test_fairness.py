"""The gate of fairness: a protected group's shortfall blocks, and nothing else does."""

import datetime
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairness.disclosure.nested import nested
from fairness.disclosure.told import told
from fairness.engine.audit import audited
from fairness.policy.policy import Policy
from models.gates import Gate
from training.gates.fairness import fairness_gate

# Of a group: children, those with the outcome, and those of them who are on the list.
Counts = tuple[int, int, int]
EQUAL = (1000, 300, 120)
GROUPS = {"sex": ["Girls", "Boys"], "light": ["Under 2,500 g", "2,500 g or more"]}
LABELS = {"sex": "Sex", "light": "Birth weight"}


def _scored(sex: Mapping[str, Counts], light: tuple[str, ...] = ("2,500 g or more",), family: int = 1) -> pd.DataFrame:
    """A scored table of these groups of children in families of so many; groups of `light` take turns."""
    parts = [
        pd.DataFrame({"audit_sex": group, "observed": np.arange(n) < had, "flagged": _listed(n, had, listed)})
        for group, (n, had, listed) in sex.items()
    ]
    table = pd.concat(parts, ignore_index=True)
    at = np.arange(len(table))
    return table.assign(
        child=[f"c{i}" for i in at],
        landmark="two_year",
        outcome="not_gld",
        probability=np.where(table["flagged"], 0.6, 0.2) + (at % 7) / 100,
        observed=table["observed"].astype(np.int8),
        repeat=0,
        fold=0,
        weight=1.0,
        family=[f"f{i // family}" for i in at],
        audit_light=[light[i % len(light)] for i in at],
    )


def _listed(n: int, had: int, listed: int) -> np.ndarray:
    """Who is on the list: so many of those with the outcome, and some of those without."""
    at = np.arange(n)
    return (at < listed) | (at >= n - min(60, (n - had) // 4))


def _policy(margin: float = 0.05, pools: Mapping[str, Any] | None = None, **protects: tuple[str, ...]) -> Policy:
    asked = [{"name": name, "protects": groups} for name, groups in protects.items()]
    if pools is not None:
        asked[0]["pools"] = pools
    margins = {"recall": margin} | ({"reason": "Agreed by the board."} if margin > 0.1 else {})
    agreed = {"owner": "the board", "agreed": datetime.date(2026, 9, 1)}
    return Policy.model_validate({**agreed, "margins": margins, "attribute": asked})


def _gates(table: pd.DataFrame, policy: Policy) -> list[Gate]:
    groups = GROUPS | ({"place": []} if "audit_place" in table else {})
    heads = audited(table, 1 - table["flagged"].to_numpy(dtype=np.int64), groups, (0.2,), policy)
    found = told(heads, policy, LABELS, nested(table, [*groups]))
    return fairness_gate(heads, found.audits[0], policy, 0, LABELS)


def _gate(table: pd.DataFrame, policy: Policy) -> Gate:
    (gate,) = _gates(table, policy)
    return gate


def test_nobody_has_agreed() -> None:
    """Without a policy that somebody agreed to, one gate blocks the whole run, though the groups are named."""
    policy = Policy.model_validate({"attribute": [{"name": "sex", "protects": ["Girls"]}]})
    gate = _gate(_scored({"Girls": EQUAL, "Boys": EQUAL}), policy)
    assert (gate.landmark, gate.outcome, gate.verdict, gate.value) == (None, None, "blocked", None)
    assert gate.words.startswith("Nobody has agreed what to ask")
    assert gate.code == "policy"


def test_a_protected_group_falls_short() -> None:
    """A protected group's recall well below everyone else's blocks, with the gap, its interval and the group's name."""
    gate = _gate(_scored({"Girls": (1000, 300, 75), "Boys": EQUAL}), _policy(sex=("Girls",)))
    assert (gate.landmark, gate.outcome, gate.code, gate.kind) == ("two_year", "not_gld", "fairness", "release")
    assert gate.verdict == "blocked"
    assert gate.value == -0.15
    assert gate.low is not None
    assert gate.high is not None
    assert gate.low < -0.15 < gate.high < -0.05
    assert gate.threshold == "at most 5 points below everyone else's"
    assert "urther below everyone else's recall than agreed: Girls (Sex)." in gate.words
    assert gate.next


def test_a_gap_in_its_favour() -> None:
    """A protected group that is found more often than everyone else blocks nothing."""
    gate = _gate(_scored({"Girls": (1000, 300, 225), "Boys": EQUAL}), _policy(sex=("Girls",)))
    assert (gate.verdict, gate.value) == ("passed", 0.35)
    assert "keep watching" not in gate.words


def test_a_group_that_nobody_named() -> None:
    """A shortfall of a group that the policy does not name is for the audit to show."""
    table = _scored({"Girls": EQUAL, "Boys": (1000, 300, 30)})
    assert _gate(table, _policy(sex=("Girls",))).verdict == "passed"
    assert _gate(table, _policy(sex=("Boys",))).verdict == "blocked"


def test_within_what_was_agreed() -> None:
    """The same gap passes by a wider margin; where it is clear of none, it is one to watch."""
    table = _scored({"Girls": (1000, 300, 75), "Boys": EQUAL})
    gate = _gate(table, _policy(margin=0.15, sex=("Girls",)))
    assert gate.verdict == "passed"
    assert "Possible gap, keep watching: Girls (Sex)." in gate.words
    many = _scored({"Girls": (4000, 1200, 300), "Boys": (4000, 1200, 480)})
    assert "keep watching" not in _gate(many, _policy(margin=0.2, sex=("Girls",))).words


@pytest.mark.parametrize("few", [(99, 40, 0), (400, 9, 0), (0, 0, 0)])
def test_too_few_to_tell(few: Counts) -> None:
    """A group of fewer than 100 children, or of ten with the outcome, is not judged: where all are so, that is no pass."""
    gate = _gate(_scored({"Girls": few, "Boys": EQUAL}), _policy(sex=("Girls", "Boys")))
    assert gate.verdict == "blocked"
    assert gate.words.startswith("Nothing could be told of any protected group")
    assert "Not enough data to tell: 2 of 2 groups." in gate.words
    assert gate.next.startswith("Judge more children")
    assert gate.value is None


@pytest.mark.parametrize("few", [(99, 40, 0), (400, 9, 0), (0, 0, 0)])
def test_too_few_beside_others(few: Counts) -> None:
    """A group too small to be judged does not gate beside one that was judged, and the words begin with it."""
    many = (8000, 2400, 960)
    sizes = {"Girls": many, "Boys": many, "not recorded": few}
    gate = _gate(_scored(sizes), _policy(sex=("Girls", "not recorded")))
    assert gate.verdict == "passed"
    assert gate.words.startswith("1 of 2 protected groups could not be judged: too few children")


def test_too_uncertain_is_not_too_few() -> None:
    """A group that has children enough, and a gap too uncertain to be called anything, blocks nothing."""
    gate = _gate(_scored({"Girls": (200, 40, 14), "Boys": EQUAL}), _policy(sex=("Girls",)))
    assert gate.verdict == "passed"
    assert gate.words.startswith(
        "Not enough data to tell: 1 of 1 groups. That none was shown to fall short is not to say"
    )
    assert "No protected group was shown" not in gate.words
    assert "could not be judged" not in gate.words


def test_figures_are_those_that_may_be_told() -> None:
    """A shortfall that rests on fewer than ten children on the list blocks by name, with the figures of rounded counts."""
    gate = _gate(_scored({"Girls": (1000, 300, 3), "Boys": EQUAL}), _policy(sex=("Girls",)))
    other = _gate(_scored({"Girls": (1000, 300, 5), "Boys": EQUAL}), _policy(sex=("Girls",)))
    assert gate.verdict == "blocked"
    assert (gate.value, gate.low, gate.high) == (other.value, other.low, other.high)
    assert gate.groups == ("sex: Girls",)


def test_a_pool_stands_for_groups_that_are_too_few() -> None:
    """A protected group too small to be judged alone is asked of with its pool, by the pool's name; alone, nobody would be."""
    sizes = {"Girls": (90, 40, 2), "Others": (90, 40, 2), "Boys": EQUAL}
    together = _gate(_scored(sizes), _policy(pools={"Both": ("Girls", "Others")}, sex=("Girls", "Others")))
    assert together.verdict == "blocked"
    assert "agreed: Girls (Sex, as Both), Others (Sex, as Both)." in together.words
    alone = _gate(_scored(sizes), _policy(sex=("Girls", "Others")))
    assert alone.words.startswith("Nothing could be told of any protected group")


def test_a_pool_that_nobody_needs_opens_nothing() -> None:
    """A group that is judged alone is judged as it was when the policy writes a pool round it."""
    sizes = {"Girls": (400, 100, 43), "Boys": (1500, 400, 240), "Others": (400, 100, 60)}
    alone, pooled = (
        _gate(_scored(sizes), _policy(pools=each, sex=("Girls",))) for each in ({}, {"Two": ("Girls", "Others")})
    )
    assert alone.verdict == "blocked"
    assert pooled == alone


def test_a_group_that_nobody_is_in() -> None:
    """A protected group of an attribute that declares none, whom no child is in, is told of and not judged, and nothing fails."""
    table = _scored({"Girls": (4000, 1200, 480), "Boys": (4000, 1200, 480)})
    policy = _policy(sex=("Girls",), place=("North", "Souht"))
    before = _gates(table.assign(audit_place="North", landmark="one_year"), policy)
    assert "No child of that name was found: Souht (place)." in before[0].words
    both = pd.concat([table.assign(audit_place="North"), table.assign(audit_place="East", landmark="one_year")])
    first, second = _gates(both.reset_index(drop=True), policy)
    assert "1 of 3 protected groups could not be judged" not in first.words
    assert "No child of that name was found: Souht (place)." in first.words
    assert "No child of that name was found: North (place), Souht (place)." in second.words
    assert (first.verdict, second.verdict) == ("passed", "passed")


def test_an_attribute_that_is_not_audited() -> None:
    """A protected group of an attribute that nobody audits could not be judged, and the gate says so."""
    table = _scored({"Girls": (4000, 1200, 480), "Boys": (4000, 1200, 480)})
    gate = _gate(table, _policy(sex=("Girls",), wealth=("Poor",)))
    assert gate.words.startswith("1 of 2 protected groups could not be judged")
    assert "No child of that name was found: Poor (wealth)." in gate.words


def test_groups_of_several_attributes() -> None:
    """Of all protected groups the one furthest below is told, and all that fall short are named."""
    sizes = {"Girls": (2000, 600, 120), "Boys": (2000, 600, 240), "not recorded": (200, 60, 24)}
    table = _scored(sizes, light=("Under 2,500 g", "2,500 g or more"))
    policy = _policy(sex=("Girls", "Boys", "not recorded"), light=("Under 2,500 g",))
    gate = _gate(table, policy)
    assert gate.verdict == "blocked"
    assert "agreed: Girls (Sex)." in gate.words
    assert "The gap shown is of Girls (Sex)." in gate.words
    assert gate.value == pytest.approx(-0.2, abs=0.003)  # of counts to the nearest five


def test_families_are_no_proof() -> None:
    """What ten families share is less sure than what as many children alone would show: a gap of theirs may not block."""
    counts = {"Girls": (1000, 300, 75), "Boys": EQUAL}
    alone = _gate(_scored(counts), _policy(sex=("Girls",)))
    shared = _gate(_scored(counts, family=75), _policy(sex=("Girls",)))
    assert alone.low is not None
    assert shared.low is not None
    assert shared.value == alone.value
    assert shared.low < alone.low
    assert (alone.verdict, shared.verdict) == ("blocked", "passed")


def test_each_landmark_and_outcome() -> None:
    """Each landmark and outcome has its own gate, in the table's order."""
    short, equal = _scored({"Girls": (1000, 300, 75), "Boys": EQUAL}), _scored({"Girls": EQUAL, "Boys": EQUAL})
    table = pd.concat([short, equal.assign(landmark="one_year")], ignore_index=True)
    gates = _gates(table, _policy(sex=("Girls",)))
    assert [(gate.landmark, gate.verdict) for gate in gates] == [("two_year", "blocked"), ("one_year", "passed")]


def test_each_child_once() -> None:
    """Children who were scored in several repeats count once: ten repeats of few are few."""
    once = _scored({"Girls": (90, 30, 0), "Boys": EQUAL})
    table = pd.concat([once.assign(repeat=repeat) for repeat in range(10)], ignore_index=True)
    again, gate = _gate(table, _policy(sex=("Girls",))), _gate(once, _policy(sex=("Girls",)))
    assert (again.verdict, again.words) == (gate.verdict, gate.words)
    assert gate.words.startswith("Nothing could be told")


@settings(derandomize=True, database=None, deadline=None, max_examples=3)
@given(seed=st.integers(0, 2**32 - 1))
def test_order_does_not_matter(seed: int) -> None:
    """The order of the rows changes nothing."""
    table = _scored({"Girls": (300, 90, 30), "Boys": (300, 90, 40)}, family=2)
    rows = np.random.default_rng(seed).permutation(len(table))
    policy = _policy(sex=("Girls", "Boys"))
    assert _gates(table.iloc[rows], policy) == _gates(table, policy)
