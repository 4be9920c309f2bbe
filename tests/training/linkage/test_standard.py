"""The standard forms of identities: the same for whoever wrote them, and nothing where a number cannot be true."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models.linkage import ASPECTS, Kind, Part
from training.extract_sql import literal
from training.ingest import connect
from training.linkage.standard import aspect, crossed_date, has_check, standard

QUICK = settings(derandomize=True, database=None, deadline=None, max_examples=50)
UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
DIGITS = st.text("0123456789", min_size=10, max_size=10)
Ask = Callable[[str, Sequence[str | None]], list[str | None]]
Standard = Callable[..., list[str | None]]


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    """Ask a database for an SQL expression of `t`, for each of these texts."""
    con = connect()
    yield partial(_asked, con)
    con.close()


def _asked(con: duckdb.DuckDBPyConnection, sql: str, texts: Sequence[str | None]) -> list[str | None]:
    rows = con.execute(f"SELECT {sql} FROM (SELECT unnest(?::VARCHAR[]) AS t)", [list(texts)]).fetchall()
    return [found for (found,) in rows]


@pytest.fixture(scope="module")
def standards(ask: Ask) -> Standard:
    """Bring texts of one kind into their standard form."""

    def found(kind: Kind, texts: Sequence[str | None], date_format: str = "%Y-%m-%d") -> list[str | None]:
        return ask(standard(Part(name="asked", kind=kind), "t", date_format), texts)

    return found


def nhs_number_is_true(digits: str) -> bool:
    """The NHS Data Dictionary in its own words: the remainder of eleven is taken from eleven; 11 is written 0, 10 never."""
    remainder = sum(int(digit) * (11 - place) for place, digit in enumerate(digits[:9], start=1)) % 11
    check = {11: 0}.get(11 - remainder, 11 - remainder)
    return check != 10 and check == int(digits[9]) and len(set(digits)) > 1


def upn_letter(rest: str) -> str:
    """The letter that twelve characters call for, by the DfE guide: each counts as often as its place, modulo 23."""
    values = [int(char) if char.isdigit() else UPN_LETTERS.index(char) for char in rest]
    return UPN_LETTERS[sum(place * value for place, value in enumerate(values, start=2)) % 23]


@settings(QUICK, max_examples=40)
@given(numbers=st.lists(DIGITS, min_size=1, max_size=50))
def test_nhs_numbers_by_two_ways(standards: Standard, numbers: list[str]) -> None:
    """Ten digits are an NHS number exactly where a plain reading of its definition says so."""
    every = [number[:9] + last for number in numbers for last in "0123456789"]
    assert standards("nhs_number", every) == [number if nhs_number_is_true(number) else None for number in every]


@pytest.mark.parametrize("written", ["943 476 5919", "943-476-5919", " 9434765919 ", "943\u00a0476\u00a05919"])
def test_an_nhs_number_however_spaced(standards: Standard, written: str) -> None:
    """Spaces and hyphens in a number say nothing."""
    assert standards("nhs_number", [written]) == ["9434765919"]


@pytest.mark.parametrize(
    "written", ["9434765918", "943476591", "94347659190", "0000000000", "1111111111", "943476591X"]
)
def test_no_nhs_number(standards: Standard, written: str) -> None:
    """A number of another length, with a wrong check, or of one digit ten times is none."""
    assert standards("nhs_number", [written]) == [None]


@settings(QUICK, max_examples=25)
@given(
    numbers=st.lists(st.text("0123456789", min_size=11, max_size=11), min_size=1, max_size=20),
    last=st.sampled_from("0123456789" + UPN_LETTERS),
)
def test_upns_by_two_ways(standards: Standard, numbers: list[str], last: str) -> None:
    """Of the 23 letters that could lead twelve characters, a UPN has exactly the one that the definition calls for."""
    every = [letter + number + last for number in numbers for letter in UPN_LETTERS]
    assert standards("upn", every) == [upn if upn[0] == upn_letter(upn[1:]) else None for upn in every]


@pytest.mark.parametrize("last", ["I", "O", "S"])
def test_letters_that_no_upn_has(standards: Standard, last: str) -> None:
    """I, O and S, which look like digits, are in no UPN, whatever letter leads."""
    every = [f"{letter}{number:011d}{last}" for letter in UPN_LETTERS for number in range(30)]
    assert set(standards("upn", every)) == {None}


@pytest.mark.parametrize(
    "written", ["A999001803011", "a999 0018 03011", "A/999/001803011", " A999001803011", "A999001803011\t"]
)
def test_a_upn_however_written(standards: Standard, written: str) -> None:
    """Case, spaces and strokes in a UPN say nothing."""
    assert standards("upn", [written]) == ["A999001803011"]


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("Zoë", "ZOE"),
        ("Zoe\u0308", "ZOE"),
        ("Anne-Marie", "ANNEMARIE"),
        ("anne marie", "ANNEMARIE"),
        ("O\u2019Brien", "OBRIEN"),
        ("O'BRIEN", "OBRIEN"),
        ("D\u2010Arcy", "DARCY"),
        ("Smith 2", "SMITH"),
        ("Łukasz", "ŁUKASZ"),
        ("Ιωάννης", "ΙΩΑΝΝΗΣ"),
        ("محمد", "محمد"),
        ("李小龙", "李小龙"),
        ("Jo\x00hn", "JOHN"),
        ("-", None),
        ("???", None),
        ("123", None),
        ("\x00", None),
        ("👶", None),
    ],
)
def test_names(standards: Standard, written: str, form: str | None) -> None:
    """A name is its letters in capitals, of whatever script, without accents; without a letter it is none."""
    assert standards("name", [written]) == [form]


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("12a, The  Élms", "12A THE ELMS"),
        ("Flat 2/1 - High St.", "FLAT 2 1 HIGH ST"),
        ("...", None),
        ("Müllerstraße 5", "MULLERSTRAẞE 5"),
    ],
)
def test_texts(standards: Standard, written: str, form: str | None) -> None:
    """A text is its words and numbers in capitals, one space between them."""
    assert standards("text", [written]) == [form]


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("ZZ1 1AA", "ZZ11AA"),
        ("zz11aa", "ZZ11AA"),
        (" Z Z1 1A A ", "ZZ11AA"),
        ("ZZ1-1AA", "ZZ11AA"),
        ("SW1A\u00a01AA", "SW1A1AA"),
        ("M1 1AE", "M11AE"),
        ("EC1A 1BB", "EC1A1BB"),
        ("ZZ1", None),
        ("ZZ1 1A", None),
        ("ZZZ1 1AA", None),
        ("11 1AA", None),
        ("no fixed abode", None),
    ],
)
def test_postcodes(standards: Standard, written: str, form: str | None) -> None:
    """A postcode is its letters and figures, wherever the space stood; what cannot be one is none."""
    assert standards("postcode", [written]) == [form]


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("2020-02-29", "2020-02-29"),
        ("2019-02-29", None),
        ("2100-02-29", None),
        ("2020-13-01", None),
        ("2020-00-10", None),
        ("1900-01-01", None),
        ("1900-01-02", "1900-01-02"),
        ("0001-01-01", None),
        ("12020-01-01", None),
        ("infinity", None),
        ("epoch", None),
        ("03/02/2020", None),
        ("20200203", None),
        ("2020-01-01\x00", None),
        ("9999-99-99", None),
    ],
)
def test_dates(standards: Standard, written: str, form: str | None) -> None:
    """A date is a day that there was, from 1900 on, written as the agency says it writes; the first of 1900 is none."""
    assert standards("date", [written]) == [form]


@pytest.mark.parametrize(
    ("date_format", "written", "form"),
    [
        ("%d/%m/%Y", "03/02/2020", "2020-02-03"),
        ("%d/%m/%Y", "02/30/2020", None),
        ("%d/%m/%Y", "2020-02-03", None),
        ("%Y%m%d", "20200229", "2020-02-29"),
        ("%d %b %Y", "3 Feb 2020", "2020-02-03"),
        ("%Y-%m-%d %H:%M:%S", "2020-02-03 00:00:00", "2020-02-03"),
    ],
)
def test_dates_as_an_agency_writes_them(standards: Standard, date_format: str, written: str, form: str | None) -> None:
    """Dates in an agency's own format come out as everybody else's."""
    assert standards("date", [written], date_format) == [form]


@pytest.mark.parametrize("kind", list(ASPECTS))
def test_nothing_stays_nothing(standards: Standard, kind: Kind) -> None:
    """Of nothing written there is no standard form."""
    assert standards(kind, [None, ""]) == [None, None]


@pytest.mark.parametrize("kind", list(ASPECTS))
def test_very_long_texts(standards: Standard, kind: Kind) -> None:
    """A text of a hundred thousand letters or digits raises nothing, and is no number with a check."""
    found = standards(kind, ["A" * 100_000, "9" * 100_000])
    assert not has_check(kind) or found == [None, None]


@QUICK
@given(kind=st.sampled_from(sorted(ASPECTS)), texts=st.lists(ANY_TEXT, min_size=1, max_size=20))
@example(kind="name", texts=["\u1100-\u1161", "e\u0301", "\u0345", "ŉ", "ß", "ﬁ", "İ"])
@example(kind="text", texts=["\u1100\u0301\u1161", "a\u0345b", "½", "a\x00b"])
def test_any_text_twice_is_once(standards: Standard, kind: Kind, texts: list[str]) -> None:
    """Whatever is written raises nothing, and what is in standard form stays as it is."""
    once = standards(kind, texts)
    assert standards(kind, once) == once


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("name", "ZELDA", {"initial": "Z"}),
        ("date", "2020-02-03", {"year": "2020", "month": "02", "day": "03"}),
        ("postcode", "SW1A1AA", {"sector": "SW1A1", "district": "SW1A"}),
        ("postcode", "M11AE", {"sector": "M11", "district": "M1"}),
    ],
)
def test_aspects(ask: Ask, kind: Kind, value: str, expected: dict[str, str]) -> None:
    """Each aspect that blocks may ask of a kind (a name's sound apart) is the part of the standard form it says."""
    assert {*expected, "sound"} >= set(ASPECTS[kind])
    assert {name: ask(aspect(name, literal(value)), [value])[0] for name in expected} == expected


@QUICK
@given(day=st.dates())
def test_crossed_dates(ask: Ask, day: object) -> None:
    """A date with day and month crossed is that date, where there is such a date, and crossed again the first."""
    (crossed,) = ask(crossed_date("t"), [str(day)])
    year, month, of_month = str(day).split("-")
    assert crossed == (f"{year}-{of_month}-{month}" if int(of_month) <= 12 else None)


def test_what_has_a_check() -> None:
    """NHS numbers and UPNs have a check digit or letter; other numbers have none that we know."""
    assert [kind for kind in ASPECTS if has_check(kind)] == ["nhs_number", "upn"]
