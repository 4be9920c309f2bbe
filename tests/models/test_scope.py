"""Scope: who must not be scored, why, in which order it is asked, and the words of a refusal."""

import math
from collections.abc import Callable
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.small_bundle import bundle_files
from models.bundle import scorer_of
from models.feature import Resident, Scope
from models.record import ChildRecord, Event, Span
from models.scope import WORDS, Code, NotScored, refusal, refusal_of_row
from models.scorer import Scored, Scorer
from models.snapshot import Snapshot, take_snapshot

NAN = math.nan
NEEDS = Scope(needs=("births", "visits"))
FRESH = Scope(stale_after_days=182)
RESIDENT = Scope(resident=Resident(source="homes", days=28))
SURE = Scope(least_link=0.9)


def snapshot(**days: tuple[int, ...]) -> Snapshot:
    """A snapshot at 365 days of events that happened on these days."""
    return Snapshot(365, {source: tuple(Event(day, day) for day in each) for source, each in days.items()}, {})


def code_of(refused: NotScored | None) -> str | None:
    """The code of a refusal, if it is one."""
    return refused.code if refused else None


@pytest.mark.parametrize(
    ("scope", "seen", "code"),
    [
        (Scope(), snapshot(), None),
        (NEEDS, snapshot(births=(0,), visits=(9,)), None),
        (NEEDS, snapshot(births=(0,), visits=()), "too-little-known"),
        (NEEDS, snapshot(visits=(9,)), "too-little-known"),
        (FRESH, snapshot(births=(0,), visits=(183,)), None),
        (FRESH, snapshot(births=(0,), visits=(182,)), "too-stale"),
        (FRESH, snapshot(visits=()), "too-stale"),
        (RESIDENT, snapshot(), None),
        (RESIDENT, snapshot(homes=(337,)), None),
        (RESIDENT, snapshot(homes=(338,)), "moved-in-too-late"),
        (RESIDENT, snapshot(homes=(365,)), "moved-in-too-late"),
        (RESIDENT, snapshot(homes=(365, 0)), None),
        (RESIDENT, snapshot(homes=(-30,)), None),
    ],
)
def test_refusal(scope: Scope, seen: Snapshot, code: str | None) -> None:
    """A child is refused who lacks a needed source, of whom nothing recent is known, or who came too short a time before."""
    assert code_of(refusal(scope, seen)) == code


@pytest.mark.parametrize(
    ("spans", "code"),
    [
        ((Span(0, 183, 183),), None),
        ((Span(0, 182, 182),), "too-stale"),
        ((Span(0, 183, 366),), "too-stale"),
        ((Span(0, 100, 100), Span(150, 190, 190)), None),
        ((Span(0, 900, 0),), None),
        ((Span(366, 900, 0),), "too-stale"),
        ((Span(190, 183, 0),), "too-stale"),
    ],
)
def test_stale_where_a_source_covers(spans: tuple[Span, ...], code: str | None) -> None:
    """A day that a source is proven to cover is something known of that day: nothing having happened is no staleness."""
    seen = take_snapshot(ChildRecord({"visits": (Event(1, 1),)}, {"visits": spans}), 365)
    assert code_of(refusal(FRESH, seen)) == code


@pytest.mark.parametrize(
    ("links", "code"),
    [
        ({}, None),
        ({"visits": 0.9}, None),
        ({"visits": math.nextafter(0.9, 0)}, "identity-not-certain"),
        ({"visits": 1.0, "births": 1e-9}, "identity-not-certain"),
        ({"visits": 1.0, "homes": 1e-9}, None),
    ],
)
def test_identity(links: dict[str, float], code: str | None) -> None:
    """A record is refused when a link that brought any of it is less certain than the contract asks."""
    record = ChildRecord({"births": (Event(0, 0),), "visits": (Event(9, 9),), "homes": (Event(9, 366),)}, {}, links)
    assert code_of(refusal(SURE, take_snapshot(record, 365))) == code


def _row(known: int, of: int) -> list[float]:
    return [1.0] * known + [NAN] * (of - known)


@pytest.mark.parametrize(
    ("known", "of", "code"), [(3, 10, None), (2, 10, "too-little-known"), (0, 3, "too-little-known")]
)
def test_share_known(known: int, of: int, code: str | None) -> None:
    """A row is refused of which less than the contract's share is known."""
    assert code_of(refusal_of_row(Scope(least_known_share=0.3), _row(known, of), [(0.0, 2.0)] * of)) == code


