"""
Invents the children of a bundle's golden cases from its contract alone: no real child is in a bundle.

They are not meant to be likely: they are meant to reach every source, take, refusal and *not known* that there is.
"""

import random

from models.contract import Contract
from models.feature import Landmark
from models.golden import GoldenCase, GoldenEvent, answered
from models.record import Exact
from models.scorer import Scorer
from models.source import Column, Source

_FULL_CASES = 6
_UNBOUNDED_VALUES = 20


def golden_cases(scorer: Scorer, seed: int) -> list[GoldenCase]:
    """Return invented cases with this Scorer's answers."""
    return [answered(case, scorer) for case in _cases(scorer.contract, random.Random(seed))]  # noqa: S311 (no secret)


def _cases(contract: Contract, chance: random.Random) -> list[GoldenCase]:
    first, last = contract.landmarks[0], contract.landmarks[-1]
    cases = [
        _full(contract, first, chance, "before every window", age=first.age - 1),
        _full(contract, last, chance, "after every window", age=last.until),
    ]
    for landmark in contract.landmarks:
        cases.append(_case(f"{landmark.name}: nothing known", landmark.age, {}))
        cases.append(_least(contract, landmark, chance))
        cases += [_full(contract, landmark, chance, f"{landmark.name}: child {i + 1}") for i in range(_FULL_CASES)]
    return cases


def _case(name: str, age: int, events: dict[str, list[GoldenEvent]], proven: int | None = None) -> GoldenCase:
    coverage = {source: [(0, proven, 0)] for source in events} if proven is not None else {}
    return GoldenCase(case=name, age=age, events=events, coverage=coverage)


def _least(contract: Contract, landmark: Landmark, chance: random.Random) -> GoldenCase:
    """Only what the scope needs, one row of each: nearly everything is not known."""
    needed = [source for source in contract.sources if source.name in contract.scope.needs]
    events = {source.name: [_event(contract, source, landmark.age, chance)] for source in needed}
    return _case(f"{landmark.name}: the least in scope", landmark.age, events)


def _full(
    contract: Contract, landmark: Landmark, chance: random.Random, name: str, age: int | None = None
) -> GoldenCase:
    """Rows of every source, some known only after the landmark; half of these children are covered all the while."""
    events = {
        source.name: [
            _event(contract, source, landmark.until, chance)
            for _ in range(1 if source.rows == "one" else chance.randint(1, 6))
        ]
        for source in contract.feature_sources
    }
    asked = chance.randrange(landmark.age, landmark.until) if age is None else age
    return _case(name, asked, events, proven=landmark.until if chance.random() < 0.5 else None)


def _event(contract: Contract, source: Source, latest: int, chance: random.Random) -> GoldenEvent:
    happened = chance.randint(0, latest) if source.happened.constant is None else source.happened.constant
    if source.known.constant is not None:
        known = source.known.constant
    elif source.known.lag_days is not None:
        known = happened + source.known.lag_days
    else:
        known = happened + chance.choice((0, 0, 7, 30))
    names = sorted(contract.feature_columns[source.name])
    values = {name: _value(column, chance) for name in names if (column := source.column(name))}
    return GoldenEvent(happened=happened, known=max(known, happened), values=values)


def _value(column: Column, chance: random.Random) -> Exact:
    if chance.random() < 0.2:
        return None
    if column.code_map:
        return chance.choice(sorted(set(column.code_map.values()), key=str))
    low, high = column.bounds
    if column.range is None and column.type != "flag":
        low, high = 0, _UNBOUNDED_VALUES
    return chance.randint(low, high)
