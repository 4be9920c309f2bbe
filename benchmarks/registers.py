"""Two registers of the same invented people, each with mistakes of its own, and who is who in a column nobody compares."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from training.synthetic.calendar import Days
from training.synthetic.misspelling import mistyped_postcode, typo, wrong_birth_digit
from training.synthetic.naming import Words, communities, draw_forenames, draw_surnames
from training.synthetic.postcodes import invent_postcodes

REGISTERS, PERSON = ("a", "b"), "person"
COLUMNS = ("forename", "surname", "date_of_birth", "sex", "postcode")
# Of each register, the shares with a slip in a forename, in a surname, in a date of birth or in a postcode, and of people
# who have moved. All ours.
WRONG_NAME, WRONG_DATE, WRONG_POSTCODE, MOVED = 0.06, 0.02, 0.05, 0.05
_FIRST_BORN, _BORN_WITHIN = np.datetime64("2014-09-01"), 3_650
# As many births a year as these people are of: it says how many postcodes there are.
_YEARS = 10


def write_registers(folder: Path, people: int, seed: int) -> None:
    """Write `a.csv` and `b.csv`: id, the columns, and the number of the person, in an order that tells nothing."""
    chance = np.random.default_rng(seed)
    postcodes = invent_postcodes(people // _YEARS).code.astype(np.object_)
    truth = _truth(people, postcodes, chance)
    for register in REGISTERS:
        held = _mistaken(truth, postcodes, chance)
        order = chance.permutation(people)
        ids = chance.permutation(people)
        with (folder / f"{register}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["id", *COLUMNS, PERSON])
            writer.writerows([f"{register}{ids[i]}", *(held[name][i] for name in COLUMNS), i] for i in order.tolist())


def _truth(people: int, postcodes: Words, chance: np.random.Generator) -> dict[str, Words]:
    """Return people with British names, some far commoner than others (Zipf's law), by column."""
    british = np.full(people, list(communities()).index("british"))
    boy = chance.random(people) < 0.5
    born: Days = _FIRST_BORN.astype(np.int64) + chance.integers(0, _BORN_WITHIN, people)
    return {
        "forename": draw_forenames(british, boy, chance)[0],
        "surname": draw_surnames(british, chance)[0],
        "date_of_birth": born.astype(np.object_),
        "sex": np.where(boy, "M", "F").astype(np.object_),
        "postcode": postcodes[chance.integers(0, len(postcodes), people)],
    }


def _mistaken(truth: dict[str, Words], postcodes: Words, chance: np.random.Generator) -> dict[str, Words]:
    """Return what one register holds of these people, dates written out."""
    held = {name: column.copy() for name, column in truth.items()}
    people = len(held["postcode"])

    def some(share: float) -> list[int]:
        return np.flatnonzero(chance.random(people) < share).tolist()

    moved = some(MOVED)
    held["postcode"][moved] = postcodes[chance.integers(0, len(postcodes), len(moved))]
    slips: tuple[tuple[str, float, Callable[[Any, np.random.Generator], Any]], ...] = (
        ("forename", WRONG_NAME, typo),
        ("surname", WRONG_NAME, typo),
        ("date_of_birth", WRONG_DATE, wrong_birth_digit),
        ("postcode", WRONG_POSTCODE, mistyped_postcode),
    )
    for name, share, slip in slips:
        for i in some(share):
            held[name][i] = slip(held[name][i], chance)
    held["date_of_birth"] = held["date_of_birth"].astype("datetime64[D]").astype(np.str_).astype(np.object_)
    return held
