"""The values of a feature in words: "38 weeks", "yes", "about 22 months", "not known"; and ages in words."""

from collections.abc import Callable
from functools import lru_cache

from models.derivation import Below, CountBelow, CountEqual, Derived
from models.feature import TAKES_ROWS, Feature
from models.source import Source

NOT_KNOWN = "not known"
# The month as the twelfth part of a year; days are counted as days until there are so many.
DAYS_A_MONTH = 30.4375
FEW_DAYS = 60
# Ages are told in days, then in weeks, then in months, from these ages on.
IN_WEEKS, IN_MONTHS = 14, 92

Sayer = Callable[[float], str]


def sayer(feature: Feature, source: Source) -> Sayer:
    """Return what says a known value of a feature of that source."""
    return lru_cache(maxsize=512)(_sayer(feature, source))


def _sayer(feature: Feature, source: Source) -> Sayer:
    if feature.labels:
        plain = _by_units(feature, source)
        return lambda value: feature.labels.get(f"{value:g}") or plain(value)
    return _by_units(feature, source)


def _by_units(feature: Feature, source: Source) -> Sayer:
    if feature.units is None:
        return _yes_or_no if _is_yes_or_no(feature, source) else _number
    if feature.units == "days":
        return _days
    one, many = _singular(feature.units), feature.units
    return lambda value: f"{_number(value)} {one if value == 1 else many}"


@lru_cache(maxsize=4096)
def age_words(age: int) -> str:
    """Return when an age in days was: "before the child was born", "at birth", "when the child was 22 months old"."""
    if age < 0:
        return "before the child was born"
    if age == 0:
        return "at birth"
    if age < IN_WEEKS:
        return f"when the child was {age} day{'s' * (age != 1)} old"
    if age < IN_MONTHS:
        return f"when the child was {age // 7} weeks old"
    return f"when the child was {int(age / DAYS_A_MONTH)} months old"


def _days(value: float) -> str:
    if abs(value) < FEW_DAYS:
        return f"{_number(value)} {'day' if value == 1 else 'days'}"
    return f"about {round(value / DAYS_A_MONTH)} months"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}".rstrip("0").rstrip(".")


def _yes_or_no(value: float) -> str:
    """Return yes or no; the middle of as many of each is neither."""
    return "yes" if value == 1 else "no" if value == 0 else "as often yes as no"


def _singular(units: str) -> str:
    """Return units as they are said of one: "referrals" is "referral", "hours a week" is "hour a week"."""
    first, space, rest = units.partition(" ")
    for ending, instead in (("sses", "ss"), ("ches", "ch"), ("ies", "y"), ("ss", "ss"), ("s", "")):
        if first.endswith(ending):
            return f"{first.removesuffix(ending)}{instead}{space}{rest}"
    return units


def _is_yes_or_no(feature: Feature, source: Source) -> bool:
    if feature.take == "any":
        return True
    if feature.take in TAKES_ROWS or feature.take in {"sum", "mean", "distinct"} or feature.column is None:
        return False
    column = source.column(feature.column)
    if column is not None:
        return column.bounds == (0, 1) and column.step == "1"
    return any(_of_one(source, derived) for derived in source.derived if derived.name == feature.column)


def _of_one(source: Source, derived: Derived) -> bool:
    """Whether a derived column says yes or no of one column."""
    match derived:
        case Below():
            return True
        case CountEqual():
            return len(source.inputs(derived)) == 1
        case CountBelow(cuts=cuts):
            return len(cuts) == 1
        case _:
            return False
