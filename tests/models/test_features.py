"""
What each take, tie rule, comparison and case of coverage answers: a small table in, one number out.

The landmark is at 365 days. `None` in a table is a value that is not known; `NOT_KNOWN` is an answer that is.
"""

import math
from collections.abc import Callable
from typing import Any

import pytest

from models.contract import Contract
from models.contract_reading import parse_contract
from models.features import NOT_KNOWN, FeatureSet
from models.record import ChildRecord, Event, Exact, Span
from models.snapshot import take_snapshot

Document = dict[str, Any]
Table = list[tuple[int, Exact]]
COLUMNS: list[Document] = [
    {"name": "n", "type": "integer"},
    {"name": "low", "type": "integer", "tie": "min"},
    {"name": "high", "type": "integer", "tie": "max"},
    {"name": "hours", "type": "number", "step": "0.25"},
    {"name": "pounds", "type": "number", "step": "0.01"},
    {"name": "fives", "type": "number", "step": "5"},
    {"name": "code", "type": "code", "codes": {"A": "absent", "P": "present"}},
    {"name": "flag", "type": "flag"},
    {"name": "first_on", "type": "integer"},
    {"name": "last_on", "type": "integer"},
]
DERIVED: list[Document] = [
    {"name": "under_ten", "kind": "below", "column": "n", "cut": 10},
    {"name": "rose", "kind": "difference", "column": "high", "minus": "low"},
    {"name": "quarters", "kind": "difference", "column": "hours", "minus": "hours"},
    {"name": "noughts", "kind": "count_equal", "columns": ["n", "low", "high"], "values": [0]},
    *({"name": f"{name}_cut", "kind": "below", "column": name, "cut": 5} for name in ("n", "low", "high")),
    *(
        {"name": f"{name}_own", "kind": "count_below", "by": "code", "cuts": {name: {"absent": 4.5, "present": 1}}}
        for name in ("n", "low", "high")
    ),
    {"name": "mixed_own", "kind": "count_below", "by": "code", "cuts": {"low": {"absent": 5}, "high": {"absent": 5}}},
]
PROVEN: Document = {"absence": "none", "coverage": {"ages": [0, 365]}}


@pytest.fixture(scope="module")
def ask(as_toml: Callable[[Document], str], one_source: Callable[..., Document]) -> Callable[..., float]:
    """Ask one question of a record at 365 days."""

    def answer(record: ChildRecord, take: str, column: str | None = None, where: Any = (), **source: Any) -> float:
        question = {"take": take, "where": list(where)} | ({"column": column} if column else {})
        document = one_source(COLUMNS, [question], derived=DERIVED, **(PROVEN | source))
        contract: Contract = parse_contract(as_toml(document))
        landmark = contract.landmarks[0]
        return FeatureSet(contract, landmark).row(take_snapshot(record, landmark.age))[0]

    return answer


def record(column: str, table: Table, *spans: Span) -> ChildRecord:
    """A record of one column: each row's day, on which it also became known, and its value."""
    return ChildRecord({"visits": tuple(Event(day, day, {column: value}) for day, value in table)}, {"visits": spans})


def same(answer: float, expected: float) -> bool:
    """Whether two answers are one number, or are both not known."""
    return answer == expected or (math.isnan(answer) and math.isnan(expected))


VISITS: Table = [(200, 7), (100, 3), (300, None), (250, 7)]
UNKNOWN: Table = [(100, None), (200, None)]


@pytest.mark.parametrize(
    ("take", "expected", "all_unknown"),
    [
        ("latest", 7.0, NOT_KNOWN),
        ("first", 3.0, NOT_KNOWN),
        ("min", 3.0, NOT_KNOWN),
        ("max", 7.0, NOT_KNOWN),
        ("sum", 17.0, NOT_KNOWN),
        ("mean", 17 / 3, NOT_KNOWN),
        ("distinct", 2.0, NOT_KNOWN),
    ],
)
def test_takes_of_values(ask: Callable[..., float], take: str, expected: float, all_unknown: float) -> None:
    """A take of values passes over what is not known, and of nothing but unknown values is not known itself."""
    assert ask(record("n", VISITS), take, "n") == expected
    assert same(ask(record("n", UNKNOWN), take, "n"), all_unknown)


