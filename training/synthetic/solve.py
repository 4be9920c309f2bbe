"""Solves what development rests on, so that the profile comes out with the published margins."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from training.synthetic.area import NATION, Area
from training.synthetic.families import Flags, Floats
from training.synthetic.fitted import Fitted
from training.synthetic.margins import Recorded, inputs, moments
from training.synthetic.profile import LEARNING, Profile

_ROUNDS = 7
# Where an area publishes its own figure these are solved anew; all else is the nation's.
_LOCAL = ("free_meals", "in_need", "looked_after")
_LOCAL_FIGURES = {"free_meals": "gld_fsm", "in_need": "gld_cin", "looked_after": "gld_cla"}


def effect(name: str) -> str:
    """Return the name under which an input's solved effect is kept."""
    return f"effect_{name}"


def solved_part(who: Recorded, fitted: Fitted) -> Floats:
    """Return what the solved inputs add to development."""
    part = np.full(len(who.boy), fitted.constants["level"])
    for name, values in inputs(who).items():
        part = part + fitted.constants[effect(name)] * values
    return part


def solve(
    area: Area,
    who: Recorded,
    observed: Flags,
    rest: Floats,
    help_given: Callable[[Floats], Floats],
    fitted: Fitted,
) -> None:
    """
    Solve effects and thresholds on the calibration children who have a result.

    `rest` is all of development that is not solved; `help_given` says what help adds, given development before it.
    """
    for name in inputs(who):
        fitted.constants.setdefault(effect(name), 0.0)
    fitted.constants.setdefault("level", 0.0)
    groups = moments(area, who)
    names = list(groups) if area.name == NATION else [n for n in _LOCAL if area.own(_LOCAL_FIGURES[n])]
    columns = inputs(who)
    for _ in range(_ROUNDS):
        before = rest + solved_part(who, fitted)
        helped = help_given(before)
        _to_level(area, (before + helped)[observed], fitted)
        development = (rest + solved_part(who, fitted) + helped)[observed]
        _step(names, groups, columns, observed, development, fitted)
    before = rest + solved_part(who, fitted)
    _to_level(area, (before + help_given(before))[observed], fitted)


def _to_level(area: Area, development: Floats, fitted: Fitted) -> None:
    """Bring every area of learning, and the good level, to their published shares."""
    # A histogram this fine stands for the children: a share of it is within 1e-5 of theirs, at a hundredth of the time.
    counts, edges = np.histogram(development, bins=1600, range=(-8, 8))
    spread = _Spread((edges[1:] + edges[:-1]) / 2, counts / counts.sum())
    _thresholds(area, spread, fitted)
    _level(area, spread, fitted)


@dataclass(frozen=True, slots=True)
class _Spread:
    """How development is spread: values, and the share of children at each."""

    values: Floats
    shares: Floats


def _thresholds(area: Area, spread: _Spread, fitted: Fitted) -> None:
    """Set each area's threshold by its published share; the nation's good level sets that of literacy."""
    own = [a for a in LEARNING if area.name == NATION or area.own(f"area_{a.name}")]
    for learning in own:
        name = f"threshold_{learning.name}"

        def share(threshold: float, learning_name: str = learning.name) -> float:
            profile = Profile({learning_name: threshold})
            return -float(profile.area_at(learning_name, spread.values) @ spread.shares)

        fitted.root(name, share, -area.share(f"area_{learning.name}"), -6, 6)
    if area.name == NATION:
        known = {a.name: fitted.constants[f"threshold_{a.name}"] for a in LEARNING}

        def good(threshold: float) -> float:
            return -float(Profile(known | {"literacy": threshold}).good_level_at(spread.values) @ spread.shares)

        fitted.root("threshold_literacy", good, -area.share("gld"), -6, 6)


def _level(area: Area, spread: _Spread, fitted: Fitted) -> None:
    """Lift or lower everyone until the area's good level is reached; the nation's level is 0."""
    if area.name == NATION:
        return
    profile, level = Profile.of(fitted), fitted.constants["level"]
    fitted.root(
        "level",
        lambda c: float(profile.good_level_at(spread.values + c - level) @ spread.shares),
        area.share("gld"),
        level - 3,
        level + 3,
    )


def _step(
    names: list[str],
    groups: dict[str, tuple[Flags, float]],
    columns: dict[str, Floats],
    observed: Flags,
    development: Floats,
    fitted: Fitted,
) -> None:
    """Take one Newton step towards the published share of every group; a group of nobody keeps its effect."""
    used = [name for name in names if groups[name][0][observed].sum() >= 30]
    if not used:
        return
    profile = Profile.of(fitted)
    chance, slope = profile.good_level_at(development), profile.good_level_slope(development)
    weights = np.stack([groups[name][0][observed] / groups[name][0][observed].sum() for name in used])
    design = np.stack([columns[name][observed] for name in used], axis=1)
    # The thresholds bring the whole back to its level, so an input counts by how far it lifts above the average.
    design = design - (slope @ design / slope.sum())[None, :]
    off = np.array([groups[name][1] for name in used]) - weights @ chance
    change = np.linalg.solve((weights * slope) @ design, off)
    for name, amount in zip(used, np.clip(change, -0.6, 0.6).tolist(), strict=True):
        fitted.constants[effect(name)] += amount
