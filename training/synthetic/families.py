"""Families and their children: who is born when, who is a twin, who moves in from elsewhere."""

import datetime
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.synthetic.area import Area
from training.synthetic.calendar import Days, day
from training.synthetic.chance import Chance

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

# Ours, for want of a published figure: one child in eight of a Reception year was born elsewhere, and as many had left.
ARRIVAL_SHARE = 0.13
SIBLING_SHARE = 0.38
_SPACING = (2, 3, 4)
_YOUNGEST_ARRIVAL = 60
_OLDER_ELSEWHERE = (0.62, 0.24, 0.09, 0.05)


@dataclass(frozen=True, slots=True)
class Children:
    """The children of one batch, (n,) each; `family` counts from 0 and `families` says how many there are."""

    key: NDArray[np.str_]
    family: Ints
    families: int
    household: NDArray[np.str_]
    incomer: Flags  # (families,): moved in after the child they came with was born
    cohort: Ints
    born: Days
    arrived: Days
    twin: Flags
    boy: Flags
    older: Ints

    @property
    def born_here(self) -> Flags:
        """Whether the child was born in the area."""
        return np.asarray(self.arrived == self.born)

    @property
    def month(self) -> Ints:
        """Month of birth in the academic year, 0 (September) to 11 (August)."""
        months = self.born.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
        return np.asarray((months + 4) % 12, dtype=np.int64)


class _Growing:
    """Children and families as cohort follows cohort."""

    def __init__(self, area: Area, rng: np.random.Generator) -> None:
        self.area, self.rng = area, rng
        self.parts: list[tuple[Ints, Ints, Days, Days, Flags, Ints]] = []
        self.incomer: list[Flags] = []
        self.last_birth = np.empty(0, dtype=np.int64)  # cohort of each family's youngest
        self.here_from = np.empty(0, dtype=np.int64)
        self.size = np.empty(0, dtype=np.int64)

    def found(self, cohort: int, here_from: Days, *, incomer: bool) -> Ints:
        """Begin new families, here from these days on, and return them."""
        first, count = len(self.last_birth), len(here_from)
        self.incomer.append(np.full(count, incomer))
        self.here_from = np.append(self.here_from, here_from)
        self.last_birth = np.append(self.last_birth, np.full(count, cohort))
        self.size = np.append(self.size, self.rng.choice(len(_OLDER_ELSEWHERE), count, p=_OLDER_ELSEWHERE))
        return np.arange(first, first + count)

    def births(self, count: int, cohort: int) -> None:
        """Add the children born in the area in one cohort; twins are two children of one delivery."""
        pairs = int(self.rng.binomial(count // 2, self.area.share("multiple"))) if count > 1 else 0
        deliveries = count - pairs
        begins = _first_day(cohort)
        waiting = np.flatnonzero(np.isin(cohort - self.last_birth, _SPACING) & (self.here_from <= begins))
        younger = self.rng.permutation(waiting)[: int(SIBLING_SHARE * deliveries)]
        self.last_birth[younger] = cohort
        family = np.concatenate(
            [younger, self.found(cohort, np.full(deliveries - len(younger), begins), incomer=False)]
        )
        twice = np.concatenate([np.arange(deliveries), self.rng.choice(deliveries, pairs, replace=False)])
        born = self._days(cohort, deliveries)[twice]
        twin = np.bincount(twice, minlength=deliveries)[twice] > 1
        self._add(family[twice], cohort, born, born, twin)

    def arrivals(self, count: int, cohort: int) -> None:
        """Add the children who move in, each the first of its family here, before their Reception year ends."""
        born = self._days(cohort, count)
        arrived = self.rng.integers(born + _YOUNGEST_ARRIVAL, _first_day(cohort + 6))
        self._add(self.found(cohort, arrived, incomer=True), cohort, born, arrived, np.zeros(count, dtype=np.bool_))

    def _add(self, family: Ints, cohort: int, born: Days, arrived: Days, twin: Flags) -> None:
        self.parts.append((family, np.full(len(family), cohort), born, arrived, twin, self.size[family].copy()))
        np.add.at(self.size, family, 1)

    def _days(self, cohort: int, count: int) -> Days:
        return self.rng.integers(_first_day(cohort), _first_day(cohort + 1), count)


def _first_day(cohort: int) -> int:
    return day(datetime.date(cohort, 9, 1))


def invent_children(area: Area, births: int, cohorts: list[int], chance: Chance) -> Children:
    """Return a batch: `births` children born in the area in each cohort, and those of that age who move in."""
    rng = chance.stream("families")
    growing = _Growing(area, rng)
    for cohort in cohorts:
        growing.births(births, cohort)
        growing.arrivals(round(ARRIVAL_SHARE * births), cohort)
    family, cohort_of, born, arrived, twin, older = (np.concatenate(part) for part in zip(*growing.parts, strict=True))
    families = len(growing.last_birth)
    return Children(
        key=pseudonyms(rng, len(family)),
        family=family,
        families=families,
        household=pseudonyms(rng, families),
        incomer=np.concatenate(growing.incomer),
        cohort=cohort_of,
        born=born,
        arrived=arrived,
        twin=twin,
        boy=rng.random(len(family)) < area.share("share_boys"),
        older=older,
    )


def pseudonyms(rng: np.random.Generator, count: int) -> NDArray[np.str_]:
    """Return opaque keys of 64 random bits: among a million of them two alike come once in 30 million runs."""
    return np.array([f"{number:016x}" for number in rng.integers(0, 2**63, count).tolist()], dtype=np.str_)