@pytest.mark.parametrize(("take", "expected"), [("count", 4.0), ("any", 1.0), ("days_since", 65.0)])
def test_takes_of_rows(ask: Callable[..., float], take: str, expected: float) -> None:
    """A take of rows asks how many there are, or when the latest was, whatever they hold."""
    assert ask(record("n", VISITS), take) == expected


@pytest.mark.parametrize("take", ["latest", "first"])
@pytest.mark.parametrize(
    ("column", "values", "expected"),
    [
        ("high", (4, 9, 6), 9.0),
        ("low", (4, 9, 6), 4.0),
        ("n", (4, 9, 6), NOT_KNOWN),
        ("n", (4, 4, None), 4.0),
        ("low", (None, None, 6), 6.0),
        ("high", (-2, None, -8), -2.0),
    ],
)
def test_ties(ask: Callable[..., float], take: str, column: str, values: tuple[Exact, ...], expected: float) -> None:
    """Values of one day that disagree follow the column's tie rule, in any order of rows."""
    other_day = 50 if take == "latest" else 300
    table: Table = [(200, value) for value in values] + [(other_day, 0)]
    assert same(ask(record(column, table), take, column), expected)
    assert same(ask(record(column, table[::-1]), take, column), expected)


def test_ties_of_derived_columns(ask: Callable[..., float]) -> None:
    """A derived column whose inputs have different tie rules is not known where its values of one day disagree."""
    events = tuple(Event(200, 200, {"high": high, "low": 1}) for high in (3, 5))
    assert same(ask(ChildRecord({"visits": events}), "latest", "rose"), NOT_KNOWN)
    assert ask(ChildRecord({"visits": events[:1] * 2}), "latest", "rose") == 2.0


@pytest.mark.parametrize("take", ["latest", "first"])
@pytest.mark.parametrize("order", [(3, 7), (7, 3)], ids=str)
@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("low_cut", 1.0),
        ("high_cut", 0.0),
        ("n_cut", NOT_KNOWN),
        ("low_own", 1.0),
        ("high_own", 0.0),
        ("n_own", NOT_KNOWN),
        ("mixed_own", NOT_KNOWN),
    ],
)
def test_ties_of_being_below(
    ask: Callable[..., float], take: str, column: str, order: tuple[int, int], expected: float
) -> None:
    """Where the lowest value of a day holds it is below if any is; where the highest holds, only if every one is."""
    events = tuple(Event(200, 200, {"code": "absent", "n": n, "low": n, "high": n}) for n in order)
    assert same(ask(ChildRecord({"visits": events}), take, column), expected)
    held = column.partition("_")[0]
    if held in {"low", "high"}:
        assert (ask(ChildRecord({"visits": events}), take, held) < 5) is bool(expected)


def test_the_code_a_cut_off_goes_by_is_no_tie(ask: Callable[..., float]) -> None:
    """Two questionnaires of one day are each judged by their own cut-offs, and only then by the tie rule."""
    events = tuple(Event(200, 200, {"code": code, "low": 3}) for code in ("absent", "present"))
    assert ask(ChildRecord({"visits": events}), "latest", "low_own") == 1.0
    assert ask(ChildRecord({"visits": events[1:]}), "latest", "low_own") == 0.0


