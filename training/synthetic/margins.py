"""Published margins: the groups whose share at a good level of development is known, and what is solved to reach them."""

import math
from dataclasses import dataclass

import numpy as np

from training.synthetic.area import Area
from training.synthetic.families import Flags, Floats, Ints
from training.synthetic.household import DECILES, ETHNIC, MAIN_OF, MAINS

UNKNOWN = -1
_TERMS = {"autumn": (0, 3), "spring": (4, 7), "summer": (8, 11)}


@dataclass(frozen=True, slots=True)
class Recorded:
    """What school and register hold of each child (n,): `ethnic` and `other_language` are UNKNOWN where not recorded."""

    boy: Flags
    month: Ints
    ethnic: Ints
    other_language: Ints
    free_meals: Flags
    decile: Ints
    in_need: Flags
    looked_after: Flags

    @property
    def main(self) -> Ints:
        """Index of the main ethnic group, UNKNOWN where not recorded."""
        return np.where(self.ethnic == UNKNOWN, UNKNOWN, MAIN_OF[np.maximum(self.ethnic, 0)])


def inputs(who: Recorded) -> dict[str, Floats]:
    """Return the inputs whose effect on development is solved, (n,) each, by name."""
    month = np.asarray((who.month - 5.5) / 5.5, dtype=np.float64)
    found: dict[str, Floats] = {
        "boy": who.boy.astype(np.float64),
        "month": month,
        "month_squared": month * month,
        "free_meals": who.free_meals.astype(np.float64),
    }
    for i, main in enumerate(MAINS[1:], start=1):
        found[f"free_meals_{main}"] = (who.free_meals & (who.main == i)).astype(np.float64)
    for i, ethnic in enumerate(ETHNIC[1:], start=1):
        found[f"ethnic_{ethnic.code.lower()}"] = (who.ethnic == i).astype(np.float64)
    found["ethnic_unknown"] = (who.ethnic == UNKNOWN).astype(np.float64)
    found["other_language"] = (who.other_language == 1).astype(np.float64)
    found["language_unknown"] = (who.other_language == UNKNOWN).astype(np.float64)
    for decile in DECILES[1:].tolist():
        found[f"decile_{decile}"] = (who.decile == decile).astype(np.float64)
    found["in_need"] = who.in_need.astype(np.float64)
    found["looked_after"] = who.looked_after.astype(np.float64)
    return found


def moments(area: Area, who: Recorded) -> dict[str, tuple[Flags, float]]:
    """
    Return, for each solved input, the group and the share of it at a good level that settle its effect.

    Groups of one partition come from several publications and years; they are shifted together so that they make up
    the whole, which keeps their differences. Twice the same number of unknowns and equations: one solution.
    """
    overall = area.share("gld")
    found: dict[str, tuple[Flags, float]] = {"boy": (who.boy, _whole(overall, _sex(area, who))["boy"][1])}
    terms = {name: (who.month >= low) & (who.month <= high) for name, (low, high) in _TERMS.items()}
    found["month"] = terms["autumn"], area.share("gld_autumn")
    found["month_squared"] = terms["summer"], area.share("gld_summer")
    meals = _whole(overall, _meals(area, who))
    found["free_meals"] = meals["free_meals"]
    by_main = {
        f"free_meals_{main}": (who.free_meals & (who.main == i), area.share(f"gld_fsm_{main}"))
        for i, main in enumerate(MAINS)
    }
    found |= _but(_whole(meals["free_meals"][1], by_main), "free_meals_white")
    found |= _but(_whole(overall, _ethnic(area, who)), "ethnic_wbri")
    found |= _but(_whole(overall, _language(area, who)), "english")
    deciles = {f"decile_{d}": (who.decile == d, area.share(f"gld_idaci_{d}")) for d in DECILES.tolist()}
    found |= _but(_whole(overall, deciles), "decile_1")
    found["in_need"] = who.in_need, area.share("gld_cin")
    found["looked_after"] = who.looked_after, area.share("gld_cla")
    return found


Groups = dict[str, tuple[Flags, float]]


def _sex(area: Area, who: Recorded) -> Groups:
    return {"boy": (who.boy, area.share("gld_boys")), "girl": (~who.boy, area.share("gld_girls"))}


def _meals(area: Area, who: Recorded) -> Groups:
    return {
        "free_meals": (who.free_meals, area.share("gld_fsm")),
        "none": (~who.free_meals, area.share("gld_not_fsm")),
    }


def _ethnic(area: Area, who: Recorded) -> Groups:
    names = {i: e.code.lower() for i, e in enumerate(ETHNIC)}
    found = {
        f"ethnic_{code}": (who.ethnic == i, area.share("gld_other" if code == "ooth" else f"gld_{code}"))
        for i, code in names.items()
    }
    return found | {"ethnic_unknown": (who.ethnic == UNKNOWN, area.share("gld_ethnicity_unknown"))}


def _language(area: Area, who: Recorded) -> Groups:
    return {
        "english": (who.other_language == 0, area.share("gld_english")),
        "other_language": (who.other_language == 1, area.share("gld_eal")),
        "language_unknown": (who.other_language == UNKNOWN, area.share("gld_language_unknown")),
    }


def _whole(overall: float, groups: Groups) -> Groups:
    sizes = {name: float(group.sum()) for name, (group, _) in groups.items()}
    # Python 3.12 adds floats up more exactly than 3.11 did; fsum is exact on both.
    made = math.fsum(sizes[name] * share for name, (_, share) in groups.items()) / math.fsum(sizes.values())
    return {name: (group, share + overall - made) for name, (group, share) in groups.items()}


def _but(groups: Groups, reference: str) -> Groups:
    return {name: group for name, group in groups.items() if name != reference}
