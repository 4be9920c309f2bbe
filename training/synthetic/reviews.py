"""The two-year review: its ASQ-3 and ASQ:SE-2 totals, with the published shares at or above the cut-offs."""

from dataclasses import dataclass

import numpy as np

from training.synthetic.area import Area
from training.synthetic.chance import Chance
from training.synthetic.families import Flags, Floats, Ints
from training.synthetic.fitted import Fitted
from training.synthetic.profile import LEARNING

INTERVALS = (24, 27, 30)
# 36 months was found in a published summary sheet; these three are from general knowledge, unverified.
CUT_OFFS = {
    "comm": (25.17, 24.02, 33.30),
    "gm": (38.07, 28.01, 36.14),
    "fm": (35.16, 18.42, 19.25),
    "ps": (29.78, 27.62, 27.08),
    "psoc": (31.54, 25.31, 32.01),
}
# The area of learning whose residual each domain shares.
_AREA_OF = {"comm": "communication", "gm": "physical", "fm": "physical", "ps": "mathematics", "psoc": "psed"}
# Ours, fitted so that a questionnaire below a cut-off has the published odds ratio, and one child in five has one or more.
_DEVELOPMENT, _OWN_AREA, _FORM, _NOISE = 0.61, 0.30, 0.73, 0.36
# Points of a total to one standard deviation of a domain, above the cut-off and below it.
_POINTS_ABOVE, _POINTS_BELOW = 14.0, 16.0
_HIGHEST = 60
_SHIFT_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Review:
    """What a review would find of each child, (n,) each, whoever is reviewed; `totals` by domain."""

    domains: dict[str, Floats]
    below: dict[str, Flags]
    social: Floats  # higher is worse

    @property
    def any_below(self) -> Flags:
        """Whether any domain is below its cut-off."""
        return np.asarray(np.any(list(self.below.values()), axis=0))

    def totals(self, interval: Ints) -> dict[str, Ints]:
        """Return each domain's total at each child's own questionnaire (index into INTERVALS)."""
        return {name: _total(value, np.array(CUT_OFFS[name])[interval]) for name, value in self.domains.items()}

    def social_total(self) -> Ints:
        """Return the total of ASQ:SE-2, in steps of 5."""
        return np.asarray(np.clip(5 * np.rint(np.exp(1.75 + 0.62 * self.social)), 0, 300), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Lower:
    """Who scores lower at two by more than development explains; published for boys, Black and most deprived children."""

    boy: Flags
    black: Flags
    most_deprived: Flags


def invent_review(
    area: Area, development: Floats, early: Floats, lower: Lower, reviewed: Flags, fitted: Fitted, chance: Chance
) -> Review:
    """Return the reviews; `reviewed` are those by whom the published shares are reached."""
    rng = chance.stream("reviews")
    count = len(development)
    form = rng.standard_normal(count)
    mean = fitted.value("review_mean", float(development[reviewed].mean()) if fitted.fitting else 0.0)
    spread = fitted.value("review_spread", float(development[reviewed].std()) if fitted.fitting else 1.0)
    common = _DEVELOPMENT * (development - mean) / spread + _FORM * form
    position = {learning.name: i for i, learning in enumerate(LEARNING)}
    own = {
        name: _OWN_AREA * early[:, position[_AREA_OF[name]]] + _NOISE * rng.standard_normal(count) for name in CUT_OFFS
    }
    shift = _solve_shift(area, common, own, lower, reviewed, fitted)
    domains = {name: common + shift + part for name, part in own.items()}
    below = {
        name: value < fitted.cut(f"asq_{name}", value, 1 - _target(area, name), reviewed)
        for name, value in domains.items()
    }
    centred = {name: value - fitted.constants[f"asq_{name}"] for name, value in domains.items()}
    social = -0.5 * common - 0.4 * early[:, position["psed"]] + 0.7 * rng.standard_normal(count)
    return Review(centred, below, social)


def _target(area: Area, name: str) -> float:
    """Domains are published for 2022/23; a third of the 2.2 points that all five rose since then is laid on each."""
    return area.share(f"asq_{name}") + 0.007


def _solve_shift(
    area: Area, common: Floats, own: dict[str, Floats], lower: Lower, reviewed: Flags, fitted: Fitted
) -> Floats:
    """Return how much higher or lower the named groups score, so that each lies as far below all as was published."""
    groups = {"boys": lower.boy, "idaci_1": lower.most_deprived, "black": lower.black}

    def shift() -> Floats:
        moved = [fitted.constants[f"asq_shift_{name}"] * group for name, group in groups.items()]
        return np.asarray(np.sum(moved, axis=0), dtype=np.float64)

    if fitted.fitting:
        for name in groups:
            fitted.constants.setdefault(f"asq_shift_{name}", 0.0)
        for _ in range(_SHIFT_ROUNDS):
            for name, group in groups.items():
                _solve_one(area, name, common + shift(), own, group, reviewed, fitted)
    return shift()


def _solve_one(
    area: Area, name: str, common: Floats, own: dict[str, Floats], group: Flags, reviewed: Flags, fitted: Fitted
) -> None:
    """Move one group's shift so that it comes as far below all as was published, at the cut-offs as they are now."""
    above = {n: common + part - np.quantile((common + part)[reviewed], 1 - _target(area, n)) for n, part in own.items()}
    least = np.min(list(above.values()), axis=0)
    wanted = float((least[reviewed] >= 0).mean()) + area.share(f"asq_all_{name}") - area.share("asq_all")
    part, now = least[reviewed & group], fitted.constants[f"asq_shift_{name}"]
    fitted.root(f"asq_shift_{name}", lambda c: float((part + c - now >= 0).mean()), wanted, now - 2, now + 2)


def _total(above_cut: Floats, cut: Floats) -> Ints:
    """Return a total of 0 to 60 in steps of 5, at or above the cut-off exactly where the domain is."""
    first = 5 * np.ceil(cut / 5)
    steps = np.where(above_cut >= 0, above_cut * _POINTS_ABOVE, above_cut * _POINTS_BELOW) / 5
    return np.asarray(np.clip(first + 5 * np.floor(steps), 0, _HIGHEST), dtype=np.int64)