@pytest.mark.parametrize(
    ("column", "units", "total", "mean"),
    [
        ("hours", (61, 60), 30.25, 15.125),
        ("pounds", (10, 20), 0.3, 0.15),
        ("pounds", (1, 1, 1), 0.03, 0.01),
        ("fives", (3, 8), 55.0, 27.5),
    ],
)
def test_steps(ask: Callable[..., float], column: str, units: tuple[int, ...], total: float, mean: float) -> None:
    """Units become real numbers once, by one division: a tenth and a fifth of a pound are .3, not .30000000000000004."""
    table: Table = [(day, value) for day, value in enumerate(units)]
    assert ask(record(column, table), "sum", column) == total
    assert ask(record(column, table), "mean", column) == mean


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"column": "n", "is": 7}, 2.0),
        ({"column": "n", "is_not": 7}, 1.0),
        ({"column": "n", "in": [3, 8]}, 1.0),
        ({"column": "n", "at_least": 7}, 2.0),
        ({"column": "n", "at_most": 3}, 1.0),
        ({"column": "n", "above": 7}, 0.0),
        ({"column": "n", "below": 7}, 1.0),
        ({"column": "n", "recorded": True}, 3.0),
        ({"column": "n", "recorded": False}, 1.0),
        ({"column": "age", "at_least": 200}, 3.0),
        ({"column": "age", "in": [100, 300]}, 2.0),
        ({"column": "days_before", "below": 115}, 1.0),
        ({"column": "days_before", "is": 265}, 1.0),
        ({"column": "under_ten", "is": 1}, 3.0),
        ({"column": "noughts", "is": 0}, 3.0),
    ],
)
def test_conditions(ask: Callable[..., float], where: Document, expected: float) -> None:
    """A value that is not known meets no comparison but `recorded = false`."""
    assert ask(record("n", VISITS, Span(0, 365, 0)), "count", where=[where]) == expected


def test_all_conditions_hold(ask: Callable[..., float]) -> None:
    """A row counts only where every condition holds of that one row."""
    where = [{"column": "n", "is": 7}, {"column": "age", "below": 250}]
    assert ask(record("n", VISITS), "count", where=where) == 1.0


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"column": "code", "is": "present"}, 1.0),
        ({"column": "code", "is_not": "present"}, 1.0),
        ({"column": "code", "in": ["present", "absent"]}, 2.0),
        ({"column": "code", "recorded": False}, 1.0),
    ],
)
def test_conditions_on_codes(ask: Callable[..., float], where: Document, expected: float) -> None:
    """Codes are compared by what they stand for."""
    assert ask(record("code", [(1, "present"), (2, "absent"), (3, None)]), "count", where=[where]) == expected


ALL_YEAR = Span(0, 365, 0)


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ((ALL_YEAR,), 0.0),
        ((), NOT_KNOWN),
        ((Span(0, 364, 0),), NOT_KNOWN),
        ((Span(1, 365, 0),), NOT_KNOWN),
        ((Span(0, 100, 0), Span(101, 365, 0)), 0.0),
        ((Span(0, 100, 0), Span(102, 365, 0)), NOT_KNOWN),
        ((Span(90, 400, 0), Span(-9, 120, 0)), 0.0),
        ((Span(0, 365, 365),), 0.0),
        ((Span(0, 365, 366),), NOT_KNOWN),
        ((Span(365, 0, 0),), NOT_KNOWN),
    ],
    ids=[
        "proven",
        "none",
        "a day short",
        "a day late",
        "adjacent",
        "gap",
        "overlapping",
        "just known",
        "late",
        "backwards",
    ],
)
@pytest.mark.parametrize(("take", "column"), [("count", None), ("any", None), ("sum", "n"), ("distinct", "n")], ids=str)
def test_zero_is_proven(
    ask: Callable[..., float], take: str, column: str | None, spans: tuple[Span, ...], expected: float
) -> None:
    """No row means 0 only where coverage proves every day of the question; otherwise it means not known."""
    assert same(ask(record("n", [], *spans), take, column), expected)


