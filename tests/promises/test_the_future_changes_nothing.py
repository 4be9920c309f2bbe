"""
Nothing that became known after a landmark changes a feature at that landmark.

A feature that saw the future would make every figure of a trained model too good, and the score served today, when that
future has not happened yet, another than the one that was judged. So events and spans of coverage known later are added,
changed and taken away, in records, in tables, and as rows of real extracts, and every number must stay as it was.
"""

import csv
import datetime
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.contract import Contract
from models.contract_reading import parse_contract
from models.features import FeatureSet
from models.record import ChildRecord, Event, Exact, Span
from models.scope import refusal
from models.snapshot import take_snapshot
from models.source import Column
from training.ingest import ingest
from training.records import read_record
from training.snapshots import in_scope, take_matrix

QUICK = settings(derandomize=True, database=None, deadline=None, max_examples=60)
DAY_BORN = datetime.date(2017, 3, 1)
Row = dict[str, str]


# In records, for the engine that answers one child.


def _value(column: Column) -> st.SearchStrategy[Exact]:
    if column.code_map:
        return st.sampled_from([None, *column.code_map.values()])
    low, high = column.bounds if column.numeric else (0, 9)
    return st.none() | st.integers(max(low, -5000), min(high, 5000))


def _events(contract: Contract, known: st.SearchStrategy[int]) -> st.SearchStrategy[dict[str, tuple[Event, ...]]]:
    """Events of any source, known when `known` says, that happened then or up to 400 days before."""
    made = {}
    for source in contract.feature_sources:
        values = st.fixed_dictionaries({column.name: _value(column) for column in source.columns})
        delays = st.sampled_from((0, 0, 1, 7, 180, 400))
        event = st.builds(lambda at, delay, held: Event(max(at - delay, -9), at, held), known, delays, values)
        made[source.name] = st.lists(event, max_size=3).map(tuple)
    return st.fixed_dictionaries(made)


def _spans(contract: Contract, known: st.SearchStrategy[int]) -> st.SearchStrategy[dict[str, tuple[Span, ...]]]:
    day = st.sampled_from((-9, 0, 182, 183, 365, 760, 2000))
    span = st.lists(st.builds(Span, day, day, known), max_size=3).map(tuple)
    return st.fixed_dictionaries({s.name: span for s in contract.feature_sources if s.coverage is not None})


def _both(first: ChildRecord, second: ChildRecord) -> ChildRecord:
    return ChildRecord(
        {name: first.events.get(name, ()) + second.events.get(name, ()) for name in {*first.events, *second.events}},
        {s: first.coverage.get(s, ()) + second.coverage.get(s, ()) for s in {*first.coverage, *second.coverage}},
    )


@settings(QUICK)
@given(data=st.data(), landmark=st.sampled_from(("one_year", "two_year")))
def test_a_record(borough: Contract, data: st.DataObject, landmark: str) -> None:
    """Whatever is known later beside a record changes neither a feature nor the scope, to the bit."""
    at = borough.landmark(landmark)
    past, future = st.integers(0, at.age), st.integers(at.age + 1, at.age + 900)
    record = data.draw(st.builds(ChildRecord, _events(borough, past), _spans(borough, past)))
    later = st.builds(ChildRecord, _events(borough, future), _spans(borough, future))
    questions = FeatureSet(borough, at)
    seen = [
        take_snapshot(_both(record, after), at.age) for after in (ChildRecord(), data.draw(later), data.draw(later))
    ]
    rows = [np.array(questions.row(snapshot)).tobytes() for snapshot in seen]
    assert rows[0] == rows[1] == rows[2]
    assert len({refusal(borough.scope, snapshot) for snapshot in seen}) == 1


# In real extracts, for the engine that answers millions.


