"""
What ships beside every declared rule and chance, list by list: how many of 100 listed have the outcome.

The length is the team's (M6, M7). A rule that flags more than that is drawn from: those who tie at the cut are drawn alike. One
that flags fewer has a list of its own length, and is set beside what ships cut at that same length: filled up by chance, it would
be thinned until anything beat it. What ships is to find more than each of them, so that the gain is the smallest of all, and in
each draw of families the smallest of that draw: this errs on the side of rules. Each child's chance of being listed is held
fixed meanwhile.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.band_policy import capacities_of
from models.feature import Rule
from models.small_numbers import FEWEST
from training.judging import HeldOut
from training.plan import Plan
from training.resampled import Figure, Resampled, figure

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
FEW = "few"
BY_CHANCE = "a list drawn by chance"
# Chances that sum to ten may be short of it by what floating point leaves out.
_ROUNDING = 1e-9


def team_share(plan: Plan) -> float:
    """Return the share of children on the team's list, as bands are drawn for it; the plan is one that is `sized`."""
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


def lists(held_out: HeldOut, rules: Mapping[Rule, Flags], share: float, children: Resampled) -> dict[str, Any]:
    """
    Return what each list finds, and the gain of what ships over the one that it is hardest to do better than (`best`).

    `use` is the hardest of the rules that are themselves shown to do better than chance; None where none is. A rule of which
    fewer than ten are listed cannot be judged: its figures and its length are None, and it is among the `not_judged`;
    `others` are all that are, each with the lower end of the gain over it alone. FEW marks a rule whose figures would tell of a few.
    """
    chance = _beside(held_out, np.full(len(children.y), share), share, children)
    found = {rule: _beside(held_out, *_list_of(flags, share, children), children) for rule, flags in rules.items()}
    judged = {rule: each for rule, each in found.items() if not np.isnan(each.value).any()}
    others: list[tuple[Rule | None, _Beside]] = [(None, chance), *judged.items()]
    gains = np.array([each.gain for _, each in others])
    shown = [k for k, (rule, each) in enumerate(others) if rule is not None and _shown(each, chance)]
    return {
        "what_ships": figure(chance.value[0], chance.drawn[:, 0]),
        "by_chance": figure(chance.value[1], chance.drawn[:, 1]),
        "rules": [_told(rule, each, chance) for rule, each in found.items()],
        "best": _named(*others[int(gains.argmin())]),
        "use": _named(*others[min(shown, key=lambda k: gains[k])]) if shown else None,
        "others": [_named(rule, each) | {"low": figure(each.gain, each.gains)["low"]} for rule, each in others],
        "not_judged": [rule.label for rule in rules if rule not in judged],
        "gain": figure(gains.min(), np.min([each.gains for _, each in others], axis=0)),
    }


class _Beside(NamedTuple):
    """
    What ships and another list of the same length find of 100: (2,), and (draws, 2).

    `few`: on one of the two fewer than ten have the outcome, or fewer than ten have not; its figures may then not be told.
    """

    length: float
    value: Floats
    drawn: Floats
    few: bool

    @property
    def gain(self) -> float:
        return float(self.value[0] - self.value[1])

    @property
    def gains(self) -> Floats:
        return np.asarray(self.drawn[:, 0] - self.drawn[:, 1])


def _list_of(flags: Flags, share: float, children: Resampled) -> tuple[Floats, float]:
    """Return each child's chance to be on a rule's list, and its length: all whom it flags, or the team's where that is shorter."""
    length = min(share, float(children.weights @ flags / children.weights.sum()))
    return chances(flags.astype(float), children.weights, length), length


def _beside(held_out: HeldOut, listed: Floats, length: float, children: Resampled) -> _Beside:
    both = np.column_stack([shipped_chances(held_out, children.weights, length), listed])
    value = found_of_100(both, children.weights[None, :], children)[0]
    return _Beside(length, value, found_of_100(both, children.drawn, children), _tells_of_few(both, children.y))


def _tells_of_few(listed: Floats, y: Floats) -> bool:
    having, not_having = y @ listed, (1.0 - y) @ listed
    return bool(min(having.min(), not_having.min()) < FEWEST - _ROUNDING)


def _over_chance(rule: _Beside, chance: _Beside) -> Figure:
    """Return what a rule finds more than chance, which finds the same by a list of any length."""
    return figure(rule.value[1] - chance.value[1], rule.drawn[:, 1] - chance.drawn[:, 1])


def _shown(rule: _Beside, chance: _Beside) -> bool:
    low = _over_chance(rule, chance)["low"]
    return low is not None and low > 0


def _told(rule: Rule, beside: _Beside, chance: _Beside) -> dict[str, Any]:
    return {
        "rule": rule.name,
        "label": rule.label,
        "length": None if np.isnan(beside.value).any() else round(beside.length, 6),
        "what_ships": figure(beside.value[0], beside.drawn[:, 0]),
        "found": figure(beside.value[1], beside.drawn[:, 1]),
        "gain": figure(beside.gain, beside.gains),
        "over_chance": _over_chance(beside, chance),
        FEW: beside.few,
    }


def _named(rule: Rule | None, beside: _Beside) -> dict[str, Any]:
    name, label = (None, BY_CHANCE) if rule is None else (rule.name, rule.label)
    return {"rule": name, "label": label, "length": round(beside.length, 6)}


def found_of_100(listed: Floats, weights: Floats, children: Resampled) -> Floats:
    """
    Return, of 100 listed, how many have the outcome: listed (m, lists) and weights (draws, m) to (draws, lists).

    NaN where any list is so short that its figure would tell of a few children.
    """
    if listed.sum(axis=0).min() < FEWEST - _ROUNDING:
        return np.full((len(weights), listed.shape[1]), np.nan)
    with np.errstate(invalid="ignore"):
        return np.asarray(100 * (weights @ (listed * children.y[:, None])) / (weights @ listed))