@pytest.mark.parametrize(
    ("where", "span", "expected"),
    [
        ({"column": "days_before", "at_most": 182}, Span(183, 365, 0), 0.0),
        ({"column": "days_before", "at_most": 182}, Span(184, 365, 0), NOT_KNOWN),
        ({"column": "days_before", "above": 182}, Span(0, 182, 0), 0.0),
        ({"column": "days_before", "above": 182}, Span(0, 181, 0), NOT_KNOWN),
        ({"column": "age", "below": 100}, Span(0, 99, 0), 0.0),
        ({"column": "age", "below": 100}, Span(0, 98, 0), NOT_KNOWN),
        ({"column": "age", "at_least": 300}, Span(300, 365, 0), 0.0),
        ({"column": "age", "above": 300}, Span(302, 365, 0), NOT_KNOWN),
        ({"column": "n", "is": 1}, Span(1, 365, 0), NOT_KNOWN),
    ],
)
def test_only_the_days_asked_must_be_proven(
    ask: Callable[..., float], where: Document, span: Span, expected: float
) -> None:
    """Coverage must prove the ages that the conditions leave open, and no others."""
    assert same(ask(record("n", [], span), "count", where=[where]), expected)


@pytest.mark.parametrize("take", ["latest", "first", "min", "max", "mean"])
def test_nothing_has_no_value(ask: Callable[..., float], take: str) -> None:
    """Proven absence gives a count of 0, and never a value."""
    assert same(ask(record("n", [], ALL_YEAR), take, "n"), NOT_KNOWN)
    assert same(ask(record("n", [], ALL_YEAR), "days_since"), NOT_KNOWN)


def test_rows_that_do_not_match_do_not_prove(ask: Callable[..., float]) -> None:
    """A row that the conditions leave out proves nothing of those that are not there."""
    assert same(ask(record("n", [(10, 1)]), "count", where=[{"column": "n", "is": 2}]), NOT_KNOWN)


def test_absence_that_is_not_known(ask: Callable[..., float]) -> None:
    """Of a source whose absence means not known, no span can prove that there was nothing."""
    answer = ask(record("n", [], ALL_YEAR), "count", absence="not_known", coverage=None)
    assert same(answer, NOT_KNOWN)


@pytest.mark.parametrize(("closed_on", "still_open"), [(364, False), (365, False), (366, True), (None, True)])
def test_dates_that_lay_ahead(borough: Contract, closed_on: int | None, *, still_open: bool) -> None:
    """A date after the landmark was not known there, though an extract made later holds it in a row known before."""
    landmark = borough.landmarks[0]
    contact = Event(90, 97, {"reason": "family", "urgent": 0, "closed_on": closed_on})
    questions = FeatureSet(borough, landmark)
    row = questions.row(take_snapshot(ChildRecord({"contacts": (contact,)}), landmark.age))
    assert math.isnan(row[questions.names.index("days_since_contact")]) is not still_open


@pytest.mark.parametrize("landmark", ["one_year", "two_year"])
def test_withdrawing_a_source(borough: Contract, landmark: str) -> None:
    """Withdrawing a source's rows and its coverage makes every feature of it not known, and changes no other."""
    at = borough.landmark(landmark)
    questions = FeatureSet(borough, at)
    whole = ChildRecord(
        {
            s.name: (Event(300, 300, dict.fromkeys(borough.feature_columns[s.name], 1)),)
            for s in borough.feature_sources
        },
        {s.name: (Span(0, 1000, 0),) for s in borough.feature_sources if s.coverage is not None},
    )
    before = questions.row(take_snapshot(whole, at.age))
    for withdrawn in borough.feature_sources:
        events = {name: rows for name, rows in whole.events.items() if name != withdrawn.name}
        spans = {name: proven for name, proven in whole.coverage.items() if name != withdrawn.name}
        after = questions.row(take_snapshot(ChildRecord(events, spans), at.age))
        for feature, first, second in zip(questions.features, before, after, strict=True):
            assert same(second, NOT_KNOWN if feature.source == withdrawn.name else first)


def test_the_order_of_features(borough: Contract) -> None:
    """A row has one number per feature of its landmark, in the order they are declared."""
    at = borough.landmark("one_year")
    questions = FeatureSet(borough, at)
    assert questions.names == tuple(
        f.name for f in borough.features if f.name not in {"communication", "childcare_hours"}
    )
    assert len(questions.row(take_snapshot(ChildRecord(), at.age))) == len(questions.names)