@dataclass
class Extracts:
    """The rows of the borough's extracts, and the rows that become known later."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    later: dict[str, list[Row]] = field(default_factory=dict)

    def write(self, contract: Contract, folder: Path, *, share: float, seed: int) -> Path:
        """Write the extracts with a share of the later rows among them, in any order."""
        folder.mkdir()
        chance = random.Random(seed)  # noqa: S311 (no secret)
        for source in contract.sources:
            chosen = [row for row in self.later.get(source.name, []) if chance.random() < share]
            rows = self.rows[source.name] + chosen
            chance.shuffle(rows)
            if source.file.endswith(".parquet"):
                names = self.rows[source.name][0].keys()
                pq.write_table(pa.table({n: [row[n] or None for row in rows] for n in names}), folder / source.file)
            else:
                _write_csv(folder / source.file, rows)
        return folder


def _write_csv(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


class _Child:
    """Invents the rows of one child: what is known by `age`, and what becomes known only after it."""

    def __init__(self, key: str, age: int, chance: random.Random) -> None:
        self.key, self._age, self._chance = key, age, chance
        self._born = DAY_BORN + datetime.timedelta(chance.randrange(300))

    def day(self, age: int) -> str:
        return (self._born + datetime.timedelta(age)).isoformat()

    def past(self) -> int:
        return self._chance.choice((self._age, self._age - 1, self._age - self._chance.randrange(self._age)))

    def future(self) -> int:
        return self._chance.choice((self._age + 1, self._age + 2, self._age + self._chance.randrange(1, 700)))

    def pick(self, *values: str) -> str:
        return self._chance.choice(values)

    def birth(self) -> Row:
        return {
            "child": self.key,
            "date_of_birth": self._born.isoformat(),
            "family_key": self.pick("f1", "f2", ""),
            "sex": self.pick("F", "M", "U"),
            "birthweight": self.pick("2400", "2500", "3456", "9999", ""),
        }

    def review(self, known: int) -> Row:
        happened = max(0, known - self._chance.choice((0, 0, 10, 300, 400)))
        totals = {name: self.pick("0", "5", "25", "30", "60", "999", "-1", "") for name in TOTALS}
        return {"child": self.key, "review_date": self.day(happened), "recorded_on": self.day(known)} | totals

    def contact(self, known: int) -> Row:
        closed = self.pick("", self.day(known), self.day(known + 100))
        reason = {"reason": self.pick("N1", "N2", "N5", "A", ""), "urgent": self.pick("Y", "N", "")}
        return {"child": self.key, "contact_date": self.day(known - 7), "closed_on": closed} | reason

    def address(self, known: int) -> Row:
        until = self.pick("", self.day(known + 5), self.day(known + 700))
        return {"child": self.key, "moved_in": self.day(known), "moved_out": until, "decile": self.pick("1", "10", "")}

    def hub(self, known: int) -> Row:
        return {"child": self.key, "session_date": self.day(known), "minutes": self.pick("0", "45", "600", "")}

    def childcare(self, known: int) -> Row:
        basis = {"basis": self.pick("ECO", "HSD", "LAA", "")}
        return {"child": self.key, "age_days": str(known - 30), "hours": self.pick("0", "7.25", "30", "")} | basis

    def profile(self, known: int) -> Row:
        goals = {"goal_1": self.pick("1", "2", "A"), "goal_2": self.pick("1", "2", "A")}
        return {"child": self.key, "assessed_on": self.day(known)} | goals


TOTALS = ("communication", "problem_solving", "gross_motor")
MANY: dict[str, Callable[[_Child, int], Row]] = {
    "contacts": _Child.contact,
    "addresses": _Child.address,
    "hub": _Child.hub,
    "childcare": _Child.childcare,
}


def _extracts(age: int, seed: int, *, reviews_a_child: int) -> Extracts:
    """Invent eighty children as seen from an age, and what becomes known of them (and of their reviews) after it."""
    chance, made = random.Random(seed), Extracts()  # noqa: S311 (no secret)
    children = [_Child(f"child-{n}", age, chance) for n in range(80)]
    for child in children:
        made.rows.setdefault("births", []).append(child.birth())
        made.rows.setdefault("profile", []).append(child.profile(1800))
        made.later.setdefault("profile", []).append(child.profile(1900))
        for name, make in MANY.items():
            made.rows.setdefault(name, []).extend(make(child, child.past()) for _ in range(chance.randrange(4)))
            made.later.setdefault(name, []).extend(make(child, child.future()) for _ in range(chance.randrange(1, 3)))
        reviews = [child.review(child.past()) for _ in range(chance.randrange(reviews_a_child + 1))]
        made.rows.setdefault("reviews", []).extend(reviews)
        made.later.setdefault("reviews", []).extend(child.review(child.future()) for _ in range(chance.randrange(1, 3)))
    return made


def _contract_of(borough_text: str, rows: str) -> Contract:
    """Return the borough's contract with one review or many per child, and a scope that the future could change."""
    start = borough_text.index('name = "reviews"')
    reviews = borough_text[start:].replace('rows = "many"', f'rows = "{rows}"', 1)
    scope = borough_text[:start].replace('needs = ["births"]', 'needs = ["births", "contacts"]')
    return parse_contract(scope.replace("stale_after_days = 800", "stale_after_days = 100") + reviews)


