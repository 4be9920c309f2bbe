"""
Invents the extracts of the borough in `tests/contracts/borough.toml`: no child in them lives or has lived.

Six academic cohorts with siblings, and some of everything that real extracts hold: rows known late, missing codes, ties,
moves, a few broken rows, children whom nobody linked or assessed. One hidden need moves what the records say and what
happens at five, so that there is something to learn.
"""

import csv
import datetime
import math
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

COHORTS = (2013, 2014, 2015, 2016, 2017, 2018)
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Invented:
    """One child who does not exist: a key, a date of birth, a family (or none) and a need that no record holds."""

    key: str
    born: datetime.date
    family: str
    need: float

    def on(self, age: int) -> str:
        """The date on which the child is that many days old."""
        return (self.born + datetime.timedelta(days=age)).isoformat()


def invent_children(count: int, seed: int) -> list[Invented]:
    """Return invented children, the cohorts equally large; a quarter share the family of one before them."""
    chance = random.Random(seed)  # noqa: S311 (no secret)
    children: list[Invented] = []
    for number in range(count):
        first_day = datetime.date(COHORTS[number % len(COHORTS)], 9, 1)
        born = first_day + datetime.timedelta(days=chance.randrange(365))
        sibling = chance.choice(children) if children and chance.random() < 0.25 else None
        family = f"fx{chance.getrandbits(40):010x}" if chance.random() < 0.95 else ""
        need = chance.gauss(0, 1) if sibling is None else 0.5 * sibling.need + chance.gauss(0, 0.85)
        key = f"kx{chance.getrandbits(40):010x}"
        children.append(Invented(key, born, sibling.family if sibling is not None else family, need))
    return children


def write_extracts(folder: Path, children: list[Invented], seed: int, *, shuffled: bool = False) -> None:
    """Write the seven extracts of these children into `folder`; `shuffled` writes the same rows in another order."""
    chance, order = (random.Random(part) for part in (seed, seed + 1))  # noqa: S311 (no secret)
    for name, (columns, rows_of) in _CSV.items():
        rows = [row for child in children for row in rows_of(child, chance)]
        if shuffled:
            order.shuffle(rows)
        _write_csv(folder / f"{name}.csv", columns, rows)
    rows = [row for child in children for row in _childcare(child, chance)]
    if shuffled:
        order.shuffle(rows)
    arrays = {
        name: pa.array([row[i] for row in rows]) for i, name in enumerate(("child", "age_days", "hours", "basis"))
    }
    pq.write_table(pa.table(arrays), folder / "childcare.parquet")


def _write_csv(path: Path, columns: str, rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns.split())
        writer.writerows(rows)


def _birth(child: Invented, chance: random.Random) -> Iterator[Row]:
    if chance.random() < 0.008:
        return  # nobody linked this child's birth record to the rest
    weight = min(max(round(chance.gauss(3400 - 250 * child.need, 400)), 600), 5500)
    sex = chance.choices(("F", "M", "U"), (49, 49, 2))[0]
    row = (child.key, child.on(0), child.family, sex, chance.choices((weight, "9999", ""), (94, 4, 2))[0])
    yield from (row,) * (2 if chance.random() < 0.004 else 1)


def _reviews(child: Invented, chance: random.Random) -> Iterator[Row]:
    for age, share in ((280, 0.92), (500, 0.1), (735, 0.88)):
        if chance.random() > share:
            continue
        seen = age + chance.randint(-15, 15)
        late = chance.randint(120, 400) if chance.random() < 0.08 else chance.choice((0, 0, 3, 10))
        totals = [_total(child, chance, usual) for usual in (42, 40, 45)]
        yield (child.key, child.on(seen), child.on(seen + late), *totals)
        if chance.random() < 0.03:
            yield (child.key, child.on(seen), child.on(seen + late), *(_total(child, chance, 40) for _ in range(3)))
    if chance.random() < 0.004:
        yield (child.key, child.on(300), child.on(300), 7, 30, 30)


def _total(child: Invented, chance: random.Random, usual: int) -> object:
    total = 5 * min(max(round((usual - 11 * child.need + chance.gauss(0, 8)) / 5), 0), 12)
    return chance.choices((total, "999", "-1", ""), (92, 5, 1, 2))[0]


def _contacts(child: Invented, chance: random.Random) -> Iterator[Row]:
    for age in _ages(chance, math.exp(-0.7 + 0.9 * child.need), 1400):
        reason = chance.choices(("N1", "N2", "N5", "A", ""), (3, 2, 3, 1, 1))[0]
        closed = child.on(age + chance.randint(1, 200)) if chance.random() < 0.6 else ""
        yield (child.key, child.on(age), reason, closed, chance.choice(("Y", "N", "N", "")))


def _addresses(child: Invented, chance: random.Random) -> Iterator[Row]:
    age = chance.randint(200, 900) if chance.random() < 0.06 else -chance.randint(0, 200)
    while age < 1500:
        decile = min(max(round(5.5 - 1.8 * child.need + chance.gauss(0, 2)), 1), 10)
        moves = chance.random() < 0.25
        until = age + chance.randint(100, 1200)
        yield (child.key, child.on(age), child.on(until) if moves else "", decile)
        age = until + 1 if moves else 1500


def _hub(child: Invented, chance: random.Random) -> Iterator[Row]:
    for age in _ages(chance, math.exp(0.4 - 0.4 * child.need), 700):
        yield (child.key, child.on(age), chance.choice((30, 45, 60, 90, "")))


def _childcare(child: Invented, chance: random.Random) -> Iterator[Row]:
    for age in _ages(chance, 1.2, 1400):
        hours = chance.choices((15.0, 7.5, 3.75, 30.0, 0.0, None), (8, 4, 2, 2, 1, 1))[0]
        yield (child.key, max(age, 270), hours, chance.choice(("ECO", "HSD", "LAA", None)))


def _profile(child: Invented, chance: random.Random) -> Iterator[Row]:
    if chance.random() < 0.06:
        return  # moved away, or taught at an independent school: not yet known, never "no"
    assessed = datetime.date(_cohort(child) + 6, 5, chance.randint(10, 28)).isoformat()
    below = chance.random() < 1 / (1 + math.exp(0.8 - 1.6 * child.need))
    first, second = chance.choice(((1, 1), (1, 2), (2, 1))) if below else (2, 2)
    yield (child.key, assessed, "A" if chance.random() < 0.03 else first, second)


def _cohort(child: Invented) -> int:
    return child.born.year - (child.born.month < 9)


def _ages(chance: random.Random, mean: float, until: int) -> list[int]:
    """Return the ages, in order, of things that happen `mean` times on average before `until` days."""
    ages, age = [], chance.expovariate(mean / until)
    while age < until:
        ages.append(int(age))
        age += chance.expovariate(mean / until)
    return ages


_CSV: dict[str, tuple[str, Callable[[Invented, random.Random], Iterator[Row]]]] = {
    "births": ("child date_of_birth family_key sex birthweight", _birth),
    "reviews": ("child review_date recorded_on communication problem_solving gross_motor", _reviews),
    "contacts": ("child contact_date reason closed_on urgent", _contacts),
    "addresses": ("child moved_in moved_out decile", _addresses),
    "hub": ("child session_date minutes", _hub),
    "profile": ("child assessed_on goal_1 goal_2", _profile),
}
