"""
What ships, learned again with weights: children with the outcome count for more where they are of a protected group.

The weights are those of fairlearn's reductions for equal recall (Agarwal and others, "A reductions approach to fair
classification", 2018). Its grid search learns one model for each multiplier; each is a model like any other, compiled into
terms, and asks nobody's group: the characteristic is in the weights, and in no feature. No multiplier is so large that a
weight falls below 0, for the reduction would then have the outcome of such a child turned about.
"""

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd
from fairlearn.reductions import GridSearch, TruePositiveRateParity
from numpy.typing import NDArray

from training.judging import NoSignal, Rows
from training.learning import CandidateName, Learned, Task, learn
from training.metrics import cut
from training.plan import Plan
from training.worth.lists import team_share

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# How many times as much a child of the protected groups counts who has the outcome, as another child who has it.
TIMES = (1.5, 2.0, 3.0, 5.0, 10.0)
_PROTECTED, _OTHERS = "protected", "everyone else"
# Figures of other places than these come from the order in which a library adds up, and would change what is learned.
_PLACES = 9


class WeightedModel:
    """What ships as fairlearn asks for a classifier: learned with weights, and positive of whoever is on the team's list."""

    def __init__(self, candidate: CandidateName, task: Task, sampling: Floats, plan: Plan) -> None:
        """`sampling` (n,) are the sampling weights of the children it will be learned from."""
        self._candidate, self._task, self._sampling, self._plan = candidate, task, sampling, plan

    def fit(self, x: Floats, y: pd.Series, sample_weight: pd.Series) -> None:
        """Learn from x (n, features; NaN not known) and y (n,) 0 or 1."""
        weights = np.round(sample_weight.to_numpy(dtype=np.float64), _PLACES) * self._sampling
        self.learned = learn(self._candidate, self._task, x, y.to_numpy(dtype=np.float64), self._plan, weights)

    def predict(self, x: Floats) -> Floats:
        """Return who of the children it was learned from is on a list of the team's length, 0 or 1 (n,)."""
        listed = cut(self.learned.log_odds(x), team_share(self._plan), self._sampling).flagged
        return listed.astype(np.float64)


def learned_in_steps(
    candidate: CandidateName, task: Task, rows: Rows, protected: Flags, plan: Plan, times: Sequence[float] = TIMES
) -> list[Learned]:
    """
    Return what is learned of these children at each multiplier; `protected` (n,) says who is of the protected groups.

    Raises NoSignal where none or all of those with the outcome are protected, so that there is nobody to weigh against.
    """
    among = rows.y == 1
    if not protected[among].any() or protected[among].all():
        raise NoSignal(f"{task.landmark}, {task.outcome}: children with the outcome are on one side only")
    groups = np.where(protected, _PROTECTED, _OTHERS)
    with warnings.catch_warnings():
        # fairlearn 0.15 sets a value by a way that pandas is to take away; it warns of nothing else.
        warnings.filterwarnings("ignore", category=pd.errors.Pandas4Warning)
        search = GridSearch(
            WeightedModel(candidate, task, rows.weights, plan),
            constraints=TruePositiveRateParity(),
            grid=_grid(rows, groups, times),
        )
        search.fit(rows.x, rows.y, sensitive_features=groups)
    return [model.learned for model in search.predictors_]


def _grid(rows: Rows, groups: NDArray[np.str_], times: Sequence[float]) -> pd.DataFrame:
    """
    Return the multipliers (constraints, steps), one step for each of `times`.

    At a multiplier of s times the share with the outcome, those with it weigh 1 + s (1 / q - 1) where they are protected, and
    1 - s where not, with q the protected share of them: together as much as before, and for s below 1 none below 0.
    """
    constraints = TruePositiveRateParity()
    constraints.load_data(rows.x, rows.y, sensitive_features=groups)
    (row,) = (key for key in constraints.index if key[0] == "-" and key[2] == _PROTECTED)
    q = float(np.mean(groups[rows.y == 1] == _PROTECTED))
    s = [(each - 1) / (each - 1 + 1 / q) for each in times]
    grid = pd.DataFrame(0.0, index=constraints.index, columns=range(len(times)))
    grid.loc[row, :] = np.array(s) * float(rows.y.mean())
    return grid