def _seen(contract: Contract, folder: Path, landmark: str) -> dict[str, Any]:
    """Return who is in scope at a landmark, the bytes of their matrix, and those of some rows of the one-child engine."""
    con, _ = ingest(contract, folder)
    at = contract.landmark(landmark)
    matrix = take_matrix(con, contract, at, in_scope(contract, at))
    questions = FeatureSet(contract, at)
    some = [take_snapshot(read_record(con, contract, child), at.age) for child in matrix.children.tolist()[::8]]
    return {
        "children": matrix.children.tolist(),
        "numbers": matrix.numbers.tobytes(),
        "one by one": [np.array(questions.row(snapshot)).tobytes() for snapshot in some],
        "known": (~np.isnan(matrix.numbers)).mean(axis=0).tolist(),
    }


@pytest.mark.parametrize(("landmark", "age"), [("one_year", 365), ("two_year", 760)])
@pytest.mark.parametrize(("rows", "reviews_a_child"), [("many", 4), ("one", 1)])
@pytest.mark.parametrize("seed", [1, 2])
def test_extracts(
    borough_text: str, tmp_path: Path, landmark: str, age: int, rows: str, reviews_a_child: int, seed: int
) -> None:
    """Rows of an extract that became known after a landmark, of a source of one row or of many, change no number."""
    contract = _contract_of(borough_text, rows)
    extracts = _extracts(age, seed, reviews_a_child=reviews_a_child)
    before = _seen(contract, extracts.write(contract, tmp_path / "before", share=0.0, seed=seed), landmark)
    assert all(share > 0 for share in before["known"]), "every feature must be known of somebody"
    for share in (0.5, 1.0):
        after = _seen(contract, extracts.write(contract, tmp_path / str(share), share=share, seed=seed), landmark)
        assert after == before


def test_extracts_do_change_with_the_past(borough_text: str, tmp_path: Path) -> None:
    """The same comparison does see a row that was known on the very day of the landmark."""
    contract = _contract_of(borough_text, "many")
    extracts = _extracts(365, 1, reviews_a_child=4)
    before = _seen(contract, extracts.write(contract, tmp_path / "before", share=0.0, seed=1), "one_year")
    child = _Child("child-0", 365, random.Random(5))  # noqa: S311 (no secret)
    extracts.rows["contacts"] += [child.contact(300) | {"reason": "N1"} for _ in range(3)]
    after = _seen(contract, extracts.write(contract, tmp_path / "after", share=0.0, seed=1), "one_year")
    assert after["children"] == before["children"]
    assert after["numbers"] != before["numbers"]
