"""
Scoring requests at the edges of what a contract allows, of children who do not exist.

Values stand at the ends of their ranges, ages at the ends of windows; there are sources without a row and with thousands,
coverage with gaps and of no day, events known too late, links from next to nothing to certain, and dates beside ages.
"""

import datetime
import json
import random
from collections.abc import Iterator
from typing import Any

from models.contract import Contract
from models.feature import Landmark
from models.record import MAX_AGE, MIN_AGE
from models.source import Column, Source

BIRTH = datetime.date(2019, 2, 28)
# As many fields of one source as leave the body of a request below its limit: some thousands of rows, where rows are short.
MANY_FIELDS = 16_000
UNBOUNDED = 10**6
LINKS = (1e-9, 0.5, 0.8999999999999999, 0.9, 0.95, 0.989, 0.99, 1.0)

Json = dict[str, Any]


def edge_requests(contract: Contract, seed: int, count: int) -> Iterator[bytes]:
    """Yield the bodies of so many requests, each of which keeps the contract."""
    chance = random.Random(seed)  # noqa: S311 (no secret)
    for number in range(count):
        yield json.dumps(_Edge(contract, chance).request(number)).encode()


class _Edge:
    """One request: about one landmark, with its times as ages, or as dates here and there."""

    def __init__(self, contract: Contract, chance: random.Random) -> None:
        self._contract, self._chance = contract, chance
        self._at: Landmark = chance.choice(contract.landmarks)
        self._dated = chance.random() < 0.15
        self._linked = chance.random() < 0.3
        self._empty = chance.choice((0.0, 0.0, 0.2, 0.5, 0.9))

    def request(self, number: int) -> Json:
        age, until = self._at.age, self._at.until
        outside = self._chance.random() < 0.05
        asked = self._chance.choice((age - 1, until, 0, MAX_AGE) if outside else (age, until - 1, (age + until) // 2))
        request = {
            "subject": f"edge-{number}",
            "purpose": self._chance.choice(self._contract.purposes),
            "as_of": self._dates(asked) if self._dated else asked,
            "sources": {s.name: self._source(s) for s in self._contract.feature_sources if self._sends(s)},
        }
        request |= {"date_of_birth": BIRTH.isoformat()} if self._dated else {}
        return request | ({"detail": self._chance.choice(("summary", "full"))} if self._chance.random() < 0.4 else {})

    def _sends(self, source: Source) -> bool:
        return source.name in self._contract.scope.needs or self._chance.random() >= self._empty

    def _source(self, source: Source) -> Json:
        given: Json = {"events": [self._event(source) for _ in range(self._rows(source))]}
        if source.coverage is not None and self._chance.random() < 0.8:
            given["coverage"] = [self._span(*span) for span in self._spans()]
        if self._linked and self._chance.random() < 0.5:
            sure = self._chance.random() < 0.8
            given["link"] = self._chance.choice(LINKS[3:] if sure else LINKS)
        return given

    def _rows(self, source: Source) -> int:
        if source.rows == "one":
            return 1
        if self._chance.random() < 0.0005:
            return MANY_FIELDS // max(len(self._contract.feature_columns[source.name]), 4)
        return self._chance.choice((0, 1, 1, 2, 3) if self._chance.random() < 0.97 else (12, 40))

    def _event(self, source: Source) -> Json:
        used, age = self._contract.feature_columns[source.name], self._at.age
        columns = [c for c in source.columns if c.name in used and self._chance.random() < 0.95]
        event = {column.name: self._value(column) for column in columns}
        happened = source.happened.constant
        if happened is None:
            ends = (0, 1, age - 1, age, age, age + 1, MIN_AGE, 30000, *(self._chance.randint(0, age) for _ in range(6)))
            happened = self._chance.choice(ends)
            event["happened"] = self._time(happened)
        if source.known.constant is None and source.known.lag_days is None:
            later = (*(happened,) * 9, happened + 7, age, age + 1, MAX_AGE)
            event["known"] = self._time(max(happened, self._chance.choice(later)))
        return event

    def _value(self, column: Column) -> Any:
        drawn = self._chance.random()
        if drawn < 0.1:
            return self._chance.choice((None, *column.missing))
        if column.code_map:
            return self._chance.choice(tuple(column.code_map))
        if column.type == "flag":
            return self._chance.random() < 0.5
        if column.type == "date":
            return self._time(
                self._chance.choice((MIN_AGE, 0, self._at.age - 1, self._at.age, self._at.age + 1, MAX_AGE))
            )
        low, high = column.bounds if column.range is not None or drawn < 0.12 else (-UNBOUNDED, UNBOUNDED)
        return column.written(self._chance.choice((low, low + 1, high - 1, high, *(self._near(low, high),) * 4)))

    def _near(self, low: int, high: int) -> int:
        return min(max(round(self._chance.gauss((low + high) / 2, (high - low) / 5)), low), high)

    def _spans(self) -> tuple[tuple[int, int, int | None], ...]:
        age = self._at.age
        return self._chance.choice(
            (
                (),
                ((0, age, None),),
                ((0, age, age),),
                ((MIN_AGE, MAX_AGE, MIN_AGE),),
                ((0, age - 1, 0),),
                ((0, age, age + 1),),
                ((0, age // 2, 0), (age // 2 + 1, age, 0)),
                ((0, age // 2, 0), (age // 2 + 2, age, 0)),
                ((age, age, age), (0, 0, 0), (5, 9, 9)),
            )
        )

    def _span(self, start: int, end: int, known: int | None) -> Json:
        span = {"from": self._time(start), "to": self._time(end)}
        return span if known is None else span | {"known": self._time(known)}

    def _time(self, age: int) -> int | str:
        return self._dates(age) if self._dated and self._chance.random() < 0.5 else age

    def _dates(self, age: int) -> str:
        return (BIRTH + datetime.timedelta(days=age)).isoformat()
