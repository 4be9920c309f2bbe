"""
What ships, every declared rule and chance, each with a list of the same length: how many of 100 listed have the outcome.

The length is the team's (M6, M7). Where many tie at the cut, as by a rule, those who tie are drawn alike: a rule that flags
fewer than the list holds is filled up by chance, one that flags more is drawn from. Each child's chance of being listed is
held fixed while families are drawn again, and the best of the others is that of each draw: this errs on the side of rules.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.band_policy import capacities_of
from models.feature import Rule
from models.small_numbers import FEWEST
from training.judging import HeldOut
from training.plan import Plan
from training.resampled import Resampled, figure

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
BY_CHANCE = "a list drawn by chance"


def team_share(plan: Plan) -> float:
    """
    Return the share of children on the team's list, as bands are drawn for it.

    What share so many children a month are is known only when every landmark is learned: until then it is the default share.
    """
    return capacities_of(plan.bands.capacity)[-1]


def chances(scores: Floats, weights: Floats, share: float) -> Floats:
    """Return each child's chance to be on a list of that share of all: the highest scores first, ties drawn alike."""
    _, place = np.unique(-scores, return_inverse=True)
    tied = np.bincount(place, weights)
    before = np.cumsum(tied) - tied
    return np.asarray(np.clip((share * weights.sum() - before) / tied, 0, 1)[place])


def shipped_chances(held_out: HeldOut, weights: Floats, share: float) -> Floats:
    """Return each held-out child's chance to be listed by what ships, over the repeats."""
    return np.asarray(np.mean([chances(scores, weights, share) for scores in held_out.log_odds], axis=0))


def lists(shipped: Floats, rules: Mapping[Rule, Flags], share: float, children: Resampled) -> dict[str, Any]:
    """Return what each list finds, the best of the others, and the gain of what ships (chances (m,)) over it."""
    flagged = [chances(flags.astype(float), children.weights, share) for flags in rules.values()]
    listed = np.column_stack([shipped, np.full(len(shipped), share), *flagged])
    value, drawn = (
        found_of_100(listed, children.weights[None, :], children)[0],
        found_of_100(listed, children.drawn, children),
    )
    names = [BY_CHANCE, *(rule.label for rule in rules)]
    best = int(value[1:].argmax())
    return {
        "what_ships": figure(value[0], drawn[:, 0]),
        "by_chance": figure(value[1], drawn[:, 1]),
        "rules": [
            {
                "rule": rule.name,
                "label": rule.label,
                "found": figure(value[k], drawn[:, k]),
                "gain": figure(value[0] - value[k], drawn[:, 0] - drawn[:, k]),
            }
            for k, rule in enumerate(rules, start=2)
        ],
        "best": {"rule": list(rules)[best - 1].name if best else None, "label": names[best]},
        "gain": figure(value[0] - value[1:].max(), drawn[:, 0] - drawn[:, 1:].max(axis=1)),
    }


def found_of_100(listed: Floats, weights: Floats, children: Resampled) -> Floats:
    """
    Return, of 100 listed, how many have the outcome: listed (m, lists) and weights (draws, m) to (draws, lists).

    NaN where the lists are so short that their figures would tell of a few children.
    """
    if listed[:, 0].sum() < FEWEST:
        return np.full((len(weights), listed.shape[1]), np.nan)
    with np.errstate(invalid="ignore"):
        return np.asarray(100 * (weights @ (listed * children.y[:, None])) / (weights @ listed))
