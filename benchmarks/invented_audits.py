"""
Invented scored tables whose true gap is known: a group and the rest, told apart by the primary measure alone.

How many children the measure rests on is fixed on either side; which of them it counts is chance, in families too.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fairness.policy.policy import Primary
from fairness.scored import audit_column

# A list of one child in five, where a third have the outcome: recall is .37, and of those listed .41 are without it.
CAPACITY, PREVALENCE, RECALL = 0.2, 0.32, 0.37
MARGIN = 0.05
SIDES = ("group", "rest")
# Where children have siblings, three in four of those whom the measure rests on are the only such child of their family.
FAMILY_SIZES, SO_OFTEN = (1, 2, 3), (0.75, 0.2, 0.05)
_FEWEST = 100

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Measure:
    """
    A primary measure: the share of all children that it rests on, of those the share it counts, and of the others that share.

    `figure` is where the audit holds it, and `sign` which way about its gap is there.
    """

    rests_on: float
    counted: float
    beside: float
    figure: str
    sign: int


_FDR = 1 - RECALL * PREVALENCE / CAPACITY
MEASURES: dict[Primary, Measure] = {
    # Of those with the outcome, on the list; and on the list of those without it.
    "recall": Measure(PREVALENCE, RECALL, (CAPACITY - RECALL * PREVALENCE) / (1 - PREVALENCE), "recall", 1),
    # Of those on the list, without the outcome; and without it of those who are not on the list.
    "fdr": Measure(CAPACITY, _FDR, 1 - (PREVALENCE - RECALL * PREVALENCE) / (1 - CAPACITY), "ppv", -1),
}


@dataclass(frozen=True, slots=True)
class Design:
    """
    Audits of a group, a `share` of all, in which the measure rests on so many children, and which differs by a `gap`.

    `alike` is how correlated children of one family are; at 0 every child is the only one of its family.
    """

    measure: Primary
    rests_on: int
    share: float
    gap: float = 0.0
    alike: float = 0.0

    @property
    def numbers(self) -> tuple[int, ...]:
        """The design as whole numbers, so that each design draws tables of its own."""
        percents = (round(100 * each) for each in (self.share, abs(self.gap), self.alike))
        return self.rests_on, *percents, int(self.gap > 0), int(self.measure == "fdr")

    @property
    def sizes(self) -> tuple[int, int]:
        """How many children the measure rests on, in the group and in the rest."""
        return self.rests_on, round(self.rests_on * (1 - self.share) / self.share)


def invented_scores(design: Design, chance: np.random.Generator) -> tuple[pd.DataFrame, Integers]:
    """Return a scored table of both sides, and each row's place: 0 on the list, 1 not."""
    table = pd.concat(
        [
            _side(name, size, rate, design, chance)
            for name, size, rate in zip(SIDES, design.sizes, _rates(design), strict=True)
        ],
        ignore_index=True,
    )
    order = chance.permutation(len(table))
    scored = table.iloc[order].reset_index(drop=True).assign(child=np.arange(len(table)).astype(str))
    return scored, 1 - scored["flagged"].to_numpy(dtype=np.int64)


def _rates(design: Design) -> tuple[float, float]:
    counted = MEASURES[design.measure].counted
    return counted + design.gap, counted


def _side(name: str, size: int, rate: float, design: Design, chance: np.random.Generator) -> pd.DataFrame:
    """Invent one side's children: first those that the measure rests on, then the others, siblings of them where alike."""
    measure = MEASURES[design.measure]
    everyone = max(_FEWEST, round(size / measure.rests_on))
    inside = np.arange(everyone) < size
    family = _families(size, everyone, design.alike, chance)
    counted = chance.random(everyone) < np.where(inside, _alike(rate, design.alike, family, chance), measure.beside)
    listed, had = (counted, inside) if design.measure == "recall" else (inside, ~counted)
    return pd.DataFrame(
        {
            "landmark": "then",
            "outcome": "later",
            "probability": np.where(listed, 0.5, 0.1) + 0.4 * chance.random(everyone),
            "observed": had.astype(np.int64),
            "repeat": 0,
            "fold": 0,
            "flagged": listed,
            "weight": 1.0,
            "family": np.char.add(name, family.astype(str)),
            audit_column("side"): name,
        }
    )


def _families(size: int, everyone: int, alike: float, chance: np.random.Generator) -> Integers:
    if not alike:
        return np.arange(everyone)
    first = np.repeat(np.arange(size), chance.choice(FAMILY_SIZES, size, p=SO_OFTEN))[:size]
    return np.concatenate([first, chance.integers(0, everyone, everyone - size)])


def _alike(rate: float, correlation: float, family: Integers, chance: np.random.Generator) -> NDArray[np.float64]:
    """Return each child's own rate: its family's, from the beta distribution whose draws are so alike."""
    if not correlation:
        return np.full(len(family), rate)
    worth = (1 - correlation) / correlation
    return np.asarray(chance.beta(rate * worth, (1 - rate) * worth, int(family.max()) + 1)[family])
