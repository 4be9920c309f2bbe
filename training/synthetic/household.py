"""Households: ethnic group, language, deprivation of the area lived in, hardship, free school meals."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from training.synthetic.area import Area
from training.synthetic.chance import Chance
from training.synthetic.families import Children, Flags, Floats, Ints
from training.synthetic.fitted import Fitted

DECILES = np.arange(1, 11)
# Published: free school meals rise so with the rank of the area (simulation on DfE margins).
FSM_BY_RANK = 4.16
_FSM_BY_HARDSHIP = 0.6
# Ours: the share at independent schools, who have no profile result, by decile of the area lived in.
INDEPENDENT = expit(-4.9 + 0.28 * DECILES)


@dataclass(frozen=True, slots=True)
class Ethnic:
    """One ethnic group of the school census: DfE code, main group, and what is assumed of it for want of a figure."""

    code: str
    main: str
    other_language: float  # share of whom English is not the first language
    tilt: float  # towards deprived areas, log of the ratio of neighbouring deciles


ETHNIC = (
    Ethnic("WBRI", "white", 0.01, -0.03),
    Ethnic("WIRI", "white", 0.04, -0.02),
    Ethnic("WIRT", "white", 0.02, 0.2),
    Ethnic("WROM", "white", 0.75, 0.2),
    Ethnic("WOTH", "white", 0.75, 0.04),
    Ethnic("MWBC", "mixed", 0.03, 0.12),
    Ethnic("MWBA", "mixed", 0.15, 0.1),
    Ethnic("MWAS", "mixed", 0.12, -0.02),
    Ethnic("MOTH", "mixed", 0.25, 0.03),
    Ethnic("AIND", "asian", 0.6, -0.03),
    Ethnic("APKN", "asian", 0.65, 0.16),
    Ethnic("ABAN", "asian", 0.7, 0.2),
    Ethnic("CHNE", "asian", 0.7, 0.0),
    Ethnic("AOTH", "asian", 0.7, 0.02),
    Ethnic("BCRB", "black", 0.06, 0.18),
    Ethnic("BAFR", "black", 0.5, 0.2),
    Ethnic("BOTH", "black", 0.35, 0.18),
    Ethnic("OOTH", "other", 0.7, 0.12),
)
MAINS = ("white", "mixed", "asian", "black", "other")
MAIN_OF = np.array([MAINS.index(ethnic.main) for ethnic in ETHNIC])
_TILT = np.array([ethnic.tilt for ethnic in ETHNIC])
_LANGUAGE = logit(np.array([ethnic.other_language for ethnic in ETHNIC]))


@dataclass(frozen=True, slots=True)
class Households:
    """One row a family: (families,) each; `hardship` and `education` are standard normal and no agency records them."""

    ethnic: Ints
    deciles_of: Floats  # (18, 10): the deciles that each ethnic group lives in
    first_decile: Ints
    hardship: Floats
    education: Floats
    other_language: Flags
    independent: Flags


def invent_households(area: Area, children: Children, fitted: Fitted, chance: Chance) -> Households:
    """Return the households of a batch."""
    rng = chance.stream("households")
    count = children.families
    ethnic_shares = shares_of_ethnic(area)
    table = _deciles_by_ethnic(area, ethnic_shares, fitted)
    ethnic = rng.choice(len(ETHNIC), count, p=ethnic_shares)
    decile = draw_deciles(table, ethnic, rng)
    hardship = rng.standard_normal(count) + 0.15 * children.incomer
    score = _LANGUAGE[ethnic] + 0.5 * children.incomer
    language = rng.random(count) < fitted.chance("other_language", score, area.share("share_eal"))
    return Households(
        ethnic=ethnic,
        deciles_of=table,
        first_decile=decile,
        hardship=hardship,
        education=rng.standard_normal(count) - 0.35 * hardship - 0.06 * (5.5 - decile),
        other_language=language,
        independent=rng.random(count) < INDEPENDENT[decile - 1],
    )


def draw_deciles(table: Floats, ethnic: Ints, rng: np.random.Generator) -> Ints:
    """Draw a decile for each household from those that its group lives in."""
    return np.asarray(1 + (rng.random(len(ethnic))[:, None] > table.cumsum(axis=1)[ethnic, :9]).sum(axis=1))


def shares_of_ethnic(area: Area) -> Floats:
    """Return the shares of the 18 groups: each main group's own share, split within as in the nation."""
    within = np.array([area.share(f"share_{ethnic.code.lower()}") for ethnic in ETHNIC if ethnic.code != "OOTH"])
    within = np.append(within, area.share("share_other"))
    mains = np.array([area.share(f"share_{main}") for main in MAINS])
    shares = within / np.bincount(MAIN_OF, within)[MAIN_OF] * mains[MAIN_OF]
    return np.asarray(shares / shares.sum())


def free_meals_score(decile: Ints, main: Ints, hardship: Floats, fitted: Fitted) -> Floats:
    """Return the log-odds of free school meals before the area's own level: the lower the decile, the higher."""
    by_group = np.array([fitted.constants.get(f"fsm_{name}", 0.0) for name in MAINS])
    rank = (decile - 0.5) / 10
    return np.asarray(by_group[main] + FSM_BY_RANK * (0.5 - rank) + _FSM_BY_HARDSHIP * hardship)


def _deciles_by_ethnic(area: Area, ethnic: Floats, fitted: Fitted) -> Floats:
    """
    Return the deciles each group lives in (18, 10), rows summing to 1, the whole in the shares of the area.

    An area without published deciles is the nation's tilted, by as much as its free school meals say. Those at
    independent schools are put back, since published shares are of children who have a profile result.
    """
    nation = np.array([area[f"share_idaci_{decile}"] for decile in DECILES])
    seed = np.exp(_TILT[:, None] * (5.5 - DECILES))

    def raked(tilt: float) -> Floats:
        deciles = nation / (1 - INDEPENDENT) * np.exp(tilt * (5.5 - DECILES))
        deciles = deciles / deciles.sum()
        table = seed * ethnic[:, None]
        for _ in range(100):
            table *= (deciles / table.sum(axis=0))[None, :]
            table *= (ethnic / table.sum(axis=1))[:, None]
        return np.asarray(table)

    table = raked(0.0 if area.own("share_idaci_1") else _tilt(area, fitted, raked))
    return np.asarray(table / table.sum(axis=1, keepdims=True))


def _tilt(area: Area, fitted: Fitted, raked: Callable[[float], Floats]) -> float:
    nodes, weights = np.polynomial.hermite_e.hermegauss(15)
    decile, main = np.meshgrid(DECILES, MAIN_OF)

    def share(tilt: float) -> float:
        level = fitted.constants["fsm"]
        scores = [free_meals_score(decile, main, np.full(decile.shape, node), fitted) for node in nodes]
        mean = sum(w * expit(level + s) for w, s in zip(weights / weights.sum(), scores, strict=True))
        return float((raked(tilt) * mean).sum())

    return fitted.root("tilt", share, area.share("share_fsm"), -1.0, 1.0)
