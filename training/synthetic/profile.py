"""
The early years foundation stage profile of an invented child: 17 goals, one strong factor, areas of learning of their own.

A goal is reached where development, plus the area's own residual, plus a little of the goal's own, passes a threshold.
The spreads below were fitted to England 2024/25 (areas of learning, good level of development, all 17 goals, all prime
areas, mean goals of all children and of those without a good level); they make the goals two-peaked, as they are.
"""

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from scipy.special import ndtr

from training.synthetic.families import Flags, Floats
from training.synthetic.fitted import Fitted


@dataclass(frozen=True, slots=True)
class LearningArea:
    """An area of learning: its goals, the spread of its own residual, and how far apart its goals' thresholds lie."""

    name: str
    goals: tuple[str, ...]
    spread: float
    offsets: tuple[float, ...]
    in_gld: bool


LEARNING = (
    LearningArea("communication", ("fsp_com_e01", "fsp_com_e02"), 0.262, (-0.1, 0.1), True),
    LearningArea("psed", ("fsp_pse_e03", "fsp_pse_e04", "fsp_pse_e05"), 0.375, (0.1, 0.0, -0.1), True),
    LearningArea("physical", ("fsp_phy_e06", "fsp_phy_e07"), 0.350, (-0.1, 0.1), True),
    LearningArea("literacy", ("fsp_lit_e08", "fsp_lit_e09", "fsp_lit_e10"), 0.137, (-0.287, 0.0, 0.287), True),
    LearningArea("mathematics", ("fsp_mat_e11", "fsp_mat_e12"), 0.178, (-0.1, 0.1), True),
    LearningArea("world", ("fsp_utw_e13", "fsp_utw_e14", "fsp_utw_e15"), 0.425, (-0.1, 0.0, 0.1), False),
    LearningArea("arts", ("fsp_exp_e16", "fsp_exp_e17"), 0.166, (-0.1, 0.1), False),
)
GOALS = tuple(goal for area in LEARNING for goal in area.goals)
BY_NAME = {area.name: area for area in LEARNING}
GOAL_SPREAD = 0.03
# Between the two-year review and the profile a child goes its own way by this much (standard deviations of development).
LATER_SPREAD = 0.74
# The share of an area's residual variance that is there at two already, and shows in the review.
EARLY = 0.6
OUTCOMES = ("not_gld", "not_communication", "not_psed")

# Evenly spaced, because the curves between the goals' thresholds are steeper than the gaps of as many Gauss-Hermite
# nodes: true chances are within 1e-4 of those found with ten times as many.
_NODES = np.linspace(-6, 6, 61)
_WEIGHTS = np.exp(-_NODES * _NODES / 2) / np.exp(-_NODES * _NODES / 2).sum()
_GRID = np.linspace(-9, 9, 1801)


@dataclass(frozen=True)
class Profile:
    """How likely the areas are reached, by development; `thresholds` has one for each area of learning."""

    thresholds: dict[str, float]

    @staticmethod
    def of(fitted: Fitted) -> "Profile":
        """Return the profile of an area's fitted thresholds."""
        return Profile({area.name: fitted.constants[f"threshold_{area.name}"] for area in LEARNING})

    def reached(self, name: str, above: Floats, own: float = 1.0) -> Floats:
        """Chance of reaching an area by development above its threshold; `own` scales its residual's spread."""
        return np.interp(above, _GRID, _reached(name, own))

    @cached_property
    def good_level(self) -> Floats:
        """Chance of a good level on the grid of development as it stands before the later years."""
        later = _GRID[:, None] + LATER_SPREAD * _NODES
        every = np.ones_like(later)
        for area in LEARNING:
            if area.in_gld:
                every *= self.reached(area.name, later - self.thresholds[area.name])
        return np.asarray(every @ _WEIGHTS)

    def good_level_at(self, development: Floats) -> Floats:
        """Chance of a good level, by development as it stands before the later years."""
        return np.interp(development, _GRID, self.good_level)

    def good_level_slope(self, development: Floats) -> Floats:
        """How fast that chance rises with development."""
        return np.interp(development, _GRID, np.gradient(self.good_level, _GRID))

    def area_at(self, name: str, development: Floats) -> Floats:
        """Chance of reaching an area of learning, by development as it stands before the later years."""
        return np.interp(development - self.thresholds[name], _GRID, _reached_later(name))

    def true_chances(self, development: Floats, early: Floats) -> dict[str, Floats]:
        """
        Return the chance of *not* reaching each outcome, given all that is settled at two.

        `early` (n, areas) are the early halves of the areas' residuals, standard normal.
        """
        left = float(np.sqrt(1 - EARLY))
        good = np.zeros(len(development))
        alone = {name: np.zeros(len(development)) for name in ("communication", "psed")}
        for node, weight in zip(_NODES, _WEIGHTS, strict=True):
            every = np.ones(len(development))
            for i, area in enumerate(LEARNING):
                if not area.in_gld:
                    continue
                settled = development + area.spread * np.sqrt(EARLY) * early[:, i]
                chance = self.reached(area.name, settled + LATER_SPREAD * node - self.thresholds[area.name], left)
                every *= chance
                if area.name in alone:
                    alone[area.name] += weight * chance
            good += weight * every
        return {"not_gld": 1 - good, **{f"not_{name}": 1 - chance for name, chance in alone.items()}}

    def goals(self, later: Floats, residuals: Floats, rng: np.random.Generator) -> Flags:
        """Return which goals are reached (n, 17), by development at five and the areas' whole residuals (n, areas)."""
        levels = [later + area.spread * residuals[:, i] - self.thresholds[area.name] for i, area in enumerate(LEARNING)]
        columns = [
            level + GOAL_SPREAD * rng.standard_normal(len(later)) > offset
            for level, area in zip(levels, LEARNING, strict=True)
            for offset in area.offsets
        ]
        return np.column_stack(columns)


@cache
def _reached(name: str, own: float) -> Floats:
    """Chance on the grid of reaching an area, over its residual and its goals' own."""
    area = BY_NAME[name]
    level = _GRID[:, None] + own * area.spread * _NODES
    each = [ndtr((level - offset) / GOAL_SPREAD) for offset in area.offsets]
    return np.asarray(np.prod(each, axis=0) @ _WEIGHTS)


@cache
def _reached_later(name: str) -> Floats:
    """Chance on the grid of reaching an area, over the later years too."""
    later = _GRID[:, None] + LATER_SPREAD * _NODES
    return np.asarray(np.interp(later, _GRID, _reached(name, 1.0)) @ _WEIGHTS)
