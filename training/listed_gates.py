"""The release gates that go by how long the team's list is: asked at each of the twenty capacities, so that bands can be drawn again."""

from collections.abc import Iterator, Sequence

import pandas as pd

from models.contract import Contract
from models.gates import Gate
from training.gates.fairness import fairness_gate
from training.heads import LearnedHead
from training.plan import Plan
from training.scores import flagged_at
from training.worth.gain_gate import gain_gate


def listed_gates(
    contract: Contract, heads: Sequence[LearnedHead], scored: pd.DataFrame, plan: Plan, capacity: float
) -> Iterator[Gate]:
    """Yield the gain over rules of each landmark and outcome, and the gaps between groups, of lists of that share of children."""
    for head in heads:
        yield gain_gate(head.evaluation, plan, capacity)
    yield from fairness_gate(flagged_at(scored, capacity), contract, plan)
