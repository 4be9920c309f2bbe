"""Birth and the first weeks, as a maternity unit records them."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from training.synthetic.area import Area
from training.synthetic.calendar import YEAR
from training.synthetic.chance import Chance
from training.synthetic.families import Children, Flags, Floats, Ints
from training.synthetic.fitted import Fitted
from training.synthetic.household import ETHNIC, MAIN_OF, MAINS, Households

TERM, VERY_PRETERM, LOW_WEIGHT = 37, 32, 2500
_TERM_WEEKS, _TERM_SHARES = np.array([37, 38, 39, 40, 41, 42]), np.array([0.09, 0.16, 0.3, 0.28, 0.15, 0.02])
# Years, about the mean that hardship and older children leave: with them mothers' ages spread as published.
_MOTHERS_SPREAD = 4.9
# Means and spread of birthweight are from general knowledge; the spread at term is fitted to the published share.
_TERM_MEAN, _GRAMS_A_WEEK, _SMOKING_GRAMS, _ASIAN_GRAMS, _TWIN_GRAMS = 3450.0, 130.0, -160.0, -180.0, -500.0


@dataclass(frozen=True, slots=True)
class Infancy:
    """One row a child: weeks, grams, years; `registration` is an index into REGISTRATION."""

    gestation: Ints
    weight: Ints
    maternal_age: Ints
    smoking: Flags
    registration: Ints
    breastfed: Ints  # index into BREASTFEEDING
    low_mood: Flags


REGISTRATION = ("MAR", "JSA", "JDA", "SOL")
BREASTFEEDING = ("01", "02", "03")


def invent_infancy(area: Area, children: Children, households: Households, fitted: Fitted, chance: Chance) -> Infancy:
    """Return what was recorded at birth and at six to eight weeks; twins share a mother and a pregnancy."""
    rng = chance.stream("infancy")
    _, delivery = np.unique(np.column_stack([children.family, children.born]), axis=0, return_inverse=True)
    delivery = delivery.ravel()
    hardship, decile = households.hardship[children.family], households.first_decile[children.family]

    def drawn() -> Floats:
        return rng.random(int(delivery.max()) + 1)[delivery]

    smoking = drawn() < fitted.chance("smoking", 1.2 * hardship + 0.18 * (5.5 - decile), area.share("smoking"))
    gestation = _gestation(area, children, households, smoking, drawn(), drawn(), fitted)
    breast = fitted.chance("breastfed", -0.5 * hardship + 0.08 * (decile - 5.5), area.share("breastfed"))
    fed = drawn()
    return Infancy(
        gestation=gestation,
        weight=_weight(area, children, households, gestation, smoking, fitted, rng),
        maternal_age=_maternal_age(area, children, hardship, fitted, rng),
        smoking=smoking,
        registration=_registration(households.hardship, rng)[children.family],
        breastfed=np.where(fed < 0.65 * breast, 0, np.where(fed < breast, 1, 2)),
        low_mood=drawn() < fitted.chance("low_mood", 0.5 * hardship, 0.14),
    )


def _maternal_age(area: Area, children: Children, hardship: Floats, fitted: Fitted, rng: np.random.Generator) -> Ints:
    """
    Return mothers' ages: one mother a family, older at each birth by the years between.

    Her age is drawn for the middle of her births here, so that the mean of all does not hang on how many there are.
    """
    family, births = children.family, np.bincount(children.family, minlength=children.families)
    middle = np.bincount(family, children.born, minlength=children.families) / np.maximum(births, 1)
    before = np.full(children.families, np.iinfo(np.int64).max)
    np.minimum.at(before, family, children.older)
    in_the_middle = _MOTHERS_SPREAD * rng.standard_normal(children.families)[family] - 1.9 * hardship
    age = in_the_middle + 2.5 * np.minimum(before, 3)[family] + (children.born - middle[family]) / YEAR
    level = fitted.root("maternal_age", lambda c: float((age + c).mean()), area["maternal_age"], 0, 60)
    return np.asarray(np.clip(np.rint(age + level), 14, 52), dtype=np.int64)


def _gestation(
    area: Area,
    children: Children,
    households: Households,
    smoking: Flags,
    early_draw: Floats,
    week_draw: Floats,
    fitted: Fitted,
) -> Ints:
    black = MAIN_OF[households.ethnic[children.family]] == MAINS.index("black")
    score = 0.4 * smoking + 0.15 * black + 2.6 * children.twin + 0.1 * households.hardship[children.family]
    early = fitted.chance("preterm", score, area.share("preterm"))
    very = area.share("very_preterm") / area.share("preterm")
    term = _TERM_WEEKS[np.minimum(np.searchsorted(np.cumsum(_TERM_SHARES), week_draw), len(_TERM_WEEKS) - 1)]
    weeks = np.where(early_draw < early, 36 - (week_draw**2 * 5).astype(np.int64), term)
    return np.where(early_draw < early * very, 31 - (week_draw**2 * 8).astype(np.int64), weeks)


def _weight(
    area: Area,
    children: Children,
    households: Households,
    gestation: Ints,
    smoking: Flags,
    fitted: Fitted,
    rng: np.random.Generator,
) -> Ints:
    asian = np.isin(households.ethnic[children.family], [i for i, e in enumerate(ETHNIC) if e.main == "asian"])
    mean = _TERM_MEAN + _GRAMS_A_WEEK * (gestation - 39.5) + _SMOKING_GRAMS * smoking + _ASIAN_GRAMS * asian
    mean = mean + _TWIN_GRAMS * children.twin - np.where(gestation < VERY_PRETERM, 300, 0)
    noise = ndtri(np.clip(rng.random(len(mean)), 1e-9, 1 - 1e-9))
    term = gestation >= TERM

    def low_at_term(spread: float) -> float:
        return float((mean[term] + spread * noise[term] < LOW_WEIGHT).mean())

    spread = fitted.root("birthweight_spread", low_at_term, area.share("term_low_birthweight"), 100, 900)
    return np.asarray(np.clip(np.rint(mean + spread * noise), 400, 6500), dtype=np.int64)


def _registration(hardship: Floats, rng: np.random.Generator) -> Ints:
    """48.6 % married or in a partnership; of the others 69.3 % register jointly at one address (ONS 2020)."""
    value = 0.75 * hardship + 0.66 * rng.standard_normal(len(hardship))
    return np.asarray(np.searchsorted(ndtri(np.array([0.486, 0.842, 0.945])), value), dtype=np.int64)