@settings(derandomize=True, database=None, deadline=None, max_examples=400)
@given(of=st.integers(1, 120), hundredths=st.integers(1, 100))
def test_exact_share(of: int, hundredths: int) -> None:
    """Whatever share of however many features is asked, exactly that share is enough, and one feature less is not."""
    scope, ranges = Scope(least_known_share=hundredths / 100), [(0.0, 2.0)] * of
    enough = -(-hundredths * of // 100)
    assert refusal_of_row(scope, _row(enough, of), ranges) is None
    assert code_of(refusal_of_row(scope, _row(enough - 1, of), ranges)) == "too-little-known"


@pytest.mark.parametrize(
    ("x", "code"),
    [
        (NAN, None),
        (10.0, None),
        (15.0, None),
        (math.nextafter(15.0, 99), "outside-range-seen"),
        (-5.0, None),
        (-5.01, "outside-range-seen"),
        (1e300, "outside-range-seen"),
    ],
)
def test_outside_the_range(x: float, code: str | None) -> None:
    """A value may lie outside the range seen by the contract's share of it on either side, and no further."""
    assert code_of(refusal_of_row(Scope(beyond_range=0.5), [1.0, x], [(0.0, 2.0), (0.0, 10.0)])) == code
    assert refusal_of_row(Scope(), [1.0, x], [(0.0, 2.0), (0.0, 10.0)]) is None


@pytest.mark.parametrize(("x", "code"), [(10.0, None), (10.5, "outside-range-seen"), (-0.5, "outside-range-seen")])
def test_no_margin(x: float, code: str | None) -> None:
    """A contract that lets no value lie outside has it so."""
    assert code_of(refusal_of_row(Scope(beyond_range=0.0), [x], [(0.0, 10.0)])) == code


@pytest.mark.parametrize("margin", [0.0, 0.5])
def test_a_feature_that_was_always_the_same(margin: float) -> None:
    """A feature of which training saw one value only refuses nobody: the first child who is otherwise is scored."""
    assert refusal_of_row(Scope(beyond_range=margin), [1.0], [(0.0, 0.0)]) is None


_SCOPE = """[scope]
needs = ["births"]
least_known_share = 0.5
stale_after_days = 300
resident = { source = "addresses", days = 28 }
least_link = 0.9
beyond_range = 0.1
"""


@pytest.fixture(scope="module")
def strict(borough_text: str) -> Scorer:
    """A Scorer of the borough's contract with everything that a scope can ask."""
    start, end = borough_text.index("[scope]"), borough_text.index("[[landmark]]")
    return scorer_of(bundle_files(borough_text[:start] + _SCOPE + borough_text[end:]))


BIRTH = Event(0, 0, {"birthweight": 330})
HOME = Event(0, 0, {"decile": 5})
MINUTES = Event(200, 200, {"minutes": 30})
REVIEW = Event(200, 200, {"communication": 60, "problem_solving": 60, "gross_motor": 60})
CONTACT = Event(200, 207, {"urgent": 0})
EVENTS = {"births": (BIRTH,), "addresses": (HOME,), "hub": (MINUTES,), "reviews": (REVIEW,), "contacts": (CONTACT,)}


def changed(links: dict[str, float] | None = None, **events: tuple[Event, ...]) -> ChildRecord:
    """The record of a child in scope, with these sources' events instead of its own."""
    return ChildRecord(EVENTS | events, {}, links or {})


def test_in_scope(strict: Scorer) -> None:
    """The child whom the cases of this file change in one way each is in scope."""
    assert isinstance(strict.score(changed(), 365), Scored)
    assert isinstance(strict.score(changed(), 499), Scored)


OUT_OF_SCOPE: list[tuple[Code, int, ChildRecord]] = [
    ("outside-window", 364, changed()),
    ("outside-window", 500, changed()),
    ("outside-window", 1000, changed()),
    ("identity-not-certain", 365, changed({"hub": 0.89})),
    ("too-little-known", 365, changed(births=())),
    ("too-little-known", 365, changed(births=(Event(0, 366, BIRTH.values),))),
    ("too-little-known", 365, ChildRecord({"births": (BIRTH,), "addresses": (HOME,), "hub": (MINUTES,)})),
    ("too-stale", 760, changed()),
    ("moved-in-too-late", 365, changed(addresses=(Event(338, 338, HOME.values),))),
    ("outside-range-seen", 365, changed(hub=(Event(200, 200, {"minutes": 6000}),))),
]


@pytest.mark.parametrize(("code", "age", "record"), OUT_OF_SCOPE)
def test_scripted_cases(strict: Scorer, code: Code, age: int, record: ChildRecord) -> None:
    """Each child who is out of scope in one way is not scored, for that very reason."""
    assert strict.score(record, age) == NotScored(code)


def test_every_code_is_reached() -> None:
    """Every code that there is has a case."""
    assert {code for code, *_ in OUT_OF_SCOPE} == set(get_args(Code))


def _broken(count: int) -> tuple[int, ChildRecord]:
    """A child who is out of scope in the last `count` ways of the order that they are asked in."""
    ways: list[Callable[[dict[str, Any]], Any]] = [
        lambda child: child["events"].update(hub=(Event(100, 100, {"minutes": 6000}),)),
        lambda child: child["events"].update(births=(Event(0, 0, {}),), contacts=(), reviews=()),
        lambda child: child["events"].update(addresses=(Event(0, 0, {}),)) or child.update(age=760),
        lambda child: child["events"].update(addresses=(Event(759, 760, {}),)),
        lambda child: child["events"].update(births=()),
        lambda child: child["links"].update(hub=0.1),
        lambda child: child.update(age=1000),
    ]
    child: dict[str, Any] = {"events": dict(EVENTS), "links": {}, "age": 365}
    for way in ways[:count]:
        way(child)
    return child["age"], ChildRecord(child["events"], {}, child["links"])


def test_the_order(strict: Scorer) -> None:
    """A child who is out of scope in several ways is told of the first in a fixed order, so that one child has one answer."""
    told = [strict.score(record, age) for age, record in map(_broken, range(1, 8))]
    assert [answer.code for answer in told if isinstance(answer, NotScored)] == [
        "outside-range-seen",
        "too-little-known",
        "too-stale",
        "moved-in-too-late",
        "too-little-known",
        "identity-not-certain",
        "outside-window",
    ]


@pytest.mark.parametrize("code", list(WORDS))
def test_words(code: Code) -> None:
    """Every refusal has a sentence in plain words, and says nothing of the child."""
    refused = NotScored(code)
    assert refused.words.endswith(".")
    assert len(refused.words.split()) > 5
