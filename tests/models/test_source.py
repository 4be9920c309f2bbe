"""Sources: reading one cell, what a column may declare, and timings and coverage that must be one thing."""

import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from models.source import Column, Coverage, Feed, Timing

Document = dict[str, Any]
INTEGER = Column(name="n", type="integer", range=(0, 60), missing=("999", "A"), missing_below=0)
UNBOUNDED = Column(name="n", type="integer", missing=("999",))
HOURS = Column(name="n", type="number", step="0.25", range=(0, 60))
CODED = Column(name="n", type="code", codes={"N1": "neglect", "N2": "disability"}, missing=("A",))
LISTED = Column(name="n", type="code", codes=("F", "M"), missing=("U",))
LEVEL = Column(name="n", type="integer", codes={"low": 0, "high": 1}, missing=("U",))
FLAG = Column(name="n", type="flag")
YES_NO = Column(name="n", type="flag", codes={"Y": 1, "N": 0})
DATE = Column(name="n", type="date")


@pytest.mark.parametrize(
    ("column", "raw", "expected"),
    [
        (INTEGER, 60, 60),
        (INTEGER, 60.0, 60),
        (INTEGER, 0, 0),
        (INTEGER, None, None),
        (INTEGER, 999, None),
        (INTEGER, "999", None),
        (INTEGER, "A", None),
        (INTEGER, -1, None),
        (INTEGER, -0.5, None),
        (UNBOUNDED, 999, None),
        (UNBOUNDED, 999.0, None),
        (UNBOUNDED, -5, -5),
        (HOURS, 15.25, 61),
        (HOURS, 60, 240),
        (CODED, "N1", "neglect"),
        (CODED, "A", None),
        (LISTED, "F", "F"),
        (LISTED, "U", None),
        (LEVEL, "high", 1),
        (LEVEL, "U", None),
        (FLAG, True, 1),
        (FLAG, False, 0),
        (FLAG, 1, 1),
        (YES_NO, "Y", 1),
        (YES_NO, True, 1),
        (DATE, 400, 400),
    ],
)
def test_read(column: Column, raw: object, expected: int | str | None) -> None:
    """A cell is read as whole steps, as what its code stands for, or as not known."""
    assert column.read(raw) == expected


@pytest.mark.parametrize(
    ("column", "raw", "reason"),
    [
        (INTEGER, 61, "out_of_range"),
        (INTEGER, 0.5, "off_step"),
        (INTEGER, True, "not_a_number"),
        (INTEGER, [1], "not_a_number"),
        (INTEGER, "secret", "unknown_code"),
        (UNBOUNDED, 2**38, "out_of_range"),
        (UNBOUNDED, -1e300, "out_of_range"),
        (UNBOUNDED, float("nan"), "not_a_number"),
        (UNBOUNDED, float("inf"), "not_a_number"),
        (HOURS, 15.3, "off_step"),
        (HOURS, -0.25, "out_of_range"),
        (CODED, "neglect", "unknown_code"),
        (CODED, "n1", "unknown_code"),
        (CODED, 1, "unknown_code"),
        (FLAG, 2, "out_of_range"),
        (FLAG, 0.5, "off_step"),
        (YES_NO, "yes", "unknown_code"),
        (LEVEL, 5, "unknown_code"),
    ],
)
def test_refused(column: Column, raw: object, reason: str) -> None:
    """A cell that breaks the contract is refused with a reason code, which never holds the value."""
    with pytest.raises(ValueError, match=rf"^{reason}$"):
        column.read(raw)


@settings(derandomize=True, database=None, deadline=None, max_examples=300)
@given(
    column=st.sampled_from((UNBOUNDED, HOURS, Column(name="n", type="number", step="0.01"), FLAG, YES_NO, LEVEL, DATE)),
    share=st.fractions(0, 1),
)
def test_written_and_read(column: Column, share: Any) -> None:
    """A value written as a request gives it is read back as the same value."""
    low, high = (0, 1) if column.code_map else column.bounds
    exact = low + int(share * (high - low))
    assert column.read(column.written(exact)) == exact or str(exact) in column.missing


@pytest.mark.parametrize("column", [CODED, LISTED])
def test_codes_written_and_read(column: Column) -> None:
    """Every code written is read back as what it stands for."""
    assert [column.read(column.written(value)) for value in column.code_map.values()] == [*column.code_map.values()]


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({"type": "number", "step": "0"}, "a step lies between"),
        ({"type": "number", "step": "a"}, "a step is a positive decimal number"),
        ({"type": "integer", "step": "5"}, 'only a column of type "number" has a step'),
        ({"type": "code"}, "a code column lists its codes"),
        ({"type": "date", "codes": ["x"]}, 'a column of type "date" has no codes'),
        ({"type": "code", "codes": {"a": 1}}, "the codes of a code column map to words"),
        ({"type": "integer", "codes": {"a": "b"}}, "the codes of a integer column map to whole numbers"),
        ({"type": "flag", "codes": {"a": 2}}, "the codes of a flag column map to 0 or 1"),
        ({"type": "integer", "range": [2, 1]}, "the range starts above its end"),
        ({"type": "key"}, "a key .* is never a feature"),
        ({"type": "flag", "characteristic": "disability"}, "disability is audited, never a feature"),
        ({"type": "flag", "proxy": "tells the area"}, "a column marked as a proxy may not be a feature"),
        ({"type": "flag", "roles": []}, "at least 1 item"),
        ({"type": "flag", "characteristic": "age"}, "characteristic"),
    ],
)
def test_impossible_columns(declared: Document, said: str) -> None:
    """A column that says too little, contradicts itself or would let a characteristic be a feature is refused."""
    with pytest.raises(ValidationError, match=said):
        Column.model_validate({"name": "column"} | declared)


@pytest.mark.parametrize("declared", [{"range": [0, 10], "codes": {"many": 99}}, {"codes": {"many": 2**38}}])
def test_codes_beyond_what_is_held(declared: Document) -> None:
    """The codes of a column stand for values in its range, and for none too large to be held exactly."""
    with pytest.raises(ValidationError, match="codes"):
        Column.model_validate({"name": "column", "type": "integer"} | declared)


@pytest.mark.parametrize(
    "given", [{}, {"age": "a", "date": "b"}, {"constant": 0, "lag_days": 1}, {"lag_days": -1}, {"ages": 1}]
)
def test_impossible_timings(given: Document) -> None:
    """A timing is exactly one of its four kinds, and a lag never runs backwards."""
    with pytest.raises(ValidationError):
        Timing.model_validate(given)


def test_impossible_coverage() -> None:
    """Coverage is proven by exactly one thing."""
    feed = Feed(start=datetime.date(2016, 1, 1), end=datetime.date(2022, 1, 1))
    for proof in ({}, {"feed": feed, "ages": (0, 1)}):
        with pytest.raises(ValidationError, match="exactly one of feed, ages or residence"):
            Coverage.model_validate(proof)


@pytest.mark.parametrize(
    ("column", "bounds"),
    [
        (HOURS, (0, 240)),
        (Column(name="n", type="number", step="0.25", range=(0.1, 0.9)), (1, 3)),
        (Column(name="n", type="number", step="5"), (-((2**38 - 1) // 5), (2**38 - 1) // 5)),
        (FLAG, (0, 1)),
    ],
)
def test_bounds(column: Column, bounds: tuple[int, int]) -> None:
    """A range is counted in steps, rounded inwards; without one a column holds all that is held exactly."""
    assert column.bounds == bounds
