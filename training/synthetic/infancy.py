"""Birth and the first weeks, as a maternity unit records them."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from training.synthetic.area import Area
from training.synthetic.chance import Chance
from training.synthetic.families import Children, Flags, Floats, Ints
from training.synthetic.fitted import Fitted
from training.synthetic.household import ETHNIC, MAIN_OF, MAINS, Households

TERM, VERY_PRETERM, LOW_WEIGHT = 37, 32, 2500
_TERM_WEEKS, _TERM_SHARES = np.array([37, 38, 39, 40, 41, 42]), np.array([0.09, 0.16, 0.3, 0.28, 0.15, 0.02])
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
    """Return what was recorded at birth and at six to eight weeks."""
    rng = chance.stream("infancy")
    family, count = children.family, len(children.key)
    hardship, decile = households.hardship[family], households.first_decile[family]
    smoking = rng.random(count) < fitted.chance(
        "smoking", 1.2 * hardship + 0.18 * (5.5 - decile), area.share("smoking")
    )
    gestation = _gestation(area, children, households, smoking, fitted, rng)
    age = area["maternal_age"] - 1.9 * hardship + 1.2 * np.minimum(children.older, 3) - 0.6
    age = age + 4.9 * rng.standard_normal(count)
    age = age + fitted.root("maternal_age", lambda c: float((age + c).mean()), area["maternal_age"], -5, 5)
    breast = fitted.chance("breastfed", -0.5 * hardship + 0.08 * (decile - 5.5), area.share("breastfed"))
    draw = rng.random(count)
    return Infancy(
        gestation=gestation,
        weight=_weight(area, children, households, gestation, smoking, fitted, rng),
        maternal_age=np.clip(np.rint(age), 14, 52).astype(np.int64),
        smoking=smoking,
        registration=_registration(hardship, rng),
        breastfed=np.where(draw < 0.65 * breast, 0, np.where(draw < breast, 1, 2)),
        low_mood=rng.random(count) < fitted.chance("low_mood", 0.5 * hardship, 0.14),
    )


def _gestation(
    area: Area,
    children: Children,
    households: Households,
    smoking: Flags,
    fitted: Fitted,
    rng: np.random.Generator,
) -> Ints:
    black = MAIN_OF[households.ethnic[children.family]] == MAINS.index("black")
    score = 0.4 * smoking + 0.15 * black + 2.6 * children.twin + 0.1 * households.hardship[children.family]
    early = fitted.chance("preterm", score, area.share("preterm"))
    very = area.share("very_preterm") / area.share("preterm")
    # Twins are one delivery: they share the draw of whoever was born on that day into that family.
    draws = _by_delivery(children, rng)
    weeks = rng.choice(_TERM_WEEKS, len(early), p=_TERM_SHARES)
    weeks = np.where(draws < early, 36 - (rng.random(len(early)) ** 2 * 5).astype(np.int64), weeks)
    return np.where(draws < early * very, 31 - (rng.random(len(early)) ** 2 * 8).astype(np.int64), weeks)


def _by_delivery(children: Children, rng: np.random.Generator) -> Floats:
    delivery = np.unique(np.column_stack([children.family, children.born]), axis=0, return_inverse=True)[1].ravel()
    return rng.random(int(delivery.max()) + 1)[delivery]


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
